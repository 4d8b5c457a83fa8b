"""Lock file that every user of this computer can lock, and that the system releases when the holder ends, in any way.

The file is empty and never written to, so read permission is enough, whoever created it: in a sticky directory only
its owner may remove it, and on Windows only its owner may write it. (filelock needs to own such a file.) Links are not
followed, and anything but a regular file is refused.
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
"""Every holder may renew its modification time, so that cleaning programs do not remove it."""
NOT_FOLLOWING = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
TRIES = 100
"""Attempts; one fails if another program has just removed its lock."""


class LockFile:
    """A lock that is held. ``release`` also removes its file if this user is allowed to; see ``take``."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    def renew(self) -> None:
        """Renew the modification time, so that programs that remove old files keep this one."""
        with suppress(OSError):
            os.utime(self._descriptor if os.utime in os.supports_fd else self._path)

    def release(self) -> None:
        """Release the lock."""
        with suppress(OSError):  # Windows cannot remove an open file, nor a user a file of another
            if _is_at(self._path, self._descriptor):
                self._path.unlink()
        os.close(self._descriptor)


def take(path: Path) -> LockFile | None:
    """Take the lock at ``path``; None if another program, or this process, holds it.

    Raises:
        OSError: it cannot be created or opened, or is not a regular file.
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
        os.close(descriptor)  # the holder removed it meanwhile, so the next program would lock another file
    raise OSError(f"{path} is removed again and again")


def read_plain(path: Path, most_bytes: int) -> bytes:
    """Content of a small file that any program may have written.

    Raises:
        OSError: it does not exist, is not a regular file, or is larger.
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
        raise OSError(f"{path} is not a regular file")
    return descriptor


def _create(path: Path) -> None:
    """Create the file with its final mode, independent of the umask, so that every user can open it at once."""
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
    except (BlockingIOError, PermissionError):  # Windows raises the latter
        return False
    return True
