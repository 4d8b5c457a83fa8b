"""Standard streams that never fail: closed, a pipe without reader, a full disk, a terminal limited to ASCII."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO


@contextmanager
def lasting_streams() -> Iterator[None]:
    """Replace the standard streams: output that cannot be written is dropped, unencodable characters are escaped.

    A command and its exit code must not depend on the reader of its output. Output that a file could not take is
    reported on standard error at the end; output to a closed pipe is not.
    """
    for name in ("stdin", "stdout", "stderr"):  # in the order of their numbers, which no other file may get
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115
    output, error = sys.stdout, sys.stderr
    lost = _Lost()
    sys.stdout, sys.stderr = _lasting(output, lost), _lasting(error, _Lost())
    try:
        yield
    finally:
        sys.stdout.flush()
        if lost.reason:
            print(f"mtjlab: standard output could not be written ({lost.reason}).", file=sys.stderr)  # noqa: T201
        sys.stderr.flush()
        sys.stdout, sys.stderr = output, error


class _Lost:
    """Why output was lost, if it was."""

    reason = ""


class _Lasting(io.RawIOBase):
    """A raw stream that drops all bytes after the first failed write."""

    def __init__(self, raw: io.RawIOBase, lost: _Lost) -> None:
        self._raw = raw
        self._lost = lost
        self._ends = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def isatty(self) -> bool:
        return self._raw.isatty()

    def write(self, data: Any, /) -> int:
        if not self._ends:
            try:
                return self._raw.write(data) or len(data)
            except OSError as error:
                self._ends = True
                self._lost.reason = "" if error.errno == errno.EPIPE else error.strerror or str(error)
        return len(data)


def _lasting(stream: TextIO, lost: _Lost) -> TextIO:
    """Wrap ``stream`` so that writing never fails; a stream without a file is returned unchanged."""
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)  # with PYTHONUNBUFFERED there is no buffer
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(raw, io.RawIOBase):
        return stream
    lasting = _Lasting(raw, lost)
    below: Any = lasting if raw is buffer else io.BufferedWriter(lasting)
    return io.TextIOWrapper(
        below,
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
