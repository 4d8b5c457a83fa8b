"""Interfaces between a bench and its instruments: one Protocol for each role, settings, and errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

ZEROING = 4.0
"""A meter with autozero also measures zero, temperature and gain: a reading takes up to four times as long."""


class InstrumentError(Exception):
    """Error of an instrument; the message has its role, address, what was sent and what was received."""


class ReplyError(InstrumentError):
    """No reply, or a garbled one. A query that changes nothing may be repeated."""


class NoReplyError(ReplyError):
    """No reply within the timeout, or the connection is lost. A late reply may still come."""


class GarbledReplyError(ReplyError):
    """The reply is garbled."""


class HeldError(InstrumentError):
    """Another program uses the instrument, here or on another computer."""


class MissingSupportError(InstrumentError):
    """A VISA library, a driver or a right that the address needs is missing on this computer; nothing was opened."""


class SettingRefusedError(InstrumentError):
    """A setting that this instrument does not have or did not accept; its output was not switched on."""


class LevelRefusedError(InstrumentError):
    """A source answers but did not accept a level: it reports the level ``level_a``."""

    def __init__(self, message: str, level_a: float) -> None:
        super().__init__(message)
        self.level_a = level_a


class CutError(InstrumentError):
    """An output is confirmed off, but its current was not read back at zero before."""


class ComplianceReachedError(InstrumentError):
    """A source is limited by its compliance, so the junctions carry other currents than set."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Reply of an instrument to ``*IDN?``."""

    maker: str
    model: str
    serial: str
    firmware: str

    @classmethod
    def parse(cls, reply: str) -> "Identity | None":
        """Identity in the reply to ``*IDN?``; None if the reply is not valid."""
        fields = [field.strip() for field in reply.split(",", 3)]
        return cls(*fields) if len(fields) == 4 else None

    @property
    def simulated(self) -> bool:
        """Whether this is one of our simulated instruments: their serial numbers begin with SIM."""
        return self.serial.startswith("SIM")

    def __str__(self) -> str:
        return f"{self.maker} {self.model} no. {self.serial} ({self.firmware})"


