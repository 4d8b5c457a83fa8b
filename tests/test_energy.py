"""Energy of a run, from its journal: by phase, junction and source; within 1 % of what the simulators know."""

from dataclasses import astuple, replace
from io import StringIO
from pathlib import Path

import pytest
from matplotlib.text import Text

from mtjlab import experiment
from mtjlab.benches.simulators import LOG
from mtjlab.cli.energy import show_energy
from mtjlab.console import PlainConsole
from mtjlab.detection.flips import Flips
from mtjlab.detection.references import JunctionReference
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import (
    ControlCurrents,
    CriticalCurrents,
    GivenPulse,
    Interval,
    Reading,
    Verdict,
    source_currents_ua,
)
from mtjlab.energy import PHASES
from mtjlab.energy_meter import EnergyMeter, energy_of
from mtjlab.errors import NothingToDrawError, RefusedError
from mtjlab.events import (
    ControlsPlanned,
    EncodedToken,
    Event,
    InputOutcome,
    JunctionsMeasured,
    LookedAgain,
    Presented,
    Pulsed,
    PulsePlanned,
    RestPlanned,
    SweepPoint,
    TakenOver,
    WentSafe,
)
from mtjlab.experiment.energy import ProjectionRequest, energy_json
from mtjlab.projection import Chain, Paper
from mtjlab.reading import read_events
from mtjlab.runs.opened import run_of
from mtjlab.transitions import plan_transition
from tests.golden.runs import RUNS
from tests.support.asking import TrainingRequest, prepare_training
from tests.support.engines import BENCH
from tests.support.made_runs import plan_in
from tests.support.trainings import write_plan
from tests.support.true_energy import true_energy_j

TRAINED = RUNS["1/train"]
COVERED = Interval(-500.0, 400.0)
REFERENCE = JunctionReference(ResistanceLaw(1100.0, 1.2, 500.0, 0.1), 0.0, 0.05, 0.05, COVERED, COVERED)


def point(t_s: float, input_ua: float, current_ua: float, mv: float) -> SweepPoint:
    return SweepPoint(0, True, Reading(t_s, input_ua, (current_ua,) * 2, ((mv,) * 2, (mv,) * 2)))


def test_each_reading_tells_the_time_since_the_one_before() -> None:
    events = [point(1.0, 0.0, -500.0, -700.0), point(3.0, 100.0, -400.0, -600.0)]
    found = energy_of(events)
    assert found.phases["sweep"].junctions_j == pytest.approx(2 * 2.0 * 400e-6 * 0.6)
    assert found.junctions_j == pytest.approx((2.0 * 400e-6 * 0.6,) * 2)


def test_sources_deliver_and_absorb_what_junctions_take() -> None:
    for run in list(RUNS.values())[:12]:
        found = energy_of(read_events(run))
        assert sum(found.delivered_j) - sum(found.absorbed_j) == pytest.approx(found.total_j + sum(found.leads_j))


@pytest.mark.parametrize("name", RUNS)
def test_old_runs_have_an_energy_too(name: str) -> None:
    found = energy_json(RUNS[name])
    assert set(found["per_input_j"]) == set(PHASES)
    assert 0.0 <= found["estimated_share"] <= 1.0
    assert (found["per_input_j"]["input"] is None) == (found["inputs"] == 0)


def presented(*outcomes: InputOutcome) -> Presented:
    token = EncodedToken("a", "a", "train", tuple(one.input_ua for one in outcomes))
    return Presented(0, "training", token, 1, outcomes, None, None)


def test_an_input_counts_since_it_was_applied_and_the_time_before_as_a_move() -> None:
    at_zero = Reading(1.0, 0.0, (-500.0,), ((-730.0,),) * 2)
    at_input = Reading(1.5, 300.0, (-200.0,), ((-400.0,),) * 2)
    after = Reading(1.6, 0.0, (-500.0,), ((-730.0,),) * 2)
    outcome = InputOutcome(300.0, (at_input,), (), None, Flips(), (after,), (), held_s=0.3)
    found = energy_of([SweepPoint(0, True, at_zero), presented(outcome)])
    assert found.presented["input"].duration_s == pytest.approx(0.3)
    assert found.presented["reset"].duration_s == pytest.approx(0.1)
    assert found.per_input_j("input") == pytest.approx(0.3 * 200e-6 * 0.4)


