"""Inputs as pulses: trainings, classifications and maps that stay at rest between them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import log, pi

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.rest import HELD_S, RestState, critical_when_presented
from mtjlab.bench import Bench
from mtjlab.config import EncodingSettings, PlanConfig, PresentationSettings, SweepSettings
from mtjlab.detection.detector import Detector
from mtjlab.domain import GivenPulse, Interval, Reading, Verdict, source_currents_ua
from mtjlab.energy_meter import energy_of
from mtjlab.errors import BenchFaultError, LimitExceededError, RefusedError, StopRequestedError
from mtjlab.events import (
    ControlsPlanned,
    CurveTaken,
    Event,
    InputOutcome,
    JunctionsMeasured,
    Presented,
    Pulsed,
    PulsePlanned,
    RestPlanned,
    SwitchingMeasured,
    TokensEncoded,
)
from mtjlab.procedures.inputs import ROOM_UA, PulsedInputs, input_mode
from mtjlab.procedures.judging import Judge
from mtjlab.procedures.present import is_final
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.procedures.switching_map.mapped_directions import mapped_directions
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.procedures.switching_map.probing import probed_series
from mtjlab.procedures.switching_map.procedure import switching_map
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained, WarmStarted
from mtjlab.procedures.training.limits import demand_coded_by_amplitude, demand_near_boundaries
from mtjlab.procedures.training.procedure import TrainingPlan, resume_training, train
from mtjlab.procedures.training.state import TrainingState
from mtjlab.record import fold
from mtjlab.transitions import junction_currents_on_the_way_ua, plan_transition
from tests.support.returned import returned
from tests.support.trainings import bench_and_chain, plan_of_few

WIDTH_S = 1e-3
UP_UA = (224.0, -66.0, 196.0)
CELL_UA = 25.0
"""Of a raster."""


def pulsed_plan(steps: int = 2, width_s: float = WIDTH_S, control: str = "held") -> TrainingPlan:
    plan = plan_of_few(steps)
    config = plan.config.with_pulses(width_s)
    presentation = config.presentation.model_copy(update={"control": control})
    sweep = SweepSettings(input_step_ua=10.0, repetitions=3)
    return replace(plan, config=config.model_copy(update={"presentation": presentation, "sweep": sweep}))


def presented_in(events: Sequence[Event]) -> list[Presented]:
    return [event for event in events if isinstance(event, Presented)]


def rest_in(events: Sequence[Event]) -> tuple[float, ...]:
    return next(event.currents_ua for event in events if isinstance(event, RestPlanned))


@pytest.fixture(scope="module", params=["held", "pulsed"])
def events(request: pytest.FixtureRequest) -> list[Event]:
    """Of a training whose control currents are held before and after a pulse, and of one where they envelop it."""
    bench, _ = bench_and_chain()
    return list(train(bench, pulsed_plan(control=request.param)))


def test_a_plan_with_pulses_has_boundaries_near_enough_for_them() -> None:
    config = PlanConfig().with_pulses(1e-3)
    assert (config.presentation.mode, config.presentation.width_s) == ("pulse", 1e-3)
    assert config.encoding.boundary_spacing_ua == 75.0
    assert PlanConfig().with_pulses(None) == PlanConfig()


def test_the_states_are_read_at_rest_and_every_junction_is_reset_before_the_next_pulse(events: list[Event]) -> None:
    rest_ua = rest_in(events)
    outcomes = [outcome for one in presented_in(events) for outcome in one.outcomes]
    assert outcomes
    for outcome in outcomes:
        assert {reading.currents_ua for reading in (*outcome.readings, *outcome.reset_readings)} == {rest_ua}
        assert outcome.reset_verdicts == (Verdict.AP,) * 3
        assert outcome.held_s == WIDTH_S


def test_every_pulse_of_a_presentation_is_journalled_before_the_first_is_given(events: list[Event]) -> None:
    for k, event in enumerate(events):
        if isinstance(event, Presented):
            planned = events[k - 3 : k]
            assert all(isinstance(one, PulsePlanned) for one in planned)
            a, b, reset = (one for one in planned if isinstance(one, PulsePlanned))
            assert (a.pulse_ua, b.pulse_ua) == event.token.inputs_ua
            assert (a.series, b.series, a.purpose, reset.purpose) == (0, 1, "input", "reset")
            assert (a.width_s, reset.pulse_ua < 0) == (WIDTH_S, True)


def test_each_input_is_applied_at_its_own_control_currents_which_stay_where_no_state_is_lost(
    events: list[Event],
) -> None:
    measured = next(event for event in events if isinstance(event, JunctionsMeasured))
    planned = next(event for event in events if isinstance(event, RestPlanned))
    allowed = RestState.of(measured.critical, planned.controls_s or HELD_S).controls_ua()
    state = TrainingState.of(events)
    for one in presented_in(events):
        rows = state.controls_by_step[one.step if one.purpose == "recognition" else one.step - 1].by_input_ua
        assert [outcome.pulse and outcome.pulse.controls_ua for outcome in one.outcomes] == list(rows)
        assert all(control in interval for row in rows for control, interval in zip(row, allowed, strict=True))


def test_a_training_starts_at_the_rest_currents_and_learns(events: list[Event]) -> None:
    state = TrainingState.of(events)
    assert state.controls_by_step[0].by_input_ua == (rest_in(events),) * 2
    assert len(state.controls_by_step) == 3
    assert state.pulse_width_s == WIDTH_S
    assert [event.step for event in events if isinstance(event, RecognitionMeasured)] == [0, 1, 2]
    assert [event.learning.held for event in events if isinstance(event, StepTrained)] == [(), ()]


def test_thresholds_of_pulses_are_higher_the_shorter_they_are() -> None:
    """7.7 uA a decade; half of the pulses at the critical current switch."""
    bench, _ = bench_and_chain()
    measured = calibrated(bench)
    rest = RestState.of(measured.critical)
    by_width = [rest.of_pulses(measured.critical, width_s) for width_s in (1e-5, 1e-4, 1e-3)]
    for shorter, longer in pairwise(by_width):
        for k, law in enumerate(rest.rising):
            decade_ua = 2.302585 * law.spread_ua * 6**0.5 / 3.14159265
            assert shorter.up_ua[k] - longer.up_ua[k] == pytest.approx(decade_ua, rel=1e-6)
    assert rest.rising[0].probability(by_width[0].up_ua[0], 1e-5) == pytest.approx(0.5)
    assert critical_when_presented(measured.critical, None) == measured.critical
    assert critical_when_presented(measured.critical, 1e-5) == by_width[0]


def test_a_resumed_training_goes_on_at_the_control_currents_it_had(events: list[Event]) -> None:
    first = next(k for k, event in enumerate(events) if isinstance(event, StepTrained))
    kept = (ControlsPlanned, RestPlanned, TokensEncoded, WarmStarted, StepTrained, RecognitionMeasured)
    handed_over = [event for event in events[: first + 1] if isinstance(event, kept)]
    bench, _ = bench_and_chain(seed=2)
    resumed = list(resume_training(bench, pulsed_plan(), handed_over))
    step = next(event for event in events[: first + 1] if isinstance(event, StepTrained))
    state = TrainingState.of([*handed_over, *resumed])
    assert state.controls_by_step[1] == step.controls
    assert len(state.controls_by_step) == 3


def test_before_its_first_step_too(events: list[Event]) -> None:
    encoded = next(k for k, event in enumerate(events) if isinstance(event, TokensEncoded))
    arrived = next(k for k, event in enumerate(events) if k > encoded and isinstance(event, ControlsPlanned))
    kept = (ControlsPlanned, RestPlanned, TokensEncoded)
    handed_over = [event for event in events[: arrived + 1] if isinstance(event, kept)]
    bench, _ = bench_and_chain(seed=2)
    resumed = list(resume_training(bench, pulsed_plan(steps=0), handed_over))
    assert TrainingState.of([*handed_over, *resumed]).controls_by_step == [TrainingState.of(events).controls_by_step[0]]


def test_re_evaluated_presentations_are_the_same(events: list[Event]) -> None:
    measured = next(event for event in events if isinstance(event, JunctionsMeasured))
    encoded = next(event for event in events if isinstance(event, TokensEncoded))
    judge = Judge(Detector(measured.references, PlanConfig().detector), encoded.encoding)
    assert [judge.presented(one) for one in presented_in(events)] == presented_in(events)


def test_the_energy_of_pulses_is_that_of_their_duration(events: list[Event]) -> None:
    """An input takes 1 ms of the time; its energy is computed from the references, and says so."""
    energy = energy_of(events)
    inputs = sum(len(one.outcomes) for one in presented_in(events))
    assert energy.inputs == inputs
    assert energy.presented["input"].duration_s == pytest.approx(inputs * WIDTH_S)
    assert energy.presented["reset"].duration_s == pytest.approx(inputs * 0.05)
    assert energy.presented["input"].estimated_j == energy.presented["input"].junctions_j > 0


class Interrupted:
    """A bench whose voltmeters fail at a reading."""

    def __init__(self, bench: Bench, at: int) -> None:
        self._bench, self._left = bench, at

    def __getattr__(self, name: str) -> object:
        return getattr(self._bench, name)

    def read(self, samples: int) -> Reading:
        self._left -= 1
        if self._left < 0:
            raise BenchFaultError("voltmeter J2 does not answer")
        return self._bench.read(samples)


def test_what_was_read_before_a_fault_is_journalled() -> None:
    bench, _ = bench_and_chain()
    seen: list[Event] = []
    faulty = Interrupted(bench, at=4)  # the check of the reset, both readings of input A, and one of B
    measured = calibrated(bench)
    with pytest.raises(BenchFaultError, match="voltmeter J2"):
        seen.extend(train(faulty, replace(pulsed_plan(), calibrated=measured)))  # type: ignore[arg-type]
    last = seen[-1]
    assert isinstance(last, Presented)
    assert last.configuration is None
    assert [len(outcome.readings) for outcome in last.outcomes] == [1, 1]
    assert last.outcomes[-1].reset_readings == ()
    assert last.outcomes[-1].pulse is not None


@pytest.mark.parametrize(("at", "outcomes", "read_reset"), [(1, 1, False), (2, 1, True), (3, 2, False)])
def test_a_stop_comes_before_the_next_pulse_and_loses_no_reading(at: int, outcomes: int, read_reset: bool) -> None:
    """After an input was read, and before the next: pulses may be seconds long."""
    seen: list[Event] = []
    safe_points: list[bool] = []

    def pause(_duration_s: float, may_stop: bool) -> None:
        if may_stop and seen and isinstance(seen[-1], PulsePlanned):
            safe_points.append(True)
            if len(safe_points) == at:
                raise StopRequestedError("Ctrl-C")

    bench, _ = bench_and_chain(pause=pause)
    with pytest.raises(StopRequestedError):
        seen.extend(train(bench, pulsed_plan()))
    last = seen[-1]
    assert isinstance(last, Presented)
    assert (len(last.outcomes), bool(last.outcomes[-1].reset_readings)) == (outcomes, read_reset)
    assert all(outcome.readings for outcome in last.outcomes)
    assert last.broken_off
    assert last.tallies == {"presentations": 1}
    assert not is_final(last, pulsed_plan().config.presentation)
    assert bench.input_ua == 0.0


@pytest.mark.parametrize("readings", [0, 1])
def test_a_map_that_a_fault_interrupts_in_a_pulse_keeps_what_was_read_and_goes_on(readings: int) -> None:
    """A pulse without its readings is no probe: the map is folded, and resumed, as if it had not been made."""
    bench, _ = bench_and_chain()
    measured, config = calibrated(bench), pulsed_plan().config
    rest_ua = RestState.of(measured.critical).currents_ua
    asked = {"controls_ua": (rest_ua, rest_ua), "staircase": {"input_stop_ua": 300.0}, "width_ua": 20.0}
    plan = MapPlan.model_validate(asked, strict=False)
    events: list[Event] = []
    faulty = Interrupted(bench, at=5 + readings)  # after the check of the reset, two probes, and the pulse of a third
    with pytest.raises(BenchFaultError, match="voltmeter J2"):
        events.extend(switching_map(faulty, config, plan, measured))  # type: ignore[arg-type]
    probes = [event for event in events if isinstance(event, Probed)]
    broken_off = events[-1]
    assert len(probes) == 2
    assert isinstance(broken_off, Pulsed)
    assert (len(broken_off.readings), broken_off.verdicts) == (readings, ())
    assert len(probed_series(config, plan, probes)) == 2
    again, _ = bench_and_chain(seed=2)
    resumed = list(switching_map(again, config, plan, measured, events))
    assert isinstance(resumed[-1], SwitchingMeasured)
    assert (
        mapped_directions(fold([*events, *resumed], (CurveTaken, Probed, Presented)), plan.controls_ua, 0.02)[0]
        is not None
    )


class Stretched:
    """A bench whose pulses take longer than planned."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def __getattr__(self, name: str) -> object:
        return getattr(self._bench, name)

    def pulse(self, input_ua: float, width_s: float) -> GivenPulse:
        given = self._bench.pulse(input_ua, width_s)
        return replace(given, width_s=1.3 * given.width_s)


