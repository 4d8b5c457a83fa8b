"""Each run folder for itself: whatever lies in one, every other is listed, shown and stopped, and nothing hangs."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtjlab import experiment
from mtjlab.config import NETWORK, write_network
from mtjlab.events import RunEnded
from mtjlab.gui.engines.emergency import StopReport, stop_others
from mtjlab.procedures.training.network import network_from
from mtjlab.run_status import status_report
from mtjlab.runs.finding import LAST, find_run
from mtjlab.runs.listing import Lister, list_runs
from mtjlab.runs.notes import notes_of, write_notes
from mtjlab.stopping import StopSwitch
from mtjlab.store import EMERGENCY, JOURNAL, REQUEST, STOP, RequestFollower, StopFiles
from tests.support.commands import Result
from tests.support.journals import BEGIN, TRAINING, UNFINISHED, alive, folded, run_folder, tried
from tests.support.odd_folders import HUGE_BYTES, KINDS, Odd, odd_files, odd_lines, sealed

Command = Callable[..., Result]
ASKED: dict[str, Any] = {"plan": {"training": {"steps": 80}}}
STATUSES = {"running", "finished", "stopped", "failed", "crashed", "damaged", "unknown"}


@pytest.fixture(autouse=True)
def short_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terabyte of zeros is found to be no line of a journal without reading much of it."""
    monkeypatch.setattr("mtjlab.store.reading.LONGEST", 1 << 18)


def runs_with(root: Path, odd: list[Odd]) -> tuple[Path, Path, Path]:
    """Three runs of a day: finished, odd, and one that goes on."""
    day = root / "2026-11-23"
    finished = run_folder(day / "0001-train", TRAINING, ASKED)
    strange = run_folder(day / "0002-train", UNFINISHED, ASKED)
    running = run_folder(day / "0003-train", BEGIN, ASKED, **alive())
    for one in odd:
        one.into(strange)
    return finished, strange, running


@given(odd=st.lists(odd_files, min_size=1, max_size=3, unique_by=lambda one: one.name))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_lies_in_a_run_folder_the_others_are_listed_found_and_stopped(
    tmp_path_factory: pytest.TempPathFactory, odd: list[Odd]
) -> None:
    root = tmp_path_factory.mktemp("runs")
    finished, strange, running = runs_with(root, odd)
    listed = {run.folder: run for run in list_runs(root)}
    assert list(listed) == [finished, strange, running]
    assert (listed[finished].status_report.status, listed[running].status_report.status) == ("finished", "running")
    assert listed[strange].status_report.status in STATUSES
    assert "cannot be understood" not in listed[strange].status_report.why
    assert json.loads(json.dumps([run.as_json() for run in listed.values()]))
    assert [run.folder for run in Lister().list(root)] == list(listed)
    assert find_run(Path(LAST), root) in listed
    assert find_run(Path("3"), root) == running
    for read in (status_report, experiment.story, experiment.result_of):
        tried(lambda read=read: read(strange))  # type: ignore[misc]
    assert running in stop_others([], root).sent
    assert StopFiles(running).request()
    StopSwitch(strange).reason  # noqa: B018  it does not hang
    RequestFollower(strange).news()


@given(lines=odd_lines())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sound_lines_that_say_odd_things_are_read_or_damaged(
    tmp_path_factory: pytest.TempPathFactory, lines: bytes
) -> None:
    folder = run_folder(tmp_path_factory.mktemp("runs") / "0001-train", [], ASKED)
    (folder / JOURNAL).write_bytes(lines)
    for read in (status_report, experiment.story, experiment.result_of, experiment.prepare_resume, list_runs):
        tried(lambda read=read: read(folder))  # type: ignore[operator]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [JOURNAL, REQUEST, STOP, "notes.md", "guardian.txt"])
def test_no_command_hangs_or_shows_a_traceback(mtjlab: Command, tmp_path: Path, name: str, kind: str) -> None:
    runs_with(tmp_path / "runs", [Odd(name, kind, KINDS[kind])])
    run = "2026-11-23/0002-train"
    results = [mtjlab("runs"), mtjlab("runs", "--json"), mtjlab("show", run), mtjlab("stop", run), mtjlab("show", "3")]
    assert [result.code for result in results[:2]] == [0, 0]
    assert {result.code for result in results} <= {0, 2}
    assert not [result for result in results if "Traceback" in result.err]
    statuses = {run["id"].split("/")[1]: run["status"] for run in results[1].json["runs"]}
    assert (statuses["0001-train"], statuses["0003-train"]) == ("finished", "running")


