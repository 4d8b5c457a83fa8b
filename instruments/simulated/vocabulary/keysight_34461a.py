"""Agilent 34410A and Keysight 34461A as DC voltmeters. Source: Truevolt Series Operating and Service Guide.

CONFigure with a range fixes it and sets one reading of ten power line cycles. Integration times are a list; another one
is here set to the next longer. Locks are counted for an interface: all programs of one computer come by the same.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from instruments.simulated.terminals import MeterTerminals, Time
from instruments.simulated.vocabulary.acquisition import Acquisition
from instruments.simulated.vocabulary.instrument import ScpiInstrument, Setting, Steps, asks, writes
from instruments.simulated.vocabulary.kinds import Number, Range, Switch, Word, nr1

RANGES = Range((0.1, 1.0, 10.0, 100.0, 1000.0), 1000.0, 10.0)
VOLT = "[:SENSe]:VOLTage[:DC]"
OVERFLOW = "+9.90000000E+37"
OVER_RANGE = 1.2
INTERFACE = '"LAN127.0.0.1"'


def nr3(value: float) -> str:
    """``+1.00000000E+00``."""
    return f"{value:+.8E}"


@dataclass(frozen=True, slots=True)
class Cycles:
    """Integration times of a model, in power line cycles."""

    listed: tuple[float, ...]

    def value(self, parameters: Sequence[str]) -> float:
        """The shortest that is at least the one asked for."""
        wanted = Number(self.listed[0], self.listed[-1], 10.0).value(parameters)
        return self.listed[bisect_left(self.listed, wanted * (1.0 - 1e-9))]

    def reply(self, value: float, parameters: Sequence[str]) -> str:
        """The one that is set."""
        return Number(self.listed[0], self.listed[-1], 10.0, nr3).reply(value, parameters)


class SignedRange:
    """A fixed range, written with a sign and eight digits."""

    def value(self, parameters: Sequence[str]) -> float:
        """See ``Range``."""
        return RANGES.value(parameters)

    def reply(self, value: float, parameters: Sequence[str]) -> str:
        """See ``Range``."""
        return nr3(float(RANGES.reply(value, parameters)))


def _settings(cycles: tuple[float, ...]) -> tuple[Setting, ...]:
    return (
        Setting("[:SENSe]:FUNCtion[:ON]", "function", Word(("VOLTage:DC", "VOLTage"), quoted=True), "VOLT"),
        Setting(f"{VOLT}:RANGe[:UPPer]", "range", SignedRange(), 10.0),
        Setting(f"{VOLT}:RANGe:AUTO", "auto_range", Switch(), True),
        Setting(f"{VOLT}:NPLCycles", "nplc", Cycles(cycles), 10.0),
        Setting(f"{VOLT}:ZERO:AUTO", "auto_zero", Switch(), True),
        Setting(f"{VOLT}:IMPedance:AUTO", "auto_impedance", Switch(), False),
        Setting(f"{VOLT}:NULL[:STATe]", "null", Switch(), False),
        Setting(":TRIGger:COUNt", "triggers", Number(1, 1_000_000, 1, nr3), 1.0),
        Setting(":TRIGger:DELay", "delay", Number(0.0, 3600.0, 0.0, nr3), 0.0),
        Setting(":TRIGger:SOURce", "trigger", Word(("IMMediate",)), "IMM"),
        Setting(":SAMPle:COUNt", "samples", Number(1, 1_000_000, 1, nr3), 1.0),
        Setting(":SYSTem:BEEPer:STATe", "beeper", Switch(), True),
        Setting(":DISPlay[:STATe]", "display", Switch(), True),
        Setting(":STATus:OPERation:ENABle", "operation_enable", Number(0, 65535, 0, nr1), 0),
        Setting(":STATus:QUEStionable:ENABle", "questionable_enable", Number(0, 65535, 0, nr1), 0),
    )


class Agilent34410A(ScpiInstrument):
    """DC voltage alone, one computer."""

    maker = "Agilent Technologies"
    model = "34410A"
    firmware = "2.35-2.35-0.09-46-09"
    settings: ClassVar[tuple[Setting, ...]] = _settings((0.006, 0.02, 0.06, 0.2, 1.0, 2.0, 10.0, 100.0))

    def __init__(self, serial: str, time: Time, meter: MeterTerminals, line_frequency_hz: float) -> None:
        self.acquisition = Acquisition(time, meter)
        self.line_frequency_hz = line_frequency_hz
        self._locks = 0
        super().__init__(serial, time)

    def changed(self, name: str) -> None:
        """A range that is set is a fixed range; ``VOLT:DC`` reads back as ``VOLT``."""
        if name == "range":
            self.values["auto_range"] = False
        if name == "function":
            self.values["function"] = "VOLT"

    def reset(self) -> None:
        """Reset: default settings, no acquisition."""
        self.acquisition.abort()
        super().reset()

    def wait_until_done(self) -> Iterator[float]:
        """Until the last reading is taken."""
        return self.acquisition.wait()

    def error_text(self, code: int, text: str) -> str:
        """Numbers carry a sign."""
        return f'{code:+d},"{text}"'

    @writes(":CONFigure[:VOLTage][:DC]")
    def _configure(self, parameters: tuple[str, ...]) -> None:
        self.acquisition.abort()
        for setting in self.settings:
            if setting.name in ("auto_range", "nplc", "null", "triggers", "delay", "trigger", "samples"):
                self.values[setting.name] = setting.default
        if parameters and parameters[0].upper() not in ("AUTO", "DEF"):
            self.values["range"], self.values["auto_range"] = RANGES.value(parameters[:1]), False

    @asks(":MEASure[:VOLTage][:DC]")
    def _measure(self, parameters: tuple[str, ...]) -> Steps:
        self._configure(parameters)
        return (yield from self._read(()))

    @writes(":INITiate[:IMMediate]")
    def _initiate(self, parameters: tuple[str, ...]) -> None:
        count = int(self.values["triggers"]) * int(self.values["samples"])
        self.acquisition.start(count, float(self.values["delay"]), self.values["nplc"] / self.line_frequency_hz)

    @writes(":ABORt")
    def _abort(self, parameters: tuple[str, ...]) -> None:
        self.acquisition.abort()

    @asks(":READ")
    def _read(self, parameters: tuple[str, ...]) -> Steps:
        self.acquisition.abort()
        self._initiate(())
        return (yield from self._fetch(()))

    @asks(":FETCh")
    def _fetch(self, parameters: tuple[str, ...]) -> Steps:
        yield from self.acquisition.wait()
        return ",".join([self._written(voltage_v) for voltage_v in self.acquisition.fetched_v()])

    @asks(":SYSTem:LOCK:NAME")
    def _interface(self, parameters: tuple[str, ...]) -> str:
        return INTERFACE

    @asks(":SYSTem:LOCK:OWNer")
    def _lock_owner(self, parameters: tuple[str, ...]) -> str:
        return INTERFACE if self._locks else '"NONE"'

    @asks(":SYSTem:LOCK:REQuest")
    def _lock(self, parameters: tuple[str, ...]) -> str:
        self._locks += 1
        return "+1"

    @writes(":SYSTem:LOCK:RELease")
    def _release(self, parameters: tuple[str, ...]) -> None:
        self._locks = max(self._locks - 1, 0)

    def _written(self, voltage_v: float) -> str:
        if self.values["auto_range"]:
            self.values["range"] = RANGES.holding(abs(voltage_v) / OVER_RANGE)
        top_v = min(self.values["range"] * OVER_RANGE, RANGES.high)
        return OVERFLOW if abs(voltage_v) > top_v else nr3(voltage_v)


class Keysight34461A(Agilent34410A):
    """The same commands, other integration times."""

    maker = "Keysight Technologies"
    model = "34461A"
    firmware = "A.02.17-02.40-02.17-00.52-04-01"
    settings: ClassVar[tuple[Setting, ...]] = _settings((0.02, 0.2, 1.0, 10.0, 100.0))
