"""Whoever reads the output of a command may go away, have no room, or know ASCII alone: nothing depends on it."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mtjlab.cli.streams import lasting_streams
from mtjlab.runs.listing import list_runs
from tests.support.engines import UNDRAWN, surrounded
from tests.support.trainings import write_plan


class Raw(io.RawIOBase):
    """Where output goes; ``error`` once nothing is taken any more."""

    def __init__(self, error: OSError | None = None) -> None:
        self.came = b""
        self.error = error

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        if self.error:
            raise self.error
        self.came += bytes(data)
        return len(data)


@contextmanager
def output(monkeypatch: pytest.MonkeyPatch, raw: Raw, encoding: str = "utf-8") -> Iterator[Raw]:
    """Standard output into ``raw``; gives what standard error, which has no buffer, took."""
    said = Raw()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(raw), encoding=encoding))
        patched.setattr(sys, "stderr", io.TextIOWrapper(said, encoding=encoding, write_through=True))  # type: ignore[arg-type,type-var]
        with lasting_streams():
            yield said


def test_what_is_said_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = Raw()
    with output(monkeypatch, raw) as said:
        print("ä")  # noqa: T201
    assert (raw.came, said.came) == ("ä\n".encode(), b"")


def test_what_an_encoding_does_not_have_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = Raw()
    with output(monkeypatch, raw, "ascii"):
        print("ä ▁ \udcff")  # noqa: T201
    assert raw.came == rb"\xe4 \u2581 \udcff" + b"\n"


def test_a_reader_that_has_gone_is_not_complained_of(monkeypatch: pytest.MonkeyPatch) -> None:
    with output(monkeypatch, Raw(BrokenPipeError(32, "Broken pipe"))) as said:
        for _ in range(3):
            print("x" * 10_000, flush=True)  # noqa: T201
    assert said.came == b""


def test_a_full_disk_is_reported_and_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with output(monkeypatch, Raw(OSError(28, "No space left on device"))) as said:
        print("x")  # noqa: T201
    assert said.came == b"mtjlab: standard output could not be written (No space left on device).\n"


def test_streams_that_are_closed_take_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    with lasting_streams():
        print("x")  # noqa: T201
        print("x", file=sys.stderr)  # noqa: T201
        assert sys.stdin.read() == ""


def train(folder: Path, steps: int = 20, **how: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(UNDRAWN), "train", "--plan", str(write_plan(folder, steps))]
    return subprocess.Popen(command, cwd=folder, env={**surrounded(folder), "PYTHONIOENCODING": "ascii"}, **how)  # type: ignore[call-overload,no-any-return]


def statuses(folder: Path) -> list[str]:
    return [run.status_report.status for run in list_runs(folder / "runs")]


def test_a_run_whose_reader_goes_away_is_finished(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    process = train(tmp_path, stdout=writing, stderr=writing)
    os.close(writing)
    assert len(os.read(reading, 5)) > 0
    os.close(reading)
    assert process.wait() == 0
    assert statuses(tmp_path) == ["finished"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_run_that_nobody_can_read_is_finished(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        assert train(tmp_path, stdout=full, stderr=full).wait() == 0
    assert statuses(tmp_path) == ["finished"]


@pytest.mark.skipif(os.name == "nt", reason="closed by a shell")
def test_a_run_that_has_no_streams_is_finished_and_nothing_else_lands_in_its_files(tmp_path: Path) -> None:
    command = f'exec "{sys.executable}" "{UNDRAWN}" train --plan "{write_plan(tmp_path)}" --json <&- >&- 2>&-'
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path, env=surrounded(tmp_path), check=False).returncode == 0
    (run,) = list_runs(tmp_path / "runs")
    assert run.status_report.status == "finished"
    for line in next(tmp_path.glob("runs/*/*/events.jsonl")).read_text(encoding="utf-8").splitlines():
        assert "crc" in json.loads(line)
