"""Locks on instruments, by address and, once an instrument is identified, by model and serial number.

They are in a folder shared by all users of this computer, and the system releases them when their holder ends, in any
way. A note of each holder beside them is shown in the messages of other programs; nothing else depends on it.
"""

import hashlib
import json
import os
import re
import socket
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

import platformdirs

from instruments.interfaces import HeldError, Identity
from instruments.lock_file import LockFile, read_plain, take
from instruments.lock_names import canonical, name_of_instrument, names_of_addresses
from instruments.processes import created_s, process_of

SHARED_FOLDERS = ("/run/lock", "/tmp", "/var/tmp")
STICKY_FOR_ALL = stat.S_ISVTX | stat.S_IWOTH
PREFIX, LOCK, NOTE = "mtjlab-", ".lock", ".json"
MOST_READABLE = 80
MOST_NOTE_BYTES = 1 << 16
MOST_SHOWN = 200
TRIES = 5
PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Holder:
    """A program that holds instruments: their addresses in canonical form, and the lock ``names``."""

    program: str
    pid: int
    created_s: float
    """Creation time of the process, seconds since 1970: a process ID may be reused."""
    host: str
    since: str
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def alive(self) -> bool | None:
        """Whether the process still runs; None if it is on another host or in another container."""
        if self.host != socket.gethostname():
            return None
        return process_of(self.pid, self.created_s) is not None

    def __str__(self) -> str:
        return f"{self.program} (pid {self.pid} on {self.host}) since {self.since}"


class Hold:
    """Locks on instruments, held until released or until the process ends. A context manager.

    ``program`` is the holder shown to other programs.
    """

    def __init__(self, folder: Path, program: str) -> None:
        self._folder = folder
        self._locks: dict[str, LockFile] = {}
        self._address_of: dict[str, str] = {}
        self._holder = _this_process(program)
        self._note = folder / f"{PREFIX}{uuid4().hex}{NOTE}"

    def take(self, *addresses: str) -> None:
        """Take the locks of all these addresses, or of none.

        Raises:
            HeldError: another program, or this one by another ``Hold``, holds one of them.
        """
        by_address = names_of_addresses(one for one in addresses if canonical(one) not in self._holder.addresses)
        wanted = {name: address for address, names in sorted(by_address.items()) for name in names}
        self._take(wanted, {canonical(address) for address in by_address})

    def recognise(self, address: str, identity: Identity) -> None:
        """Take the lock of the instrument at ``address`` by its identity.

        Raises:
            HeldError: another program holds it, or it was identified at another address before.
        """
        name = name_of_instrument(identity)
        if name is None:
            return
        before = self._address_of.setdefault(name, address)
        if canonical(before) != canonical(address):
            raise HeldError(
                f"{address} and {before} are the same instrument, {identity}. Nothing was set there. Give each role "
                "its own instrument in the bench file, or the same address if one instrument has two roles."
            )
        try:
            self._take({name: f"{address} ({identity})"}, set())
        except HeldError:
            del self._address_of[name]
            raise

    def renew(self) -> None:
        """Renew the locks against programs that remove old files; a few times a day is enough."""
        for lock in self._locks.values():
            lock.renew()

    def release(self) -> None:
        """Release all locks. May be called again."""
        self._release(set(self._locks))
        self._address_of.clear()

    def __enter__(self) -> "Hold":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _take(self, wanted: dict[str, str], addresses: set[str]) -> None:
        """Take the locks of names that are not held yet; ``wanted`` maps each to the instrument it belongs to."""
        new = sorted(set(wanted) - set(self._locks))
        if not new and addresses <= set(self._holder.addresses):
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for name in new:
                self._locks[name] = self._taken(name, wanted[name])
        except OSError as error:
            self._release(set(new))
            raise HeldError(_unusable(self._folder, error)) from error
        except BaseException:
            self._release(set(new))
            raise
        self._holder = replace(self._holder, addresses=tuple(sorted({*self._holder.addresses, *addresses})))
        self._write_note()
        self._remove_stale()

    def _taken(self, name: str, what: str) -> LockFile:
        """Take one lock. Tries again while its holder is unknown: the note may not be written yet."""
        for _ in range(TRIES):
            lock = take(self._folder / _file_name(name))
            if lock is not None:
                return lock
            if by := next((holder for holder in held(self._folder) if name in holder.names), None):
                raise HeldError(f"{what} is held by {by}. Nothing was set there. Wait until that ends, or stop it.")
            time.sleep(PAUSE_S)
        raise HeldError(f"{what} is held by an unknown program. Nothing was set there. Stop that first.")

    def _release(self, names: set[str]) -> None:
        for name in names & set(self._locks):
            self._locks.pop(name).release()
        if not self._locks:
            self._holder = replace(self._holder, addresses=())
            with suppress(OSError):  # Windows refuses while another program reads it; a stale note does no harm
                self._note.unlink(missing_ok=True)

    def _remove_stale(self) -> None:
        """Remove notes and locks of killed processes; those of other users remain, and are ignored."""
        for path, holder in _notes(self._folder):
            if holder.alive is not False:
                continue
            with suppress(OSError):
                path.unlink()
                for lock in (self._folder / _file_name(name) for name in holder.names):
                    if os.path.exists(lock) and (taken := take(lock)) is not None:
                        taken.release()

    def _write_note(self) -> None:
        """Write the note of this process. If that fails, messages of others do not name it; the locks still hold."""
        self._holder = replace(self._holder, names=tuple(sorted(self._locks)))
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        with suppress(OSError), open(os.open(self._note, flags, 0o644), "w", encoding="utf-8") as file:
            if sys.platform != "win32":
                os.fchmod(file.fileno(), 0o644)  # independent of the umask: others must be able to read it
            json.dump(asdict(self._holder), file)


