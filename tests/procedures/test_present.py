"""Presentations on the simulated bench: the observed switching is reported, and nothing is guessed."""

from dataclasses import replace
from math import inf

import pytest

from mtjlab.bench import Bench
from mtjlab.benches import open_bench
from mtjlab.config import (
    PlanConfig,
    PresentationSettings,
    SimulatedBenchConfig,
    Simulation,
    SweepSettings,
)
from mtjlab.domain import ControlCurrents, PerJunction, Reading, SwitchingConfiguration, Verdict
from mtjlab.errors import BenchFaultError
from mtjlab.events import ControlsPlanned, EncodedToken, Event, JunctionsMeasured, Presented, ResetFailed
from mtjlab.procedures.inputs import HeldInputs
from mtjlab.procedures.judging import Judge
from mtjlab.procedures.present import Presenter, is_final, prepare_presenter
from mtjlab.procedures.reference_sweep import reference_sweep
from tests.support.returned import returned
from tests.support.samples import ENCODING

SHARP = Simulation(critical_spread_ua=0.5)  # thresholds that hardly vary: outcomes are certain
FRAGILE = Simulation(critical_spread_ua=0.5, critical_current_p_to_ap_ua=(-57.0, -480.0, -85.0))


def presenter_on(simulation: Simulation, controls: ControlCurrents, **settings: int) -> Presenter:
    """Measures the junctions at -500 uA, then holds ``controls``."""
    bench = open_bench(SimulatedBenchConfig(simulation=simulation), seed=5)
    bench.execute(bench.plan((-500, -500, -500)))
    measured = list(reference_sweep(bench, SweepSettings(repetitions=1)))[-1]
    assert isinstance(measured, JunctionsMeasured)
    inputs = HeldInputs(bench, PlanConfig(presentation=PresentationSettings(**settings)), measured)
    return presenter_of(inputs, controls)


def presenter_of(inputs: HeldInputs, controls: ControlCurrents) -> Presenter:
    return returned(prepare_presenter(inputs, controls, 0, ENCODING))


def on(presenter: Presenter, bench: object) -> Presenter:
    """The same on another bench."""
    return replace(presenter, inputs=replace(held(presenter), bench=bench))


def held(presenter: Presenter) -> HeldInputs:
    assert isinstance(presenter.inputs, HeldInputs)
    return presenter.inputs


def token(*inputs_ua: float) -> EncodedToken:
    return EncodedToken("t1", "ih", "train", inputs_ua)


def presented(presenter: Presenter, *inputs_ua: float) -> Presented:
    events = list(presenter.present(token(*inputs_ua), 0, "training"))
    return [event for event in events if isinstance(event, Presented)][-1]


START = ControlCurrents.uniform(-500, 3, 2)


@pytest.mark.parametrize(
    ("inputs_ua", "configuration"),
    [((300, 550), (0, 1)), ((550, 712), (1, 2)), ((760, 300), (3, 0)), ((712, 760), (2, 3))],
)
def test_the_configuration_counts_the_junctions_that_each_input_switched(
    inputs_ua: tuple[float, ...], configuration: tuple[int, ...]
) -> None:
    assert presented(presenter_on(SHARP, START), *inputs_ua).configuration == SwitchingConfiguration(configuration)


def test_each_input_has_its_own_controls() -> None:
    """Input B with J2 at -380 uA: its critical input falls from 434 to 314 uA."""
    controls = ControlCurrents(((-500, -500, -500), (-460, -410, -560)))
    assert presented(presenter_on(SHARP, controls), 380, 380).configuration == SwitchingConfiguration((0, 1))


def test_j2_inside_the_dead_band_is_read_at_a_lower_input() -> None:
    """At an input of 500 uA no junction carries a current, but J2 has switched at -66 uA."""
    outcome = presented(presenter_on(SHARP, START), 500, 300).outcomes[0]
    assert [reading.input_ua for reading in outcome.readings] == [490]
    assert outcome.verdicts == (Verdict.AP, Verdict.P, Verdict.AP)


def test_a_presentation_records_every_reading_with_its_currents_and_time() -> None:
    outcomes = presented(presenter_on(SHARP, START), 550, 300).outcomes
    reading, back = outcomes[0].readings[0], outcomes[0].reset_readings[0]
    assert reading.currents_ua == (50, 50, 50)
    assert back.currents_ua == (-500, -500, -500)
    assert back.t_s > reading.t_s
    assert [len(sample) for sample in reading.samples_mv] == [3, 3]


def test_a_presentation_ends_reset_with_the_last_controls_held() -> None:
    controls = ControlCurrents(((-500, -500, -500), (-460, -410, -560)))
    presenter = presenter_on(SHARP, controls)
    assert all(outcome.reset for outcome in presented(presenter, 760, 760).outcomes)
    assert presenter.inputs.bench.controls_ua == (-460, -410, -560)
    assert presenter.inputs.bench.input_ua == 0


