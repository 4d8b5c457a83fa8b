"""A run that goes on in another process, looked at and stopped from here."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from mtjlab.events import Event, RunEnded
from mtjlab.reading import read_events
from mtjlab.run_status import status_report
from mtjlab.runs.watching import ask_to_stop, follow
from mtjlab.store import JOURNAL, Journal
from tests.support.commands import CONFIGS, Result
from tests.support.engines import engine
from tests.support.journals import BEGIN, TRAINING, UNFINISHED, alive, run_folder
from tests.support.trainings import write_plan

Command = Callable[..., Result]
ASKED: dict[str, Any] = {
    "data": {"name": "few", "surrogate": False, "source": "", "tokens": 2, "classes": 2, "sha256": ""},
    "plan": {"training": {"steps": 80}},
}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtjlab.runs.watching.PAUSE_S", 0.01)


TRAINS = """
from pathlib import Path
from time import sleep
from mtjlab.experiment import OnBench, execute, prepare
from mtjlab.procedures.kinds import KINDS
train = KINDS["train"]
request = prepare(train, train.options(steps=100_000), OnBench(plan=Path("plan.toml")))
execute(request, Path("runs"), [lambda _: sleep(0.002)])
"""


@pytest.fixture
def training(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A training that would go on for a long time, in a process of its own."""
    write_plan(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(CONFIGS.parent)}
    with subprocess.Popen([sys.executable, "-c", TRAINS], cwd=tmp_path, env=environment) as process:
        yield process
        process.kill()


def begun(folder: Path, kind: str) -> Path:
    """The run folder, once its journal holds an event of this type."""
    while True:
        for journal in folder.glob(f"runs/*/*/{JOURNAL}"):
            if f'"type":"{kind}"' in journal.read_text(encoding="utf-8", errors="replace"):
                return journal.parent
        sleep(0.02)


def test_a_run_of_another_process_is_followed_until_somebody_stops_it(
    mtjlab: Command, training: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    run = begun(tmp_path, "step-trained")
    assert status_report(run).status == "running"
    assert [one["status"] for one in mtjlab("runs", "--json").json["runs"]] == ["running"]
    assert mtjlab("resume", "last").code == 2
    threading.Timer(0.2, ask_to_stop, (run, False)).start()
    followed = mtjlab("follow", "last", "--json")
    assert followed.code == 0
    assert (followed.json["status"], followed.json["reason"]) == ("stopped", "a file named stop in the run folder")
    assert followed.json["steps"] >= 1
    assert training.wait(60) == 0
    assert mtjlab("show", "last", "--json").json["presentations"] == followed.json["presentations"]


def test_stop_now_ends_a_long_wait(mtjlab: Command, tmp_path: Path) -> None:
    """A dwell of an hour, by the clock of the instruments."""
    plan = "[sweep]\ninput_step_ua = 25\ndwell_s = 3600\nrepetitions = 1"
    with engine(tmp_path, plan=plan, speed=1) as running:
        running.wait_until(lambda: running.says("controls-planned"))
        assert mtjlab("stop", "last", "--now").code == 0
        assert running.process.wait(60) == 3
        events = list(read_events(running.run))
    assert [event.type for event in events[-2:]] == ["went-safe", "run-ended"]
    assert events[-1] == RunEnded("stopped", "`mtjlab stop`, at once")


def followed(folder: Path) -> list[Event]:
    return list(follow(folder))


def test_what_is_over_is_told_to_its_end(tmp_path: Path) -> None:
    assert followed(run_folder(tmp_path / "finished", TRAINING)) == TRAINING
    assert followed(run_folder(tmp_path / "crashed", UNFINISHED)) == UNFINISHED


def test_events_are_told_as_they_come(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run_folder(folder, [], **alive())
    (folder / JOURNAL).unlink()
    with Journal(folder) as journal:
        told = []
        events = iter(TRAINING)
        journal.append(next(events))
        for event in follow(folder):
            told.append(event)
            if (following := next(events, None)) is not None:
                journal.append(following)
    assert told == TRAINING


def test_of_a_run_that_crashes_meanwhile_nothing_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It writes its last event after the follower has read, and before it looks whether it lives."""
    folder = run_folder(tmp_path / "run", BEGIN)
    whole = run_folder(tmp_path / "whole", UNFINISHED)

    def dies(of: Path) -> Any:
        (folder / JOURNAL).write_bytes((whole / JOURNAL).read_bytes())
        return status_report(of)

    monkeypatch.setattr("mtjlab.runs.watching.status_of", dies)
    assert followed(folder) == UNFINISHED


class TestCommand:
    def test_a_finished_run_is_shown_and_its_result(self, mtjlab: Command, tmp_path: Path) -> None:
        run_folder(tmp_path / "run", TRAINING, ASKED)
        result = mtjlab("follow", "run")
        assert result.code == 0
        assert "finished after 2 steps" in result.out
        assert "step   0  recognition train  50.0%  test  25.0%" in result.err

    def test_as_json_the_result_is_the_last_line(self, mtjlab: Command, tmp_path: Path) -> None:
        run_folder(tmp_path / "run", UNFINISHED, ASKED)
        result = mtjlab("follow", "run", "--json")
        assert (result.code, result.json["status"], result.json["steps"]) == (0, "crashed", 2)
        assert mtjlab("follow", "run", "--json", "--quiet").err == ""

    def test_a_check_is_followed_in_sentences(self, mtjlab: Command, tmp_path: Path) -> None:
        run_folder(tmp_path / "run", [BEGIN[0], RunEnded("failed", "J2 is open")], procedure="check")
        result = mtjlab("follow", "run")
        assert result.code == 0
        assert "failed: J2 is open" in result.err

    def test_ctrl_c_ends_the_looking_and_not_the_run(
        self, mtjlab: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = run_folder(tmp_path / "run", BEGIN, ASKED, **alive())

        def interrupted(_: Path) -> Iterator[Event]:
            yield BEGIN[0]
            raise KeyboardInterrupt

        monkeypatch.setattr("mtjlab.cli.show.events_of", interrupted)
        result = mtjlab("follow", "run")
        assert (result.code, result.sentence) == (0, "no longer following; the run is running")
        assert [path.name for path in folder.iterdir() if path.name == "stop"] == []
