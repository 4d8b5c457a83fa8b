"""The journal of a run: append-only, every line flushed, milestones synced to disk."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from mtjlab.errors import BenchFaultError, reason_of, remedy_of
from mtjlab.events.base import Event
from mtjlab.store.folder import JOURNAL, RESERVE
from mtjlab.store.lines import format_line
from mtjlab.whole_files import put

RESERVE_BYTES = 1 << 18
UNWRITABLE, UNSYNCED = "can no longer be written", "cannot be synced to disk"


class JournalError(BenchFaultError):
    """Events can no longer be recorded, so the run must end."""


class Journal:
    """Appends events to a run folder.

    A line that was written but cannot be synced to disk stays in the file: it may well survive.

    Disk space for the final events of a run is reserved. When the disk is full it is released, half of the rest each
    time, because other programs take free space on the same disk: the event that did not fit is still recorded, and
    after it only final events.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / JOURNAL
        self._reserve = folder / RESERVE
        self._file = self._path.open("xb", buffering=0)
        self._identity = _identity(os.fstat(self._file.fileno()))
        self._n = self._size = 0
        self._failed: str | None = None
        self._unsynced: OSError | None = None
        put(self._reserve, os.urandom(RESERVE_BYTES))  # some file systems store zeros without using space

    def append(self, event: Event) -> None:
        """Write one event; it is in the file on return.

        Raises:
            JournalError: the file cannot be written or synced, or was moved or removed.
        """
        if self._failed is not None:
            raise JournalError(self._failed)
        error = self._write(event)
        if error is not None:
            raise self._failure(UNSYNCED if self._unsynced else UNWRITABLE, error)

    def append_final(self, event: Event) -> None:
        """Write one event even if ``append`` has failed before, with the reserved disk space.

        A line that cannot be synced raises nothing; see ``unsynced``.

        Raises:
            JournalError: the file cannot be written.
        """
        self._write(event)
        if event.is_final:
            self._remove_reserve()

    @property
    def unsynced(self) -> str | None:
        """Why the last lines may be lost if this computer stops, as a sentence; None if all lines are synced."""
        return (
            self._error_text(f"{UNSYNCED}, so its last lines may be lost", self._unsynced) if self._unsynced else None
        )

    def _write(self, event: Event) -> OSError | None:
        """Write one event, in the reserved space if the disk is full; returns the first error."""
        self._check_in_place()
        line, sync = format_line(self._n, event), event.milestone
        is_written = False
        try:
            first_error, is_written = self._put(line, sync), True
        except OSError as error:
            first_error = error
        if first_error is not None:
            self._release_reserve()
            try:
                self._unsynced = self._put(line, sync)  # the same bytes at the same place
            except OSError as error:
                if not is_written:
                    with suppress(OSError):
                        self._file.truncate(self._size)
                    raise self._failure(UNWRITABLE, first_error) from error
                self._unsynced = first_error
        self._n += 1
        self._size += len(line)
        return first_error

    def _release_reserve(self) -> None:
        with suppress(OSError):
            os.truncate(self._reserve, self._reserve.stat().st_size // 2)

    def _put(self, line: bytes, sync: bool) -> OSError | None:
        """Write the whole line after the last valid one; returns an error of the sync. Raises OSError of the write."""
        self._file.seek(self._size)
        if self._file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        try:
            if sync:
                os.fsync(self._file.fileno())
        except OSError as error:
            return error
        return None

    def _check_in_place(self) -> None:
        """Raise JournalError if the file was moved or removed: the open file would take lines that nobody can read."""
        try:
            in_place = _identity(self._path.stat()) == self._identity
        except (FileNotFoundError, NotADirectoryError):
            in_place = False
        except OSError as error:
            raise self._failure(UNWRITABLE, error) from error
        if not in_place:
            raise self._failure("is no longer there: somebody removed, moved or replaced the run folder while it ran.")

    def _remove_reserve(self) -> None:
        with suppress(OSError):
            self._reserve.unlink(missing_ok=True)

    def _failure(self, what: str, error: OSError | None = None) -> JournalError:
        self._failed = self._error_text(what, error)
        return JournalError(self._failed)

    def _error_text(self, what: str, error: OSError | None) -> str:
        if error is None:
            return f"{self._path}: {what}"
        return (
            f"{self._path}: {what} ({reason_of(error)}). All events in it are valid. {remedy_of(error)}, then "
            "continue with `mtjlab resume`."
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._remove_reserve()


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