def test_an_input_that_was_lowered_to_be_read_counts_from_where_it_was_applied_too() -> None:
    at_zero = Reading(1.0, 0.0, (-500.0,), ((-730.0,),) * 2)
    lowered = Reading(1.5, 490.0, (-10.0,), ((-24.0,),) * 2)
    after = Reading(1.56, 0.0, (-500.0,), ((-730.0,),) * 2)
    outcome = InputOutcome(500.0, (lowered,), (), None, Flips(), (after,), (), held_s=0.1)
    found = energy_of([SweepPoint(0, True, at_zero), presented(outcome)])
    assert found.presented["input"].duration_s == pytest.approx(0.1 + 0.06)


def test_what_was_taken_over_is_the_energy_of_the_run_that_it_was_taken_from() -> None:
    mine = [point(1.0, 0.0, -500.0, -700.0), point(2.0, 0.0, -500.0, -700.0)]
    theirs: list[Event] = [TakenOver(point(9.0, 0.0, -500.0, -700.0))]
    assert energy_of([*theirs, *mine]) == energy_of(mine)


def test_leads_inside_the_voltmeters_are_counted_apart() -> None:
    events = [point(1.0, 0.0, -500.0, -700.0), point(3.0, 0.0, -500.0, -700.0)]
    without, found = energy_of(events), energy_of(events, leads_ohm=(10.0, 20.0))
    leads_j = [ohm * (500e-6) ** 2 * found.phases["sweep"].duration_s for ohm in (10.0, 20.0)]
    assert found.leads_j == pytest.approx(leads_j)
    assert found.junctions_j == pytest.approx(
        [j - lead_j for j, lead_j in zip(without.junctions_j, leads_j, strict=True)]
    )
    assert (found.delivered_j, found.absorbed_j) == (without.delivered_j, without.absorbed_j)


def test_a_run_counts_the_leads_that_its_bench_file_gives() -> None:
    found = [energy_json(run) for run in RUNS.values()]
    assert any(one["leads_j"] > 0 for one in found)


@pytest.mark.parametrize("block", [1, 7])
def test_energy_can_be_asked_at_any_time(block: int) -> None:
    events = list(read_events(TRAINED))
    whole, meter = energy_of(events), EnergyMeter()
    for n, event in enumerate(events):
        meter.take(event)
        if n % block == 0:
            assert meter.energy.total_j >= 0.0
    for name in PHASES:
        assert astuple(meter.energy.phases[name]) == pytest.approx(astuple(whole.phases[name]))
    assert meter.energy.absorbed_j == pytest.approx(whole.absorbed_j)


def test_a_pulse_takes_its_time_from_the_rest() -> None:
    measured = JunctionsMeasured(0.5, (REFERENCE,), CriticalCurrents((224.0,), (-57.0,), (4.0,), (4.0,), 5, 100.0))
    rest = Reading(1.0, 0.0, (80.0,), ((90.0,),) * 2)
    after = Reading(2.0, 0.0, (80.0,), ((90.0,),) * 2)
    pulsed = Pulsed(2.0, "probe", 0, 200.0, 0.25, GivenPulse(0.25), (80.0,), (after,), (Verdict.AP,))
    found = energy_of([measured, LookedAgain(1.0, 1, "", (rest,)), pulsed])
    assert found.presented["input"].duration_s == pytest.approx(0.25)
    assert found.presented["input"].estimated_j == pytest.approx(
        0.25 * 280e-6 * REFERENCE.law.voltages_mv(280.0)[1] * 1e-3
    )
    assert found.presented["idle"].duration_s == pytest.approx(0.75)
    assert found.inputs == 1


