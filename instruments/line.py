"""The line to one instrument: a PyMeasure adapter that names itself in every error and never waits for Nagle."""

import socket
from contextlib import suppress
from typing import Any

import pyvisa
from pyvisa.constants import Parity, StatusCode

from instruments.interfaces import (
    ZEROING,
    GarbledReplyError,
    HeldError,
    InstrumentError,
    NoReplyError,
    SerialSettings,
)
from instruments.pymeasure_classes import VISAAdapter

try:
    from termios import error as port_error
except ImportError:  # Windows has none; its ports raise OSError
    port_error = OSError  # type: ignore[misc,assignment]

UNDELIVERED = (pyvisa.Error, OSError, ValueError, port_error)
"""What VISA libraries, the operating system and PyVISA's own checks raise."""
AS_DELIVERED = SerialSettings()


class Line(VISAAdapter):
    """One VISA session, owned by one thread; PyVISA keeps one resource manager a process and library.

    Raises NoReplyError for everything that VISA, the operating system or the instrument's end does not deliver, and
    GarbledReplyError for what is not text, with the role, the address and the message that was sent. Nothing is ever
    repeated here.

    An ``exclusive`` line is locked by VISA, so that another computer meets the lock, too: over VXI-11 and HiSLIP the
    instrument keeps it, on USB and GPIB the VISA library does for this computer. Sockets and serial ports have none,
    and PyVISA-py has one for VXI-11 alone.
    """

    def __init__(
        self,
        role: str,
        address: str,
        library: str,
        timeout_s: float,
        exclusive: bool = False,
        serial: SerialSettings = AS_DELIVERED,
    ) -> None:
        self.role = role
        self.address = address
        self._library = library
        self._timeout_s = timeout_s
        self._exclusive = exclusive
        self._serial = serial if address.upper().startswith("ASRL") else None
        self._allowed_s = timeout_s
        self._sent = ""
        self._open()

    def allow(self, integration_s: float) -> None:
        """Wait for replies as long as an integration of this length may take, beside the timeout of the line."""
        allowed_s = self._timeout_s + ZEROING * integration_s
        if allowed_s != self._allowed_s:
            self.connection.timeout = round(allowed_s * 1000)
            self._allowed_s = allowed_s

    def reopen(self) -> None:
        """A new session: a reply that comes late must not answer the next query."""
        with suppress(Exception):
            self.connection.close()
        self._open()

    def _open(self) -> None:
        """Open and clear: on a bus, another program may have died between its question and the answer.

        A device clear empties the queues of an instrument and leaves its outputs alone. A socket has none and needs
        none, because the answer goes to the connection that asked.
        """
        terminated = self._terminated()
        try:
            super().__init__(
                self.address,
                self._library,
                timeout=round(self._timeout_s * 1000),
                open_timeout=round(self._timeout_s * 1000),
                **terminated,
            )
            if not terminated:
                self._lock()
                self.connection.clear()
            self._send_at_once()
        except UNDELIVERED as error:
            raise self._named("cannot be opened", error) from error
        self._allowed_s = self._timeout_s

    def _terminated(self) -> dict[str, Any]:
        """What says where a message ends, on a line that has no other end of messages; and how a port is set."""
        if self._serial is not None:
            end = {"read_termination": self._serial.terminator, "write_termination": self._serial.terminator}
            return {**end, "baud_rate": self._serial.baud_rate, "parity": Parity[self._serial.parity]}
        if self.address.upper().endswith("::SOCKET"):
            return {"read_termination": "\n", "write_termination": "\n"}
        return {}

    def _lock(self) -> None:
        """Before anything is sent; a library or an instrument that cannot lock is used without."""
        if not self._exclusive:
            return
        try:
            self.connection.lock_excl(0)
        except pyvisa.VisaIOError as error:
            if error.error_code == StatusCode.error_resource_locked:
                raise

    def _send_at_once(self) -> None:
        """PyVISA-py does not know VI_ATTR_TCPIP_NODELAY; NI-VISA does this by itself."""
        sessions = getattr(self.connection.visalib, "sessions", {})
        link = getattr(sessions.get(self.connection.session), "interface", None)
        if isinstance(link, socket.socket):
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _write(self, command: str, **kwargs: Any) -> None:
        self._sent = command
        try:
            self.connection.write(command, **kwargs)
        except UNDELIVERED as error:
            raise self._named(f"sent {command!r}, was not taken", error) from error

    def _read(self, **kwargs: Any) -> str:
        try:
            return str(self.connection.read(**kwargs))
        except UnicodeDecodeError as error:
            raise GarbledReplyError(
                f"{self.role} ({self.address}): sent {self._sent!r}, came {bytes(error.object)!r} (not text)."
            ) from error
        except UNDELIVERED as error:
            raise self._named(f"sent {self._sent!r}, nothing came within {self._allowed_s:.3g} s", error) from error

    def _named(self, what: str, error: Exception) -> InstrumentError:
        """What VISA and the operating system raise, as an error that names the instrument."""
        if getattr(error, "error_code", None) == StatusCode.error_resource_locked:
            return HeldError(
                f"{self.role} ({self.address}): {what}: another program or computer has locked it. Nothing was set. "
                "Wait until that ends, or stop it."
            )
        reason = getattr(error, "abbreviation", "") or " ".join(str(error).split()) or type(error).__name__
        return NoReplyError(f"{self.role} ({self.address}): {what} ({reason}).{self._advice()}")

    def _advice(self) -> str:
        """What makes a serial port silent more often than anything else."""
        if self._serial is None:
            return ""
        return (
            f" The bench file has {self._serial.baud_rate} baud, parity {self._serial.parity}, terminator "
            f"{self._serial.terminator!r}: compare baud_rate, parity and terminator with what the instrument is set to."
        )
