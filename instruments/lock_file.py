"""A lock that every user of this computer can take, and that the system releases when its holder ends, however.

Its file is empty and never written to, so reading rights are enough, whoever created it: under a sticky directory
nobody else may remove it, and on Windows nobody else may write it. (filelock demands to own such a file.) Links are
not followed, and what is no plain file is refused.
"""

import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FOR_ALL = 0o666
"""Whoever holds it may also renew its time, which keeps programs that tidy up away."""
NOT_FOLLOWING = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
TRIES = 100
"""Each finds that another program has just removed its lock."""


class LockFile:
    """A lock, taken. ``release`` gives it back, and removes its file where this user may: see ``take``."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    def renew(self) -> None:
        """Tell programs that remove old files that this one is in use."""
        with suppress(OSError):
            os.utime(self._descriptor if os.utime in os.supports_fd else self._path)

    def release(self) -> None:
        """Give it back."""
        with suppress(OSError):  # Windows removes no open file; nobody removes what is another user's
            if _is_at(self._path, self._descriptor):
                self._path.unlink()
        os.close(self._descriptor)


def take(path: Path) -> LockFile | None:
    """Take the lock at ``path``; None if somebody else holds it, or this process already does.

    Raises:
        OSError: it cannot be made or opened, or is no plain file.
    """
    for _ in range(TRIES):
        try:
            descriptor = _opened(path)
        except FileNotFoundError:
            _create(path)
            continue
        if not _locked(descriptor):
            os.close(descriptor)
            return None
        if _is_at(path, descriptor):
            return LockFile(path, descriptor)
        os.close(descriptor)  # its holder removed it meanwhile, so the next one would lock another
    raise OSError(f"{path} is removed again and again")


def read_plain(path: Path, most_bytes: int) -> bytes:
    """Content of a small plain file that anybody may have put there.

    Raises:
        OSError: there is none, it is none, or it is larger.
    """
    descriptor = _opened(path)
    try:
        content = os.read(descriptor, most_bytes + 1)
    finally:
        os.close(descriptor)
    if len(content) > most_bytes:
        raise OSError(f"{path} is larger than {most_bytes} bytes")
    return content


def _opened(path: Path) -> int:
    descriptor = os.open(path, os.O_RDONLY | NOT_FOLLOWING)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path} is no plain file")
    return descriptor


def _create(path: Path) -> None:
    """It appears with its mode: whoever finds it can open it, whatever the umask of its creator."""
    descriptor, unnamed = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        os.close(descriptor)
        os.chmod(unnamed, FOR_ALL)
        with suppress(FileExistsError):
            os.link(unnamed, path)
    finally:
        os.unlink(unnamed)


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path, follow_symlinks=False), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # Windows says the latter
        return False
    return True
