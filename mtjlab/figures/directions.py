"""What a measuring run tells of its junctions, direction by direction: the columns that several figures are made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median

from mtjlab.analysis.critical import estimate_critical
from mtjlab.analysis.estimates import CriticalEstimate, Estimate
from mtjlab.analysis.passage import Course, Passage
from mtjlab.analysis.possible import PossibleLaws, possible_laws
from mtjlab.analysis.staircase import Staircase, staircase_of
from mtjlab.domain import PerJunction
from mtjlab.events import CurveTaken, SwitchingMeasured
from mtjlab.record import Record

UP, DOWN = "AP → P, input rising", "P → AP, input falling"


@dataclass(frozen=True, slots=True)
class Direction:
    """Passages ``[junction][leg]`` in one direction under one set of control currents, and what they amount to.

    Currents are those of the junctions. ``staircase`` is None where inputs were held one at a time, for ``dwell_s``:
    the median, without the moments between one input and the next.
    """

    name: str
    controls_ua: PerJunction
    rising: bool
    passages: tuple[tuple[Passage, ...], ...]
    estimates: tuple[Estimate, ...]
    staircase: Staircase | None
    dwell_s: float

    def outcomes(self, junction: int) -> Iterator[tuple[float, bool]]:
        """Each current that was held by itself, and whether the junction switched there.

        A switch that may have happened at one of several is left out.
        """
        shortest_s = self.dwell_s / 2
        for passage in self.passages[junction]:
            yield from ((current_ua, False) for current_ua in _held_longer(passage.survived, shortest_s))
            switched_at = list(_held_longer(passage.switched_in, shortest_s))
            if len(switched_at) == 1:
                yield switched_at[0], True

    def critical_input(self, junction: int) -> CriticalEstimate | None:
        """Critical input of a junction; None if it was not determined."""
        estimate = self.estimates[junction]
        return estimate.shifted(-self.controls_ua[junction]) if isinstance(estimate, CriticalEstimate) else None

    def possible(self, junction: int) -> PossibleLaws | None:
        """All laws of the critical input that the passages leave possible; None if it was not determined."""
        estimate = self.estimates[junction]
        if not isinstance(estimate, CriticalEstimate):
            return None
        laws = possible_laws([one for one in self.passages[junction] if one.outcome != "already"], estimate)
        return PossibleLaws(tuple(law.shifted(-self.controls_ua[junction]) for law in laws.laws), laws.weights)


def swept_directions(state: Record, series: int, aperture_s: float) -> Iterator[Direction]:
    """Both directions of the curves of ``series``, as far as there are legs that went that way."""
    curves = [curve for curve in state.each(CurveTaken) if curve.series == series]
    for name, rising in ((UP, True), (DOWN, False)):
        passages = _passages(curves, rising)
        if all(passages) and passages:
            staircase = staircase_of(chain.from_iterable(passages), aperture_s / 2)
            yield told_of(name, curves[0].controls_ua, passages, recorded(state, series, rising), staircase)


def told_of(
    name: str,
    controls_ua: PerJunction,
    passages: tuple[tuple[Passage, ...], ...],
    known: tuple[Estimate, ...],
    staircase: Staircase | None,
) -> Direction:
    """What ``passages`` amount to: what is ``known``, as the run recorded it, if anything is."""
    is_possible = all(passage.is_possible for of_junction in passages for passage in of_junction)
    estimates = known if known and is_possible else tuple(estimate_critical(of_junction) for of_junction in passages)
    return Direction(name, controls_ua, passages[0][0].rising, passages, estimates, staircase, _dwell_s(passages))


def _passages(curves: Sequence[CurveTaken], rising: bool) -> tuple[tuple[Passage, ...], ...]:
    junctions = range(len(curves[0].passages)) if curves else ()
    return tuple(
        tuple(passage for curve in curves for passage in curve.passages[k] if passage.rising == rising)
        for k in junctions
    )


def _dwell_s(passages: Sequence[Sequence[Passage]]) -> float:
    """0 where nothing was seen."""
    courses = [course for of_junction in passages for one in of_junction for course in (one.survived, one.switched_in)]
    durations_s = [duration_s for course in courses for duration_s in course.durations_s]
    shortest_s = max(durations_s, default=0.0) / 2
    return median([duration_s for duration_s in durations_s if duration_s > shortest_s] or [0.0])


def _held_longer(course: Course, than_s: float) -> Iterator[float]:
    for current_ua, duration_s in zip(course.currents_ua, course.durations_s, strict=True):
        if duration_s > than_s:
            yield current_ua


def recorded(state: Record, series: int, rising: bool) -> tuple[Estimate, ...]:
    """What the run itself concluded; empty while it has not."""
    found = state.last(SwitchingMeasured)
    if found is None or series >= len(found.series):
        return ()
    measured = found.series[series]
    return measured.up if rising else measured.down