def test_the_way_to_the_control_currents_of_a_pulse_and_back_is_a_move() -> None:
    measured = JunctionsMeasured(0.5, (REFERENCE,), CriticalCurrents((224.0,), (-57.0,), (4.0,), (4.0,), 5, 100.0))
    rest = Reading(1.0, 0.0, (80.0,), ((90.0,),) * 2)
    pulsed = Pulsed(2.0, "probe", 0, 200.0, 0.25, GivenPulse(0.25), (50.0,), (replace(rest, t_s=2.0),), (Verdict.AP,))
    looked = LookedAgain(1.0, 1, "", (rest,))
    moved = energy_of([measured, looked, replace(pulsed, applied_s=1.4)]).presented
    assert (moved["idle"].duration_s, moved["moves"].duration_s) == pytest.approx((0.4, 0.35))
    assert moved["moves"].junctions_j == moved["moves"].estimated_j > 0
    of_older_journals = energy_of([measured, looked, pulsed]).presented
    assert (of_older_journals["idle"].duration_s, of_older_journals["moves"].duration_s) == (0.75, 0.0)


def test_a_junction_that_has_switched_was_parallel_for_the_rest_of_the_pulse() -> None:
    """Far above its critical current it switches at once; at a rate that switches few, in the middle in the mean."""
    critical = CriticalCurrents((224.0,), (-57.0,), (4.0,), (4.0,), 5, 100.0)
    measured = JunctionsMeasured(0.5, (REFERENCE,), critical)
    rest = Reading(1.0, 0.0, (80.0,), ((90.0,),) * 2)
    looked = LookedAgain(1.0, 1, "", (rest,))
    for current_ua, share in ((300.0, 1.0), (180.0, 0.5)):
        pulse_ua = current_ua - 80.0
        given = GivenPulse(0.25), (80.0,), (replace(rest, t_s=2.0),)
        switched = Pulsed(2.0, "probe", 0, pulse_ua, 0.25, *given, (Verdict.P,))
        parallel_mv, antiparallel_mv = REFERENCE.law.voltages_mv(current_ua)
        mean_mv = share * parallel_mv + (1 - share) * antiparallel_mv
        found = energy_of([measured, looked, switched]).presented["input"]
        assert found.junctions_j == found.estimated_j == pytest.approx(0.25 * current_ua * mean_mv * 1e-9, rel=1e-3)


@pytest.mark.parametrize("controls_s", [None, 0.02])
def test_on_the_ways_of_a_pulse_sources_settle_at_planned_currents(controls_s: float | None) -> None:
    """Down, settle, up, settle, pulse, settle, down, settle, up, settle; control pulses settle between down and up."""
    laws = (REFERENCE,) * 2
    critical = CriticalCurrents((224.0, -66.0), (-57.0, -347.0), (4.0,) * 2, (4.0,) * 2, 5, 100.0)
    rest_ua, controls_ua = (80.0, -200.0), (100.0, -250.0)
    limits = (Interval(-700.0, 700.0),) * 2
    there = plan_transition(source_currents_ua(rest_ua, 0.0), source_currents_ua(controls_ua, 0.0), limits)
    back = plan_transition(there.target_ua, there.start_ua, limits)
    rest = Reading(1.0, 0.0, rest_ua, ((90.0, -380.0),) * 2)
    pulse = Pulsed(
        2.0, "probe", 0, 10.0, 0.1, GivenPulse(0.1), controls_ua, (replace(rest, t_s=2.0),), (Verdict.AP,) * 2
    )
    found = energy_of(
        [
            JunctionsMeasured(0.5, laws, critical),
            RestPlanned(0.6, rest_ua, (1e9,) * 2, -200.0, 0.05, 0.1, controls_s),
            LookedAgain(1.0, 1, "", (rest,)),
            PulsePlanned(1.0, "probe", 0, 10.0, 0.1, (there, back)),
            replace(pulse, applied_s=1.0),
        ]
    ).presented["moves"]
    corner_ua = (80.0, -270.0)
    rows_ua = (
        [corner_ua, corner_ua, rest_ua] if controls_s else [corner_ua, controls_ua, controls_ua, corner_ua, rest_ua]
    )
    watts = [sum(ua * REFERENCE.law.voltages_mv(ua)[1] * 1e-9 for ua in row_ua) for row_ua in rows_ua]
    assert found.duration_s == pytest.approx(0.9)
    assert found.junctions_j == pytest.approx(0.9 * sum(watts) / len(watts))


