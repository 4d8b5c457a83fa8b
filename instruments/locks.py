"""One program a bench: locks by address and, once an instrument has said who it is, by model and serial number.

They lie where all users of this computer meet. The system drops them when their holder ends, however. Beside them lies
a note of each holder, for the message that others get: what it says is shown, and nothing depends on it.
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
    """Who holds which instruments: addresses as they are written, ``names`` as they are locked."""

    program: str
    pid: int
    created_s: float
    """When the process was created, seconds since 1970: a pid alone may be used again."""
    host: str
    since: str
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def alive(self) -> bool | None:
        """Whether the process still runs; None if it ran on another host, or in another container."""
        if self.host != socket.gethostname():
            return None
        return process_of(self.pid, self.created_s) is not None

    def __str__(self) -> str:
        return f"{self.program} (pid {self.pid} on {self.host}) since {self.since}"


class Hold:
    """Locks on instruments, until released or until the process ends. A context manager.

    ``program`` says what holds them, for the message that others get.
    """

    def __init__(self, folder: Path, program: str) -> None:
        self._folder = folder
        self._locks: dict[str, LockFile] = {}
        self._address_of: dict[str, str] = {}
        self._holder = _this_process(program)
        self._note = folder / f"{PREFIX}{uuid4().hex}{NOTE}"

    def take(self, *addresses: str) -> None:
        """Take the locks of all of these addresses, or none.

        Raises:
            HeldError: another program, or this one by another ``Hold``, holds one of them.
        """
        by_address = names_of_addresses(one for one in addresses if canonical(one) not in self._holder.addresses)
        wanted = {name: address for address, names in sorted(by_address.items()) for name in names}
        self._take(wanted, {canonical(address) for address in by_address})

    def recognise(self, address: str, identity: Identity) -> None:
        """Take the lock of the instrument that answers at ``address``, whatever other addresses it has.

        Raises:
            HeldError: another program holds it, or it was recognised at another address before.
        """
        name = name_of_instrument(identity)
        if name is None:
            return
        before = self._address_of.setdefault(name, address)
        if canonical(before) != canonical(address):
            raise HeldError(
                f"{address} and {before} are the same instrument, {identity}. Nothing was set there. Give each part "
                "its own instrument in the bench file, and one that plays two parts one address."
            )
        try:
            self._take({name: f"{address} ({identity})"}, set())
        except HeldError:
            del self._address_of[name]
            raise

    def renew(self) -> None:
        """Keep the locks from programs that remove old files; a few times a day is enough."""
        for lock in self._locks.values():
            lock.renew()

    def release(self) -> None:
        """Give all of them back. May be called again."""
        self._give_back(set(self._locks))
        self._address_of.clear()

    def __enter__(self) -> "Hold":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _take(self, wanted: dict[str, str], addresses: set[str]) -> None:
        """Take the locks of names that are not held yet; ``wanted`` tells what each is the name of."""
        new = sorted(set(wanted) - set(self._locks))
        if not new and addresses <= set(self._holder.addresses):
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for name in new:
                self._locks[name] = self._taken(name, wanted[name])
        except OSError as error:
            self._give_back(set(new))
            raise HeldError(_unusable(self._folder, error)) from error
        except BaseException:
            self._give_back(set(new))
            raise
        self._holder = replace(self._holder, addresses=tuple(sorted({*self._holder.addresses, *addresses})))
        self._write_note()
        self._tidy()

    def _taken(self, name: str, what: str) -> LockFile:
        """A lock whose holder is not known may be free in a moment, or its holder may still be writing its note."""
        for _ in range(TRIES):
            lock = take(self._folder / _file_name(name))
            if lock is not None:
                return lock
            if by := next((holder for holder in held(self._folder) if name in holder.names), None):
                raise HeldError(f"{what} is held by {by}. Nothing was set there. Wait until that ends, or stop it.")
            time.sleep(PAUSE_S)
        raise HeldError(
            f"{what} is held by another program that does not say who it is. Nothing was set there. Stop that first."
        )

    def _give_back(self, names: set[str]) -> None:
        for name in names & set(self._locks):
            self._locks.pop(name).release()
        if not self._locks:
            self._holder = replace(self._holder, addresses=())
            with suppress(OSError):  # Windows refuses while somebody reads it; a stale note does no harm
                self._note.unlink(missing_ok=True)

    def _tidy(self) -> None:
        """Notes and locks of processes that were killed; those of other users remain, and are ignored."""
        for path, holder in _notes(self._folder):
            if holder.alive is not False:
                continue
            with suppress(OSError):
                path.unlink()
                for lock in (self._folder / _file_name(name) for name in holder.names):
                    if os.path.exists(lock) and (taken := take(lock)) is not None:
                        taken.release()

    def _write_note(self) -> None:
        """Where it cannot be written, a refusal does not say who holds; the locks hold all the same."""
        self._holder = replace(self._holder, names=tuple(sorted(self._locks)))
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        with suppress(OSError), open(os.open(self._note, flags, 0o644), "w", encoding="utf-8") as file:
            if sys.platform != "win32":
                os.fchmod(file.fileno(), 0o644)  # whatever the umask: others shall read who holds what
            json.dump(asdict(self._holder), file)


def held(folder: Path) -> tuple[Holder, ...]:
    """Who holds locks in ``folder`` now, stale notes left out. Takes no lock, so it is in nobody's way."""
    holders = [holder for _, holder in _notes(folder) if holder.alive is not False]
    return tuple(sorted(holders, key=lambda holder: holder.addresses))


def usual_folder() -> Path:
    """Where locks lie on this computer, the same for all of its users.

    It is a folder of the system where everybody may write and nobody may remove what is another's. One of our own in it
    would belong to the user who happened to make it. The variable MTJLAB_LOCKS names another place, for tests.
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
    """A name that can be read, and that no other instrument has."""
    readable = re.sub(r"[^A-Z0-9.]+", "-", name.upper())[:MOST_READABLE]
    return f"{PREFIX}{readable}-{hashlib.sha256(name.encode()).hexdigest()[:8]}{LOCK}"


def _this_process(program: str) -> Holder:
    now = datetime.now(UTC).astimezone().isoformat(sep=" ", timespec="seconds")
    return Holder(program, os.getpid(), created_s(), socket.gethostname(), now)


def _notes(folder: Path) -> Iterator[tuple[Path, Holder]]:
    for path in sorted(folder.glob(f"{PREFIX}*{NOTE}")):
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            yield path, _holder(json.loads(read_plain(path, MOST_NOTE_BYTES)))


def _holder(told: dict[str, Any]) -> Holder:
    """Whoever may write into the folder wrote it, so it is made of plain short text."""
    addresses, names = ([_shown(one) for one in told[key]] for key in ("addresses", "names"))
    program, host, since = (_shown(told[key]) for key in ("program", "host", "since"))
    return Holder(program, int(told["pid"]), float(told["created_s"]), host, since, tuple(addresses), tuple(names))


def _shown(text: object) -> str:
    return "".join(sign for sign in str(text) if sign.isprintable())[:MOST_SHOWN]


def _unusable(folder: Path, error: OSError) -> str:
    return (
        f"{folder}: no lock on an instrument can be taken there ({error.strerror or error}), so nobody could tell "
        "whether another program uses the bench. Nothing was sent. Let every user of this computer write there."
    )
