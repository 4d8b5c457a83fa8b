"""What a bench asks of its instruments: one small Protocol for each part they play, and what can go wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

ZEROING = 4.0
"""A meter that measures its own zero, its temperature and its gain beside the input takes up to four times as long."""


class InstrumentError(Exception):
    """An instrument did not do what it must: names the instrument, its address, what was sent and what came."""


class ReplyError(InstrumentError):
    """No reply, or one that makes no sense. What changes nothing may be asked a second time."""


class NoReplyError(ReplyError):
    """Nothing came within the timeout, or the connection is gone. A late reply may still be under way."""


class GarbledReplyError(ReplyError):
    """A reply came that makes no sense."""


class HeldError(InstrumentError):
    """Another program uses the instrument, here or on another computer."""


class SettingRefusedError(InstrumentError):
    """A setting that this instrument does not have, or did not take over; its output was not switched on."""


class LevelRefusedError(InstrumentError):
    """A source answers but did not take a level: it says that its level is ``level_a``."""

    def __init__(self, message: str, level_a: float) -> None:
        super().__init__(message)
        self.level_a = level_a


class CutError(InstrumentError):
    """An output is off, confirmed, but its current was not seen at zero before."""


class ComplianceReachedError(InstrumentError):
    """A source cannot drive its current within its compliance, so every junction carries something else."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What an instrument answers to ``*IDN?``."""

    maker: str
    model: str
    serial: str
    firmware: str

    @classmethod
    def parse(cls, reply: str) -> "Identity | None":
        """From the answer itself; None if it is none."""
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
    """How an instrument speaks at a serial port, beside eight data bits and one stop bit: as a 2400 leaves the factory.

    ``baud_rate`` in bits a second; ``terminator`` ends a message either way.
    """

    baud_rate: int = 9600
    parity: Literal["none", "even", "odd"] = "none"
    terminator: str = "\r"


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
    """Largest current that the magnet may carry, and the voltage that its supply may use to drive it."""

    largest_current_a: float
    compliance_v: float


class Instrument(Protocol):
    """Anything on the bus.

    One thread owns it, the one that opened it; another that talks is refused with RuntimeError. After a reply that did
    not come, or was not read, the next message is preceded by a new connection and ``*IDN?``.
    """

    @property
    def name(self) -> str:
        """Role, model and address, for messages."""

    def identity(self) -> Identity:
        """Who answers. Raises InstrumentError if it is not the model that the bench file names."""

    def errors(self) -> tuple[str, ...]:
        """Entries of the error queue, which is empty afterwards."""

    def close(self) -> None:
        """Close the connection; outputs stay as they are."""


class CurrentSource(Instrument, Protocol):
    """A source that feeds the top of one junction."""

    def output_is_on(self) -> bool:
        """Whether the output is on, by the instrument's own word."""

    def level_a(self) -> float:
        """Current that is set, by the instrument's own word, whether the output is on or not."""

    def in_compliance(self) -> bool | None:
        """Whether the current is limited by the compliance at this moment; None if this model has no word for it."""

    def prepare_source(self, settings: SourceSettings) -> None:
        """With the output off: level 0, fixed range, compliance, output-off mode; every safety setting read back.

        An instrument that also measures must be prepared as a meter afterwards.

        Raises:
            SettingRefusedError: the output is on, or the instrument has no such range or compliance, or did not take
                it over.
        """

    def switch_on(self) -> None:
        """Output on, confirmed. Raises SettingRefusedError unless prepared and at level 0."""

    def write_level(self, current_a: float) -> None:
        """Set and read back in one message, with full precision: returns when the source says that it is there.

        It is there within half a digit of its range. A source whose output was found on, and which was not prepared,
        only moves towards zero: the level must have the sign of the one that was found, and not exceed it.

        Raises:
            SettingRefusedError: not finite or outside the range; nothing was set.
            LevelRefusedError: the source answers but did not take the level.
            ComplianceReachedError: the source was in compliance until now; the new level is set nevertheless.
        """

    def zero_by_second_way(self) -> None:
        """Level 0 in other words than ``write_level``, read back: for a source that did not take them.

        Raises:
            LevelRefusedError: it did not take these either.
        """

    def switch_off(self) -> None:
        """Output off, confirmed. Refused by nothing; whoever calls it has seen the level at zero, or has tried to."""

    def cut(self) -> None:
        """Level 0 and output off, said without waiting for any answer: the last resort where none comes.

        Raises:
            InstrumentError: not even this could be said, or another instrument answers; nothing was set.
        """


class Voltmeter(Instrument, Protocol):
    """A voltmeter across a junction, or from a node to ground."""

    def prepare_meter(self, settings: MeterSettings) -> None:
        """Fixed range, integration time, no filter, no autorange; range and integration time read back.

        Raises:
            SettingRefusedError: the instrument has no such range, or did not take it over.
        """

    def request(self, samples: int) -> None:
        """Start ``samples`` readings; one message. Every meter is asked before any is listened to."""

    def voltages_v(self) -> Sequence[float]:
        """The readings that were requested.

        Raises:
            InstrumentError: over-range, garbage, nothing, or not as many readings as were asked for.
        """


class MagnetSupply(Protocol):
    """What makes the field: a supply on the bus."""

    @property
    def name(self) -> str:
        """Role, model and address, for messages."""

    def prepare_magnet(self, settings: MagnetSettings) -> None:
        """With the output off: current 0, limits, read back; then output on. Raises SettingRefusedError."""

    def apply_current(self, current_a: float) -> None:
        """Drive the magnet; returns when the supply says that it does.

        Raises:
            SettingRefusedError: not finite or beyond the limit; nothing was set.
            InstrumentError: the supply did not reach it in time.
        """

    def current_a(self) -> float:
        """Current through the magnet, by the supply's own word."""

    def switch_off(self) -> None:
        """Current to zero, then output off, confirmed; off all the same where zero is not seen.

        Raises:
            CutError: it is off, but was not seen at zero before.
            InstrumentError: it is not known to be off.
        """

    def close(self) -> None:
        """Close the connection; the output stays as it is."""
