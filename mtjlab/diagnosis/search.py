"""From the right rig to those that explain what was measured: one change, and where that does not do, another."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, permutations, product
from operator import itemgetter

import numpy as np

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
CHANGES, AT_MOST = 3, 4000
"""So many changes together, and of so many rigs at most each change more is tried: in seconds."""


def search(expected: Expected, measured: Measured) -> list[Fit]:
    """Rigs that explain ``measured`` about equally well, the likeliest first.

    From the right rig, and from those whose leads are turned as the signs of the answers say, change by change. Nothing
    is tried that could not do better than what is found: each change costs what a mistake does.
    """
    begin = _begin(expected, measured)
    fresh = {begin, *_upright(begin, measured)}
    found: dict[Rig, tuple[float, Fit]] = {}
    for changed in range(CHANGES + 1):
        judged = {fit.rig: (_cost(fit, expected), fit) for fit in fits(expected, measured, fresh - found.keys())}
        found |= judged
        least = min(cost for cost, _ in found.values())
        if least <= MISTAKE * (changed + 1 + _asks(begin, expected)):
            break
        fresh = set()
        for rig in sorted(judged, key=lambda rig: judged[rig][0]):
            fresh.update(changes(rig, expected, measured) if changed else _first_changes(rig, expected, measured))
            if len(fresh) > AT_MOST:
                break
    alike = [(cost + fit.chance, fit) for cost, fit in found.values() if cost <= least + MARGIN]
    return [fit for _, fit in sorted(alike, key=itemgetter(0))]


def _cost(fit: Fit, expected: Expected) -> float:
    return fit.cost + MISTAKE * _asks(fit.rig, expected)


def _begin(expected: Expected, measured: Measured) -> Rig:
    """The right rig, but for what instruments say of themselves."""
    rig = replace(right_rig(expected), off=measured.off, stuck=measured.stuck)
    for k in measured.off:
        rig = rig.with_source(k, (rig.junctions, rig.junctions))
    return rig


def _upright(rig: Rig, measured: Measured) -> Iterator[Rig]:
    """``rig`` with leads turned so that no answer has a sign that nothing explains, as far as that can be.

    Where leads are, resistances and gains make no sign.
    """
    signs = np.where(measured.answers, np.sign(measured.known_ohm), 0.0)
    every = range(rig.junctions)
    votes = {turned: signs @ [-1.0 if k in turned else 1.0 for k in every] for turned in _some(every)}
    most = max(np.abs(vote).sum() for vote in votes.values())
    for turned, vote in votes.items():
        if np.abs(vote).sum() == most:
            meters = _turned(rig.meters, [m for m in every if vote[m] < 0])
            yield replace(rig, sources=_turned(rig.sources, turned), meters=meters)


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


def _first_changes(rig: Rig, expected: Expected, measured: Measured) -> Iterator[Rig]:
    """All that are one mistake away, or cables in any order away."""
    yield from changes(rig, expected, measured)
    yield from _other_orders(rig, expected)


def _other_orders(rig: Rig, expected: Expected) -> Iterator[Rig]:
    """Sources and voltmeters each in any order."""
    if rig.junctions <= ORDERS:
        for feeds, taps in product(permutations(range(rig.junctions)), repeat=2):
            yield _measuring(replace(rig, sources=_fed(rig, feeds)), taps, expected)


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
    """Leads swapped at one source, one voltmeter or both; single voltmeters with their leads anywhere."""
    nodes = range(rig.junctions + 1)
    for one in range(rig.junctions):
        turned = replace(rig, sources=_turned(rig.sources, [one]))
        yield turned
        yield replace(turned, meters=_turned(rig.meters, [one]))
        yield from (rig.with_meter(one, (plus, minus)) for plus, minus in product(nodes, repeat=2) if plus != minus)
        yield rig.with_meter(one, (rig.junctions, rig.junctions))


def _some(every: range) -> list[tuple[int, ...]]:
    return [some for size in range(len(every) + 1) for some in combinations(every, size)]


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
