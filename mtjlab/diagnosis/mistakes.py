"""What is wrong with a rig, as a person would name it, and how much that asks to believe."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mtjlab.diagnosis.expected import Expected
from mtjlab.diagnosis.finding import Kind, Part
from mtjlab.diagnosis.rig import Leads, Rig

BOTH = 1.5
"""Of a source and its voltmeter at one wrong place, though they are two instruments."""
ODD = 0.1
"""More than that: what is a little harder to believe than a cable in the wrong place."""
IN_ANOTHER_ORDER = 1 / 6
"""More than for two swapped cables: each cable more of a bundle in another order."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake of wiring; ``asks`` how much it asks to believe, where a cable in the wrong place is 1.

    ``place``: where it feeds or measures instead; or, for a voltmeter whose leads fit no junction, their nodes.
    ``with_meter``: the voltmeter of a source shares its mistake.
    """

    part: Part
    positions: tuple[int, ...]
    kind: Kind
    asks: float = 1.0
    place: int | Leads = 0
    with_meter: bool = False

    @property
    def name(self) -> tuple[object, ...]:
        """What is the same for the same mistake, however much it asks to believe."""
        return self.part, self.positions, self.kind, self.place


def mistakes_of(rig: Rig, expected: Expected) -> tuple[Mistake, ...]:
    """All that is wrong with ``rig``."""
    return (*_elsewhere(rig, expected), *_reversed(rig, expected), *_mute(rig, expected), *_other(rig))


def misplaced(places: Mapping[int, int]) -> list[tuple[int, ...]]:
    """Mistakes in ``places``: pairs that are swapped, and single ones that are elsewhere."""
    wrong = {one: place for one, place in places.items() if one != place}
    swapped = [(one, place) for one, place in wrong.items() if one < place and wrong.get(place) == one]
    paired = {one for pair in swapped for one in pair}
    return [*swapped, *((one,) for one in wrong if one not in paired)]


def _elsewhere(rig: Rig, expected: Expected) -> Iterator[Mistake]:
    feeds = {k: min(leads) for k, leads in enumerate(rig.sources) if rig.drives(k)}
    seeing = {m: leads for m, leads in enumerate(rig.meters) if rig.sees(m)}
    taps = {m: place for m, leads in seeing.items() if (place := _place(leads, m, expected)) is not None}
    sources, meters = misplaced(feeds), misplaced(taps)
    both = [group for group in sources if group in meters and all(feeds[one] == taps[one] for one in group)]
    for group in sources:
        source_meter, with_meter = expected.source_meters.issuperset(group), group in both
        asks = _order(feeds, sources) + (0.0 if source_meter == with_meter else BOTH - 1.0 if with_meter else ODD)
        yield _moved("source", group, asks, feeds, with_meter)
    for group in meters:
        if group not in both:
            asks = _order(taps, meters) + (ODD if expected.source_meters.issuperset(group) else 0.0)
            yield _moved("voltmeter", group, asks, taps, with_meter=False)
    for m, leads in seeing.items():
        if m not in taps:
            away = sum(here != there for here, there in zip(leads, expected.leads(m), strict=True))
            yield Mistake("voltmeter", (m,), "misplaced", away + ODD, leads)


def _place(leads: Leads, meter: int, expected: Expected) -> int | None:
    """The junction whose voltmeter has these leads, perhaps swapped; None if a single lead is elsewhere, or neither."""
    place = min(leads)
    if leads == expected.leads(place):
        return place
    one_at_home = any(here == there for here, there in zip(leads, expected.leads(meter), strict=True))
    return place if leads[::-1] == expected.leads(place) and not one_at_home else None


def _order(places: Mapping[int, int], groups: list[tuple[int, ...]]) -> float:
    """A bundle of cables in another order is hardly more than two that are swapped."""
    moved = {one for group in groups for one in group}
    if len(groups) > 1 and moved == {places[one] for one in moved}:
        return (1.0 + IN_ANOTHER_ORDER * (len(moved) - 2)) / len(groups)
    return 1.0


def _moved(part: Part, group: tuple[int, ...], asks: float, places: Mapping[int, int], with_meter: bool) -> Mistake:
    kind: Kind = "swapped" if len(group) == 2 else "misplaced"
    return Mistake(part, group, kind, asks, places[group[0]], with_meter)


def _reversed(rig: Rig, expected: Expected) -> Iterator[Mistake]:
    sources = [k for k, leads in enumerate(rig.sources) if leads[0] > leads[1]]
    meters = [
        m for m, leads in enumerate(rig.meters)
        if leads[0] > leads[1] and _place(leads, m, expected) is not None
    ]  # fmt: skip
    both = expected.source_meters.intersection(sources, meters)
    groups: tuple[tuple[Part, list[int]], ...] = (
        ("source", sources),
        ("voltmeter", [m for m in meters if m not in both]),
    )
    for part, ones in groups:
        whole = len(ones) == rig.junctions > 2
        for one in ones:
            asks = (1.0 + 2.0 * ODD) / rig.junctions if whole else 1.0
            apart = one in expected.source_meters - both
            yield Mistake(part, (one,), "reversed", asks + ODD * apart, with_meter=one in both)


def _mute(rig: Rig, expected: Expected) -> Iterator[Mistake]:
    kinds: dict[int, Kind] = {
        k: "output-off" if k in rig.off else "open-lead" if k in rig.unfed else "dead"
        for k in range(rig.junctions)
        if not rig.drives(k)
    }
    silent = [m for m in range(rig.junctions) if not rig.sees(m)]
    unplugged = [k for k in expected.source_meters.intersection(silent) if kinds.get(k) == "dead"]
    for k, kind in kinds.items():
        yield Mistake("source", (k,), kind, 1.0 + ODD * (kind == "open-lead"), with_meter=k in unplugged)
    for m in silent:
        if m not in unplugged:
            yield Mistake("voltmeter", (m,), "silent", 1.0 + ODD)
    for m in sorted(rig.stuck):
        yield Mistake("voltmeter", (m,), "stuck")


def _other(rig: Rig) -> Iterator[Mistake]:
    yield from (Mistake("source", (k,), "gain") for k in sorted(rig.weak))
    yield from (Mistake("voltmeter", (m,), "gain") for m in sorted(rig.off_scale))
    if len(rig.shorts) == rig.junctions:
        yield Mistake("chain", (), "chain-silent")
    else:
        yield from (Mistake("junction", (j,), "short", 1.0 - ODD / 2) for j in sorted(rig.shorts))
    yield from (Mistake("junction", (j,), "open") for j in sorted(rig.opens))
    yield from (Mistake("junction", (j,), "unsteady", 1.0 + ODD) for j in sorted(rig.unsteady))