def held(folder: Path) -> tuple[Holder, ...]:
    """Holders of locks in ``folder``, without stale notes. It takes no lock, so it never blocks another program."""
    holders = [holder for _, holder in _notes(folder) if holder.alive is not False]
    return tuple(sorted(holders, key=lambda holder: holder.addresses))


def usual_folder() -> Path:
    """Folder of the locks on this computer, the same for all users.

    It is a system folder where every user may write, but only remove own files. A subfolder would belong to the user
    who created it first. The variable MTJLAB_LOCKS names another folder, for tests.
    """
    if named := os.environ.get("MTJLAB_LOCKS"):
        return Path(named)
    if sys.platform == "win32":
        return platformdirs.site_data_path("mtjlab", appauthor=False) / "locks"
    for shared in map(Path, SHARED_FOLDERS):
        with suppress(OSError):
            if shared.stat().st_mode & STICKY_FOR_ALL == STICKY_FOR_ALL:
                return shared
    return platformdirs.user_state_path("mtjlab", appauthor=False) / "locks"


def _file_name(name: str) -> str:
    """Readable and unique file name of a lock."""
    readable = re.sub(r"[^A-Z0-9.]+", "-", name.upper())[:MOST_READABLE]
    return f"{PREFIX}{readable}-{hashlib.sha256(name.encode()).hexdigest()[:8]}{LOCK}"


def _this_process(program: str) -> Holder:
    now = datetime.now(UTC).astimezone().isoformat(sep=" ", timespec="seconds")
    return Holder(program, os.getpid(), created_s(), socket.gethostname(), now)


def _notes(folder: Path) -> Iterator[tuple[Path, Holder]]:
    for path in sorted(folder.glob(f"{PREFIX}*{NOTE}")):
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            yield path, _holder(json.loads(read_plain(path, MOST_NOTE_BYTES)))


def _holder(note: dict[str, Any]) -> Holder:
    """Holder from a note. Any program may have written it, so only short printable text is kept."""
    addresses, names = ([_shown(one) for one in note[key]] for key in ("addresses", "names"))
    program, host, since = (_shown(note[key]) for key in ("program", "host", "since"))
    return Holder(program, int(note["pid"]), float(note["created_s"]), host, since, tuple(addresses), tuple(names))


def _shown(text: object) -> str:
    return "".join(sign for sign in str(text) if sign.isprintable())[:MOST_SHOWN]


def _unusable(folder: Path, error: OSError) -> str:
    return (
        f"{folder}: no lock on an instrument can be taken there ({error.strerror or error}), so it is not known "
        "whether another program uses the bench. Nothing was sent. Give all users write permission to this folder."
    )
