"""Three ways of mapping: they agree with each other and with the chip, and the adaptive one needs few readings."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest

from mtjlab.analysis.estimates import NotDetermined
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.analysis.switching_map import SwitchingMap, critical_inputs
from mtjlab.analysis.switching_map import switching_map as map_of
from mtjlab.config import SweepSettings
from mtjlab.domain import Interval, SwitchingConfiguration
from mtjlab.events import Event, InputOutcome, Presented, SeriesMeasured, SwitchingMeasured
from mtjlab.procedures.switching_map.procedure import readings_of, switching_map
from tests.support.tiny_measurements import (
    CONFIG,
    MAPS,
    SECOND_UA,
    START_UA,
    UP_UA,
    bench_of,
    calibrated,
    estimated,
    map_asked,
)

DWELL_S = 0.09
BOX = (Interval(0.0, 900.0), Interval(0.0, 900.0))
AXIS_UA = np.arange(0.0, 901.0, 5.0)
ROWS_UA = (SECOND_UA, (-560.0, -500.0, -480.0))


def measured(way: str, seed: int, **requested: object) -> list[Event]:
    whole = {
        "staircase": SweepSettings(repetitions=80),
        "cell_ua": 30.0,
        "times": 1,
        "controls_ua": ROWS_UA,
        **requested,
    }
    return list(switching_map(bench_of(seed=seed), CONFIG, map_asked(way, **whole), calibrated()))


def found_in(events: Sequence[Event]) -> SwitchingMeasured:
    last = events[-1]
    assert isinstance(last, SwitchingMeasured)
    return last


def presented_in(events: Sequence[Event]) -> list[Presented]:
    return [event for event in events if isinstance(event, Presented)]


def widths_ua(found: SwitchingMeasured) -> list[float]:
    intervals = [one.mean_interval for series in found.series for one in estimated(series.up)]
    return [interval.high_ua - interval.low_ua for interval in intervals]


def thresholds_ua(row_ua: Sequence[float]) -> list[float]:
    """True values: inputs that switch each junction in half of the presentations."""
    return [SwitchingLaw(up, 4.3).held_ua(DWELL_S) - control for up, control in zip(UP_UA, row_ua, strict=True)]


def drawn(series: Sequence[SeriesMeasured]) -> SwitchingMap:
    rows = [critical_inputs(estimated(one.up), one.controls_ua) for one in series]
    return map_of(rows, [AXIS_UA, AXIS_UA], DWELL_S)


@pytest.fixture(scope="module")
def curves() -> SwitchingMeasured:
    """The paper's 160 resistance curves."""
    return found_in(measured("curves", seed=1))


@pytest.fixture(scope="module")
def adaptive(curves: SwitchingMeasured) -> SwitchingMeasured:
    """Adaptive map with the widest interval of the curves as its target."""
    return found_in(measured("adaptive", seed=2, width_ua=max(widths_ua(curves))))


@pytest.fixture(scope="module")
def raster() -> list[Event]:
    """30 x 30 cells, each presented once."""
    return measured("raster", seed=3)


def test_160_curves_are_28_960_readings(curves: SwitchingMeasured) -> None:
    assert curves.readings == 28_960
    assert max(widths_ua(curves)) < 2.6


def test_probes_are_as_accurate_with_a_tenth_of_the_readings(
    curves: SwitchingMeasured, adaptive: SwitchingMeasured
) -> None:
    """Including all readings of the search and of the resets."""
    assert max(widths_ua(adaptive)) <= max(widths_ua(curves))
    assert adaptive.readings <= curves.readings / 10


def test_the_three_ways_agree(curves: SwitchingMeasured, adaptive: SwitchingMeasured, raster: list[Event]) -> None:
    for by_curves, by_probes, by_cells in zip(curves.series, adaptive.series, found_in(raster).series, strict=True):
        assert by_curves.controls_ua == by_probes.controls_ua == by_cells.controls_ua
        for k, (one, two, three) in enumerate(
            zip(*map(estimated, (by_curves.up, by_probes.up, by_cells.up)), strict=True)
        ):
            assert one.law.mean_ua == pytest.approx(UP_UA[k], abs=3 * one.mean_error_ua)
            assert two.law.mean_ua == pytest.approx(UP_UA[k], abs=3 * two.mean_error_ua)
            assert three.law.mean_ua == pytest.approx(UP_UA[k], abs=3 * three.mean_error_ua)
        assert by_curves.down == by_probes.down == by_cells.down == ()


