"""Files of a run folder, into which anybody may put anything.

Only regular files of a sane size are read, and nothing is waited for: not for the other end of a pipe, not for a
device. Nothing is written through a symbolic link.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from mtjlab.text import likely_text
from mtjlab.whole_files import put

LARGEST = 1 << 26
"""Bytes of a file that is read at once; journals are read line by line."""
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file, open to be read.

    Raises:
        OSError: it is not there, is no regular file, or may not be read.
    """
    with os.fdopen(_descriptor(path, os.O_RDONLY), "rb") as file:
        yield file


def content_of(path: Path, most: int = LARGEST) -> bytes:
    """All that the file holds.

    Raises:
        OSError: as ``opened``, or it holds more than ``most`` bytes.
    """
    with opened(path) as file:
        length = os.fstat(file.fileno()).st_size  # to ask for ``most`` would make room for so many bytes each time
        content = file.read(min(length, most) + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most} bytes", str(path))
    return content


def text_in(path: Path, most: int = LARGEST) -> str:
    """The same as text; what is neither UTF-8 nor UTF-16 is replaced. Raises OSError as ``content_of``."""
    return likely_text(content_of(path, most))


def is_file(path: Path) -> bool:
    """Whether there is a regular file; also where that cannot be seen, there is none."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):  # no file has a name with a NUL in it
        return False


def is_there(path: Path) -> bool:
    """Whether anything has this name: a dangling link and a pipe count as well."""
    return os.path.lexists(path)


def leave(path: Path, text: str) -> None:
    """Put a file there that says ``text``; an empty one where the disk has no room for that.

    Raises:
        OSError: not even that can be done.
    """
    try:
        put(path, text.encode())
    except OSError:
        os.close(_descriptor(path, os.O_WRONLY | os.O_CREAT | _NO_LINK))


def make_folder(path: Path) -> None:
    """Make sure that there is a folder, and no link to one. Raises OSError if there is not."""
    demand_no_link(path)
    path.mkdir(exist_ok=True)


def demand_no_link(path: Path) -> None:
    """Raise OSError if ``path`` is a symbolic link."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a symbolic link", str(path))


def append(path: Path, content: bytes) -> None:
    """Add ``content`` to the end of the file, at once.

    Raises:
        OSError: it cannot be written, or is no regular file.
    """
    with opened_to_append(path) as file:
        file.write(content)


def opened_to_append(path: Path) -> BinaryIO:
    """The file, open to be written at its end. Raises OSError as ``append``."""
    return os.fdopen(_descriptor(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NO_LINK), "ab")


def remove_empty(path: Path) -> None:
    """Take away a file into which nothing was written, if that can be done."""
    with suppress(OSError):
        if path.lstat().st_size == 0:
            path.unlink()


def touch(path: Path) -> None:
    """Give the file the time of now. Raises OSError as ``append``."""
    descriptor = _descriptor(path, os.O_WRONLY | os.O_CREAT | _NO_LINK)
    try:
        os.utime(descriptor if os.utime in os.supports_fd else path)
    finally:
        os.close(descriptor)


def _descriptor(path: Path, flags: int) -> int:
    if flags & os.O_CREAT and not _NO_LINK:
        demand_no_link(path)
    descriptor = os.open(path, flags | _AT_ONCE, 0o666)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, "it is no regular file", str(path))
