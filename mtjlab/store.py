"""The run folder: ``run.toml`` (all that was asked), ``events.jsonl`` (the truth, append-only), figures (made again).

Each line of the journal is one JSON object: ``n``, ``at`` (UTC), ``type`` and the event's fields, last ``crc``, the
CRC-32 of the bytes before ``,"crc"``. A torn last line is dropped; damage anywhere else is an error.
"""

import errno
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import tomli_w
from pydantic import ValidationError

from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.events import MILESTONES, Event, from_json, to_json

JOURNAL = "events.jsonl"
REQUEST = "run.toml"
STOP = "stop"
STOP_NOW = "now"
"""What a stop file says if the run shall not wait for its next safe point."""
EMERGENCY = "emergency"
FIGURES = "figures"

_CRC = re.compile(rb',"crc":"([0-9a-f]{8})"\}\n\Z')
_AT = re.compile(rb'"at":"([^"]+)"')
_CRC_LENGTH = len(b',"crc":"00000000"}\n')


def create_run_folder(root: Path, procedure: str, day: datetime) -> Path:
    """A new folder ``root/2026-11-23/0007-train``, numbered within its day. Nothing is ever overwritten.

    Raises:
        RefusedError: the folder cannot be made.
    """
    today = root / day.date().isoformat()
    try:
        today.mkdir(parents=True, exist_ok=True)
        number = max((int(f.name[:4]) for f in today.iterdir() if f.name[:4].isdigit()), default=0)
        while True:
            number += 1
            folder = today / f"{number:04}-{procedure}"
            with suppress(FileExistsError):
                folder.mkdir()
                return folder
    except OSError as error:
        raise RefusedError(
            f"{today}: no run folder can be made there ({error.strerror}). Nothing was started. Choose another place "
            "with --runs."
        ) from error


def write_request(folder: Path, request: dict[str, Any]) -> None:
    """Write ``run.toml``: everything that is needed to repeat the run."""
    (folder / REQUEST).write_text(tomli_w.dumps(_without_none(request)), encoding="utf-8")


class JournalError(BenchFaultError):
    """Events can no longer be recorded, so the run must end."""


class Journal:
    """Appends events to a run folder: every line flushed, milestones synced to disk."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / JOURNAL).open("xb", buffering=0)
        self._n = self._size = 0
        self._broken = False

    def append(self, event: Event) -> None:
        """Write one event; it is in the file when this returns.

        Raises:
            JournalError: the file cannot be written.
        """
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        body = b'{"n":%d,"at":"%s",%s' % (self._n, at.encode(), to_json(event)[1:-1])
        line = b'%s,"crc":"%08x"}\n' % (body, zlib.crc32(body))
        try:
            self._write(line, isinstance(event, MILESTONES))
        except OSError as error:
            self._cut_back()
            raise JournalError(
                f"{self._file.name}: cannot be written any more ({error.strerror}). All that it holds is sound. Make "
                "room, then start again."
            ) from error
        self._n += 1
        self._size += len(line)

    def _write(self, line: bytes, sync: bool) -> None:
        if self._broken:
            raise OSError(errno.EIO, "an earlier line could not be written")
        if self._file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if sync:
            os.fsync(self._file.fileno())

    def _cut_back(self) -> None:
        """Nothing of a line that could not be written stays, and no further line follows it."""
        self._broken = True
        with suppress(OSError):
            self._file.truncate(self._size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


class DamagedJournalError(RefusedError):
    """A line of a journal is not what was written."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            f"{path}: line {line} is damaged (its checksum or its number does not fit). The lines before it are sound. "
            "Restore the file from a copy."
        )


def read_events(folder: Path) -> Iterator[Event]:
    """Events of a run, in order; a torn last line is dropped.

    Raises:
        RefusedError: there is no journal, or it has another format.
        DamagedJournalError: a line is damaged.
    """
    path = folder / JOURNAL
    if not path.is_file():
        raise RefusedError(f"{folder}: is no run folder (there is no {JOURNAL} in it). Give the folder of a run.")
    with path.open("rb") as file:
        for n, line in enumerate(file):
            if not line.endswith(b"\n"):
                return
            yield _event(path, n, line)


def span_s(folder: Path) -> float:
    """Seconds from the first to the last event that the journal in ``folder`` holds, by the clock of the machine."""
    with (folder / JOURNAL).open("rb") as file:
        stamps = [_AT.search(line) for line in file if line.endswith(b"\n")]
    times = [datetime.fromisoformat(stamp[1].decode()) for stamp in (stamps[0], stamps[-1]) if stamp] if stamps else []
    return (times[-1] - times[0]).total_seconds() if times else 0.0


def _event(path: Path, n: int, line: bytes) -> Event:
    crc = _CRC.search(line)
    sound = crc is not None and int(crc[1], 16) == zlib.crc32(line[:-_CRC_LENGTH]) and line.startswith(b'{"n":%d,' % n)
    if not sound:
        raise DamagedJournalError(path, n + 1)
    try:
        return from_json(line)
    except ValidationError as error:
        raise RefusedError(
            f"{path}: line {n + 1} is sound, but of a kind that this version does not know. Use the software that "
            "wrote it."
        ) from error


def _without_none(value: Any) -> Any:
    """TOML has no null: what is None is left out."""
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return value