NEED = [
    (REQUEST, ["show", "export", "classify", "rerun", "resume", "redetect"]),
    (JOURNAL, ["show", "export", "resume", "redetect", "follow", "figures", "recover", "baselines"]),
    (NETWORK, ["classify"]),
]
MORE = {"export": ["--to", "csv"], "classify": ["--features", "1,2"]}


@pytest.mark.skipif("a pipe" not in KINDS, reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["a pipe", "a device"])
@pytest.mark.parametrize(("name", "command"), [(name, one) for name, commands in NEED for one in commands])
def test_a_command_that_needs_a_file_which_is_none_names_it(
    mtjlab: Command, tmp_path: Path, name: str, command: str, kind: str
) -> None:
    stopped = run_folder(tmp_path / "runs" / "0001-train", [*BEGIN, RunEnded("stopped", "Ctrl-C")], ASKED)
    Odd(name, kind, KINDS[kind]).into(stopped)
    result = mtjlab(command, stopped, *MORE.get(command, []))
    assert (result.code, result.out) == (2, "")
    is_configuration = name == NETWORK or (name, command) == (REQUEST, "export")
    reason = (
        "is not a regular file, so it is not read" if is_configuration else "cannot be read (it is not a regular file)"
    )
    assert f"{name}: {reason}" in result.sentence
    assert "Give the folder of a run" not in result.sentence


@pytest.mark.skipif("a pipe" not in KINDS, reason="Windows has no such files")
@pytest.mark.parametrize("name", ["notes.md", "guardian.txt", "network.toml"])
def test_a_file_that_is_none_and_is_not_needed_is_named_beside_the_story(
    mtjlab: Command, tmp_path: Path, name: str
) -> None:
    finished = run_folder(tmp_path / "runs" / "0001-train", TRAINING, ASKED)
    Odd(name, "a pipe", KINDS["a pipe"]).into(finished)
    result = mtjlab("show", finished)
    assert result.code == 0
    assert f"{name}: is not a regular file, so it was not read" in " ".join(result.out.split())


@pytest.mark.parametrize("at", ["", "yesterday", "2026-11-23T02:00:00", "0001-01-01T00:00:00+00:00"])
def test_a_line_whose_time_is_none_is_damage_and_the_emergency_reaches_all_others(
    mtjlab: Command, tmp_path: Path, at: str
) -> None:
    _, strange, running = runs_with(tmp_path / "runs", [])
    (strange / JOURNAL).write_bytes(sealed(b'{"n":0,"at":"%s","type":"run-ended","status":"finished"' % at.encode()))
    assert stop_others([], tmp_path / "runs") == StopReport(sent=(running,))
    listed = mtjlab("runs", "--json")
    assert listed.code == 0
    assert sorted(run["status"] for run in listed.json["runs"]) == ["damaged", "finished", "running"]
    shown = mtjlab("show", strange)
    assert (shown.code, shown.out) == (2, "")
    assert "line 1 is damaged (its checksum, number or time does not match)" in shown.sentence


@pytest.mark.parametrize("spoilt", [(JOURNAL,), (REQUEST,), (JOURNAL, REQUEST)])
def test_in_doubt_the_emergency_file_is_left(tmp_path: Path, spoilt: tuple[str, ...]) -> None:
    """A run that goes on, though nothing in its folder can be read any more."""
    _, _, running = runs_with(tmp_path, [])
    for name in spoilt:
        (running / name).write_bytes(b"\0" * 100)
    assert running in stop_others([], tmp_path).sent
    assert (running / EMERGENCY).is_file()


