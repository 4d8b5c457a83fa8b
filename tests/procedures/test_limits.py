"""Currents outside the limits are refused before the start; the message names input, controls and junction."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mtjlab.bench import Bench
from mtjlab.config import SweepSettings
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.errors import LimitExceededError
from mtjlab.events import Event, JunctionsMeasured
from mtjlab.procedures.classify.procedure import classify
from mtjlab.procedures.limits import demand_inside_limits
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.shift.procedure import shift
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.sweep.procedure import sweep
from mtjlab.procedures.switching_map.procedure import switching_map
from mtjlab.procedures.types import Procedure
from tests.support.tiny_measurements import COARSE, CONFIG, START_UA, bench_of, calibrated, classify_plan, map_asked

FAR = SweepSettings(input_stop_ua=1300.0, input_step_ua=30.0)
NOTHING_UA = (0.0, 0.0, 0.0)
HIGH_UA = (-500.0, -100.0, -500.0)


def test_a_refusal_names_input_controls_junction_and_current() -> None:
    with pytest.raises(LimitExceededError) as refused:
        demand_inside_limits(bench_of().envelope, NOTHING_UA, [START_UA, HIGH_UA], (0.0, 900.0))
    assert "An input of 900 uA with control currents -500, -100, -500 uA: J2 would carry 800 uA" in str(refused.value)
    assert "-750..750 uA" in str(refused.value)


@pytest.mark.parametrize("inputs_ua", [(0.0, 1250.0), (-250.0, 0.0)])
def test_currents_exactly_at_the_limits_are_allowed(inputs_ua: tuple[float, float]) -> None:
    demand_inside_limits(bench_of().envelope, NOTHING_UA, [START_UA], inputs_ua)


def test_controls_without_input_are_checked_too() -> None:
    with pytest.raises(LimitExceededError, match=r"An input of 0 uA .* J1 would carry -800 uA"):
        demand_inside_limits(bench_of().envelope, NOTHING_UA, [(-800.0, -500.0, -500.0)], (100.0, 900.0))


def test_a_move_between_controls_that_cannot_be_made_is_refused() -> None:
    """From the edge of the limits, J2 cannot be raised alone: source 3 goes down first, which takes J3 beyond."""
    edge_ua, raised_ua = (-750.0,) * 3, (-750.0, -690.0, -750.0)
    demand_inside_limits(bench_of().envelope, NOTHING_UA, [edge_ua], (0.0, 900.0))
    with pytest.raises(LimitExceededError, match="-750, -690, -750 uA: no path"):
        demand_inside_limits(bench_of().envelope, NOTHING_UA, [edge_ua, raised_ua], (0.0, 900.0))


def far_row(junction: int) -> tuple[float, ...]:
    return tuple(-40.0 if k == junction else control for k, control in enumerate(START_UA))


REFUSED: dict[str, Callable[[Bench, JunctionsMeasured | None], Procedure[object]]] = {
    "sweep": lambda bench, known: sweep(bench, CONFIG, SweepPlan(controls_ua=START_UA, staircase=FAR), known),
    "shift": lambda bench, known: shift(
        bench, CONFIG, ShiftPlan(controls_ua=START_UA, by_ua=(30.0, 400.0), staircase=COARSE), known
    ),
    **{  # type: ignore[misc]
        way: lambda bench, known, way=way: switching_map(
            bench, CONFIG, map_asked(way, controls_ua=(START_UA, far_row(1))), known
        )
        for way in ("curves", "raster", "adaptive")
    },
    "classify": lambda bench, known: classify(
        bench, CONFIG, classify_plan(controls_ua=(START_UA, (-760.0,) * 3)), known
    ),
}


def until_refused(procedure: Procedure[object]) -> list[Event]:
    events: list[Event] = []
    with pytest.raises(LimitExceededError):
        events.extend(procedure)
    return events


@pytest.mark.parametrize("kind", REFUSED)
def test_with_a_calibration_a_procedure_refuses_before_it_writes_anything(kind: str) -> None:
    bench = bench_of()
    assert all(isinstance(event, JunctionsMeasured) for event in until_refused(REFUSED[kind](bench, calibrated())))
    assert (bench.time_s, bench.currents_ua) == (0.0, (0.0, 0.0, 0.0))


def test_references_that_predict_more_voltage_than_the_nominal_junction_allow_less() -> None:
    """A junction of 2 kohm reaches its voltage limit far below 750 uA, known only from its calibration."""
    requested = SweepPlan(controls_ua=START_UA, staircase=SweepSettings(input_stop_ua=1200.0, input_step_ua=30.0))
    thick = ResistanceLaw(r_p_ohm=2000.0, tmr=1.2, half_bias_mv=500.0, bias_per_v2=0.1)
    known = calibrated()
    other = replace(known, references=tuple(replace(reference, law=thick) for reference in known.references))
    bench = bench_of()
    with pytest.raises(LimitExceededError, match=r"An input of 0 uA .* predicted voltage"):
        list(sweep(bench, CONFIG, requested, other))
    assert bench.time_s == 0.0


@pytest.mark.parametrize("kind", REFUSED)
def test_without_a_calibration_it_refuses_right_after_measuring_references(kind: str) -> None:
    bench = bench_of()
    until_refused(REFUSED[kind](bench, None))
    assert (bench.input_ua, bench.controls_ua) == (0.0, START_UA)
