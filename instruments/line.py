"""The line to one instrument: a PyMeasure adapter that names itself in every error and never waits for Nagle."""

import socket
from contextlib import suppress
from typing import Any

import pyvisa
from pymeasure.adapters import VISAAdapter

from instruments.interfaces import InstrumentError, NoReplyError

SOCKET_OPTIONS = {"read_termination": "\n", "write_termination": "\n"}


class Line(VISAAdapter):
    """One VISA session, owned by one thread.

    Raises NoReplyError for everything that VISA, the operating system or the instrument's end does not deliver, with
    the role, the address and the message that was sent. Writes are never repeated.
    """

    def __init__(self, role: str, address: str, library: str, timeout_s: float) -> None:
        self.role = role
        self.address = address
        self.sent = ""
        self._library = library
        self._timeout_s = timeout_s
        self._open()

    def allow(self, integration_s: float) -> None:
        """Wait for replies as long as an integration of this length may take, beside the timeout of the line."""
        self.connection.timeout = round((self._timeout_s + 1.5 * integration_s) * 1000)

    def reopen(self) -> None:
        """Device clear and, on a socket, a new connection: a reply that comes late must not answer the next query."""
        timeout = self.connection.timeout
        if not self._is_socket:
            with self._named():
                self.connection.clear()
            return
        with suppress(Exception):
            self.connection.close()
        self._open()
        self.connection.timeout = timeout

    @property
    def _is_socket(self) -> bool:
        return self.address.upper().endswith("::SOCKET")

    def _open(self) -> None:
        with self._named("open"):
            super().__init__(
                self.address,
                self._library,
                timeout=round(self._timeout_s * 1000),
                open_timeout=round(self._timeout_s * 1000),
                **(SOCKET_OPTIONS if self._is_socket else {}),
            )
            self._send_at_once()

    def _send_at_once(self) -> None:
        """pyvisa-py does not know VI_ATTR_TCPIP_NODELAY; NI-VISA does this by itself."""
        sessions = getattr(self.connection.visalib, "sessions", {})
        link = getattr(sessions.get(self.connection.session), "interface", None)
        if isinstance(link, socket.socket):
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _write(self, command: str, **kwargs: Any) -> None:
        self.sent = command
        with self._named():
            super()._write(command, **kwargs)

    def _read(self, **kwargs: Any) -> str:
        with self._named():
            return str(super()._read(**kwargs))

    def _named(self, what: str | None = None) -> "_Named":
        return _Named(self, what)


class _Named:
    """Turns what VISA and the operating system raise into an error that names the instrument."""

    def __init__(self, line: Line, what: str | None) -> None:
        self._line = line
        self._what = what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, (pyvisa.Error, OSError, UnicodeDecodeError, ValueError)):
            return
        line = self._line
        if self._what:
            raise NoReplyError(f"{line.role} ({line.address}): cannot be opened: {error}.") from error
        if isinstance(error, UnicodeDecodeError):
            raise InstrumentError(
                f"{line.role} ({line.address}): sent {line.sent!r}, came {error.object!r}."
            ) from error
        raise NoReplyError(
            f"{line.role} ({line.address}): sent {line.sent!r}, nothing came ({_reason(error)})."
        ) from error


def _reason(error: BaseException) -> str:
    return getattr(error, "abbreviation", "") or str(error) or type(error).__name__
