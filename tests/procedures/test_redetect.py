"""Re-evaluation: the same settings give the same events, others those of a detector with these settings."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mtjlab.benches import open_bench
from mtjlab.config import PlanConfig, SimulatedBenchConfig, Simulation, SweepSettings
from mtjlab.domain import BenchDescription, Verdict
from mtjlab.errors import RefusedError
from mtjlab.events import (
    CurveTaken,
    Event,
    JunctionsMeasured,
    LookedAgain,
    Presented,
    ResetFailed,
    ResetVerified,
    RunStarted,
    SwitchingMeasured,
    TokensEncoded,
)
from mtjlab.procedures.classify.plan import ClassifyPlan, Token
from mtjlab.procedures.classify.procedure import classify
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.redetect import Redetection
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.sweep.procedure import sweep
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.procedures.switching_map.procedure import switching_map
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained
from mtjlab.procedures.training.network import network_from
from mtjlab.procedures.training.procedure import train
from mtjlab.record import Record
from tests.support.journals import folded
from tests.support.trainings import bench_and_chain, plan_of_few

STARTED = RunStarted(
    "2026-11-23/0001-train", "train", BenchDescription("three", "simulated", True, 3), "few", "few", 1, "mtjlab"
)
CONFIG = PlanConfig(sweep=SweepSettings(input_step_ua=25.0, repetitions=1))
CONTROLS_UA = ((-500.0, -500.0, -500.0), (-460.0, -380.0, -560.0))
STAIRCASE = SweepSettings(input_step_ua=25.0, repetitions=2)


def trained(**truth: Any) -> tuple[list[Event], PlanConfig]:
    plan = plan_of_few()
    bench, _ = bench_and_chain(**truth)
    return [STARTED, *train(bench, plan)], plan.config


def told_again(events: Iterable[Event], config: PlanConfig, **other: Any) -> list[Event]:
    """Events re-evaluated with ``config``, except for these settings of the detector."""
    detector = config.detector.model_copy(update=other)
    events = list(events)
    is_training = any(isinstance(event, TokensEncoded) for event in events)
    return again(events, config.model_copy(update={"detector": detector}), "train" if is_training else "sweep")


def again(
    events: Iterable[Event], config: PlanConfig, name: str, request: Mapping[str, Any] | None = None
) -> list[Event]:
    """Re-evaluated events of a run of kind ``name`` with ``request``."""
    kind = KINDS[name]
    plan = kind.options() if request is None else kind.restore(Path("run.toml"), request)
    redetection = Redetection(plan, config, Record(kind.tracked, kind.new_state()), kind.reevaluate)
    return [reevaluated for event in events if (reevaluated := redetection.reevaluate(event)) is not None]


def of(events: Iterable[Event], kind: type) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def verdicts(events: Iterable[Event]) -> list[tuple[Verdict, ...]]:
    return [outcome.verdicts for event in of(events, Presented) for outcome in event.outcomes]


class TestSameSettings:
    @pytest.mark.parametrize("noise_mv", [0.05, 10.0])
    def test_reproduce_a_training(self, noise_mv: float) -> None:
        """Also with noise that needs long readings and leaves some undecided."""
        config = SimulatedBenchConfig(simulation=Simulation(meter_noise_mv=noise_mv))
        plan = plan_of_few()
        events = [STARTED, *train(open_bench(config, 3), plan)]
        longest = max(len(o.readings[0].samples_mv) for one in of(events, Presented) for o in one.outcomes)
        assert (longest > 2) is (noise_mv > 1)
        assert told_again(events, plan.config) == events

    def test_reproduce_a_suspended_training(self) -> None:
        """A field so strong that J2 does not reset until the second look of the suspension."""
        plan, (bench, chain) = plan_of_few(look_every_s=1), bench_and_chain()
        events: list[Event] = [STARTED]
        for event in train(bench, plan):
            events.append(event)
            if isinstance(event, StepTrained) and event.step == 1:
                chain.field_t = 16e-3
            if isinstance(event, LookedAgain) and event.look == 2:
                chain.field_t = 6e-3
        assert len(of(events, JunctionsMeasured)) == 2
        assert of(events, ResetFailed)
        assert told_again(events, plan.config) == events

    def test_reproduce_a_sweep(self) -> None:
        requested = SweepPlan(controls_ua=CONTROLS_UA[0], staircase=STAIRCASE)
        events = [STARTED, *sweep(open_bench(SimulatedBenchConfig(), 1), CONFIG, requested)]
        assert of(events, CurveTaken)
        assert of(events, SwitchingMeasured)
        assert told_again(events, CONFIG) == events

    @pytest.mark.parametrize("way", ["curves", "raster", "adaptive"])
    def test_reproduce_a_map(self, way: str) -> None:
        requested = MapPlan(
            controls_ua=CONTROLS_UA,
            way=way,
            staircase=STAIRCASE,
            cell_ua=225.0,
            times=1,
            width_ua=60.0,  # type: ignore[arg-type]
        )
        events = [STARTED, *switching_map(open_bench(SimulatedBenchConfig(), 1), CONFIG, requested)]
        assert of(events, SwitchingMeasured)
        assert again(events, CONFIG, "map", {"map": requested.model_dump(mode="json")}) == events

    def test_reproduce_a_classification(self) -> None:
        learnt, config = trained()
        state = folded(learnt)
        assert state.encoded is not None
        assert state.controls is not None
        network = network_from(state.record, state.learnt)
        assert network is not None
        tokens = (Token(name=t.name, label=t.label, inputs_ua=t.inputs_ua) for t in state.encoded.tokens[:4])
        plan = ClassifyPlan(network=network, times=2, tokens=tuple(tokens))
        events = [STARTED, *classify(open_bench(SimulatedBenchConfig(), 2), config, plan)]
        assert again(events, config, "classify", KINDS["classify"].tables(plan)) == events


class TestOtherSettings:
    def test_a_wider_dead_band_leaves_junctions_read_within_it_undecided(self) -> None:
        events, config = trained()
        again = told_again(events, config, dead_band_ua=60.0)
        for before, now in zip(of(events, Presented), of(again, Presented), strict=True):
            for was, is_ in zip(before.outcomes, now.outcomes, strict=True):
                currents_ua = was.readings[-1].currents_ua
                for k, current_ua in enumerate(currents_ua):
                    expected = Verdict.UNDECIDED if abs(current_ua) < 60 else was.verdicts[k]
                    assert is_.verdicts[k] is expected

    def test_results_of_verdicts_are_re_evaluated_and_actions_are_unchanged(self) -> None:
        events, config = trained()
        again = told_again(events, config, dead_band_ua=60.0)
        assert of(again, StepTrained) == of(events, StepTrained)
        assert of(again, JunctionsMeasured) == of(events, JunctionsMeasured)
        for before, now in zip(of(events, Presented), of(again, Presented), strict=True):
            assert [o.readings for o in now.outcomes] == [o.readings for o in before.outcomes]
            decided = all(outcome.switched is not None for outcome in now.outcomes)
            assert (now.configuration is not None) == (decided and before.configuration is not None)
        for measured in of(again, RecognitionMeasured):
            shown = [p for p in of(again, Presented) if p.purpose == "recognition" and p.step == measured.step]
            right = {p.token.name for p in shown if p.recognised_as == p.token.label and p.token.subset == "train"}
            total = {p.token.name for p in shown if p.token.subset == "train"}
            assert measured.train == len(right) / len(total)

    def test_a_sweep_sees_no_state_within_a_wider_dead_band(self) -> None:
        requested = SweepPlan(controls_ua=CONTROLS_UA[0], staircase=STAIRCASE)
        events = [STARTED, *sweep(open_bench(SimulatedBenchConfig(), 1), CONFIG, requested)]
        again = told_again(events, CONFIG, dead_band_ua=100.0)
        before, now = (of(reevaluated, CurveTaken)[0].passages[1][0] for reevaluated in (events, again))
        assert before.threshold_ua == pytest.approx(-66, abs=26)
        assert now.switched_in.currents_ua[0] <= -100
        assert now.switched_in.currents_ua[-1] >= 100

    def test_settings_that_need_more_samples_than_were_read_leave_junctions_undecided(self) -> None:
        events, config = trained()
        assert {verdict for row in verdicts(told_again(events, config, weak_d=1e6)) for verdict in row} == {
            Verdict.UNDECIDED
        }

    def test_an_attempt_that_would_not_have_been_made_does_not_count(self) -> None:
        """With a wide dead band a run took three attempts; with a narrow one, the first of them counts."""
        events, config = trained()
        first, measured = of(events, Presented)[0], of(events, RecognitionMeasured)[0]
        silent = [replace(first, attempt=k, configuration=None, recognised_as=None) for k in (1, 2, 3)]
        at, end = events.index(first), events.index(measured)
        missed = replace(measured, train=0.0, test=0.0)
        again = told_again([*events[:at], *silent, *events[at + 1 : end], missed], config)
        assert [one.configuration for one in of(again, Presented)][:3] == [first.configuration] * 3
        assert again[-1] == measured

    def test_a_reset_check_that_now_fails_becomes_a_failed_reset(self) -> None:
        events, config = trained()
        again = told_again(events, config, dead_band_ua=600.0)
        assert not of(again, ResetVerified)
        assert len(of(again, ResetFailed)) == len(of(events, ResetVerified))

    def test_an_interrupted_look_stays_without_verdicts(self) -> None:
        events, config = trained()
        shown = of(events, Presented)[0]
        broken = replace(shown.outcomes[0], verdicts=(), switched=None, reset_readings=(), reset_verdicts=())
        halted = replace(shown, outcomes=(broken,), configuration=None, recognised_as=None)
        known = events[: events.index(shown)]
        assert told_again([*known, halted], config)[-1] == halted


class TestLostEvents:
    def test_readings_without_references_are_refused(self) -> None:
        events, config = trained()
        with pytest.raises(RefusedError, match="no references before them"):
            told_again([STARTED, *of(events, Presented)], config)

    def test_a_recognition_with_a_lost_presentation_is_omitted(self) -> None:
        events, config = trained()
        lost = next(one for one in of(events, Presented) if one.purpose == "recognition")
        again = told_again([event for event in events if event is not lost], config)
        assert [one.step for one in of(again, RecognitionMeasured)] == [1, 2]

    def test_a_curve_without_its_points_is_omitted(self) -> None:
        requested = SweepPlan(controls_ua=CONTROLS_UA[0], staircase=STAIRCASE)
        events = list(sweep(open_bench(SimulatedBenchConfig(), 1), CONFIG, requested))
        known = [event for event in events if isinstance(event, JunctionsMeasured | CurveTaken)]
        assert of(told_again([STARTED, *known], CONFIG), CurveTaken) == []
