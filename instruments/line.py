"""Connection to one instrument: a PyMeasure adapter with role and address in every error, and with TCP_NODELAY."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import pyvisa
from pyvisa.constants import Parity, StatusCode

from instruments.interfaces import (
    ZEROING,
    GarbledReplyError,
    HeldError,
    InstrumentError,
    MissingSupportError,
    NoReplyError,
    SerialSettings,
)
from instruments.pymeasure_classes import VISAAdapter
from instruments.support import problem_of
from instruments.traffic import Kind, Traffic

try:
    from termios import error as port_error
except ImportError:  # Windows has none; its ports raise OSError
    port_error = OSError  # type: ignore[misc,assignment]

UNDELIVERED = (pyvisa.Error, OSError, ValueError, port_error)
"""Errors of VISA libraries, the operating system and PyVISA's own checks."""
AS_DELIVERED = SerialSettings()
VISA_ADVICE: Mapping[Any, str] = MappingProxyType(
    {
        StatusCode.error_library_not_found: "The VISA library has no driver for this interface: install the driver of "
        "the adapter, such as NI-488.2 for GPIB.",
        StatusCode.error_interface_number_not_configured: "The VISA library knows no such interface: check the number "
        "in the address, whether the adapter is plugged in, and its driver (NI-488.2 for GPIB).",
        StatusCode.error_no_permission: "This user may not open it: see `mtjlab help instruments`.",
    }
)
"""Advice by error code of VISA."""
NO_USB_DEVICE = "No device found."
"""What PyVISA-py says, also of a device whose serial number this user may not read."""
USB_ADVICE = (
    "Check cable and power; on Linux also whether this user may open USB instruments: see `mtjlab help instruments`."
)


class Line(VISAAdapter):
    """One VISA session, used by one thread; PyVISA keeps one resource manager per process and library.

    Raises NoReplyError for any failure of VISA, the operating system or the instrument, and GarbledReplyError for a
    reply that is not text, with the role, the address and the message that was sent. Nothing is repeated here.

    An ``exclusive`` line is locked by VISA, against other computers too: with VXI-11 and HiSLIP the instrument holds
    the lock, with USB and GPIB the VISA library of this computer. Sockets and serial ports have no lock, and PyVISA-py
    has one for VXI-11 only. ``traffic`` takes every message and reply.
    """

    def __init__(
        self,
        role: str,
        address: str,
        library: str,
        timeout_s: float,
        exclusive: bool = False,
        serial: SerialSettings = AS_DELIVERED,
        traffic: Traffic | None = None,
    ) -> None:
        self.role = role
        self.address = address
        self._library = library
        self._timeout_s = timeout_s
        self._exclusive = exclusive
        self._traffic = traffic
        self._serial = serial if address.upper().startswith("ASRL") else None
        self._allowed_s = timeout_s
        self._sent = ""
        self._open()

    def allow(self, integration_s: float) -> None:
        """Extend the timeout of the line by the time that an integration of this length may take."""
        allowed_s = self._timeout_s + ZEROING * integration_s
        if allowed_s != self._allowed_s:
            self.connection.timeout = round(allowed_s * 1000)
            self._allowed_s = allowed_s

    def reopen(self) -> None:
        """Open a new session, so that a late reply cannot answer the next query."""
        with suppress(Exception):
            self.connection.close()
        self._open()

    def _open(self) -> None:
        """Open and clear: on a bus, another program may have crashed between its query and the reply.

        A device clear empties the queues of an instrument and does not change its outputs. A socket has no device clear
        and needs none, because a reply goes to the connection of the query.
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
            is_of_visa = isinstance(error, pyvisa.VisaIOError)  # then there is a library that can reach the interface
            if not is_of_visa and (problem := problem_of(self.address, self._library)):
                raise MissingSupportError(f"{self.role} ({self.address}): cannot be opened: {problem}") from error
            raise self._named("cannot be opened", error) from error
        self._allowed_s = self._timeout_s
        self._note("opened", "")

    def _terminated(self) -> dict[str, Any]:
        """Terminators for lines without an end of message of their own, and the settings of a serial port."""
        if self._serial is not None:
            end = {"read_termination": self._serial.terminator, "write_termination": self._serial.terminator}
            return {
                **end,
                "baud_rate": self._serial.baud_rate,
                "parity": Parity[self._serial.parity],
                "data_bits": self._serial.data_bits,
            }
        if self.address.upper().endswith("::SOCKET"):
            return {"read_termination": "\n", "write_termination": "\n"}
        return {}

    def _lock(self) -> None:
        """Lock before anything is sent; a library or an instrument without locks is used without."""
        if not self._exclusive:
            return
        try:
            self.connection.lock_excl(0)
        except pyvisa.VisaIOError as error:
            if error.error_code == StatusCode.error_resource_locked:
                raise

    def _send_at_once(self) -> None:
        """PyVISA-py does not know VI_ATTR_TCPIP_NODELAY; NI-VISA sets it automatically."""
        sessions = getattr(self.connection.visalib, "sessions", {})
        link = getattr(sessions.get(self.connection.session), "interface", None)
        if isinstance(link, socket.socket):
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _write(self, command: str, **kwargs: Any) -> None:
        self._sent = command
        self._note("sent", command)
        try:
            self.connection.write(command, **kwargs)
        except UNDELIVERED as error:
            raise self._named(f"{command!r} could not be sent", error) from error

    def _read(self, **kwargs: Any) -> str:
        try:
            reply = str(self.connection.read(**kwargs))
        except UnicodeDecodeError as error:
            self._note("failed", f"not text: {bytes(error.object)!r}")
            raise GarbledReplyError(
                f"{self.role} ({self.address}): sent {self._sent!r}, received {bytes(error.object)!r} (not text)."
            ) from error
        except UNDELIVERED as error:
            raise self._named(f"sent {self._sent!r}, no reply within {self._allowed_s:.3g} s", error) from error
        self._note("came", reply)
        return reply

    def _note(self, kind: Kind, text: str) -> None:
        if self._traffic is not None:
            self._traffic.take(self.role, self.address, kind, text)

    def _named(self, what: str, error: Exception) -> InstrumentError:
        """Error of VISA or the operating system as an error that names the instrument."""
        if getattr(error, "error_code", None) == StatusCode.error_resource_locked:
            return HeldError(
                f"{self.role} ({self.address}): {what}: another program or computer has locked it. Nothing was set. "
                "Wait until that ends, or stop it."
            )
        reason = getattr(error, "abbreviation", "") or " ".join(str(error).split()) or type(error).__name__
        self._note("failed", f"{what} ({reason})")
        return NoReplyError(f"{self.role} ({self.address}): {what} ({reason}).{self._advice(error)}")

    def _advice(self, error: Exception) -> str:
        """Advice on an error that VISA or PyVISA-py reports in its own terms, or on a silent serial port."""
        if advice := VISA_ADVICE.get(getattr(error, "error_code", None)):
            return f" {advice}"
        if str(error) == NO_USB_DEVICE:
            return f" {USB_ADVICE}"
        if self._serial is None:
            return ""
        return (
            f" The bench file has {self._serial.baud_rate} baud, parity {self._serial.parity}, terminator "
            f"{self._serial.terminator!r}: compare baud_rate, parity and terminator with its settings."
        )
