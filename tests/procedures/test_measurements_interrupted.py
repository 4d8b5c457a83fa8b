"""A measurement can be resumed wherever it was interrupted: its data is used, and nothing is measured twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import pytest

from mtjlab.events import CurveTaken, Event, Presented, SweepPoint, SwitchingMeasured
from mtjlab.procedures.classify.events import TokensClassified
from mtjlab.procedures.handing_over import HandedOver
from mtjlab.procedures.switching_map.events import Probed
from tests.support.equipment import drive
from tests.support.journals import folded, taken_over
from tests.support.tiny_measurements import TINY, TOKENS, bench_of, handed_over_after, map_asked

CURVES = {
    "sweep": list(product(range(1), range(2))),
    "shift": list(product(range(7), range(1))),
    "curves": list(product(range(2), range(2))),
}
SERIES = {"sweep": 1, "shift": 7, "curves": 2, "raster": 2, "adaptive": 2}
CELLS = list(product(map_asked("raster").cells_ua, repeat=2))
PRESENTED = {
    "raster": Counter(dict.fromkeys(CELLS, 2)),
    "classify": Counter(dict.fromkeys([token.inputs_ua for token in TOKENS], 2)),
}


@dataclass(frozen=True)
class Interrupted:
    """A measurement cut after ``n`` events: the events handed over, and those of the resuming run."""

    n: int
    handed: HandedOver
    child: list[Event]


def curves_in(events: Sequence[Event]) -> list[tuple[int, int]]:
    return [(event.series, event.repetition) for event in events if isinstance(event, CurveTaken)]


def presented_in(events: Sequence[Event]) -> Counter[tuple[float, ...]]:
    """Number of complete presentations of each pair of inputs; here each attempt gives a configuration."""
    return Counter(event.token.inputs_ua for event in events if isinstance(event, Presented))


@pytest.fixture(scope="module", params=TINY)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def whole(kind: str) -> list[Event]:
    """An uninterrupted measurement."""
    return drive(TINY[kind](bench_of(seed=1), ()))[0]


@pytest.fixture(scope="module")
def interrupted(kind: str, whole: list[Event]) -> list[Interrupted]:
    """Cut after each of its events; equal hand-overs are resumed only once."""
    runs: list[Interrupted] = []
    for n in range(len(whole) + 1):
        handed = handed_over_after(whole[:n])
        if not runs or handed.by.taken_n != runs[-1].handed.by.taken_n:
            runs.append(Interrupted(n, handed, drive(TINY[kind](bench_of(seed=2), handed.events))[0]))
    return runs


def test_it_can_be_interrupted_anywhere(whole: list[Event], interrupted: list[Interrupted], kind: str) -> None:
    complete = (CurveTaken, Probed, Presented, SwitchingMeasured) if kind != "classify" else (Presented,)
    assert [run.n for run in interrupted] == [0, *(n + 1 for n, e in enumerate(whole) if isinstance(e, complete))]


def test_measured_parts_are_taken_over_and_the_rest_is_measured_once(
    kind: str, whole: list[Event], interrupted: list[Interrupted]
) -> None:
    for run in interrupted:
        before = whole[: run.n]
        if kind in CURVES:
            assert curves_in(before) + curves_in(run.child) == CURVES[kind], run.n
        elif kind in PRESENTED:
            assert presented_in(before) + presented_in(run.child) == PRESENTED[kind], run.n


def test_points_of_an_incomplete_curve_are_measured_again(kind: str, interrupted: list[Interrupted]) -> None:
    for run in interrupted:
        points = [event for event in run.child if isinstance(event, SweepPoint)]
        legs = 2 if kind == "sweep" else 1
        assert len(points) == len(curves_in(run.child)) * legs * 31


def test_the_resumed_run_is_complete_without_its_parent(kind: str, interrupted: list[Interrupted]) -> None:
    for run in interrupted:
        state = folded([*taken_over(run.handed), *run.child])
        assert [(curve.series, curve.repetition) for curve in state.curves] == CURVES.get(kind, [])
        assert Counter(one.token.inputs_ua for one in state.mapped + state.shown) == PRESENTED.get(kind, Counter())
        if kind == "classify":
            assert state.classified
            assert state.classified.tokens == classified_in(run.child).tokens
            assert all(sum(count for _, count in token.configurations) == 2 for token in state.classified.tokens)
        else:
            assert state.switching
            assert len(state.switching.series) == SERIES[kind]


def classified_in(events: Sequence[Event]) -> TokensClassified:
    (classified,) = [event for event in events if isinstance(event, TokensClassified)]
    return classified


def test_a_search_continues_with_the_results_of_earlier_probes(kind: str, interrupted: list[Interrupted]) -> None:
    if kind != "adaptive":
        return
    for run in interrupted:
        state = folded([*taken_over(run.handed), *run.child])
        assert state.switching
        assert tuple(state.probes[: len(run.handed.events)]) == run.handed.events[: len(state.probes)]
        for series, measured in enumerate(state.switching.series):
            probes = [probe for probe in state.probes if probe.series == series]
            assert {one.repetitions for one in measured.up if hasattr(one, "repetitions")} == {len(probes)}
        assert state.switching.readings == sum(probe.readings for probe in state.probes)
