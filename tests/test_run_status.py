"""Status of a run: never better than its final event, its process and its heartbeat show."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from time import sleep, time

import psutil
import pytest
from hypothesis import given, settings

from mtjlab.errors import RefusedError
from mtjlab.events import Event, RunEnded
from mtjlab.run_status import StatusReport, status_report
from mtjlab.sources_left import SourcesLeft
from mtjlab.store import HEARTBEAT, JOURNAL, NOT_REACHED, REQUEST
from tests.support.journals import BEGIN, GONE, TRAINING, UNFINISHED, Damage, alive, damages, run_folder

posix = pytest.mark.skipif(sys.platform == "win32", reason="processes of Windows leave no zombies")


def last_seen(folder: Path, ago_s: float) -> str:
    """Returns when that was, as a date."""
    (folder / HEARTBEAT).touch()
    seen_s = time() - ago_s
    os.utime(folder / HEARTBEAT, (seen_s, seen_s))
    return f"{datetime.fromtimestamp(seen_s):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    "ended", [RunEnded("finished", ""), RunEnded("stopped", "Ctrl-C"), RunEnded("failed", "J2 is open")]
)
@pytest.mark.parametrize("process", [GONE, alive()], ids=["process gone", "process still there"])
def test_a_run_that_could_still_speak_is_what_it_says(
    tmp_path: Path, ended: RunEnded, process: dict[str, float]
) -> None:
    report = status_report(run_folder(tmp_path, [*UNFINISHED, ended], **process))
    assert (report.status, report.why) == (ended.status, ended.reason)
    assert report.is_over


@pytest.mark.parametrize("events", [UNFINISHED, BEGIN[:1], []], ids=["in a training", "just begun", "nothing yet"])
def test_a_run_whose_process_lives_is_running(tmp_path: Path, events: list[Event]) -> None:
    report = status_report(run_folder(tmp_path, events, **alive()))
    assert (report.status, report.is_over) == ("running", False)


def test_a_process_that_lives_beats_a_stale_sign_of_life(tmp_path: Path) -> None:
    run_folder(tmp_path, UNFINISHED, **alive())
    last_seen(tmp_path, ago_s=5000)
    assert status_report(tmp_path).status == "running"


@pytest.mark.parametrize("events", [UNFINISHED, []])
def test_a_run_whose_process_ended_without_a_final_event_has_crashed(tmp_path: Path, events: list[Event]) -> None:
    report = status_report(run_folder(tmp_path, events))
    assert (report.status, report.is_over) == ("crashed", True)
    assert report.why == "its process ended without a final event; no heartbeat was ever seen"
    at = last_seen(tmp_path, ago_s=42)
    assert status_report(tmp_path).why == f"its process ended without a final event; last seen at {at}"


def test_a_fresh_sign_of_life_raises_no_dead(tmp_path: Path) -> None:
    run_folder(tmp_path, UNFINISHED)
    last_seen(tmp_path, ago_s=0)
    assert status_report(tmp_path).status == "crashed"


def test_another_process_that_was_given_the_same_number_is_not_the_run(tmp_path: Path) -> None:
    run_folder(tmp_path, UNFINISHED, pid=os.getpid(), process_created_s=psutil.Process().create_time() - 60)
    last_seen(tmp_path, ago_s=30)
    assert status_report(tmp_path).status == "crashed"


def test_a_clock_that_was_set_while_it_runs_makes_no_run_crash(tmp_path: Path) -> None:
    """When a process was made is told by the clock of now: after an hour forward it is an hour later."""
    run_folder(tmp_path, UNFINISHED, pid=os.getpid(), process_created_s=psutil.Process().create_time() - 3600)
    last_seen(tmp_path, ago_s=0.5)
    assert status_report(tmp_path).status == "running"


def test_a_sign_of_life_from_the_future_raises_no_dead(tmp_path: Path) -> None:
    """Another process has the number of one that crashed, and the clock was set back by an hour."""
    run_folder(tmp_path, UNFINISHED, pid=os.getpid(), process_created_s=psutil.Process().create_time() - 60)
    last_seen(tmp_path, ago_s=-3600)
    assert status_report(tmp_path).status == "crashed"


@posix
def test_a_zombie_does_not_run(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        process = psutil.Process(child.pid)
        run_folder(tmp_path, UNFINISHED, pid=child.pid, process_created_s=process.create_time())
        while process.status() != psutil.STATUS_ZOMBIE:
            sleep(0.01)
        last_seen(tmp_path, ago_s=0)
        assert status_report(tmp_path).status == "crashed"


def test_a_process_that_may_not_be_looked_at_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: psutil.Process) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "create_time", denied)
    assert status_report(run_folder(tmp_path, UNFINISHED, pid=os.getpid())).status == "running"


@pytest.mark.parametrize("pid", [-5, 2**40, 2**70])
def test_numbers_that_are_no_process_are_nobody(tmp_path: Path, pid: int) -> None:
    assert status_report(run_folder(tmp_path, UNFINISHED, pid=pid)).status == "crashed"


class TestOnAnotherComputer:
    """Its processes cannot be seen, so only the heartbeat shows its status."""

    @pytest.fixture
    def far(self, tmp_path: Path) -> Path:
        return run_folder(tmp_path, UNFINISHED, host="bench-pc", **alive())

    def test_with_fresh_signs_of_life_it_is_running(self, far: Path) -> None:
        at = last_seen(far, ago_s=2)
        report = status_report(far)
        assert (report.status, report.why) == ("running", f"on computer bench-pc, last seen at {at}")

    def test_with_stale_ones_nobody_knows(self, far: Path) -> None:
        at = last_seen(far, ago_s=300)
        report = status_report(far)
        assert (report.status, report.why) == ("unknown", f"on computer bench-pc, last seen at {at}")
        assert not report.is_over

    @pytest.mark.parametrize("ahead_s", [60, 3600])
    def test_one_from_the_future_is_none(self, far: Path, ahead_s: float) -> None:
        """The clock was set back after it was given: for an hour it would look as fresh as any."""
        at = last_seen(far, ago_s=-ahead_s)
        report = status_report(far)
        assert report.status == "unknown"
        assert f"its last heartbeat, at {at}, is ahead of the clock of this computer" in report.why

    def test_without_any_nobody_knows(self, far: Path) -> None:
        assert status_report(far).why == "on computer bench-pc, no heartbeat was ever seen"

    def test_its_final_event_decides(self, tmp_path: Path) -> None:
        assert status_report(run_folder(tmp_path, TRAINING, host="bench-pc")).status == "finished"


@pytest.fixture(scope="module")
def unfinished(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    folder = run_folder(tmp_path_factory.mktemp("run"), UNFINISHED)
    return (folder / JOURNAL).read_bytes(), (folder / REQUEST).read_bytes()


@given(damage=damages("cut", "byte", "newline", "line"))
@settings(max_examples=50)
def test_whatever_becomes_of_a_journal_a_crashed_run_is_never_more_than_crashed(
    tmp_path_factory: pytest.TempPathFactory, unfinished: tuple[bytes, bytes], damage: Damage
) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / JOURNAL).write_bytes(damage.done_to(unfinished[0]))
    (folder / REQUEST).write_bytes(unfinished[1])
    assert status_report(folder).status == "crashed"


@given(damage=damages("cut", "byte", "newline", "line"))
@settings(max_examples=50)
def test_a_damaged_request_is_said_to_be_damaged_or_tells_what_it_told(
    tmp_path_factory: pytest.TempPathFactory, unfinished: tuple[bytes, bytes], damage: Damage
) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / JOURNAL).write_bytes(unfinished[0])
    (folder / REQUEST).write_bytes(damage.done_to(unfinished[1]))
    report = status_report(folder)
    assert report.status in ("damaged", "crashed")
    if report.status == "damaged":
        assert f"{folder / REQUEST}: is damaged" in report.why


def test_without_a_request_it_is_damaged(tmp_path: Path) -> None:
    run_folder(tmp_path, UNFINISHED)
    (tmp_path / REQUEST).unlink()
    report = status_report(tmp_path)
    assert report.status == "damaged"
    assert "run.toml: cannot be read" in report.why


def test_what_is_no_run_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is no run folder"):
        status_report(tmp_path)


def test_a_run_that_ends_while_its_process_is_looked_for_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_folder(tmp_path, UNFINISHED)
    more = run_folder(tmp_path / "whole", TRAINING)

    def ends_meanwhile(_: Path) -> float:
        (tmp_path / JOURNAL).write_bytes((more / JOURNAL).read_bytes())
        return 0.0

    monkeypatch.setattr("mtjlab.run_status.heartbeat_s", ends_meanwhile)
    assert status_report(tmp_path).status == "finished"


def test_what_became_of_the_sources_is_said_once() -> None:
    left = SourcesLeft(False, "outputs off; source J1 was cut at -490 uA")
    assert StatusReport("failed", f"On the way to zero: {left.text}", left).sentence.count("was cut") == 1
    assert StatusReport("stopped", "Ctrl-C", left).sentence == f"stopped by Ctrl-C in the terminal; {left.text}"


def test_what_a_guardian_did_not_reach_is_said_once() -> None:
    left = SourcesLeft(True, "outputs may be ON: NOT SAFE: J1 is dead. Look.", briefly="outputs may be ON. Look.")
    by_engine = f"J1 is silent. {NOT_REACHED}"
    assert StatusReport("failed", by_engine, left).sentence == f"failed: {by_engine} Outputs may be ON. Look."
    assert StatusReport("failed", "J1 is silent.", left).sentence.count("NOT SAFE") == 1
