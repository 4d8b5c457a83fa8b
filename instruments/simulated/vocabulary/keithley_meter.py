"""Base class of Keithley voltmeters, and that of the 2000 and 2182A: triggers, samples, READ?, FETCh?, overflow."""

from collections.abc import Iterator
from typing import ClassVar

from instruments.simulated.terminals import MeterTerminals, Time
from instruments.simulated.vocabulary.acquisition import Acquisition
from instruments.simulated.vocabulary.instrument import Setting, Steps, asks, writes
from instruments.simulated.vocabulary.keithley import Keithley
from instruments.simulated.vocabulary.kinds import Number, Range, Switch, Word, nr1
from instruments.simulated.vocabulary.scpi import init_ignored

OVERFLOW = "+9.9E37"
BUFFER_FULL = 512
OVER_RANGE = 1.2


class DcVoltmeter(Keithley):
    """A DC voltmeter with a fixed range or autorange, which integrates and may filter; its readings are acquired."""

    acquisition: Acquisition

    @property
    def aperture_s(self) -> float:
        """How long one reading integrates; a digital filter averages that many."""
        filtered = self.values["filter_count"] if self.values["filter"] else 1
        return float(self.values["nplc"] * filtered) / self.line_frequency_hz

    def changed(self, name: str) -> None:
        """A range that is set is a fixed range; ``VOLT`` means DC."""
        if name == "range":
            self.values["auto_range"] = False
        if name == "function":
            self.values["function"] = "VOLT:DC"

    def reset(self) -> None:
        """Reset: default settings, no acquisition."""
        self.acquisition.abort()
        super().reset()

    def wait_until_done(self) -> Iterator[float]:
        """Until the last reading is taken."""
        return self.acquisition.wait()

    @writes(":ABORt")
    def _abort(self, parameters: tuple[str, ...]) -> None:
        self.acquisition.abort()


class KeithleyMeter(DcVoltmeter):
    """One function, triggers and samples; ``ranges`` is the model's own."""

    ranges: ClassVar[Range]
    digits: ClassVar[int]
    triggered: ClassVar[tuple[Setting, ...]] = (
        Setting(":TRIGger[:SEQuence[1]]:COUNt", "triggers", Number(1, 9999, 1, nr1), 1),
        Setting(":TRIGger[:SEQuence[1]]:DELay", "delay", Number(0, 999999.999, 0), 0.0),
        Setting(":TRIGger[:SEQuence[1]]:SOURce", "trigger", Word(("IMMediate",)), "IMM"),
        Setting(":SAMPle:COUNt", "samples", Number(1, 1024, 1, nr1), 1),
        Setting(":INITiate:CONTinuous", "continuous", Switch(), False),
        Setting(":SYSTem:AZERo[:STATe]", "auto_zero", Switch(), True),
        Setting(":TRACe:POINts", "buffer_points", Number(2, 1024, 100, nr1), 100),
        Setting(":TRACe:FEED", "buffer_feed", Word(("SENSe1", "SENSe", "CALCulate", "NONE")), "SENS1"),
        Setting(":TRACe:FEED:CONTrol", "buffer_control", Word(("NEVer", "NEXT")), "NEV"),
        Setting(":FORMat:ELEMents", "elements", Word(("READing",)), "READ"),
        Setting(":FORMat[:DATA]", "format", Word(("ASCii",)), "ASC"),
    )

    def __init__(self, serial: str, time: Time, meter: MeterTerminals, line_frequency_hz: float) -> None:
        self.acquisition = Acquisition(time, meter)
        super().__init__(serial, time, line_frequency_hz)

    def configure(self) -> None:
        """Set the defaults of one reading, autorange included, as CONFigure and MEASure do."""
        self.acquisition.abort()
        for setting in self.settings:
            if setting.name in (
                "auto_range",
                "nplc",
                "filter",
                "triggers",
                "samples",
                "delay",
                "trigger",
                "continuous",
            ):
                self.values[setting.name] = setting.default

    def condition(self) -> int:
        """Bit 9: the buffer is full."""
        full = len(self.acquisition.readings_v) >= self.values["buffer_points"]
        return BUFFER_FULL if full and self.values["buffer_control"] == "NEXT" else 0

    def start(self) -> None:
        """Take as many readings as triggers and samples make."""
        count = int(self.values["triggers"]) * int(self.values["samples"])
        self.acquisition.start(count, float(self.values["delay"]), self.aperture_s)

    def written(self, voltage_v: float) -> str:
        """A reading as it is sent: minus its reference, if that is on, and with the overflow value."""
        voltage_v -= self.values["reference"] if self.values["reference_on"] else 0.0
        if self.values["auto_range"]:
            self.values["range"] = next(
                (r for r in self.ranges.ranges if abs(voltage_v) <= r * OVER_RANGE), self.ranges.ranges[-1]
            )
        top_v = min(self.values["range"] * OVER_RANGE, self.ranges.high)
        return OVERFLOW if abs(voltage_v) > top_v else f"{voltage_v:+.{self.digits}E}"

    @writes(":INITiate[:IMMediate]")
    def _initiate(self, parameters: tuple[str, ...]) -> None:
        if self.values["continuous"]:
            raise init_ignored()
        self.start()

    @writes(":TRACe:CLEar")
    def _clear_buffer(self, parameters: tuple[str, ...]) -> None:
        self.acquisition.forget()

    @asks(":TRACe:DATA")
    def _buffer(self, parameters: tuple[str, ...]) -> str:
        return ",".join([self.written(voltage_v) for voltage_v in self.acquisition.fetched_v()])

    @asks(":READ", "[:SENSe[1]]:DATA:FRESh")
    def _read(self, parameters: tuple[str, ...]) -> Steps:
        self.acquisition.abort()
        self.start()
        return (yield from self._fetch(parameters))

    @asks(":FETCh", "[:SENSe[1]]:DATA[:LATest]")
    def _fetch(self, parameters: tuple[str, ...]) -> Steps:
        if self.values["continuous"] and not self.acquisition.busy:
            self.start()
        yield from self.acquisition.wait()
        return ",".join([self.written(voltage_v) for voltage_v in self.acquisition.fetched_v()])

    @writes(":CONFigure:VOLTage[:DC]")
    def _configure(self, parameters: tuple[str, ...]) -> None:
        self.configure()

    @asks(":CONFigure")
    def _configured(self, parameters: tuple[str, ...]) -> str:
        return '"VOLT:DC"'

    @asks(":MEASure:VOLTage[:DC]")
    def _measure(self, parameters: tuple[str, ...]) -> Steps:
        self.configure()
        return (yield from self._read(parameters))
