"""Trainings from the command line that end early, and are then resumed or repeated."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mtjlab.events import Event, RunStarted
from mtjlab.procedures.training.events import StepTrained
from mtjlab.reading import read_events
from mtjlab.store import JOURNAL, STOP, Journal
from mtjlab.store.folder import RESERVE
from tests.support.commands import Result
from tests.support.journals import abandoned
from tests.support.trainings import TABLE, tokens_of, write_plan

Command = Callable[..., Result]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_plan(tmp_path)


@pytest.fixture
def after_step_1(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Callable[[Path], None]], None]:
    """Something happens to the run folder once, after the first training step."""

    def happens(what: Callable[[Path], None]) -> None:
        left = [what]

        def tell(event: Event) -> None:
            if isinstance(event, StepTrained) and left:
                left.pop()(next(tmp_path.glob("runs/*/*")))

        monkeypatch.setattr("mtjlab.experiment.engine.log_event", tell)

    return happens


def stopped(folder: Path) -> None:
    (folder / STOP).touch()


def events_of(told: dict[str, Any]) -> list[Event]:
    events = list(read_events(Path(told["run"])))
    return [replace(event, run="") if isinstance(event, RunStarted) else event for event in events]


def refused(result: Result, *parts: str) -> bool:
    assert "Traceback" not in result.err
    assert all(part in result.sentence for part in parts), result.sentence
    return (result.code, result.out) == (2, "")


def test_a_stopped_training_is_resumed_to_its_end(
    mtjlab: Command, plan: Path, after_step_1: Callable[[Callable[[Path], None]], None]
) -> None:
    after_step_1(stopped)
    first = mtjlab("train", "--plan", plan, "--json", "--quiet")
    assert (first.code, first.json["status"], first.json["steps"]) == (3, "stopped", 1)
    second = mtjlab("resume", "last", "--json", "--quiet")
    assert (second.code, second.err) == (0, "")
    told = second.json
    assert (told["status"], told["steps"], told["seed"]) == ("finished", 2, 1)
    assert told["parent"] == "/".join(Path(first.json["run"]).parts[-2:])
    assert Path(told["run"]).parent.resolve() == Path(first.json["run"]).parent.resolve()
    whole = mtjlab("train", "--plan", plan, "--json", "--quiet", "--runs", "whole").json
    assert tokens_of(events_of(first.json)) + tokens_of(events_of(told)) == tokens_of(events_of(whole))
    assert refused(mtjlab("resume", told["run"]), "the run is finished", "`mtjlab rerun`")


def test_a_person_is_told_what_goes_on(
    mtjlab: Command, plan: Path, after_step_1: Callable[[Callable[[Path], None]], None]
) -> None:
    after_step_1(stopped)
    run = mtjlab("train", "--plan", plan, "--quiet", "--json").json["run"]
    result = mtjlab("resume", run, "--runs", "more")
    assert "finished after 2 steps" in result.out
    assert f"resumes {'/'.join(Path(run).parts[-2:])}" in result.out.splitlines()
    assert len(list(Path("more").glob("*/*"))) == 1


def test_a_rerun_gives_the_same_events(mtjlab: Command, plan: Path) -> None:
    one = mtjlab("train", "--plan", plan, "--json", "--quiet").json
    two = mtjlab("rerun", "last", "--json", "--quiet")
    assert two.code == 0
    assert events_of(two.json) == events_of(one)
    assert mtjlab("show", "last", "--json").json["asked"]["run"]["rerun_of"] == "/".join(Path(one["run"]).parts[-2:])


def test_of_a_copy_that_lies_elsewhere_the_new_run_lies_where_runs_do(mtjlab: Command, plan: Path) -> None:
    shutil.move(mtjlab("train", "--plan", plan, "--json", "--quiet").json["run"], "copy")
    told = mtjlab("rerun", "copy", "--json", "--quiet").json
    assert Path(told["run"]).parts[0] == "runs"


def test_a_rerun_of_a_check_is_a_check(mtjlab: Command) -> None:
    one = mtjlab("check", "--json", "--quiet")
    two = mtjlab("rerun", "last", "--json", "--quiet")
    assert (one.code, two.code) == (0, 0)
    assert two.json["findings"] == one.json["findings"]
    assert refused(mtjlab("resume", "last"), "nothing to resume", "`mtjlab rerun`")


def test_a_training_that_failed_may_fail_again(mtjlab: Command, plan: Path, tmp_path: Path) -> None:
    """The third junction never switches within the sweep."""
    bench = tmp_path / "b.toml"
    bench.write_text(
        "[simulation]\ncritical_current_ap_to_p_ua = [224, -66, 600]\ncritical_current_p_to_ap_ua = [-57, -347, 319]"
    )
    assert mtjlab("train", "--bench", bench, "--plan", plan, "--quiet").code == 4
    for command in ("resume", "rerun"):
        result = mtjlab(command, "last", "--json", "--quiet")
        assert (result.code, result.json["status"]) == (4, "failed")
        assert "J3" in result.json["reason"]


def test_other_data_and_damage_are_refused_before_anything_is_made(
    mtjlab: Command, plan: Path, after_step_1: Callable[[Callable[[Path], None]], None]
) -> None:
    after_step_1(stopped)
    run = Path(mtjlab("train", "--plan", plan, "--json", "--quiet").json["run"])
    table, journal = plan.with_name("few.csv"), (run / JOURNAL).read_bytes()
    table.write_text(TABLE.replace("0.3", "0.4", 1), encoding="utf-8")
    for command in ("resume", "rerun"):
        assert refused(mtjlab(command, "last"), "the data of the run (few from")
    table.write_text(TABLE, encoding="utf-8")
    (run / JOURNAL).write_bytes(journal.replace(b"sweep-point", b"sweep-joint", 1))
    assert refused(mtjlab("resume", "last"), "is damaged", "mtjlab recover")
    assert len(list(Path("runs").glob("*/*"))) == 1
    abandoned(run)
    recovered = mtjlab("recover", "last", "--json").json
    assert (recovered["lost"], mtjlab("resume", "last", "--quiet").code) == (1, 0)


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody remove what is open")
@pytest.mark.parametrize("command", ["train", "check"])
def test_a_run_whose_folder_is_gone_ends_safe_and_says_why(
    mtjlab: Command, plan: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def gone(event: Event) -> None:
        if isinstance(event, RunStarted):
            shutil.rmtree("runs")

    monkeypatch.setattr("mtjlab.experiment.engine.log_event", gone)
    result = mtjlab(command, *(["--plan", plan] if command == "train" else []), "--json", "--quiet")
    assert result.code == 4
    assert "is no longer there: somebody removed, moved or replaced the run folder while it ran" in result.sentence
    assert result.sentence.endswith("All sources are safe.")
    assert "Traceback" not in result.err


def test_a_full_disk_ends_a_run_safe_and_it_goes_on_when_there_is_room(
    mtjlab: Command, plan: Path, monkeypatch: pytest.MonkeyPatch, after_step_1: Callable[[Callable[[Path], None]], None]
) -> None:
    """Whoever writes finds no room until some of the reserve is given free."""
    put, full = Journal._put, []

    def put_if_there_is_room(journal: Journal, line: bytes, sync: bool) -> OSError | None:
        if full and journal._reserve.exists() and journal._reserve.stat().st_size == full[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return put(journal, line, sync)

    monkeypatch.setattr(Journal, "_put", put_if_there_is_room)
    after_step_1(lambda folder: full.append((folder / RESERVE).stat().st_size))
    result = mtjlab("train", "--plan", plan, "--json", "--quiet")
    assert (result.code, result.json["status"], result.json["steps"]) == (4, "failed", 1)
    assert "events.jsonl: can no longer be written (No space left on device). All events in it are" in result.sentence
    assert [event.type for event in events_of(result.json)][-2:] == ["went-safe", "run-ended"]
    full.clear()
    resumed = mtjlab("resume", "last", "--json", "--quiet")
    assert (resumed.code, resumed.json["steps"]) == (0, 2)


def test_a_clock_that_jumps_is_told_and_ends_no_run_in_process(
    mtjlab: Command, plan: Path, monkeypatch: pytest.MonkeyPatch, after_step_1: Callable[[Callable[[Path], None]], None]
) -> None:
    from time import time  # noqa: PLC0415

    set_by_s = [0.0]
    monkeypatch.setattr("mtjlab.wall_clock.time", lambda: time() + set_by_s[-1])
    after_step_1(lambda _: set_by_s.append(86400.0))
    told = mtjlab("train", "--plan", plan, "--json", "--quiet").json
    assert told["status"] == "finished"
    warnings = json.dumps(mtjlab("show", "last", "--json").json["warnings"])
    assert "the clock of this computer jumped by +86400 s: it was set, or the computer slept" in warnings
