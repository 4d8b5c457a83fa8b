"""A file for HDF5, which crashes at the exit of the program if a write has ever failed."""

import io
from pathlib import Path
from typing import Any


class UnfailingFile(io.RawIOBase):
    """A new file at ``path`` whose methods never fail: ``failure`` is the first error of the operating system.

    From then on it keeps what is written in memory, so that HDF5 reads back what it wrote, and can close the file.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError if the file cannot be created."""
        super().__init__()
        self._file = path.open("w+b", buffering=0)
        self._at = 0
        self._kept: list[tuple[int, bytes]] = []
        """What the file could not take, by its place, in the order in which it came."""
        self.failure: OSError | None = None

    def readable(self) -> bool:
        """Return True."""
        return True

    def writable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to a place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        """Return the place."""
        return self._at

    def write(self, data: Any, /) -> int:
        """Take all of ``data``."""
        with memoryview(data) as whole, whole.cast("B") as view:
            place, self._at = self._at, self._at + len(view)
            if self.failure is None:
                try:
                    self._write(place, view)
                except OSError as error:
                    self.failure = error
            if self.failure is not None:
                self._kept.append((place, bytes(view)))
            return len(view)

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer with what was written; zeros where nothing was."""
        with memoryview(buffer) as whole, whole.cast("B") as view:
            place, self._at = self._at, self._at + len(view)
            view[:] = self._read(place, len(view)).ljust(len(view), b"\0")
            for start, part in self._kept:
                first, end = max(start, place), min(start + len(part), place + len(view))
                if first < end:
                    view[first - place : end - place] = part[first - start : end - start]
            return len(view)

    def truncate(self, size: int | None = None, /) -> int:
        """Set the size."""
        size = self._at if size is None else size
        try:
            self._file.truncate(size)
        except OSError as error:
            self.failure = self.failure or error
        return size

    def close(self) -> None:
        """Close the file."""
        try:
            self._file.close()
        except OSError as error:
            self.failure = self.failure or error
        super().close()

    @property
    def _end(self) -> int:
        return max(self._file.seek(0, io.SEEK_END), *(place + len(part) for place, part in self._kept), 0)

    def _write(self, place: int, view: memoryview) -> None:
        """Write all. Raises OSError."""
        self._file.seek(place)
        while view:
            view = view[self._file.write(view) :]  # on a disk that is nearly full it takes a part

    def _read(self, place: int, size: int) -> bytes:
        """What the file has of so many bytes."""
        try:
            self._file.seek(place)
            parts = [self._file.read(size)]
            while parts[-1] and (left := size - sum(map(len, parts))) > 0:
                parts.append(self._file.read(left))
        except OSError as error:
            self.failure = self.failure or error
            return b""
        return b"".join(parts)