@dataclass(frozen=True, slots=True)
class SerialSettings:
    """Settings of a serial port with 1 stop bit; defaults are the factory settings of a 2400.

    ``terminator`` ends messages in both directions.
    """

    baud_rate: int = 9600
    parity: Literal["none", "even", "odd"] = "none"
    terminator: str = "\r"
    data_bits: Literal[7, 8] = 8


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Fixed range and compliance of a current source."""

    range_a: float
    compliance_v: float


@dataclass(frozen=True, slots=True)
class MeterSettings:
    """Fixed range of a voltmeter, and its integration time in cycles of the power line."""

    range_v: float
    nplc: float
    line_frequency_hz: float = 50.0

    @property
    def aperture_s(self) -> float:
        """Integration time of one reading."""
        return self.nplc / self.line_frequency_hz


@dataclass(frozen=True, slots=True)
class MagnetSettings:
    """Largest current of the magnet, and compliance of its supply."""

    largest_current_a: float
    compliance_v: float


@dataclass(frozen=True, slots=True)
class GaussmeterSettings:
    """Fixed range of a gaussmeter."""

    range_t: float


class Instrument(Protocol):
    """An instrument on the bus.

    Only the thread that opened it may use it; another one gets RuntimeError. After a reply that was lost or not read,
    the connection is opened again and ``*IDN?`` checked before the next message.
    """

    @property
    def name(self) -> str:
        """Role, model and address, for messages."""

    def identity(self) -> Identity:
        """Identity. Raises InstrumentError if it is not the model in the bench file."""

    def errors(self) -> tuple[str, ...]:
        """Entries of the error queue, which is empty afterwards."""

    def close(self) -> None:
        """Close the connection; outputs stay as they are."""


class CurrentSource(Instrument, Protocol):
    """A source that feeds the top of one junction."""

    def output_is_on(self) -> bool:
        """Whether the output is on, read back."""

    def level_a(self) -> float:
        """Current that is set, read back, whether the output is on or off."""

    def in_compliance(self) -> bool | None:
        """Whether the current is limited by the compliance at this moment; None if this model cannot report it."""

    def prepare_source(self, settings: SourceSettings) -> None:
        """With the output off: level 0, fixed range, compliance, output-off mode; every safety setting read back.

        An instrument that also measures must be prepared as a meter afterwards.

        Raises:
            SettingRefusedError: the output is on, or the instrument does not have or accept the range or compliance.
        """

    def switch_on(self) -> None:
        """Output on, confirmed. Raises SettingRefusedError unless prepared and at level 0."""

    def write_level(self, current_a: float) -> None:
        """Set the level and read it back in one message, with full precision.

        The level read back must agree within half a digit of the range. A source whose output was found on, and which
        was not prepared, moves only towards zero: the level must not exceed the one found, nor change its sign.

        Raises:
            SettingRefusedError: not finite or outside the range; nothing was set.
            LevelRefusedError: the source answers but did not accept the level.
            ComplianceReachedError: the source was in compliance until now; the new level is set nevertheless.
        """

    def zero_with_recovery(self) -> None:
        """Level 0 by other commands than those of ``write_level``, read back: for a source that did not accept them.

        Raises:
            LevelRefusedError: it did not accept these either.
        """

    def switch_off(self) -> None:
        """Output off, confirmed. It is never refused; callers bring the level to zero first, or try to."""

    def cut(self) -> None:
        """Level 0 and output off, sent without waiting for a reply: the last resort for a silent source.

        Raises:
            InstrumentError: it cannot be sent, or another instrument answers; nothing was set.
        """


class Voltmeter(Instrument, Protocol):
    """A voltmeter across a junction, or from a node to ground; its model has integration times between two NPLC."""

    @property
    def smallest_nplc(self) -> float:
        """Shortest integration time (NPLC)."""

    @property
    def largest_nplc(self) -> float:
        """Longest integration time (NPLC)."""

    def prepare_meter(self, settings: MeterSettings) -> None:
        """Fixed range, integration time, no filter, no autorange; range and integration time read back.

        Raises:
            SettingRefusedError: the instrument does not have or accept the range.
        """

    def request(self, samples: int) -> None:
        """Start ``samples`` readings; one message. All meters are triggered before the first is read."""

    def voltages_v(self) -> Sequence[float]:
        """The readings that were requested.

        Raises:
            InstrumentError: over-range, no reply, a garbled one, or a wrong number of readings.
        """


class MagnetSupply(Protocol):
    """A supply on the bus that drives the magnet."""

    @property
    def name(self) -> str:
        """Role, model and address, for messages."""

    def prepare_magnet(self, settings: MagnetSettings) -> None:
        """With the output off: current 0, limits, read back; then output on. Raises SettingRefusedError."""

    def take_over(self, settings: MagnetSettings) -> float:
        """Set current (A) of an output that is on and drives the magnet, so that it can be ramped down; otherwise 0."""

    def apply_current(self, current_a: float) -> None:
        """Drive the magnet; returns when the supply reports that the current is reached.

        Raises:
            SettingRefusedError: not finite or beyond the limit; nothing was set.
            InstrumentError: the supply did not reach it in time.
        """

    def current_a(self) -> float:
        """Current through the magnet, as the supply reports it."""

    def switch_off(self) -> None:
        """Current to zero, then output off, confirmed; also off if zero is not reached.

        Raises:
            CutError: it is off, but was not at zero before.
            InstrumentError: it is not confirmed to be off.
        """

    def close(self) -> None:
        """Close the connection; the output stays as it is."""


class Gaussmeter(Instrument, Protocol):
    """A gaussmeter whose probe is in the field, along the easy axis."""

    def prepare_gaussmeter(self, settings: GaussmeterSettings) -> None:
        """Tesla, steady fields, fixed range, no relative readings; all read back.

        Raises:
            SettingRefusedError: it does not have or accept the range, or its probe does not fit.
        """

    def field_t(self) -> float:
        """The field now. Raises InstrumentError beyond its range, without a reply, or for a garbled one."""
