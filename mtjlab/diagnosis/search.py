"""From the right rig to those that explain what was measured: one change, and where that does not do, another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

from mtjlab.diagnosis.expected import Expected
from mtjlab.diagnosis.fit import Fit, fits
from mtjlab.diagnosis.measured import Measured
from mtjlab.diagnosis.mistakes import mistakes_of
from mtjlab.diagnosis.rig import Leads, Rig, right_rig

MISTAKE = 30.0
"""What a mistake has to save of chi squared, and of all that is unlikely, to be believed."""
MARGIN = 12.0
"""Explanations that differ by less than that cannot be told apart."""
ORDERS = 4
"""Up to so many sources every assignment of nodes is tried, beyond that single moves and swaps."""
AT_A_TIME, CHANGES = 30, 4


def search(expected: Expected, measured: Measured) -> list[Fit]:
    """Rigs that explain ``measured`` about equally well, the likeliest first.

    Nothing is tried that could not do better than what is found: each change costs what a mistake does.
    """
    begin = right_rig(expected)
    for k in measured.off:
        begin = begin.with_source(k, (begin.junctions,) * 2)
    begin = replace(begin, off=measured.off, stuck=measured.stuck)
    known = {begin: next(fits(expected, measured, [begin]))}
    costs = {begin: known[begin].cost + MISTAKE * _asks(begin, expected)}
    latest = [begin]
    for depth in range(1, CHANGES + 1):
        if min(costs.values()) <= MISTAKE * (depth + _asks(begin, expected)):
            break
        fresh = {change for rig in latest for change in changes(rig, expected, measured)} - known.keys()
        found = {fit.rig: fit for fit in fits(expected, measured, fresh)}
        known |= found
        costs |= {rig: fit.cost + MISTAKE * _asks(rig, expected) for rig, fit in found.items()}
        latest = sorted(found, key=costs.__getitem__)[:AT_A_TIME]
    least = min(costs.values())
    alike = [rig for rig, cost in costs.items() if cost <= least + MARGIN]
    return [known[rig] for rig in sorted(alike, key=lambda rig: costs[rig] + known[rig].chance)]


def _asks(rig: Rig, expected: Expected) -> float:
    return sum(mistake.asks for mistake in mistakes_of(rig, expected))


def changes(rig: Rig, expected: Expected, measured: Measured) -> Iterator[Rig]:
    """All rigs that are one mistake away."""
    yield from _other_places(rig, expected)
    yield from _other_leads(rig)
    yield from _mute(rig, measured)
    yield from _other_shares(rig, expected)
    yield from _other_junctions(rig, measured)


def _other_places(rig: Rig, expected: Expected) -> Iterator[Rig]:
    """Sources, voltmeters, or both, at other nodes."""
    for places in _assignments(rig.junctions):
        sources = replace(rig, sources=_fed(rig, places))
        yield sources
        yield _measuring(rig, places, expected)
        yield _measuring(sources, places, expected)


def _assignments(junctions: int) -> Iterator[tuple[int, ...]]:
    home = tuple(range(junctions))
    if junctions <= ORDERS:
        yield from product(home, repeat=junctions)
        return
    for one, other in product(home, repeat=2):
        yield tuple(other if k == one else k for k in home)
        yield tuple({one: other, other: one}.get(k, k) for k in home)


def _fed(rig: Rig, places: Sequence[int]) -> tuple[Leads, ...]:
    """Sources at other nodes, turned as they are; those that drive nothing stay."""
    ground = rig.junctions
    return tuple(
        leads if leads == (ground, ground) else (place, ground) if leads[0] < leads[1] else (ground, place)
        for leads, place in zip(rig.sources, places, strict=True)
    )


def _measuring(rig: Rig, places: Sequence[int], expected: Expected) -> Rig:
    """Voltmeters at other places, turned as they are."""
    leads = tuple(
        expected.leads(place) if plus <= minus else expected.leads(place)[::-1]
        for (plus, minus), place in zip(rig.meters, places, strict=True)
    )
    return replace(rig, meters=leads)


def _other_leads(rig: Rig) -> Iterator[Rig]:
    """Leads swapped at some instruments, or at all; single voltmeters with their leads anywhere."""
    every = range(rig.junctions)
    for some in _some(every):
        sources = replace(rig, sources=_turned(rig.sources, some))
        yield sources
        yield replace(rig, meters=_turned(rig.meters, some))
        yield replace(sources, meters=_turned(rig.meters, some))
    for m, plus, minus in product(every, range(rig.junctions + 1), range(rig.junctions + 1)):
        yield rig.with_meter(m, (plus, minus) if plus != minus else (rig.junctions, rig.junctions))


def _some(every: range) -> Iterable[tuple[int, ...]]:
    sizes = range(1, len(every) + 1) if len(every) <= ORDERS else (1, len(every))
    return (some for size in sizes for some in combinations(every, size))


def _turned(leads: tuple[Leads, ...], some: Sequence[int]) -> tuple[Leads, ...]:
    return tuple(pair[::-1] if k in some else pair for k, pair in enumerate(leads))


def _mute(rig: Rig, measured: Measured) -> Iterator[Rig]:
    """Sources that drive nothing; instruments that are connected to nothing."""
    nowhere = (rig.junctions, rig.junctions)
    for k in range(rig.junctions):
        dead = rig.with_source(k, nowhere)
        yield dead
        yield dead.with_meter(k, nowhere)
        if k in measured.limited:
            yield replace(dead, unfed=rig.unfed | {k})


def _other_shares(rig: Rig, expected: Expected) -> Iterator[Rig]:
    """Other gains. Across single junctions, that of a voltmeter cannot be told from a resistance."""
    for k in range(rig.junctions):
        yield replace(rig, weak=rig.weak | {k})
        if expected.to_ground:
            yield replace(rig, off_scale=rig.off_scale | {k})


def _other_junctions(rig: Rig, measured: Measured) -> Iterator[Rig]:
    every = range(rig.junctions)
    yield replace(rig, shorts=frozenset(every))
    for j in every:
        yield replace(rig, shorts=rig.shorts | {j})
        yield replace(rig, unsteady=rig.unsteady | {j})
        if measured.limited:
            yield replace(rig, opens=frozenset({j}))
