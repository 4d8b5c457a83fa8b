"""The journal of a run: appended to, every line flushed, milestones synced to disk."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from mtjlab.errors import BenchFaultError, reason_of, remedy_of
from mtjlab.events.base import Event
from mtjlab.store.folder import JOURNAL, RESERVE
from mtjlab.store.lines import written
from mtjlab.whole_files import put

RESERVE_BYTES = 1 << 18
UNWRITABLE, UNSYNCED = "cannot be written any more", "cannot be synced to its disk"


class JournalError(BenchFaultError):
    """Events can no longer be recorded, so the run must end."""


class Journal:
    """Appends events to a run folder.

    A line that was written but cannot be synced to its disk stays: it may well survive, and nothing better is known.

    Room for the last words of a run is kept aside. When the disk is full it is given free, half of what is left each
    time, since others on the same disk take what is free: the event that did not fit is still recorded, and nothing but
    last words after it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / JOURNAL
        self._reserve = folder / RESERVE
        self._file = self._path.open("xb", buffering=0)
        self._identity = _identity(os.fstat(self._file.fileno()))
        self._n = self._size = 0
        self._failed: str | None = None
        self._unsynced: OSError | None = None
        put(self._reserve, os.urandom(RESERVE_BYTES))  # zeros take no room on some disks

    def append(self, event: Event) -> None:
        """Write one event; it is in the file when this returns.

        Raises:
            JournalError: the file cannot be written or synced, or is no longer where it was.
        """
        if self._failed is not None:
            raise JournalError(self._failed)
        trouble = self._write(event)
        if trouble is not None:
            raise self._failure(UNSYNCED if self._unsynced else UNWRITABLE, trouble)

    def append_last_words(self, event: Event) -> None:
        """Write one event even if ``append`` has failed before: there is room for it in the reserve.

        What cannot be synced is no error, but see ``unsynced``.

        Raises:
            JournalError: the file cannot be written all the same.
        """
        self._write(event)
        if event.is_final:
            self._drop_reserve()

    @property
    def unsynced(self) -> str | None:
        """Why the last lines may be lost when this computer stops, a sentence; None if they will not be."""
        return self._told(f"{UNSYNCED}, so its last lines may be lost", self._unsynced) if self._unsynced else None

    def _write(self, event: Event) -> OSError | None:
        """Write one event, in the room of the reserve if there is no other; returns what went wrong on the way."""
        self._demand_in_place()
        line, sync = written(self._n, event), event.milestone
        is_there = False
        try:
            trouble, is_there = self._put(line, sync), True
        except OSError as error:
            trouble = error
        if trouble is not None:
            self._give_free()
            try:
                self._unsynced = self._put(line, sync)  # the same bytes at the same place
            except OSError as error:
                if not is_there:
                    with suppress(OSError):
                        self._file.truncate(self._size)
                    raise self._failure(UNWRITABLE, trouble) from error
                self._unsynced = trouble
        self._n += 1
        self._size += len(line)
        return trouble

    def _give_free(self) -> None:
        with suppress(OSError):
            os.truncate(self._reserve, self._reserve.stat().st_size // 2)

    def _put(self, line: bytes, sync: bool) -> OSError | None:
        """The whole line, after all that is sound; returns why it cannot be synced. Raises OSError where none is."""
        self._file.seek(self._size)
        if self._file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        try:
            if sync:
                os.fsync(self._file.fileno())
        except OSError as error:
            return error
        return None

    def _demand_in_place(self) -> None:
        """A file that somebody removed or moved still takes what is written, and nobody would ever read it."""
        try:
            in_place = _identity(self._path.stat()) == self._identity
        except (FileNotFoundError, NotADirectoryError):
            in_place = False
        except OSError as error:
            raise self._failure(UNWRITABLE, error) from error
        if not in_place:
            raise self._failure("is no longer there: somebody removed, moved or replaced the run folder while it ran.")

    def _drop_reserve(self) -> None:
        with suppress(OSError):
            self._reserve.unlink(missing_ok=True)

    def _failure(self, what: str, error: OSError | None = None) -> JournalError:
        self._failed = self._told(what, error)
        return JournalError(self._failed)

    def _told(self, what: str, error: OSError | None) -> str:
        if error is None:
            return f"{self._path}: {what}"
        return (
            f"{self._path}: {what} ({reason_of(error)}). All that it holds is sound. {remedy_of(error)}, then go on "
            "with `mtjlab resume`."
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._drop_reserve()


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
