"""A source that does not deliver what is set during a training: detected at once, named, and never trusted."""

import re
from collections.abc import Callable
from typing import Literal

import pytest

from mtjlab.bench import Bench
from mtjlab.config import SweepSettings
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import ControlCurrents
from mtjlab.errors import BenchFaultError
from mtjlab.events import (
    CauseNamed,
    Continued,
    CurveTaken,
    EncodedToken,
    Event,
    JunctionsMeasured,
    Presented,
    ProbePlanned,
    SourceMoved,
    Suspended,
)
from mtjlab.procedures.classify.procedure import classify
from mtjlab.procedures.deviation_check import DeviationCheck
from mtjlab.procedures.quick_look import quick_look
from mtjlab.procedures.reference_sweep import reference_sweep
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.procedures.switching_map.procedure import switching_map
from mtjlab.procedures.training.events import StepTrained
from mtjlab.procedures.training.procedure import train
from tests.support.equipment import drive
from tests.support.tiny_measurements import classify_plan
from tests.support.trainings import Field, WrongRack, bench_and_rack, plan_of_few

Wrong = Callable[[WrongRack], None]
CONTROLS = ControlCurrents(((-500.0, -480.0, -500.0), (-500.0, -500.0, -470.0)))
TOKENS = (EncodedToken("one", "a", "test", (300.0, 700.0)),)


def trained(wrong: Wrong, after_step: int = 2, seed: int = 1) -> tuple[list[Event], str]:
    """Events of a training with a fault in the middle of a step, and the error that ends it."""
    bench, rack = bench_and_rack(seed)
    events: list[Event] = []
    steps = presented = 0
    try:
        for event in train(bench, plan_of_few(steps=5)):
            events.append(event)
            steps += isinstance(event, StepTrained)
            presented += steps == after_step and isinstance(event, Presented)
            if presented == 5 and isinstance(event, Presented):
                wrong(rack)
    except BenchFaultError as fault:
        return events, str(fault)
    return events, ""


def presented_since(events: list[Event]) -> list[Presented]:
    """Presentations after the fault, in step 2."""
    since = next(n for n, event in enumerate(events) if isinstance(event, StepTrained) and event.step == 2)
    return [event for event in events[since:] if isinstance(event, Presented)][5:]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("source", "gain"), [(0, 0.9), (0, 0.97), (0, 0.0), (1, 0.0), (1, 0.9), (2, 0.9), (2, 0.0)])
def test_a_source_that_delivers_less_ends_the_run_and_is_named(source: int, gain: float, seed: int) -> None:
    events, fault = trained(lambda rack: rack.deliver(source, gain), seed=seed)
    named_as = re.search(
        rf"Source J{source + 1} delivers (nothing|([\d.]+) of what is set)\. A pause cannot resolve this", fault
    )
    assert named_as, fault
    assert fault.startswith("Source J"), "the cause comes before what it was seen by"
    assert re.search(r"\(observed: .*J\d", fault), fault
    assert float(named_as[2] or 0) == pytest.approx(gain, abs=0.01)
    assert not any(isinstance(event, Continued) for event in events)
    assert len({one.token.name for one in presented_since(events)}) <= 1


def test_two_outputs_switched_off_by_somebody_are_named() -> None:
    def off(rack: WrongRack) -> None:
        rack.somebody_sets(0, 0.0)
        rack.somebody_sets(2, 0.0)

    _, fault = trained(off)
    assert "source J1 says that it delivers 0 uA, where -" in fault
    assert "source J3 says that it delivers 0 uA" in fault
    assert "another program" in fault


def test_a_level_changed_by_somebody_is_named() -> None:
    _, fault = trained(lambda rack: rack.somebody_sets(0, -440.0))
    assert "source J1 says that it delivers -440 uA" in fault


def test_every_suspension_names_its_likely_cause_and_records_the_evidence() -> None:
    events, _ = trained(lambda rack: rack.deliver(0, 0.9))
    (named,) = [event for event in events if isinstance(event, CauseNamed)]
    (paused,) = [event for event in events if isinstance(event, Suspended)]
    assert (named.part, named.positions, named.told) == ("source", (0,), paused.cause)
    moved = [event for event in events if isinstance(event, SourceMoved)]
    assert [event.source for event in moved] == [0, 1, 2]
    assert [event for event in events if isinstance(event, ProbePlanned)][-1].source == 2


def test_a_training_on_a_faultless_bench_takes_no_quick_look() -> None:
    events, fault = trained(lambda _: None)
    assert fault == ""
    assert not any(isinstance(event, CauseNamed | SourceMoved | Suspended) for event in events)


class TestQuickLook:
    def measured(self) -> tuple[Bench, WrongRack, tuple[JunctionReference, ...]]:
        bench, rack = bench_and_rack()
        plan = plan_of_few()
        bench.execute(bench.plan((-500.0, -500.0, -500.0)))
        _, measured = drive(reference_sweep(bench, plan.config.sweep))
        return bench, rack, measured.references

    def test_it_moves_each_source_by_a_few_ua_away_from_switching_and_restores_the_currents(self) -> None:
        bench, _, references = self.measured()
        moved = [e for e in quick_look(bench, references) if isinstance(e, SourceMoved)]
        assert bench.controls_ua == (-500.0, -500.0, -500.0)
        assert [event.moved.currents_ua for event in moved] == [
            (-510.0, -510.0, -510.0), (-500.0, -510.0, -510.0), (-500.0, -500.0, -510.0),
        ]  # fmt: skip

    @pytest.mark.parametrize(("factor", "part"), [(1.07, "junction"), (0.0, "wiring")])
    def test_it_distinguishes_a_junction_from_a_lead(self, factor: float, part: str) -> None:
        bench, rack, references = self.measured()
        rack.shows(1, lambda volts: factor * volts)
        assert drive(quick_look(bench, references))[1].part == part

    def test_a_voltmeter_with_an_offset_is_named(self) -> None:
        bench, rack, references = self.measured()
        rack.shows(1, lambda volts: volts + 0.06)
        cause = drive(quick_look(bench, references))[1]
        assert (cause.part, cause.positions) == ("voltmeter", (1,))

    def test_nothing_moves_where_the_limits_leave_no_room(self) -> None:
        bench, _, references = self.measured()
        bench.execute(bench.plan((-745.0, -745.0, -745.0)))
        assert not list(quick_look(bench, references))


