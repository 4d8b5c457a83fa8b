"""Keithley 2450 SourceMeter, SCPI command set. Source: 2450 Reference Manual, 2450-901-01.

At power-on it is a voltage source whose output, while off, is a short for small currents (NORMal). A fixed measuring
range limits the voltage as the limit of the source does. Ranges read back by their names.
"""

from collections.abc import Iterator
from math import inf
from typing import ClassVar

from instruments.simulated.compliance import OPEN, Drive
from instruments.simulated.terminals import MeterTerminals, SourceTerminals, Time
from instruments.simulated.vocabulary.instrument import Setting, asks, writes
from instruments.simulated.vocabulary.keithley import Keithley
from instruments.simulated.vocabulary.keithley_buffer import OVERFLOW, BufferedReadings
from instruments.simulated.vocabulary.kinds import Number, Range, Switch, Word, nr1, to_resolution
from instruments.simulated.vocabulary.scpi import out_of_range, settings_conflict

FULL_SCALE = 1.05
OFF_SHARE = 0.005
"""An output that is off (NORMal, ZERO) drives up to this share of its current range."""
STEPS_PER_RANGE = 20_000
RANGES = {
    "CURR": Range((10e-9, 100e-9, 1e-6, 10e-6, 100e-6, 1e-3, 10e-3, 100e-3, 1.0), 1.05, 10e-9),
    "VOLT": Range((0.02, 0.2, 2.0, 20.0, 200.0), 210.0, 0.02),
}
LEVELS = {"CURR": Number(-1.05, 1.05, 0.0), "VOLT": Number(-210.0, 210.0, 0.0)}
FUNCTION = Word(("VOLTage", "CURRent"))
MEASURED = Word(("VOLTage:DC", "VOLTage", "CURRent:DC", "CURRent"), quoted=True)
OFF_MODE = Word(("HIMPedance", "NORMal", "ZERO", "GUARd"))
CURRENT = ":SOURce[1]:CURRent[:LEVel][:IMMediate][:AMPLitude]"
VOLTAGE = ":SOURce[1]:VOLTage[:LEVel][:IMMediate][:AMPLitude]"
TRIPPED = (":SOURce[1]:CURRent:VLIMit[:LEVel]:TRIPped", ":SOURce[1]:VOLTage:ILIMit[:LEVel]:TRIPped")


def _of_function(name: str, word: str) -> tuple[Setting, ...]:
    """Settings that current and voltage have alike, as sourced and as measured; ``word`` is that of the header."""
    source, sense = f":SOURce[1]:{word}", f"[:SENSe[1]]:{word}[:DC]"
    return (
        Setting(f"{source}:RANGe:AUTO", f"auto_range_{name}", Switch(), True),
        Setting(f"{source}:DELay", f"delay_{name}", Number(0.0, 1e4, 0.0), 0.0),
        Setting(f"{source}:DELay:AUTO", f"auto_delay_{name}", Switch(), True),
        Setting(f"{source}:READ:BACK", f"read_back_{name}", Switch(), True),
        Setting(f":OUTPut[1]:{word}:SMODe", f"off_mode_{name}", OFF_MODE, "NORM"),
        Setting(f"{sense}:RANGe[:UPPer]", f"sense_range_{name}", RANGES[name], RANGES[name].default),
        Setting(f"{sense}:RANGe:AUTO", f"sense_auto_{name}", Switch(), True),
        Setting(f"{sense}:NPLCycles", f"nplc_{name}", Number(0.01, 10.0, 1.0), 1.0),
        Setting(f"{sense}:RSENse", f"four_wires_{name}", Switch(), False),
        Setting(f"{sense}:AZERo[:STATe]", f"auto_zero_{name}", Switch(), True),
        Setting(f"{sense}:AVERage[:STATe]", f"filter_{name}", Switch(), False),
        Setting(f"{sense}:AVERage:COUNt", f"filter_count_{name}", Number(1, 100, 10, nr1), 10),
        Setting(f"{sense}:AVERage:TCONtrol", f"filter_type_{name}", Word(("REPeat", "MOVing")), "REP"),
    )