def test_control_currents_that_envelop_a_pulse_are_applied_for_its_length_and_while_sources_settle() -> None:
    bench, chain = bench_and_chain()
    inputs = pulsed_inputs(bench, "pulsed")
    returned(inputs.demand_reset())
    rest_ua = inputs.pulser.rest.currents_ua
    row_ua = tuple(rest + part for rest, part in zip(rest_ua, (30.0, -40.0, 10.0), strict=True))
    outcomes: list[InputOutcome] = []
    inputs.apply(inputs.pulser.plan_ways(row_ua), row_ua, 225.0, outcomes)
    pulse = outcomes[0].pulse
    assert pulse is not None
    assert pulse.controls_s == pytest.approx(WIDTH_S + 0.02)  # down, settle, up, the pulse, down, settle, up
    assert inputs.pulser.controls_s == pytest.approx(WIDTH_S + 0.04)
    assert pulse.given == GivenPulse(WIDTH_S)
    assert bench.currents_ua == rest_ua
    assert chain.time_s > outcomes[0].readings[-1].t_s


def test_they_may_be_larger_than_held_ones_the_shorter_they_are_applied() -> None:
    """By ln(1 s / 41 ms) / s = 10.7 uA: no more than one state in ten thousand is lost in either mode."""
    bench, _ = bench_and_chain()
    measured = calibrated(bench)
    held, pulsed = pulsed_inputs(bench, "held", measured), pulsed_inputs(bench, "pulsed", measured)
    rest = pulsed.pulser.rest
    for k, (less, more) in enumerate(zip(held.allowed_controls(), pulsed.allowed_controls(), strict=True)):
        spread_ua = rest.rising[k].spread_ua
        assert more.high_ua - less.high_ua == pytest.approx(log(1 / 0.041) * spread_ua * 6**0.5 / pi, rel=1e-6)
        lost = rest.rising[k].probability(more.high_ua, 0.041), rest.falling[k].probability(more.low_ua, 0.041)
        assert all(one <= 1.001e-4 for one in lost)
    part_ua = min(one.high_ua - rest_ua for one, rest_ua in zip(held.allowed_controls(), rest.currents_ua, strict=True))
    row_ua = tuple(current + part_ua + 5.0 for current in rest.currents_ua)
    assert len(pulsed.pulser.plan_ways(row_ua)) == 2
    with pytest.raises(LimitExceededError, match=r"1e\+04 s are required"):
        held.pulser.plan_ways(row_ua)