class TestSmallDeviations:
    """No reason to suspend, but reason for a quick look, once until they grow."""

    def looks(self, *away_ua: float) -> list[int]:
        """Number of sources moved for each of these successive deviations of J2."""
        bench, rack, references = TestQuickLook().measured()
        deviation_check, moved = DeviationCheck(bench, references), []
        for by_ua in away_ua:
            volts = references[1].levels_mv(-500.0 + by_ua)[1] / references[1].levels_mv(-500.0)[1]
            rack.shows(1, lambda true_v, factor=volts: factor * true_v)  # type: ignore[misc]
            moved.append(sum(isinstance(event, SourceMoved) for event in deviation_check.check(bench.read(2))))
        return moved

    def test_a_quick_look_is_taken_once_until_they_grow(self) -> None:
        assert self.looks(0.0, 0.5, 2.0, 2.1, 4.0, 4.1, 2.0) == [0, 0, 3, 0, 3, 0, 3]


MEASURING = {
    "classify": lambda bench, plan: classify(bench, plan.config, classify_plan(TOKENS, 20, CONTROLS.by_input_ua, {})),
    "raster": lambda bench, plan: switching_map(bench, plan.config, map_plan("raster")),
    "adaptive": lambda bench, plan: switching_map(bench, plan.config, map_plan("adaptive")),
    "curves": lambda bench, plan: switching_map(bench, plan.config, map_plan("curves")),
}


@pytest.mark.parametrize("way", MEASURING)
def test_every_measurement_detects_a_source_that_delivers_less(way: str) -> None:
    bench, rack = bench_and_rack()
    looked = 0

    def measure() -> None:
        nonlocal looked
        for event in MEASURING[way](bench, plan_of_few()):
            looked += isinstance(event, Presented | Probed | CurveTaken)
            if looked == 3:
                rack.deliver(0, 0.97)

    with pytest.raises(BenchFaultError, match=r"Source J1 delivers 0\.9[67]\d* of what is set"):
        measure()
    assert looked <= 4


def map_plan(way: Literal["curves", "raster", "adaptive"]) -> MapPlan:
    staircase = SweepSettings(input_start_ua=200.0, input_step_ua=20.0, repetitions=5)
    return MapPlan(controls_ua=CONTROLS.by_input_ua, way=way, staircase=staircase, cell_ua=100.0)


@pytest.mark.parametrize("after", [5, 400])
@pytest.mark.parametrize(("source", "gain"), [(1, 0.9), (1, 0.0), (0, 0.9), (2, -1.0)])
def test_a_source_that_changes_during_the_reference_sweep_is_named(source: int, gain: float, after: int) -> None:
    bench, rack = bench_and_rack()
    bench.execute(bench.plan((-500.0, -430.0, -510.0)))
    events: list[Event] = []

    def swept() -> None:
        for event in reference_sweep(bench, SweepSettings(repetitions=3)):
            events.append(event)
            if len(events) == after:
                rack.deliver(source, gain)

    with pytest.raises(BenchFaultError) as fault:
        swept()
    named_as = re.search(rf"source J{source + 1} delivers (nothing|[-\d.]+ of what is set)\.", str(fault.value))
    assert named_as, fault.value
    assert float(named_as[1].split()[0].replace("nothing", "0")) == pytest.approx(gain, abs=0.02)
    named = events[-1]
    assert isinstance(named, CauseNamed)
    assert (named.part, named.positions) == ("source", (source,))
    assert not any(isinstance(event, JunctionsMeasured) for event in events)


@pytest.mark.parametrize(
    ("wrong", "named_as"),
    [
        (lambda rack: rack.deliver(1, 0.9), "Source J2 delivers 0."),
        (lambda rack: rack.shows(1, lambda volts: -volts), "Wiring: voltmeter J2 reads backwards"),
        (lambda rack: rack.shows(1, lambda volts: -0.3), "voltmeter J2 is not connected, or stuck"),
    ],
)
def test_a_fault_during_a_suspension_is_named_too(wrong: Wrong, named_as: str) -> None:
    """The suspension itself is caused by the field, which recovers."""
    field, (bench, rack) = Field(6.0), bench_and_rack()
    events: list[Event] = []

    def goes_wrong() -> None:
        for event in train(bench, plan_of_few(steps=3), field):
            events.append(event)
            if isinstance(event, StepTrained) and event.step == 1:
                field.field_mt = 6.4
            if isinstance(event, Suspended):
                field.field_mt = 6.0
                wrong(rack)

    with pytest.raises(BenchFaultError) as fault:
        goes_wrong()
    assert named_as in str(fault.value)
    parts = [event.part for event in events if isinstance(event, CauseNamed)]
    assert parts[0] == "field"
    assert parts[-1] in ("source", "wiring")