class Keithley2450(BufferedReadings):
    """Fixed levels only; no sweeps, no configuration lists, no digital lines. One function is measured."""

    model = "MODEL 2450"
    firmware = "1.7.12b"
    level = CURRENT
    settings: ClassVar[tuple[Setting, ...]] = (
        *Keithley.shared,
        *BufferedReadings.buffered,
        Setting(":OUTPut[1][:STATe]", "output", Switch(), False),
        Setting(":SOURce[1]:CURRent:VLIMit[:LEVel]", "limit_v", Number(0.02, 210.0, 21.0), 21.0),
        Setting(":SOURce[1]:VOLTage:ILIMit[:LEVel]", "limit_a", Number(1e-9, 1.05, 105e-6), 105e-6),
        Setting("[:SENSe[1]]:FUNCtion[:ON]", "measured", MEASURED, "CURR:DC"),
        *_of_function("CURR", "CURRent"),
        *_of_function("VOLT", "VOLTage"),
    )

    def __init__(
        self, serial: str, time: Time, source: SourceTerminals, meter: MeterTerminals, line_frequency_hz: float
    ) -> None:
        self._source = source
        self._function = "VOLT"
        self._levels = {"VOLT": 0.0, "CURR": 0.0}
        self._ranges = {name: ranges.default for name, ranges in RANGES.items()}
        super().__init__(serial, time, meter, line_frequency_hz)
        self._drive()

    def changed(self, name: str) -> None:
        """Adjust dependent settings, and apply them to the output."""
        values, function = self.values, name[-4:]
        if name.startswith("auto_range_") and values[name]:
            self._ranges[function] = self._holding_level(function)
        if name.startswith("sense_range_"):
            values[f"sense_auto_{function}"] = False
        if name.startswith("delay_"):
            values[f"auto_delay_{function}"] = False
        if name == "measured":
            values["measured"] = f"{values['measured'][:4]}:DC"
        self._drive()

    def reset(self) -> None:
        """Reset: output off at once, at any current; a voltage source again."""
        super().reset()
        self._function, self._levels = "VOLT", {"VOLT": 0.0, "CURR": 0.0}
        self._ranges = {name: ranges.default for name, ranges in RANGES.items()}
        self._drive()

    def found_on(self, level_a: float) -> None:
        """Start with the output on at this current."""
        self._function, self._levels["CURR"] = "CURR", level_a
        self._ranges["CURR"], self.values["output"] = self._holding_level("CURR"), True
        self._drive()

    def wait_until_done(self) -> Iterator[float]:
        """Until the last reading is taken."""
        return self.acquisition.wait()

    @writes(":SOURce[1]:FUNCtion[:MODE]")
    def _set_function(self, parameters: tuple[str, ...]) -> None:
        function = FUNCTION.value(parameters)
        if function != self._function:
            self._function, self.values["output"] = function, False
            self._drive()

    @asks(":SOURce[1]:FUNCtion[:MODE]")
    def _ask_function(self, parameters: tuple[str, ...]) -> str:
        return FUNCTION.reply(self._function, parameters)

    @writes(CURRENT)
    def _set_current(self, parameters: tuple[str, ...]) -> None:
        self._set_level("CURR", parameters)

    @writes(VOLTAGE)
    def _set_voltage(self, parameters: tuple[str, ...]) -> None:
        self._set_level("VOLT", parameters)

    @asks(CURRENT)
    def _ask_current(self, parameters: tuple[str, ...]) -> str:
        return LEVELS["CURR"].reply(self._levels["CURR"], parameters)

    @asks(VOLTAGE)
    def _ask_voltage(self, parameters: tuple[str, ...]) -> str:
        return LEVELS["VOLT"].reply(self._levels["VOLT"], parameters)

    @writes(":SOURce[1]:CURRent:RANGe")
    def _set_current_range(self, parameters: tuple[str, ...]) -> None:
        self._set_range("CURR", parameters)

    @writes(":SOURce[1]:VOLTage:RANGe")
    def _set_voltage_range(self, parameters: tuple[str, ...]) -> None:
        self._set_range("VOLT", parameters)

    @asks(":SOURce[1]:CURRent:RANGe")
    def _ask_current_range(self, parameters: tuple[str, ...]) -> str:
        return RANGES["CURR"].reply(self._ranges["CURR"], parameters)

    @asks(":SOURce[1]:VOLTage:RANGe")
    def _ask_voltage_range(self, parameters: tuple[str, ...]) -> str:
        return RANGES["VOLT"].reply(self._ranges["VOLT"], parameters)

    @asks(*TRIPPED)
    def _tripped(self, parameters: tuple[str, ...]) -> str:
        return "1" if self._source.limited else "0"

    @writes(":ABORt")
    def _abort(self, parameters: tuple[str, ...]) -> None:
        self.armed = False
        self.acquisition.abort()

    def _set_level(self, function: str, parameters: tuple[str, ...]) -> None:
        level = LEVELS[function].value(parameters)
        if self.values[f"auto_range_{function}"]:
            self._ranges[function] = RANGES[function].holding(abs(level) / FULL_SCALE)
        elif abs(level) > self._ranges[function] * FULL_SCALE * (1.0 + 1e-9):
            raise out_of_range()
        self._levels[function] = to_resolution(level, self._ranges[function] / STEPS_PER_RANGE)
        self._drive()

    def _set_range(self, function: str, parameters: tuple[str, ...]) -> None:
        chosen = RANGES[function].value(parameters)
        if abs(self._levels[function]) > chosen * FULL_SCALE:
            raise settings_conflict()
        self._ranges[function], self.values[f"auto_range_{function}"] = chosen, False
        self._drive()

    def _holding_level(self, function: str) -> float:
        return RANGES[function].holding(abs(self._levels[function]) / FULL_SCALE)

    def _start(self) -> None:
        """With the output off: an error, and no reply ever."""
        if not self.values["output"]:
            raise settings_conflict()
        function = self.values["measured"][:4]
        filtered = self.values[f"filter_count_{function}"] if self.values[f"filter_{function}"] else 1
        self.acquisition.start(
            int(self.values["count"]),
            float(self.values[f"delay_{self._function}"]),
            float(self.values[f"nplc_{function}"] * filtered) / self.line_frequency_hz,
        )

    def _written(self, voltage_v: float) -> str:
        if self.values["measured"] != "VOLT:DC":
            return f"{self._source.current_a:.6E}"
        return OVERFLOW if abs(voltage_v) > self._measurable("VOLT") else f"{voltage_v:.6E}"

    def _drive(self) -> None:
        on = bool(self.values["output"])
        self._source.drive(self._drive_on() if on else self._drive_off(), on)

    def _drive_on(self) -> Drive:
        if self._function == "CURR":
            return Drive.of_current(self._levels["CURR"], min(self.values["limit_v"], self._measurable("VOLT")))
        return Drive.of_voltage(self._levels["VOLT"], min(self.values["limit_a"], self._measurable("CURR")))

    def _drive_off(self) -> Drive:
        small_a = OFF_SHARE * self._ranges["CURR"]
        return {
            "HIMP": OPEN,
            "GUAR": Drive.of_current(0.0, self.values["limit_v"]),
            "ZERO": Drive.of_voltage(0.0, max(small_a, abs(self._levels["CURR"]))),
        }.get(self.values[f"off_mode_{self._function}"], Drive.of_voltage(0.0, small_a))

    def _measurable(self, function: str) -> float:
        """Full scale of a fixed measuring range of the measured function; infinity with autorange."""
        fixed = self.values["measured"][:4] == function and not self.values[f"sense_auto_{function}"]
        return float(self.values[f"sense_range_{function}"]) * FULL_SCALE if fixed else inf
