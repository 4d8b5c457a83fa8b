"""What is asked before currents flow through a real chip, and how an estimate is told."""

from pathlib import Path

import pytest

from mtjlab.config import (
    BenchConfig,
    InstrumentBenchConfig,
    PlanConfig,
    SimulatedBenchConfig,
    TrainingSettings,
    read_bench,
)
from mtjlab.events import WentSafe
from mtjlab.extent import Times
from mtjlab.gui.engines.estimate import environment_of, estimate
from mtjlab.gui.engines.files import CONFIGS, bench_files, plan_files
from mtjlab.gui.engines.questions import CONFIRM, NOT_SHORTED, REFUSE, SHORTED, answers_again, answers_for
from mtjlab.gui.run.snapshot import run_info
from mtjlab.procedures.kinds import KINDS
from mtjlab.reading import read_events
from mtjlab.runs.memory import gaussmeter_reading, remember_bench
from tests.gui.windows import Scripted
from tests.support.journals import TRAINING, run_folder


@pytest.fixture
def bench() -> InstrumentBenchConfig:
    config = read_bench(CONFIGS / "keithley-6221-2182a.toml")
    assert isinstance(config, InstrumentBenchConfig)
    return config


def test_a_bench_in_process_needs_no_answer(prompts: Scripted) -> None:
    assert answers_for(SimulatedBenchConfig(), prompts) == []
    assert prompts.asked == []


def test_a_new_bench_asks_whether_the_chain_was_shorted_and_what_the_field_is(
    bench: InstrumentBenchConfig, prompts: Scripted
) -> None:
    prompts.answers = [SHORTED, 6.02]
    assert answers_for(bench, prompts) == ["--confirm-shorted"]
    said = gaussmeter_reading(bench)
    assert said is not None
    assert said.reads_mt == 6.02


def test_a_bench_and_a_field_that_are_known_are_not_asked_for_again(
    bench: InstrumentBenchConfig, prompts: Scripted
) -> None:
    prompts.answers = [SHORTED, 6.0]
    answers_for(bench, prompts)
    remember_bench(bench)
    assert answers_for(bench, prompts) == []


@pytest.mark.parametrize("answers", [[NOT_SHORTED], [SHORTED, None], [SHORTED, 60.0, REFUSE]])
def test_nothing_starts_without_an_answer(
    bench: InstrumentBenchConfig, prompts: Scripted, answers: list[object]
) -> None:
    prompts.answers = answers
    assert answers_for(bench, prompts) is None
    assert gaussmeter_reading(bench) is None


def test_a_field_far_from_the_bench_file_is_believed_when_it_is_confirmed(
    bench: InstrumentBenchConfig, prompts: Scripted
) -> None:
    prompts.answers = [SHORTED, 8.5, CONFIRM]
    assert answers_for(bench, prompts) == ["--confirm-shorted"]


@pytest.mark.parametrize(("simulate", "options"), [(False, ["--confirm-shorted"]), (True, [])])
def test_an_old_run_once_more_asks_what_its_bench_needs(
    bench: InstrumentBenchConfig, prompts: Scripted, tmp_path: Path, simulate: bool, options: list[str]
) -> None:
    prompts.answers = [SHORTED, 6.0]
    folder = run_folder(tmp_path / "run", TRAINING, {"bench": bench.model_dump(mode="json")}, simulate=simulate)
    assert answers_again(folder, prompts) == options
    assert len(prompts.asked) == 2 * len(options)


def test_files_that_ship_are_found_as_what_they_are() -> None:
    assert next(iter(bench_files())).name == "simulated.toml"
    assert [path.name for path in plan_files()] == ["vowels.toml", "fast-vowels.toml"]
    assert {*bench_files(), *plan_files(), CONFIGS / "study.toml"} == set(CONFIGS.glob("*.toml"))


def of_a_training(plan: PlanConfig, bench: BenchConfig, simulate: bool = False) -> str:
    kind = KINDS["train"]
    return estimate(kind, kind.options(), environment_of(plan, bench, Path("runs")), simulate)


def test_the_estimate_counts_presentations_and_is_honest_about_time(bench: InstrumentBenchConfig) -> None:
    plan = PlanConfig(training=TrainingSettings(recognition_every_steps=1))
    assert "1\N{NARROW NO-BREAK SPACE}078 presentations" in of_a_training(PlanConfig(), bench)
    assert "21\N{NARROW NO-BREAK SPACE}539 presentations" in of_a_training(plan, bench)
    assert "at least" in of_a_training(plan, bench)
    assert "20 x real time" in of_a_training(plan, bench, simulate=True)
    assert "simulated: much faster" in of_a_training(plan, SimulatedBenchConfig())


def test_what_the_encoding_can_reach_is_told_before_a_training_starts(bench: InstrumentBenchConfig) -> None:
    assert "\nexpected: the encoding can reach 9" in of_a_training(PlanConfig(), bench)


def test_the_estimate_is_near_what_the_bench_in_process_takes(trained: Path) -> None:
    meter = run_info(trained).meter
    assert meter is not None
    took_s = next(event.t_s for event in read_events(trained) if isinstance(event, WentSafe))
    assert meter.extent.duration_s == pytest.approx((took_s, took_s), rel=0.25)


def test_a_table_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    data = PlanConfig().data.model_copy(update={"table": str(tmp_path / "none.csv")})
    assert "none.csv" in of_a_training(PlanConfig(data=data), SimulatedBenchConfig())


def test_an_extent_of_nothing_takes_the_sweep_alone() -> None:
    plan = PlanConfig(training=TrainingSettings(steps=0, recognition_every_steps=0))
    kind, around = KINDS["train"], environment_of(plan, SimulatedBenchConfig(), Path("runs"))
    extent = kind.extent(kind.resolve(kind.options(), around), plan, Times.of(around.bench, plan))
    assert (extent.low, extent.high) == (0, 0)
    assert extent.duration_s == pytest.approx((6 * 181 * 0.05,) * 2)