def test_control_currents_that_are_applied_for_far_too_long_spoil_a_presentation() -> None:
    bench, _ = bench_and_chain()
    inputs = pulsed_inputs(bench, "pulsed")
    inputs = replace(inputs, pulser=replace(inputs.pulser, controls_s=0.005))
    rest_ua = inputs.pulser.rest.currents_ua
    row_ua = tuple(rest + part for rest, part in zip(rest_ua, (50.0, -50.0, 20.0), strict=True))
    outcomes: list[InputOutcome] = []
    inputs.apply(inputs.pulser.plan_ways(row_ua), row_ua, 100.0, outcomes)
    assert outcomes[0].disturbed == "control currents were applied for 0.021 s, and not for 0.005 s"


def test_a_pulse_of_another_length_than_planned_does_not_count() -> None:
    bench, _ = bench_and_chain()
    measured = calibrated(bench)
    inputs = returned(input_mode(Stretched(bench), pulsed_plan().config, measured))  # type: ignore[arg-type]
    outcomes: list[InputOutcome] = []
    rest_ua = inputs.start_controls().by_input_ua[0]
    inputs.apply((), rest_ua, 100.0, outcomes)
    assert outcomes[0].disturbed == "the pulse of 0.001 s took 0.0013 s"


def test_the_ways_to_control_currents_and_back_are_moves_in_the_energy(events: list[Event]) -> None:
    """Several settings of 10 ms each, estimated from the references."""
    moves = energy_of(events).presented["moves"]
    inputs = [outcome for one in presented_in(events) for outcome in one.outcomes]
    moved = sum(outcome.pulse is not None and outcome.pulse.controls_ua != rest_in(events) for outcome in inputs)
    assert moved > 0
    assert 0.005 * moved < moves.duration_s < 0.15 * moved
    assert moves.junctions_j == moves.estimated_j > 0


