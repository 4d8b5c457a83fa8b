"""The journal of a run: appended to, every line flushed, milestones synced to disk."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from mtjlab.errors import BenchFaultError
from mtjlab.events import MILESTONES, Event, RunEnded
from mtjlab.store.files import put
from mtjlab.store.folder import JOURNAL, RESERVE
from mtjlab.store.lines import written

RESERVE_BYTES = 1 << 18


class JournalError(BenchFaultError):
    """Events can no longer be recorded, so the run must end."""


class Journal:
    """Appends events to a run folder.

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
        put(self._reserve, os.urandom(RESERVE_BYTES))  # zeros take no room on some disks

    def append(self, event: Event) -> None:
        """Write one event; it is in the file when this returns.

        Raises:
            JournalError: the file cannot be written, or is no longer where it was.
        """
        if self._failed is not None:
            raise JournalError(self._failed)
        trouble = self._write(event)
        if trouble is not None:
            raise self._unwritable(trouble)

    def append_last_words(self, event: Event) -> None:
        """Write one event even if ``append`` has failed before: there is room for it in the reserve.

        Raises:
            JournalError: the file cannot be written all the same.
        """
        self._write(event)
        if isinstance(event, RunEnded):
            self._drop_reserve()

    def _write(self, event: Event) -> OSError | None:
        """Write one event, in the room of the reserve if there is no other; returns why there is none."""
        self._demand_in_place()
        line, sync = written(self._n, event), isinstance(event, MILESTONES)
        try:
            self._put(line, sync)
        except OSError as error:
            self._give_free()
            try:
                self._put(line, sync)
            except OSError:
                raise self._unwritable(error) from error
            return error
        return None

    def _give_free(self) -> None:
        with suppress(OSError):
            os.truncate(self._reserve, self._reserve.stat().st_size // 2)

    def _put(self, line: bytes, sync: bool) -> None:
        """The whole line, or nothing of it."""
        try:
            self._write_whole(line)
            if sync:
                os.fsync(self._file.fileno())
        except OSError:
            with suppress(OSError):
                self._file.truncate(self._size)
                self._file.seek(self._size)
            raise
        self._n += 1
        self._size += len(line)

    def _write_whole(self, line: bytes) -> None:
        if self._file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _demand_in_place(self) -> None:
        """A file that somebody removed or moved still takes what is written, and nobody would ever read it."""
        try:
            in_place = _identity(self._path.stat()) == self._identity
        except OSError:
            in_place = False
        if not in_place:
            raise self._failure("is no longer there: somebody removed, moved or replaced the run folder while it ran.")

    def _drop_reserve(self) -> None:
        with suppress(OSError):
            self._reserve.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> JournalError:
        return self._failure(
            f"cannot be written any more ({error.strerror}). All that it holds is sound. Make room, then go on with "
            "`mtjlab resume`."
        )

    def _failure(self, told: str) -> JournalError:
        self._failed = f"{self._path}: {told}"
        return JournalError(self._failed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._drop_reserve()


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