def test_a_failed_reset_is_recorded_and_ends_the_run_if_it_persists() -> None:
    """J2 of this chip stays parallel at -380 uA: the presentation gives no configuration, and nothing is guessed."""
    presenter = presenter_on(FRAGILE, ControlCurrents(((-500, -380, -500),) * 2))
    events: list[Event] = []
    with pytest.raises(BenchFaultError, match=r"Not reset at zero input: J2 \(P at a control current of -380 uA\)"):
        events.extend(presenter.present(token(550, 550), 0, "training"))
    presentations = [event for event in events if isinstance(event, Presented)]
    assert len(presentations) == 1
    assert presentations[0].configuration is None
    assert presentations[0].outcomes[0].reset_verdicts == (Verdict.AP, Verdict.P, Verdict.AP)
    assert len([event for event in events if isinstance(event, ResetFailed)]) == 3


def test_after_a_late_reset_the_token_is_presented_again() -> None:
    """J2 resets at the controls of B: each attempt fails for A and is recorded, and the next one begins reset."""
    presenter = presenter_on(FRAGILE, ControlCurrents(((-500, -380, -500), (-500, -560, -500))), attempts=2)
    events = list(presenter.present(token(550, 300), 0, "training"))
    presentations = [event for event in events if isinstance(event, Presented)]
    assert [event.attempt for event in presentations] == [1, 2]
    assert [event.configuration for event in presentations] == [None, None]
    assert isinstance(events[1], ControlsPlanned)
    assert presenter.inputs.bench.controls_ua == (-500, -560, -500)


class HalfWay:
    """A bench whose J1 is stuck between its two levels, as a partial state is."""

    def __init__(self, bench: Bench, references_mv: tuple[float, float]) -> None:
        self._bench = bench
        self._between_mv = sum(references_mv) / 2

    def __getattr__(self, name: str) -> object:
        return getattr(self._bench, name)

    def read(self, samples: int) -> Reading:
        reading = self._bench.read(samples)
        if reading.input_ua == 0:
            return reading
        half: tuple[PerJunction, ...] = tuple((self._between_mv, *sample[1:]) for sample in reading.samples_mv)
        return replace(reading, samples_mv=half)


def test_a_partial_state_gives_no_configuration() -> None:
    presenter = presenter_on(SHARP, START, attempts=2)
    levels_mv = held(presenter).measured.references[0].levels_mv(50.0)
    stuck = on(presenter, HalfWay(presenter.inputs.bench, levels_mv))
    events = list(stuck.present(token(550, 300), 0, "recognition"))
    presentations = [event for event in events if isinstance(event, Presented)]
    assert [event.attempt for event in presentations] == [1, 2]
    assert presentations[-1].outcomes[0].verdicts[0] is Verdict.PARTIAL
    assert presentations[-1].configuration is None
    assert presentations[-1].recognised_as is None


class Slow:
    """A bench that reports its first inputs as applied for too long."""

    def __init__(self, bench: Bench, times: int) -> None:
        self._bench, self._asked, self._times = bench, 0, times

    def __getattr__(self, name: str) -> object:
        return getattr(self._bench, name)

    def delays(self, longest_s: float = inf) -> str:
        """Asked before and after each input."""
        self._asked += 1
        return "voltmeter J2: nothing came" if self._asked % 2 == 0 and self._asked // 2 <= self._times else ""


def presented_slowly(times: int, attempts: int) -> tuple[list[Presented], Presenter, str]:
    presenter = presenter_on(SHARP, START, attempts=attempts)
    slow = on(presenter, Slow(presenter.inputs.bench, times))
    presentations: list[Presented] = []
    try:
        presentations.extend(one for one in slow.present(token(550, 300), 0, "training") if isinstance(one, Presented))
    except BenchFaultError as error:
        return presentations, presenter, str(error)
    return presentations, presenter, ""


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_presentation_with_an_input_applied_for_too_long_does_not_count_and_is_repeated(attempts: int) -> None:
    (first, second), presenter, fault = presented_slowly(1, attempts)
    assert fault == ""
    assert (first.attempt, first.configuration, first.recognised_as) == (1, None, None)
    assert first.disturbed == first.outcomes[0].disturbed == "voltmeter J2: nothing came"
    assert first.outcomes[0].readings
    assert not is_final(first, presenter.settings)
    assert (second.attempt, second.disturbed, second.configuration) == (2, "", SwitchingConfiguration((1, 0)))
    assert is_final(second, presenter.settings)


def test_re_evaluated_it_still_does_not_count() -> None:
    (first, _), presenter, _ = presented_slowly(1, 1)
    judge = Judge(held(presenter).observer.detector, ENCODING)
    assert judge.presented(first) == first


def test_repeatedly_disturbed_presentations_end_the_run() -> None:
    presentations, _, fault = presented_slowly(100, 1)
    assert [one.attempt for one in presentations] == [1, 2, 3, 4]
    assert "an input was applied for too long each time: voltmeter J2: nothing came" in fault


def test_how_long_an_input_may_be_delayed_goes_with_how_long_it_is_held() -> None:
    usual = held(presenter_on(SHARP, START, attempts=1))
    assert usual.longest_delay_s == pytest.approx(5.6 * (usual.config.presentation.dwell_s + 2 * 0.020))
