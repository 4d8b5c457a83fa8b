"""Inference from the command line."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from mtjlab.config import NETWORK
from mtjlab.experiment import execute
from tests.support.asking import TrainingRequest, prepare_training
from tests.support.commands import Result
from tests.support.trainings import write_plan

Command = Callable[..., Result]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training of a few tokens; ``plan.toml`` and ``few.csv`` lie beside ``runs``."""
    folder = tmp_path_factory.mktemp("trained")
    plan = write_plan(folder, training={"steps": 15, "recognition_every_steps": 0})
    return execute(prepare_training(TrainingRequest(plan=plan)), folder / "runs").folder


@pytest.fixture
def plan(trained: Path) -> Path:
    return trained.parents[2] / "plan.toml"


@pytest.fixture
def classify(mtjlab: Command, plan: Path) -> Command:
    return lambda *arguments: mtjlab("classify", *arguments, "--plan", plan, "--times", "2")


def test_the_last_training_classifies_the_tokens_that_it_was_not_trained_with(classify: Command, trained: Path) -> None:
    result = classify("last", "--runs", trained.parents[1], "--json")
    assert (result.code, result.json["status"], result.json["recognition"]) == (0, "finished", 1.0)
    assert all(token["class"] == token["label"] for token in result.json["tokens"])


def test_a_person_sees_a_line_for_each_token(classify: Command, trained: Path) -> None:
    result = classify(trained, "--features", "0,0", "--features=-1000000,1000000")
    lines = [line.split() for line in result.out.splitlines() if line.startswith("typed")]
    assert lines[0][:9] == ["typed", "1", "a", "100%", "of", "2", "33", "..", "100%"]
    assert lines[1] == ["typed", "2", "(none)", "0%", "of", "0"]
    assert "SIMULATED BENCH" in result.out


def test_a_file_edited_by_hand_changes_the_class(classify: Command, trained: Path, tmp_path: Path) -> None:
    edited = tmp_path / "mine.toml"
    text = (trained / NETWORK).read_text(encoding="utf-8").replace('"a"', '"aleph"')
    edited.write_text(text, encoding="utf-8")
    (token,) = classify(edited, "--features", "0,0", "--json").json["tokens"]
    assert (token["class"], token["confidence"]) == ("aleph", 1.0)


def test_a_table_of_tokens_is_classified(classify: Command, trained: Path, plan: Path) -> None:
    told = classify(trained, "--tokens", plan.with_name("few.csv"), "--json").json
    assert (len(told["tokens"]), told["recognition"]) == (9, 1.0)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--features", "1,x"], "--features 1,x"),
        (["--features", "1,2,3"], "--features: 3 numbers for 2 features: x, y"),
        (["--tokens", "nowhere.csv"], "nowhere.csv"),
        (["--bench", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_mistakes_are_told_with_exit_code_2(classify: Command, trained: Path, arguments: list[str], told: str) -> None:
    result = classify(trained, *arguments)
    assert result.code == 2
    assert told in result.sentence


def test_a_network_that_is_not_there_is_refused(mtjlab: Command) -> None:
    result = mtjlab("classify", "nowhere")
    assert result.code == 2
    assert "nowhere: is no run folder" in result.sentence


def test_a_run_without_its_network_file_still_knows_the_names_of_its_features(
    classify: Command, trained: Path, plan: Path, tmp_path: Path
) -> None:
    run = copytree(trained, tmp_path / "2026-11-23" / "0001-train", ignore=ignore_patterns(NETWORK))
    assert classify(run, "--tokens", plan.with_name("few.csv"), "--json").json["recognition"] == 1.0
