"""One program a bench: a lock for each instrument address, which the system drops when its holder ends, however.

Beside each lock lies a note of who holds it. A note without a living holder is stale, and overwritten by the next one.
"""

import json
import os
import re
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import platformdirs
import psutil
from filelock import FileLock, Timeout
from pyvisa.rname import to_canonical_name

from instruments.interfaces import InstrumentError

SAME_PROCESS_S = 1.0
"""Creation times of one process, as written and as read again, differ by less."""
NOTE_TRIES = 5
NOTE_PAUSE_S = 0.05


class HeldError(InstrumentError):
    """Another program uses the instrument."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock of an address."""

    address: str
    program: str
    pid: int
    created_s: float
    """When the process was created, seconds since 1970: a pid alone may be used again."""
    host: str
    since: str

    @property
    def alive(self) -> bool | None:
        """Whether the process still runs; None if it ran on another host."""
        if self.host != socket.gethostname():
            return None
        try:
            process = psutil.Process(self.pid)
            ended = process.status() == psutil.STATUS_ZOMBIE
            return not ended and abs(process.create_time() - self.created_s) < SAME_PROCESS_S
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:  # it is there, and somebody else's
            return True

    def __str__(self) -> str:
        return f"{self.program} (pid {self.pid} on {self.host}) since {self.since}"


class Hold:
    """Locks on instruments, until released or until the process ends. A context manager."""

    def __init__(self, addresses: Iterable[str], folder: Path, program: str) -> None:
        """Take the lock of every address, or none.

        ``program`` says what holds them, for the message that others get. Locks are kept in ``folder``.

        Raises:
            HeldError: another program, or this one a second time, holds one of them.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._locks: list[tuple[FileLock, Path]] = []
        try:
            for address in sorted({canonical(address) for address in addresses}):
                self._take(address, folder, program)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Give all of them back. May be called again."""
        while self._locks:
            lock, note = self._locks.pop()
            with suppress(OSError):  # Windows refuses while somebody reads it; a stale note does no harm
                note.unlink(missing_ok=True)
            lock.release()

    def __enter__(self) -> "Hold":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _take(self, address: str, folder: Path, program: str) -> None:
        path = folder / (re.sub(r"[^A-Z0-9.]+", "-", address) + ".lock")
        note = path.with_suffix(".json")
        lock = FileLock(path, timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            raise HeldError(_refusal(address, note)) from None
        self._locks.append((lock, note))
        note.write_text(json.dumps(asdict(_this_process(address, program))), encoding="utf-8")


def held(folder: Path) -> tuple[Holder, ...]:
    """Who holds locks in ``folder`` now, stale notes left out. Takes no lock, so it stands in nobody's way."""
    holders = [_read(note) for note in sorted(folder.glob("*.json"))]
    return tuple(holder for holder in holders if holder is not None and holder.alive is not False)


def usual_folder(application: str) -> Path:
    """Where the locks of this user's programs on this computer lie.

    By host, because ``GPIB0::12`` is another instrument on another computer that shares the home directory. Not the
    runtime directory, which vanishes at logout though a run may go on.
    """
    return platformdirs.user_state_path(application, appauthor=False) / "locks" / socket.gethostname()


def canonical(address: str) -> str:
    """The one spelling of an address: ``gpib::12`` and ``GPIB0::12::INSTR`` are the same instrument."""
    try:
        return to_canonical_name(address.strip().upper()).upper()
    except ValueError:
        return address.strip().upper()


def _this_process(address: str, program: str) -> Holder:
    now = datetime.now(UTC).astimezone().isoformat(sep=" ", timespec="seconds")
    return Holder(address, program, os.getpid(), psutil.Process().create_time(), socket.gethostname(), now)


def _read(note: Path) -> Holder | None:
    try:
        return Holder(**json.loads(note.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _refusal(address: str, note: Path) -> str:
    """Who holds it; a holder that has only just taken the lock may still be writing its note."""
    for _ in range(NOTE_TRIES):
        holder = _read(note)
        if holder is not None and holder.alive is not False:
            return f"{address} is held by {holder}. Nothing was sent to it. Wait until that ends, or stop it."
        time.sleep(NOTE_PAUSE_S)
    return f"{address} is held by another program that does not say who it is. Nothing was sent to it. Stop that first."