def test_junctions_that_are_not_reset_are_reset_by_further_pulses() -> None:
    bench, _ = bench_and_chain()
    inputs = pulsed_inputs(bench)
    bench.pulse(300.0, 0.1)
    events = list(inputs.demand_reset())
    assert isinstance(events[-1], Pulsed)
    assert events[-1].purpose == "reset"
    assert events[-1].is_reset


def test_a_suspended_run_tries_to_reset_the_junctions_before_it_looks() -> None:
    bench, _ = bench_and_chain()
    inputs = pulsed_inputs(bench)
    bench.pulse(300.0, 0.1)
    _, verdicts = returned(inputs.look_again())
    assert verdicts == (Verdict.AP,) * 3


def test_control_currents_that_would_lose_a_state_are_refused_with_its_lifetime() -> None:
    bench, _ = bench_and_chain()
    inputs = pulsed_inputs(bench)
    rest_ua = inputs.pulser.rest.currents_ua
    far = inputs.start_controls().moved([[130.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    with pytest.raises(LimitExceededError, match=rf"130 uA on J1 at its rest current of {rest_ua[0]:.6g} uA.*last"):
        list(inputs.arrive(far, 0))


@given(
    kept=st.tuples(*[st.tuples(st.floats(-110.0, -75.0), st.floats(75.0, 110.0))] * 3),
    places=st.tuples(*[st.sampled_from([0.0, 1.0]) | st.floats(0.0, 1.0)] * 3),
)
@settings(deadline=None, max_examples=40)
def test_there_is_a_way_back_to_rest_from_anywhere_training_may_go(
    kept: tuple[tuple[float, float], ...], places: tuple[float, ...]
) -> None:
    rest_ua = (83.0, -206.0, 55.0)
    row_ua = [
        rest + low + ROOM_UA + place * (high - low - ROOM_UA)
        for rest, (low, high), place in zip(rest_ua, kept, places, strict=True)
    ]
    limits = [Interval(rest + low, rest + high) for rest, (low, high) in zip(rest_ua, kept, strict=True)]
    way = plan_transition(source_currents_ua(row_ua, 0.0), source_currents_ua(rest_ua, 0.0), limits)
    assert len(way.sub_steps) <= 4


@given(parts_ua=st.tuples(*[st.floats(-75.0, 75.0)] * 3))
@settings(deadline=None, max_examples=30)
def test_on_the_way_back_to_rest_no_junction_leaves_the_loop_that_keeps_what_it_switched_to(
    parts_ua: tuple[float, float, float],
) -> None:
    """Sources are set one after another: junctions further down may dip by the sum of two moves."""
    inputs = resting()
    rest_ua, kept = inputs.pulser.rest.currents_ua, inputs.pulser.rest.controls_ua()
    row_ua = tuple(rest + part for rest, part in zip(rest_ua, parts_ua, strict=True))
    for back in inputs.pulser.plan_ways(row_ua)[1:]:
        for currents_ua in junction_currents_on_the_way_ua(back):
            assert all(one.low_ua - 1e-6 <= ua <= one.high_ua + 1e-6 for ua, one in zip(currents_ua, kept, strict=True))


@pytest.mark.parametrize("control", ["held", "pulsed"])
def test_a_junction_that_has_switched_is_still_parallel_when_it_is_read(control: str) -> None:
    """J3 carries 280 uA. On the way back its source falls by 80 uA, and J1 by 50 uA: together beyond its reset."""
    inputs = resting(control)
    rest_ua = inputs.pulser.rest.currents_ua
    row_ua = tuple(rest + part for rest, part in zip(rest_ua, (50.0, -80.0, 0.0), strict=True))
    for _ in range(5):
        outcomes: list[InputOutcome] = []
        inputs.apply(inputs.pulser.plan_ways(row_ua), row_ua, 225.0, outcomes)
        assert outcomes[0].verdicts == (Verdict.P, Verdict.AP, Verdict.P)


def test_pulses_shorter_than_the_bench_can_give_are_refused() -> None:
    bench, _ = bench_and_chain()
    measured = calibrated(bench)
    with pytest.raises(RefusedError, match=r"1e-07 s is too short"):
        list(input_mode(bench, pulsed_plan(width_s=1e-7).config, measured))


def test_boundaries_too_far_apart_for_pulses_are_refused_before_anything_is_measured() -> None:
    far = PlanConfig(presentation=PresentationSettings(mode="pulse"))
    with pytest.raises(RefusedError, match=r"Boundaries 120 uA apart.*to 75 or less"):
        demand_near_boundaries(far, junctions=3, settle_s=0.01)
    demand_near_boundaries(PlanConfig(), junctions=3, settle_s=0.01)
    demand_near_boundaries(PlanConfig().with_pulses(1e-3), junctions=3, settle_s=0.01)


def test_where_control_currents_envelop_a_pulse_boundaries_may_be_farther_apart() -> None:
    def apart(spacing_ua: float) -> PlanConfig:
        settings = PresentationSettings(mode="pulse", control="pulsed")
        return PlanConfig(presentation=settings, encoding=EncodingSettings(boundary_spacing_ua=spacing_ua))

    demand_near_boundaries(apart(85.0), junctions=3, settle_s=0.01)
    with pytest.raises(RefusedError, match=r"to 86 or less"):
        demand_near_boundaries(apart(90.0), junctions=3, settle_s=0.01)
    demand_near_boundaries(apart(90.0), junctions=3, settle_s=0.001)


@pytest.mark.parametrize(("junctions", "decades"), [(3, "19 decades"), (1, "10 decades"), (5, "39 decades")])
def test_a_length_cannot_carry_the_inputs_and_how_many_decades_it_would_need_is_said(
    junctions: int, decades: str
) -> None:
    config = PlanConfig().with_pulses(1e-3)
    by_length = config.model_copy(
        update={"presentation": config.presentation.model_copy(update={"coded_by": "length"})}
    )
    with pytest.raises(RefusedError, match=decades) as refused:
        demand_coded_by_amplitude(by_length, junctions, spread_ua=4.3)
    assert "7.72 uA" in str(refused.value)
    demand_coded_by_amplitude(config, junctions, spread_ua=4.3)


class TestMap:
    """Adaptive and raster maps by pulses."""

    @pytest.fixture(scope="class", params=["adaptive", "raster"])
    @classmethod
    def events(cls, request: pytest.FixtureRequest) -> list[Event]:
        bench, _ = bench_and_chain()
        measured, config = calibrated(bench), pulsed_plan().config
        rest_ua = RestState.of(measured.critical).currents_ua
        asked = {
            "controls_ua": (rest_ua, tuple(current + 50.0 for current in rest_ua)),
            "way": request.param,
            "staircase": {"input_stop_ua": 300.0},
            "width_ua": 5.0,
            "times": 1,
            "cell_ua": CELL_UA,
        }
        return list(switching_map(bench, config, MapPlan.model_validate(asked, strict=False), measured))

    def test_finds_the_critical_inputs_of_pulses(self, events: list[Event]) -> None:
        """Half of pulses of 1 ms switch 15 uA above the critical current of the reference ramp."""
        found = events[-1]
        assert isinstance(found, SwitchingMeasured)
        for series in found.series:
            for k, one in enumerate(series.up):
                assert isinstance(one, CriticalEstimate)
                assert one.law.held_ua(WIDTH_S) == pytest.approx(UP_UA[k] + 15.0, abs=CELL_UA)

    def test_reads_at_rest_and_no_pulse_meets_a_junction_that_is_not_antiparallel(self, events: list[Event]) -> None:
        rest_ua = rest_in(events)
        measured = [event for event in events if isinstance(event, Probed | Presented)]
        assert measured
        for event in measured:
            readings = [phase.reading for phase in event.phases if hasattr(phase, "reading")]
            assert {reading.currents_ua for reading in readings} == {rest_ua}
            assert all(len(event.steps) == 1 and event.reset for event in [event] if isinstance(event, Probed))


def calibrated(bench: Bench) -> JunctionsMeasured:
    """References and critical currents, measured as before a training."""
    return next(event for event in train(bench, pulsed_plan(steps=0)) if isinstance(event, JunctionsMeasured))


@cache
def resting(control: str = "held") -> PulsedInputs:
    """Inputs on a bench that is at rest, every junction antiparallel."""
    bench, _ = bench_and_chain()
    inputs = pulsed_inputs(bench, control)
    returned(inputs.demand_reset())
    return inputs


def pulsed_inputs(bench: Bench, control: str = "held", measured: JunctionsMeasured | None = None) -> PulsedInputs:
    made = returned(input_mode(bench, pulsed_plan(control=control).config, measured or calibrated(bench)))
    assert isinstance(made, PulsedInputs)
    return made