def test_control_currents_are_held_until_others_are_planned() -> None:
    measured = JunctionsMeasured(0.5, (REFERENCE,), CriticalCurrents((224.0,), (-57.0,), (4.0,), (4.0,), 5, 100.0))
    held = LookedAgain(1.0, 1, "", (Reading(1.0, 0.0, (-500.0,), ((-730.0,),) * 2),))
    planned = ControlsPlanned(3.0, 0, ControlCurrents(((80.0,),)), ())
    there = LookedAgain(3.2, 2, "", (Reading(3.2, 0.0, (80.0,), ((90.0,),)),))
    found = energy_of([measured, held, planned, there]).phases
    watts = 500.0 * -REFERENCE.law.voltages_mv(-500.0)[1] * 1e-9
    assert found["idle"].estimated_j == pytest.approx(2.0 * watts)


def test_a_training_by_pulses_over_tcp_is_within_two_percent_of_the_log_of_the_simulators(tmp_path: Path) -> None:
    """Half of its energy is computed from references, switching laws and planned ways."""
    plan = write_plan(
        tmp_path,
        sweep={"repetitions": 2, "input_step_ua": 20.0},
        encoding={"boundary_spacing_ua": 60.0},
        presentation={"mode": "pulse", "width_s": 0.2, "reset_s": 0.2},
    )
    request = TrainingRequest(BENCH, plan, seed=1, steps=1, simulate=True, speed=5.0)
    run = experiment.execute(prepare_training(request), tmp_path / "runs").folder
    found = energy_json(run)
    junctions_j, _ = true_energy_j(run / LOG)
    for one, truth_j in zip(found["junctions_j"], junctions_j, strict=True):
        assert one["energy_j"] == pytest.approx(truth_j, rel=0.02)


def test_control_currents_are_held_until_the_ramp_the_ramp_to_zero_begins() -> None:
    measured = JunctionsMeasured(0.5, (REFERENCE,), CriticalCurrents((224.0,), (-57.0,), (4.0,), (4.0,), 5, 100.0))
    held = LookedAgain(1.0, 1, "", (Reading(1.0, 0.0, (-500.0,), ((-730.0,),) * 2),))
    for began_s, idle_s in ((None, 0.2), (1.3, 0.3), (0.9, 0.0)):
        found = energy_of([measured, held, WentSafe(1.4, (0.0,), began_s)])
        assert found.phases["idle"].duration_s == pytest.approx(idle_s)


def test_without_references_a_pulse_takes_no_energy() -> None:
    """Voltages that nobody has read are not known, and nothing is made up."""
    rest = Reading(1.0, 0.0, (80.0,), ((90.0,),) * 2)
    pulsed = Pulsed(2.0, "probe", 0, 200.0, 0.25, GivenPulse(0.25), (80.0,), (replace(rest, t_s=2.0),), (Verdict.AP,))
    found = energy_of([LookedAgain(1.0, 1, "", (rest,)), pulsed])
    assert found.presented["input"].junctions_j == 0.0


def test_a_training_over_tcp_is_within_one_percent_of_the_log_of_the_simulators(tmp_path: Path) -> None:
    request = TrainingRequest(BENCH, plan_in(tmp_path), seed=1, steps=1, simulate=True, speed=3.0)
    run = experiment.execute(prepare_training(request), tmp_path / "runs").folder
    found = energy_json(run)
    junctions_j, leads_j = true_energy_j(run / LOG)
    for one, truth_j in zip(found["junctions_j"], junctions_j, strict=True):
        assert one["energy_j"] == pytest.approx(truth_j, rel=0.01)
    assert found["leads_j"] == pytest.approx(leads_j, rel=0.01)