def test_where_no_file_can_be_left_that_is_said_and_the_others_are_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, running = runs_with(tmp_path, [])
    other = run_folder(tmp_path / "2026-11-23" / "0004-train", BEGIN, **alive())

    def refused(folder: Path, by: str) -> None:
        if folder == other:
            raise PermissionError(13, "Permission denied")
        (folder / EMERGENCY).write_text(by)

    monkeypatch.setattr("mtjlab.gui.engines.emergency.request_emergency_stop", refused)
    reached = stop_others([], tmp_path)
    assert reached == StopReport(sent=(running,), not_sent=(other,))
    assert reached.text.startswith(
        f"Emergency stop sent to 1 run; Emergency stop NOT sent to {other}: folder not writable"
    )


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run folder into which nobody may look; for a superuser it is made so in the eyes of the program."""
    _, strange, _ = runs_with(tmp_path / "runs", [])
    import os  # noqa: PLC0415

    see, opened, linked = os.access, os.open, os.path.lexists
    inside = f"{strange}{os.sep}"
    monkeypatch.setattr("os.access", lambda path, mode: str(path) != str(strange) and see(path, mode))
    monkeypatch.setattr("os.path.lexists", lambda path: not str(path).startswith(inside) and linked(path))

    def denied(path: Any, *flags: Any) -> int:
        if str(path).startswith(inside):
            raise PermissionError(13, "Permission denied")
        return opened(path, *flags)

    def denied_too(path: Any, *arguments: Any, **named: Any) -> IO[Any]:
        if str(path).startswith(inside):
            raise PermissionError(13, "Permission denied")
        return opened_as_file(path, *arguments, **named)

    opened_as_file = io.open
    monkeypatch.setattr("os.open", denied)
    monkeypatch.setattr("io.open", denied_too)
    return strange


def test_a_run_folder_that_nobody_may_look_into_is_listed_as_damaged(tmp_path: Path, closed: Path) -> None:
    listed = list_runs(tmp_path / "runs")
    assert [run.status_report.status for run in listed] == ["finished", "damaged", "running"]
    assert "cannot be read (Permission denied)" in listed[1].status_report.why
    assert closed in stop_others([], tmp_path / "runs").not_sent


class TestFilesThatAreNone:
    """Only regular files of a sane size are read, and nothing is written through a link."""

    @pytest.mark.parametrize("name", [STOP, EMERGENCY])
    @pytest.mark.parametrize("kind", KINDS)
    def test_whatever_is_named_stop_stops(self, tmp_path: Path, name: str, kind: str) -> None:
        KINDS[kind](tmp_path / name)
        assert StopSwitch(tmp_path).reason == f"a file named {name} in the run folder"

    @pytest.mark.skipif("a device" not in KINDS, reason="Windows has no such links")
    @pytest.mark.parametrize("name", [STOP, EMERGENCY, "notes.md", "guardian.txt", "requests.jsonl", "heartbeat"])
    def test_nothing_is_written_through_a_link(self, mtjlab: Command, tmp_path: Path, name: str) -> None:
        victim = tmp_path / "victim.txt"
        victim.write_text("mine")
        before = victim.stat().st_mtime_ns
        running = run_folder(tmp_path / "runs" / "0001-train", BEGIN, ASKED, **alive())
        (running / name).symlink_to(victim)
        mtjlab("stop", running)
        stop_others([], tmp_path / "runs")
        tried(lambda: write_notes(running, "of mine"))
        mtjlab("ask", running, "--input", "3")
        _note_and_beat(running)
        assert (victim.read_text(), victim.stat().st_mtime_ns) == ("mine", before)

    @pytest.mark.skipif("a device" not in KINDS, reason="Windows has no such links")
    @pytest.mark.usefixtures("drawn")
    @pytest.mark.parametrize(
        ("name", "command"), [("figures", ("figures",)), ("export", ("export", "--to", "csv")), ("network.toml", ())]
    )
    def test_nor_is_what_comes_after_a_run(
        self, mtjlab: Command, tmp_path: Path, name: str, command: tuple[str, ...]
    ) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        finished = run_folder(tmp_path / "runs" / "0001-train", TRAINING, ASKED)
        (finished / name).symlink_to(elsewhere / "network.toml" if name.endswith("toml") else elsewhere)
        if command:
            result = mtjlab(command[0], finished, *command[1:])
            assert (result.code, "it is a symbolic link" in result.sentence) == (2, True)
        else:
            network = network_from(folded(TRAINING).record, folded(TRAINING).learnt, "C7", ())
            assert network is not None
            write_network(finished / name, network)
            assert not (finished / name).is_symlink()
        assert list(elsewhere.iterdir()) == []

    def test_huge_notes_are_not_read_and_not_overwritten(self, tmp_path: Path) -> None:
        KINDS["a huge file"](tmp_path / "notes.md")
        assert notes_of(tmp_path) == ""
        _, complaint = tried(lambda: write_notes(tmp_path, "short"))
        assert "notes.md: the notes cannot be written (it is larger than" in complaint
        assert (tmp_path / "notes.md").stat().st_size == HUGE_BYTES


def _note_and_beat(folder: Path) -> None:
    from mtjlab.store import beating, write_guardian_note  # noqa: PLC0415

    write_guardian_note(folder, "acting: it hung")
    with beating(folder):
        pass
