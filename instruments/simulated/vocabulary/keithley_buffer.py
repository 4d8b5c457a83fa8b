"""Readings of the DMM6500 and the 2450: a count of them into the default buffer; READ? answers with the last one.

Sources: reference manuals of the DMM6500, DMM6500-901-01, and of the 2450, 2450-901-01, both SCPI command set.
"""

from abc import abstractmethod
from typing import ClassVar

from instruments.simulated.terminals import MeterTerminals, Time
from instruments.simulated.vocabulary.acquisition import Acquisition
from instruments.simulated.vocabulary.instrument import Setting, Steps, asks, writes
from instruments.simulated.vocabulary.keithley import Keithley
from instruments.simulated.vocabulary.kinds import Number, Switch, Word, as_number, nr1
from instruments.simulated.vocabulary.scpi import illegal_value, missing_parameter, out_of_range

OVERFLOW = "9.900000E+37"
BUFFERS = ("DEFBUFFER1", "DEFBUFFER2")


class BufferedReadings(Keithley):
    """A model that measures into its default buffer."""

    maker = "KEITHLEY INSTRUMENTS"
    buffered: ClassVar[tuple[Setting, ...]] = (
        Setting("[:SENSe[1]]:COUNt", "count", Number(1, 1_000_000, 1, nr1), 1),
        Setting(":SYSTem:AZERo[:STATe]", "system_auto_zero", Switch(), True),
        Setting(":FORMat[:DATA]", "format", Word(("ASCii",)), "ASC"),
        Setting(":FORMat:ASCii:PRECision", "precision", Number(0, 16, 0, nr1), 0),
        Setting("*LANG", "language", Word(("SCPI",)), "SCPI"),
    )

    def __init__(self, serial: str, time: Time, meter: MeterTerminals, line_frequency_hz: float) -> None:
        self.acquisition = Acquisition(time, meter, self._store)
        self._buffer_v: list[float] = []
        super().__init__(serial, time, line_frequency_hz)

    def reset(self) -> None:
        """Reset: default settings, no acquisition, empty buffer."""
        self.acquisition.abort()
        super().reset()
        self._buffer_v.clear()

    def error_text(self, code: int, text: str) -> str:
        """Entries carry a severity and a time."""
        return f'{code},"{text};{1 if code else 0};{"2026/01/01 00:00:00.000" if code else "0 0"}"'

    @abstractmethod
    def _start(self) -> None:
        """Take as many readings as the count says. Raises ScpiError if it cannot."""

    @abstractmethod
    def _written(self, voltage_v: float) -> str:
        """A reading as it is sent."""

    def _store(self) -> None:
        self._buffer_v.append(self.acquisition.readings_v[-1])

    @asks(":READ", ":MEASure", ":MEASure:VOLTage[:DC]")
    def _read(self, parameters: tuple[str, ...]) -> Steps:
        self.acquisition.abort()
        self._start()
        return (yield from self._fetch(()))

    @asks(":FETCh")
    def _fetch(self, parameters: tuple[str, ...]) -> Steps:
        yield from self.acquisition.wait()
        return self._written(self.acquisition.fetched_v()[-1])

    @writes(":TRACe:TRIGger", ":INITiate[:IMMediate]")
    def _fill(self, parameters: tuple[str, ...]) -> None:
        _demand_buffer(parameters)
        self._start()

    @writes(":TRACe:CLEar")
    def _clear_buffer(self, parameters: tuple[str, ...]) -> Steps:
        _demand_buffer(parameters)
        yield from self.acquisition.wait()
        self._buffer_v.clear()
        return None

    @asks(":TRACe:DATA")
    def _data(self, parameters: tuple[str, ...]) -> Steps:
        if len(parameters) < 2:
            raise missing_parameter()
        _demand_buffer(parameters[2:3])
        first, last = (int(as_number(text)) for text in parameters[:2])
        yield from self.acquisition.wait()
        if not 1 <= first <= last <= len(self._buffer_v):
            raise out_of_range()
        return ",".join([self._written(voltage_v) for voltage_v in self._buffer_v[first - 1 : last]])

    @asks(":TRACe:ACTual[:END]")
    def _points(self, parameters: tuple[str, ...]) -> str:
        return str(len(self._buffer_v))

    @asks(":ROUTe:TERMinals")
    def _terminals(self, parameters: tuple[str, ...]) -> str:
        return "FRON"


def _demand_buffer(parameters: tuple[str, ...]) -> None:
    if any(text.strip("\"'").upper() not in BUFFERS for text in parameters):
        raise illegal_value()