def test_a_projection_scales_with_the_width_and_the_number_of_junctions() -> None:
    (of_three,) = Chain(3, 2, input_w=50e-6, reset_w=1.09e-3 / 3).projections([10e-9])
    assert of_three.input_j == pytest.approx(1.5e-12)
    assert of_three.reset_j == pytest.approx(10.9e-12)
    assert of_three.classification_j == pytest.approx(3e-12)
    assert of_three.classification_with_reset_j == pytest.approx(2 * 12.4e-12)
    (of_six,) = Chain(6, 2, input_w=50e-6, reset_w=1.09e-3 / 3).projections([10e-9])
    assert of_six.total_j == pytest.approx(2 * of_three.total_j)


def test_the_paper_counts_pulses_reading_and_table_but_no_reset() -> None:
    paper = Paper(junctions=3, inputs=2)
    assert paper.pulses_j == pytest.approx(1.6e-12)
    assert paper.reading_j == pytest.approx((210e-15, 600e-15))
    assert paper.classification_j == pytest.approx((2 * (1.6e-12 + 210e-15) + 10e-15, 2 * (1.6e-12 + 600e-15) + 10e-15))


def test_a_projection_is_of_the_run_unless_something_else_is_requested() -> None:
    found = energy_json(TRAINED)
    assert (found["projected_for"]["junctions"], found["projected_for"]["inputs"]) == (len(found["junctions_j"]), 2)
    first = found["projection"][0]
    power_w = found["phases"]["reset"]["junctions_j"] / found["phases"]["reset"]["duration_s"]
    assert first["reset_j"] == pytest.approx(power_w * first["width_s"], rel=0.05)  # some resets are no presentations
    other = energy_json(TRAINED, ProjectionRequest(junctions=6, inputs=4, widths_s=(1e-6,)))
    assert other["projection"][0]["input_j"] == pytest.approx(first["input_j"] * 2 * 1e-6 / first["width_s"])
    assert other["projection"][0]["classification_j"] == pytest.approx(4 * other["projection"][0]["input_j"])
    assert other["projection"][0]["paper_j"] == pytest.approx(2.2e-12)
    assert "not measured" in other["projected_for"]["assumptions"][0]


def test_a_projection_for_given_currents_takes_the_references_of_the_run() -> None:
    found = energy_json(TRAINED, ProjectionRequest(widths_s=(1e-6,), input_ua=300.0, reset_ua=-500.0))
    measured = next(event for event in read_events(TRAINED) if isinstance(event, JunctionsMeasured))
    of_reset_w = sum(one.law.voltages_mv(-500.0)[1] * -500.0 * 1e-9 for one in measured.references)
    assert found["projection"][0]["reset_j"] == pytest.approx(of_reset_w * 1e-6)
    assert "antiparallel" in found["projected_for"]["assumptions"][-1]


def test_a_run_without_references_cannot_be_projected_for_currents() -> None:
    run = next(run for run in RUNS.values() if run_of(run).state.measured is None)
    with pytest.raises(RefusedError, match="not measured in this run"):
        energy_json(run, ProjectionRequest(input_ua=300.0))


def test_the_command_names_what_is_expected_and_on_which_assumptions() -> None:
    console = PlainConsole(file=StringIO(), width=200)
    show_energy(energy_json(TRAINED, ProjectionRequest(junctions=8, widths_s=(1e-8,))), console)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert "EXPECTED, not measured: 8 junctions, 2 inputs" in printed
    assert "computed from references (estimated)  SIMULATED BENCH" in printed
    assert "it counts no reset pulse" in printed


@pytest.mark.parametrize("name", RUNS)
def test_the_energy_is_a_figure_of_every_run_that_took_any(name: str) -> None:
    run = run_of(RUNS[name])
    try:
        named = {figure.name for figure in run.figures()}
    except NothingToDrawError:
        return
    assert ("energy" in named) == (run.energy.total_j > 0)


def test_the_energy_is_computed_only_for_its_own_figure() -> None:
    run = run_of(TRAINED)
    (figure,) = [one for one in run.figures() if one.name == "energy"]
    assert "energy" not in vars(run)
    texts = [text.get_text() for text in figure.draw().findobj(Text)]
    assert "estimated" in texts
    assert f"{run.energy.estimated_share:.1%} estimated" in texts