def test_every_cell_off_the_boundaries_gives_the_configuration_of_its_region(raster: list[Event]) -> None:
    edges_ua = [np.array(thresholds_ua(row_ua)) for row_ua in ROWS_UA]
    seen = set()
    for event in presented_in(raster):
        pairs = list(zip(edges_ua, event.token.inputs_ua, strict=True))
        if min(float(np.abs(edges - input_ua).min()) for edges, input_ua in pairs) > 20.0:
            counts = tuple(int((edges < input_ua).sum()) for edges, input_ua in pairs)
            assert event.configuration == SwitchingConfiguration(counts), event.token.name
            seen.add(event.configuration)
    assert seen == {SwitchingConfiguration(counts) for counts in product(range(4), repeat=2)}


def test_areas_are_the_true_ones(curves: SwitchingMeasured, adaptive: SwitchingMeasured) -> None:
    sides_ua = [np.diff([0.0, *sorted(thresholds_ua(row_ua)), 900.0]) for row_ua in ROWS_UA]
    for found in (curves, adaptive):
        areas = drawn(found.series).areas_ua2(BOX)
        for a, b in product(range(4), repeat=2):
            truth_ua2 = sides_ua[0][a] * sides_ua[1][b]
            assert areas[SwitchingConfiguration((a, b))] == pytest.approx(truth_ua2, abs=2 * 3 * 900.0)


def test_a_raster_goes_through_all_cells_and_then_through_all_of_them_again() -> None:
    requested = map_asked("raster")
    events = list(switching_map(bench_of(), CONFIG, requested, calibrated()))
    shown = [event.token for event in presented_in(events)]
    cells = [(a, b) for b in (225.0, 675.0) for a in (225.0, 675.0)]
    assert requested.cells_ua == (225.0, 675.0)
    assert [token.inputs_ua for token in shown] == cells * 2
    assert len({token.name for token in shown}) == 8


def test_readings_of_presentations_are_counted_with_those_of_their_resets(raster: list[Event]) -> None:
    shown = presented_in(raster)
    outcomes = [outcome for event in shown for outcome in event.outcomes]
    taken = [len(outcome.readings) + len(outcome.reset_readings) for outcome in outcomes]
    assert found_in(raster).readings == sum(taken) == sum(readings_of(event) for event in shown)
    assert min(taken) >= 2


def test_the_time_an_input_was_held_is_recorded_with_its_outcome(raster: list[Event]) -> None:
    """10 ms settling, 50 ms dwell, up to the middle of the second aperture; or until the input was lowered."""
    outcomes = [o for event in presented_in(raster) for o in event.outcomes if len(o.readings) == 1]
    assert {(lowered(outcome), outcome.held_s) for outcome in outcomes} == {(False, 0.09), (True, 0.06)}


def lowered(outcome: InputOutcome) -> bool:
    return outcome.readings[0].input_ua < outcome.input_ua


@pytest.mark.parametrize("way", MAPS)
def test_a_junction_that_the_inputs_do_not_reach_is_not_determined_and_all_others_are(way: str) -> None:
    """J1 would need 924 uA of input A."""
    held_back_ua = (-700.0, -500.0, -500.0)
    requested = map_asked(
        way,
        controls_ua=(held_back_ua, START_UA),
        staircase=SweepSettings(input_step_ua=10.0, repetitions=3),
        cell_ua=60.0,
    )
    by_a, by_b = found_in(list(switching_map(bench_of(), CONFIG, requested))).series
    assert isinstance(by_a.up[0], NotDetermined)
    assert by_a.up[0].reason
    assert len(estimated([*by_a.up[1:], *by_b.up])) == 5


@pytest.mark.parametrize("way", MAPS)
def test_the_same_seed_gives_the_same_map(way: str) -> None:
    one, two = (list(MAPS[way](bench_of(seed=4), ())) for _ in range(2))
    assert one == two
