"""Energy of a run, from its journal: by phase, junction and source; within 1 % of what the simulators know."""

from pathlib import Path

import pytest

from mtjlab import experiment
from mtjlab.benches.simulators import LOG
from mtjlab.detection.flips import Flips
from mtjlab.domain import Reading
from mtjlab.energy import PHASES, energy_of, projections
from mtjlab.events import EncodedToken, Event, InputOutcome, Presented, SweepPoint, TakenOver
from mtjlab.experiment.energy import energy_json
from mtjlab.reading import read_events
from tests.golden.runs import RUNS
from tests.support.asking import TrainingRequest, prepare_training
from tests.support.engines import BENCH
from tests.support.made_runs import plan_in
from tests.support.true_energy import true_energy_j


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
        assert sum(found.delivered_j) - sum(found.absorbed_j) == pytest.approx(found.total_j + found.leads_j)


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


def test_a_training_over_tcp_is_within_one_percent_of_the_log_of_the_simulators(tmp_path: Path) -> None:
    request = TrainingRequest(BENCH, plan_in(tmp_path), seed=1, steps=2, simulate=True, speed=10.0)
    run = experiment.execute(prepare_training(request), tmp_path / "runs").folder
    found = energy_of(read_events(run))
    for energy_j, truth_j in zip(found.junctions_j, true_energy_j(run / LOG), strict=True):
        assert energy_j == pytest.approx(truth_j, rel=0.01)


def test_a_projection_scales_with_the_width_and_stands_beside_the_papers() -> None:
    (short,) = projections(150e-6, 1.09e-3, 3, [10e-9])
    assert short.input_j == pytest.approx(1.5e-12)
    assert short.reset_j == pytest.approx(10.9e-12)
    assert short.paper_j == pytest.approx(1.6e-12)
