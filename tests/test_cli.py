"""The command line as a person or a program uses it: results on standard output, sentences for mistakes, exit codes."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mtjlab.cli import main
from mtjlab.reading import read_events
from mtjlab.vowels.hillenbrand import surrogate

QUICK = ["--steps", "1", "--recognition-every", "0", "--quiet"]


class Result:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> dict[str, Any]:
        last: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return last


def alone_in(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """What follows runs in ``folder``, without any measured vowels."""
    patch.chdir(folder)
    patch.setenv("MTJLAB_VOWELS", "")
    patch.setattr("mtjlab.vowels.files.user_folder", lambda: folder / "user")


def exit_code(*arguments: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["mtjlab", *arguments])
        try:
            main()
        except SystemExit as leaving:
            return int(leaving.code or 0)
    return 0


@pytest.fixture
def mtjlab(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Runs a command in an empty folder, without any measured vowels."""
    alone_in(tmp_path, monkeypatch)

    def run(*arguments: str) -> Result:
        code = exit_code(*arguments)
        return Result(code, *capsys.readouterr())

    return run


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures take longer than all the rest, and others look at them."""
    monkeypatch.setattr("mtjlab.cli.drawing.draw_in_process", lambda *_: [])


@dataclass(frozen=True)
class Run:
    """A run that several tests look at, and the empty folder in which somebody started it."""

    code: int
    told: dict[str, Any]
    started_in: Path

    @property
    def folder(self) -> Path:
        return self.started_in / self.told["run"]

    def copied_to(self, folder: Path) -> Path:
        """The run as if it had been started in ``folder``, for tests that change something."""
        return Path(shutil.copytree(self.folder, folder / self.told["run"]))


def run_for_several_tests(started_in: Path, *arguments: str) -> Run:
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as out:
        alone_in(started_in, patch)
        code = exit_code(*arguments, "--json")
    return Run(code, json.loads(out.getvalue().splitlines()[-1]), started_in)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two steps with recognition before and after."""
    wishes = ["--seed", "3", "--steps", "2", "--recognition-every", "2"]
    return run_for_several_tests(tmp_path_factory.mktemp("trained"), "train", *wishes)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One step without recognition, and without figures."""
    wishes = [*QUICK, "--seed", "5", "--figures", "none"]
    return run_for_several_tests(tmp_path_factory.mktemp("quick"), "train", *wishes)


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_training_reports_one_json_object_as_its_last_line(trained: Run) -> None:
    told = trained.told
    assert trained.code == 0
    assert (told["status"], told["vowels"], told["seed"], told["steps"]) == ("finished", "surrogate", 3, 2)
    assert told["bench"] == "three junctions"
    assert told["simulated"] is True
    assert [entry["step"] for entry in told["recognition_by_step"]] == [0, 2]
    assert told["recognition"] == {key: told["recognition_by_step"][-1][key] for key in ("train", "test")}
    assert [len(told["control_currents_ua"][letter]) for letter in ("a", "b")] == [3, 3]
    assert told["presentations"] == 2 * 7 + 2 * 259
    assert told["duration_s"] > 0
    assert sorted(path.name for path in trained.folder.iterdir()) == [
        "events.jsonl", "figures", "heartbeat", "log.txt", "network.toml", "run.toml", "summary.json",
    ]  # fmt: skip
    assert told["figures"]
    assert all((trained.started_in / path).is_file() for path in told["figures"])


def test_what_the_encoding_can_reach_is_told_before_anything_is_trained(trained: Run) -> None:
    told = trained.told["expected_ceilings"]
    assert told["inputs"] == 2
    assert 0.95 < told["encoding"] <= 1
    assert 0.95 < told["discriminant"] <= 1
    assert told["more_inputs"] is None


def test_a_person_is_told_how_it_went_and_where_things_are(mtjlab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "mtjlab.cli.drawing.draw_in_process", lambda folder, *_: [folder / "figures" / "recognition.png"]
    )
    result = mtjlab("train", "--steps", "1", "--recognition-every", "1")
    assert "finished after 1 step," in result.out
    assert "SIMULATED BENCH" in result.out
    assert "surrogate vowels" in result.out
    assert "-train/figures" in result.out
    assert "recognition train" in result.err
    assert result.err.startswith("expected: the encoding can reach 9")


@pytest.mark.usefixtures("undrawn")
def test_quiet_is_quiet(mtjlab: Any) -> None:
    result = mtjlab("train", *QUICK)
    assert (result.code, result.out, result.err) == (0, "", "")


@pytest.mark.usefixtures("undrawn")
def test_no_steps_only_measure_the_recognition(mtjlab: Any) -> None:
    told = mtjlab("train", "--steps", "0", "--json", "--quiet").json
    assert told["presentations"] == 259
    assert told["recognition"]["train"] > 0
    assert told["control_currents_ua"] == {"a": [-500, -500, -500], "b": [-500, -500, -500]}


def test_never_measuring_recognition_reports_none(quick: Run) -> None:
    told = quick.told
    assert (told["recognition"], told["recognition_by_step"]) == (None, [])
    assert told["presentations"] == 7


def test_figures_are_drawn_again_from_the_folder_alone(mtjlab: Any, trained: Run, tmp_path: Path) -> None:
    told = trained.told
    trained.copied_to(tmp_path)
    drawn = [tmp_path / path for path in told["figures"]]
    for path in drawn:
        path.unlink()
    again = mtjlab("figures", told["run"], "--json", "--quiet")
    assert again.code == 0
    assert set(told["figures"]) < set(again.json["figures"])
    assert all(path.is_file() for path in drawn)


def test_run_toml_holds_all_that_was_asked(quick: Run) -> None:
    asked = tomllib.loads((quick.folder / "run.toml").read_text())
    assert asked["plan"]["seed"] == 5
    assert asked["plan"]["training"]["steps"] == 1
    assert asked["bench"]["simulation"]["critical_current_ap_to_p_ua"] == [224, -66, 196]
    assert asked["data"] == {
        "name": "surrogate",
        "surrogate": True,
        "source": "embedded",
        "tokens": 259,
        "classes": 7,
        "features": list(surrogate().feature_names),
        "sha256": surrogate().checksum,
    }
    assert {"software", "git_revision", "host", "user", "command", "created_at", "bench_file"} <= set(asked["run"])


def lines_but_stamps(journal: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    return [{key: value for key, value in line.items() if key not in ("at", "crc")} for line in lines]


@pytest.mark.usefixtures("undrawn")
def test_the_same_seed_gives_the_same_journal_but_for_stamps_and_checksums(
    mtjlab: Any, quick: Run, tmp_path: Path
) -> None:
    again = tmp_path / mtjlab("train", *QUICK, "--seed", "5", "--json").json["run"]
    assert lines_but_stamps(again / "events.jsonl") == lines_but_stamps(quick.folder / "events.jsonl")


def test_the_log_tells_the_story(trained: Run) -> None:
    story = (trained.folder / "log.txt").read_text()
    for part in ("learns surrogate", "junctions measured", "encoded: ae [1A, 0B]", "step 1: controls A (", "safe: all"):
        assert part in story


TABLE = "label,x,y\n" + "\n".join(f"{label},{k % 5 + 10 * i},{k}" for i, label in enumerate("abc") for k in range(6))
ALIKE = "label,x\n" + "\n".join(f"{label},5" for label in "abc" for _ in range(6))
SEVENTEEN = "label,x,y\n" + "\n".join(f"c{k:02},{k}.{n},{n}" for k in range(17) for n in range(3))


@pytest.mark.usefixtures("undrawn")
def test_a_table_of_ones_own_is_learnt_under_its_name(mtjlab: Any, tmp_path: Path) -> None:
    written(tmp_path / "wafers.csv", TABLE)
    plan = written(tmp_path / "plan.toml", '[data]\ntable = "wafers.csv"')
    told = mtjlab("train", "--plan", plan, *QUICK, "--json").json
    assert (told["status"], told["vowels"]) == ("finished", "wafers")


@pytest.mark.parametrize(
    ("files", "arguments", "complaint"),
    [
        ({"b.toml": "[limits]\nfoo = 1"}, ["--bench", "b.toml"], "b.toml: unknown key limits.foo"),
        ({"b.toml": "[timing]\nsettle = 1"}, ["--bench", "b.toml"], "write settle_s"),
        ({"p.toml": "[training]\nstart_control_ua = -900"}, ["--plan", "p.toml"], "J1 would carry -900 uA"),
        ({"p.toml": "[training]\nstart_control_ua = [[-500, -500]]"}, ["--plan", "p.toml"], "one list per input"),
        ({"p.toml": "[sweep]\ninput_stop_ua = 1400"}, ["--plan", "p.toml"], "sweep.input_stop_ua = 1400"),
        (
            {"p.toml": '[data]\ntable = "t.csv"', "t.csv": SEVENTEEN},
            ["--plan", "p.toml"],
            "17 classes cannot be distinguished",
        ),
        ({"p.toml": '[data]\ntable = "t.csv"', "t.csv": ""}, ["--plan", "p.toml"], "t.csv"),
        ({"p.toml": "[sweep]\ninput_step_ua = 1000"}, ["--plan", "p.toml"], "at least 30 steps of input_step_ua"),
        ({"p.toml": '[data]\ntable = "t.csv"', "t.csv": ALIKE}, ["--plan", "p.toml"], "coincide"),
        ({"p.toml": '[data]\ntable = "absent.csv"'}, ["--plan", "p.toml"], "absent.csv"),
        ({}, ["--bench", "absent.toml"], "absent.toml: cannot be read"),
        ({}, ["--steps", "-1"], "-1 is below the limit, 0"),
        ({"runs": "a file"}, [], "no run folder can be created"),
        ({"b.toml": "[simulation]\ntmr_percent = 900"}, ["--bench", "b.toml"], "tmr_percent must be below 800"),
        ({"p.toml": "[sweep]\ninput_stop_ua = 1e9"}, ["--plan", "p.toml"], "at most 10000"),
        ({"p.toml": "[training]\ncontrol_step_ua = 600"}, ["--plan", "p.toml"], "less than or equal to 100"),
        ({"p.toml": "[training]\nstart_control_ua = nan"}, ["--plan", "p.toml"], "p.toml: training.start_control_ua: "),
    ],
)
def test_a_request_that_cannot_be_done_is_a_sentence_and_exit_code_2(
    mtjlab: Any, tmp_path: Path, files: dict[str, str], arguments: list[str], complaint: str
) -> None:
    for name, text in files.items():
        written(tmp_path / name, text)
    result = mtjlab("train", *QUICK, *arguments)
    assert result.code == 2
    assert complaint in " ".join(result.err.split())
    assert "Traceback" not in result.err
    assert {path.name for path in tmp_path.iterdir()} == set(files), "something half-made was left behind"


@pytest.mark.parametrize("text", ["", "m01ae 323 174\n", "not vowels at all"])
def test_a_damaged_vowel_file_is_refused_and_the_surrogate_does_not_stand_in(
    mtjlab: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("MTJLAB_VOWELS", written(tmp_path / "vowdata.dat", text))
    result = mtjlab("train", *QUICK)
    assert result.code == 2
    assert "vowdata.dat" in result.err
    assert mtjlab("vowels", "import", str(tmp_path / "vowdata.dat")).code == 2
    assert not (tmp_path / "user").exists()


def test_a_damaged_line_of_a_journal_is_a_sentence(mtjlab: Any, quick: Run, tmp_path: Path) -> None:
    journal = quick.copied_to(tmp_path) / "events.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[500] = lines[500].replace(b"1", b"2", 1)
    journal.write_bytes(b"".join(lines))
    result = mtjlab("figures", quick.told["run"])
    assert result.code == 2
    assert "line 501 is damaged" in " ".join(result.err.split())


def test_figures_of_something_that_is_no_run_are_refused(mtjlab: Any, tmp_path: Path) -> None:
    result = mtjlab("figures", str(tmp_path))
    assert result.code == 2
    assert "is no run folder" in " ".join(result.err.split())


def test_vowels_in_use_are_named(mtjlab: Any) -> None:
    assert "surrogate: 259 tokens" in mtjlab("vowels", "show").out


@pytest.mark.usefixtures("undrawn")
def test_a_bench_fault_ends_in_exit_code_4_and_the_run_says_why(mtjlab: Any, tmp_path: Path) -> None:
    """The third junction never switches within the sweep."""
    bench = written(
        tmp_path / "b.toml",
        "[simulation]\ncritical_current_ap_to_p_ua = [224, -66, 600]\ncritical_current_p_to_ap_ua = [-57, -347, 319]",
    )
    result = mtjlab("train", "--bench", bench, "--json", *QUICK)
    assert result.code == 4
    assert result.json["status"] == "failed"
    assert "J3" in result.json["reason"]
    assert "J3" in result.err, "even a quiet run says why it failed"


@pytest.mark.skipif(sys.platform == "win32", reason="a console signal cannot be sent to one child on Windows")
def test_ctrl_c_stops_at_a_safe_point_with_exit_code_3(tmp_path: Path) -> None:
    environment = {**os.environ, "MTJLAB_VOWELS": "", "XDG_DATA_HOME": str(tmp_path / "user")}
    command = [sys.executable, "-m", "mtjlab", "train", "--json", "--quiet", "--steps", "5000", "--figures", "none"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as engine:
        while not list(tmp_path.glob("runs/*/*/events.jsonl")):
            time.sleep(0.05)
        time.sleep(0.5)
        engine.send_signal(signal.SIGINT)
        out, _ = engine.communicate(timeout=60)
    assert engine.returncode == 3
    told = json.loads(out.splitlines()[-1])
    assert (told["status"], told["reason"]) == ("stopped", "Ctrl-C")
    kinds = [event.type for event in read_events(tmp_path / told["run"])]
    assert kinds[-2:] == ["went-safe", "run-ended"]
