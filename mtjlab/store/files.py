"""Safe access to the files of a run folder, to which any program may write.

Only regular files of limited size are read, and opening a pipe or a device never blocks. Nothing is written through a
symbolic link.
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
    """Open the file for reading.

    Raises:
        OSError: it is not there, is not a regular file, or may not be read.
    """
    with os.fdopen(_descriptor(path, os.O_RDONLY), "rb") as file:
        yield file


def content_of(path: Path, most: int = LARGEST) -> bytes:
    """Content of the file.

    Raises:
        OSError: as ``opened``, or it holds more than ``most`` bytes.
    """
    descriptor = _descriptor(path, os.O_RDONLY)
    try:
        left = min(os.fstat(descriptor).st_size, most) + 1  # read(most) would allocate that many bytes each time
        parts = [os.read(descriptor, left)]
        while parts[-1] and (left := left - len(parts[-1])) > 0:
            parts.append(os.read(descriptor, left))
    finally:
        os.close(descriptor)
    content = b"".join(parts)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most} bytes", str(path))
    return content


def text_in(path: Path, most: int = LARGEST) -> str:
    """Content as text; bytes that are neither UTF-8 nor UTF-16 are replaced. Raises OSError as ``content_of``."""
    return likely_text(content_of(path, most))


def is_file(path: Path) -> bool:
    """Whether ``path`` is a regular file; False if that cannot be found out."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):  # no file has a name with a NUL in it
        return False


def is_there(path: Path) -> bool:
    """Whether anything has this name, a dangling link or a pipe included."""
    return os.path.lexists(path)


def write_marker(path: Path, text: str) -> None:
    """Write a file that holds ``text``, or an empty one if the disk is full.

    Raises:
        OSError: not even an empty file can be written.
    """
    try:
        put(path, text.encode())
    except OSError:
        os.close(_descriptor(path, os.O_WRONLY | os.O_CREAT | _NO_LINK))


def make_folder(path: Path) -> None:
    """Create the folder unless it exists. Raises OSError if it cannot be created, or is a link."""
    demand_no_link(path)
    path.mkdir(exist_ok=True)


def demand_no_link(path: Path) -> None:
    """Raise OSError if ``path`` is a symbolic link."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a symbolic link", str(path))


def append(path: Path, content: bytes) -> None:
    """Append ``content`` to the file.

    Raises:
        OSError: it cannot be written, or is not a regular file.
    """
    with open_to_append(path) as file:
        file.write(content)


def open_to_append(path: Path) -> BinaryIO:
    """Open the file for appending. Raises OSError as ``append``."""
    return os.fdopen(_descriptor(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NO_LINK), "ab")


def remove_empty(path: Path) -> None:
    """Remove the file if it is empty and can be removed."""
    with suppress(OSError):
        if path.lstat().st_size == 0:
            path.unlink()


def touch(path: Path) -> None:
    """Set the modification time of the file to now. Raises OSError as ``append``."""
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
    raise OSError(errno.EINVAL, "it is not a regular file", str(path))
