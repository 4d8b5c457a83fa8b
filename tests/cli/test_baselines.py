"""``mtjlab baselines``: the paper's perceptrons beside a network that learnt."""

import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mtjlab.experiment import execute, result_of
from tests.support.asking import CheckRequest, TrainingRequest, prepare_check, prepare_training
from tests.support.commands import Result

Command = Callable[..., Result]

ROWS = [f"{label},{10 * k + n % 7},{n % 5}" for k, label in enumerate("abc") for n in range(20)]
PLAN = '[data]\ntable = "mine.csv"\n[encoding]\ninputs = 1\n'


@pytest.fixture(autouse=True)
def one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """No processes are started: for so little work that takes longer than the work."""
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")


def trained(runs: Path, **wanted: Any) -> Path:
    """The folder of a training of surrogate vowels, without figures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTJLAB_VOWELS", "")
        patch.setattr("mtjlab.vowels.files.user_folder", lambda: runs / "user")
        wishes = {"steps": 2, "recognition_every_steps": 1} | wanted
        return execute(prepare_training(TrainingRequest(**wishes)), runs).folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The folder of a training of three classes of the user's own."""
    (tmp_path / "mine.csv").write_text("\n".join(["label,x,y", *ROWS]))
    (tmp_path / "plan.toml").write_text(PLAN)
    return trained(tmp_path / "runs", plan=tmp_path / "plan.toml")


def test_it_tells_of_network_and_perceptrons_on_the_same_steps(mtjlab: Command, tmp_path: Path) -> None:
    run = trained(tmp_path / "runs")
    result = mtjlab("baselines", run, "--seeds", "2", "--json")
    found = result.json
    assert result.code == 0
    assert (found["run"], found["data"], found["surrogate"], found["simulated"]) == (str(run), "surrogate", True, True)
    assert (found["steps"], found["presentations_per_step"], found["seeds"]) == ([0, 1, 2], 7, 2)
    assert found["network"]["parameters"] == 32
    assert [(one["name"], one["parameters"]) for one in found["rivals"]] == [("12-1-7", 27), ("12-2-7", 47)]
    for subset in ("train", "test"):
        assert found["network"][subset] == [entry[subset] for entry in result_of(run)["recognition_by_step"]]
        assert found["network"]["final"][subset] == found["network"][subset][-1]
        for baseline in found["rivals"]:
            for figure in ("mean", "std"):
                assert len(baseline[subset][figure]) == 3
                assert baseline["final"][subset][figure] == baseline[subset][figure][-1]
            assert baseline["converged"][subset]["mean"] > baseline["final"][subset]["mean"]
    encoding, discriminant = found["ceilings"]
    assert (encoding["name"], encoding["parameters"]) == ("ideal thresholds", 32)
    assert (discriminant["name"], discriminant["parameters"]) == ("discriminant", 91)
    for subset in ("train", "test"):
        assert encoding[subset] == pytest.approx(discriminant[subset], abs=0.04)
    assert [Path(path).name for path in found["figures"]] == ["baselines.png", "baselines.svg"]
    svg = Path(found["figures"][1]).read_text(encoding="utf-8")
    for words in (
        "network, SIMULATED BENCH",
        "perceptron 12-1-7",
        "discriminant",
        "ideal thresholds",
        "surrogate vowels: drawn from published moments",
    ):
        assert words in svg
    for words in (
        "perceptron 12-2-7",
        "27",
        "32",
        "47",
        "91",
        "discriminant",
        "ideal thresholds",
        "SIMULATED BENCH",
        "surrogate vowels",
        "2 seeds",
    ):
        assert words in result.err


def test_classes_of_ones_own(mtjlab: Command, own: Path) -> None:
    found = mtjlab("baselines", own, "--seeds", "2", "--json", "--quiet").json
    assert (found["data"], found["surrogate"]) == ("mine", False)
    assert found["network"]["parameters"] == 3 + 3
    assert [(one["name"], one["parameters"]) for one in found["rivals"]] == [("2-1-3", 9), ("2-2-3", 15)]


def test_data_that_is_not_what_was_learnt_is_refused(mtjlab: Command, own: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("\n".join(["label,x,y", *ROWS[::-1]]))
    result = mtjlab("baselines", own)
    assert (result.code, result.out) == (2, "")
    assert "the data of the run (mine from" in result.sentence
    assert not (own / "figures").exists()


def test_a_real_bench_is_not_called_simulated(mtjlab: Command, own: Path) -> None:
    journal = own / "events.jsonl"
    first, *others = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([_with_checksum(first.replace(b'"simulated":true', b'"simulated":false')), *others]))
    result = mtjlab("baselines", own, "--seeds", "2")
    svg = (own / "figures" / "baselines.svg").read_text(encoding="utf-8")
    assert "network" in svg
    assert "SIMULATED" not in result.out + svg


def _with_checksum(line: bytes) -> bytes:
    body = line[: line.rindex(b',"crc"')]
    return b'%s,"crc":"%08x"}\n' % (body, zlib.crc32(body))


def test_quiet_is_quiet(mtjlab: Command, own: Path) -> None:
    result = mtjlab("baselines", own, "--seeds", "2", "--quiet")
    assert (result.code, result.out, result.err) == (0, "", "")


@pytest.mark.parametrize("wishes", [{"steps": 0}, {"recognition_every_steps": 0}])
def test_a_training_without_recognition_is_refused(mtjlab: Command, tmp_path: Path, wishes: dict[str, int]) -> None:
    result = mtjlab("baselines", trained(tmp_path / "runs", **wishes))
    assert result.code == 2
    assert "there is nothing to compare with" in result.sentence


def test_a_run_that_learnt_nothing_is_refused(mtjlab: Command, tmp_path: Path) -> None:
    result = mtjlab("baselines", execute(prepare_check(CheckRequest()), tmp_path / "runs").folder)
    assert result.code == 2
    assert "there is nothing to compare with" in result.sentence


def test_a_folder_that_is_no_run_is_refused(mtjlab: Command, tmp_path: Path) -> None:
    result = mtjlab("baselines", tmp_path)
    assert result.code == 2
    assert "is no run folder" in result.sentence


def test_no_other_command_waits_for_scikit_learn() -> None:
    program = "import sys, mtjlab.cli; print('sklearn' in sys.modules)"
    done: Any = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
