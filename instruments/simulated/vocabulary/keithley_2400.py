"""Keithley 2400 SourceMeter: source and meter at its own terminals. Source: Series 2400 User's Manual, 2400S-900-01.

At power-on it is a voltage source whose output, while off, is a short for small currents (NORMal): it draws
current from a shared chain until HIMPedance is chosen. A fixed measuring range limits the voltage as the compliance
does.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from instruments.simulated.compliance import OPEN, Drive
from instruments.simulated.terminals import MeterTerminals, SourceTerminals, Time
from instruments.simulated.vocabulary.acquisition import Acquisition
from instruments.simulated.vocabulary.instrument import Steps, asks, writes
from instruments.simulated.vocabulary.keithley import Keithley
from instruments.simulated.vocabulary.keithley_2400_settings import FULL_SCALE, LEVELS, RANGES, SENSE, SETTINGS
from instruments.simulated.vocabulary.kinds import Word, to_resolution
from instruments.simulated.vocabulary.scpi import (
    ScpiError,
    illegal_value,
    missing_parameter,
    out_of_range,
    settings_conflict,
    short_form,
)

SOURCES = Word(("VOLTage", "CURRent"))
CURRENT = ":SOURce[1]:CURRent[:LEVel][:IMMediate][:AMPLitude]"
VOLTAGE = ":SOURce[1]:VOLTage[:LEVel][:IMMediate][:AMPLitude]"
LIMITS = {"VOLT": "limit_v", "CURR": "limit_a"}
IN_COMPLIANCE = 1 << 14
STEPS_PER_RANGE = 20_000
OFF_SHARE = 0.005
"""An output that is off drives up to this share of its range."""
NOT_MEASURED, OVERFLOW = "+9.910000E+37", "+9.900000E+37"
ELEMENTS = ("VOLTage", "CURRent", "RESistance", "TIME", "STATus")
FUNCTIONS = {"VOLT": "VOLT:DC", "CURR": "CURR:DC", "RES": "RES"}
COMPLIANCE_STATUS = 1 << 3
OVER_RANGE = 1.005


class SourceMeterOutput:
    """At power-on a voltage source at 0 V. ``values`` are the settings of the instrument."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self.function = "VOLT"
        self.levels = {"VOLT": 0.0, "CURR": 0.0}
        self.ranges = {name: ranges.default for name, ranges in RANGES.items()}

    def found_at(self, level_a: float) -> None:
        """Start as a current source at this level."""
        self.function, self.levels["CURR"] = "CURR", level_a
        self.ranges["CURR"] = RANGES["CURR"].holding(abs(level_a))

    def set_level(self, function: str, parameters: tuple[str, ...]) -> None:
        """A level within the range, to the resolution of the range. Raises ScpiError for another."""
        level = LEVELS[function].value(parameters)
        if self._values[f"auto_range_{function}"]:
            self.ranges[function] = RANGES[function].holding(abs(level))
        elif abs(level) > self.ranges[function] * FULL_SCALE * (1.0 + 1e-9):
            raise out_of_range()
        self.levels[function] = to_resolution(level, self.ranges[function] / STEPS_PER_RANGE)

    def set_range(self, function: str, parameters: tuple[str, ...]) -> None:
        """A range that holds the level. Raises ScpiError for another."""
        chosen = RANGES[function].value(parameters)
        if abs(self.levels[function]) > chosen * FULL_SCALE:
            raise settings_conflict()
        self.ranges[function] = chosen

    def choose_range(self, function: str) -> None:
        """The range that autorange takes for the level."""
        self.ranges[function] = RANGES[function].holding(abs(self.levels[function]))

    def drive_on(self, measurable_v: float, measurable_a: float) -> Drive:
        """Drive while the output is on; a fixed measuring range limits it as the compliance does."""
        if self.function == "CURR":
            return Drive.of_current(self.levels["CURR"], min(self._values["limit_v"], measurable_v))
        return Drive.of_voltage(self.levels["VOLT"], min(self._values["limit_a"], measurable_a))

    def drive_off(self) -> Drive:
        """Drive while the output is off, by its output-off mode."""
        small_a = OFF_SHARE * self.ranges["CURR"]
        return {
            "HIMP": OPEN,
            "GUAR": Drive.of_current(0.0, OFF_SHARE * self.ranges["VOLT"]),
            "ZERO": Drive.of_voltage(0.0, max(small_a, abs(self.levels["CURR"]))),
        }.get(self._values["off_mode"], Drive.of_voltage(0.0, small_a))


@dataclass(frozen=True, slots=True)
class Note:
    """Values recorded with the voltage of a reading."""

    current_a: float
    limited: bool
    time_s: float


def written(voltage_v: float, note: Note, measured: Collection[str], top_v: float, elements: Sequence[str]) -> str:
    """One reading; functions that are neither measured nor sourced are sent as not a number."""
    in_range = f"{voltage_v:+.6E}" if abs(voltage_v) <= top_v * OVER_RANGE else OVERFLOW
    has_resistance = "RES" in measured and note.current_a != 0.0
    texts = {
        "VOLT": in_range if "VOLT" in measured else NOT_MEASURED,
        "CURR": f"{note.current_a:+.6E}" if "CURR" in measured else NOT_MEASURED,
        "RES": f"{voltage_v / note.current_a:+.6E}" if has_resistance else NOT_MEASURED,
        "TIME": f"{note.time_s:+.6E}",
        "STAT": f"{COMPLIANCE_STATUS if note.limited else 0:+.6E}",
    }
    return ",".join([texts[name] for name in elements])


def function_named(text: str) -> str:
    """``'VOLTage:DC'`` -> ``VOLT``. Raises ScpiError for what is no function."""
    name = text.strip("\"'").upper().removesuffix(":DC")
    for function, long in (("VOLT", "VOLTAGE"), ("CURR", "CURRENT"), ("RES", "RESISTANCE")):
        if name in (function, long):
            return function
    raise illegal_value()


class Keithley2400(Keithley):
    """Fixed levels only; no sweeps, no digital lines."""

    model = "MODEL 2400"
    firmware = "C32   Oct  4 2010 14:20:11/A02  /V/H"
    settings = SETTINGS
    level = CURRENT

    def __init__(
        self, serial: str, time: Time, source: SourceTerminals, meter: MeterTerminals, line_frequency_hz: float
    ) -> None:
        self.acquisition = Acquisition(time, meter, self._note)
        self._source = source
        self._measured = {"CURR"}
        self._notes: list[Note] = []
        super().__init__(serial, time, line_frequency_hz)
        self._start_again()

    def changed(self, name: str) -> None:
        """Adjust dependent settings, and apply them to the output."""
        function = name[-4:]
        if name.startswith("auto_range_") and self.values[name]:
            self.output.choose_range(function)
        if name in LIMITS.values():
            self.values[name] = abs(self.values[name])
        if name.startswith("sense_range_"):
            self._fix_sense_range(function)
        self._drive()

    def reset(self) -> None:
        """Reset: output off at once, at any current; a voltage source again."""
        super().reset()
        self._start_again()

    def found_on(self, level_a: float) -> None:
        """Start with the output on at this current."""
        self.output.found_at(level_a)
        self.values["output"] = True
        self._drive()

    def condition(self) -> int:
        """Bit 14: in compliance."""
        return IN_COMPLIANCE if self._source.limited else 0

    def wait_until_done(self) -> Iterator[float]:
        """Until the last reading is taken."""
        return self.acquisition.wait()

    # Source

    @writes(":SOURce[1]:FUNCtion[:MODE]")
    def _set_function(self, parameters: tuple[str, ...]) -> None:
        function = SOURCES.value(parameters)
        if function != self.output.function:
            self.output.function, self.values["output"] = function, False
            self._drive()

    @asks(":SOURce[1]:FUNCtion[:MODE]")
    def _ask_function(self, parameters: tuple[str, ...]) -> str:
        return SOURCES.reply(self.output.function, parameters)

    @writes(CURRENT)
    def _set_current(self, parameters: tuple[str, ...]) -> None:
        self.output.set_level("CURR", parameters)
        self._drive()

    @writes(VOLTAGE)
    def _set_voltage(self, parameters: tuple[str, ...]) -> None:
        self.output.set_level("VOLT", parameters)
        self._drive()

    @asks(CURRENT)
    def _ask_current(self, parameters: tuple[str, ...]) -> str:
        return LEVELS["CURR"].reply(self.output.levels["CURR"], parameters)

    @asks(VOLTAGE)
    def _ask_voltage(self, parameters: tuple[str, ...]) -> str:
        return LEVELS["VOLT"].reply(self.output.levels["VOLT"], parameters)

    @writes(":SOURce[1]:CURRent:RANGe")
    def _set_current_range(self, parameters: tuple[str, ...]) -> None:
        self.output.set_range("CURR", parameters)
        self.values["auto_range_CURR"] = False

    @writes(":SOURce[1]:VOLTage:RANGe")
    def _set_voltage_range(self, parameters: tuple[str, ...]) -> None:
        self.output.set_range("VOLT", parameters)
        self.values["auto_range_VOLT"] = False

    @asks(":SOURce[1]:CURRent:RANGe")
    def _ask_current_range(self, parameters: tuple[str, ...]) -> str:
        return RANGES["CURR"].reply(self.output.ranges["CURR"], parameters)

    @asks(":SOURce[1]:VOLTage:RANGe")
    def _ask_voltage_range(self, parameters: tuple[str, ...]) -> str:
        return RANGES["VOLT"].reply(self.output.ranges["VOLT"], parameters)

    @writes(":SOURce[1]:CLEar[:IMMediate]")
    def _switch_off(self, parameters: tuple[str, ...]) -> None:
        self.values["output"] = False
        self._drive()

    @asks(f"{SENSE}:VOLTage[:DC]:PROTection:TRIPped", f"{SENSE}:CURRent[:DC]:PROTection:TRIPped")
    def _tripped(self, parameters: tuple[str, ...]) -> str:
        return "1" if self._source.limited else "0"

    # Meter

    @writes(f"{SENSE}:FUNCtion[:ON]")
    def _measure_more(self, parameters: tuple[str, ...]) -> None:
        functions = [function_named(text) for text in parameters]
        if not functions:
            raise missing_parameter()
        self._measured = {*self._measured, *functions} if self.values["concurrent"] else {functions[-1]}
        self._drive()

    @asks(f"{SENSE}:FUNCtion[:ON]")
    def _ask_measured(self, parameters: tuple[str, ...]) -> str:
        return ",".join(f'"{name}"' for function, name in FUNCTIONS.items() if function in self._measured)

    @writes(f"{SENSE}:FUNCtion[:ON]:ALL")
    def _measure_all(self, parameters: tuple[str, ...]) -> None:
        self._measured = set(FUNCTIONS)
        self._drive()

    @writes(f"{SENSE}:FUNCtion:OFF", f"{SENSE}:FUNCtion:OFF:ALL")
    def _measure_less(self, parameters: tuple[str, ...]) -> None:
        self._measured -= {function_named(text) for text in parameters} or set(FUNCTIONS)
        self._drive()

    @writes(":FORMat:ELEMents[:SENSe[1]]")
    def _set_elements(self, parameters: tuple[str, ...]) -> None:
        chosen = [Word(ELEMENTS).value((text,)) for text in parameters]
        if not chosen:
            raise missing_parameter()
        self._elements = [short_form(element) for element in ELEMENTS if short_form(element) in chosen]

    @asks(":FORMat:ELEMents[:SENSe[1]]")
    def _ask_elements(self, parameters: tuple[str, ...]) -> str:
        return ",".join(self._elements)

    @writes(":INITiate[:IMMediate]")
    def _initiate(self, parameters: tuple[str, ...]) -> None:
        if not self.values["output"]:
            raise ScpiError(803, "Not permitted with OUTPUT off")
        values = self.values
        filtered = values["filter_count"] if values["filter"] else 1
        self._notes = []
        self.acquisition.start(
            int(values["arms"] * values["triggers"]),
            float(values["trigger_delay"] + values["source_delay"]),
            float(values["nplc"] * filtered) / self.line_frequency_hz,
        )

    @writes(":ABORt", ":TRIGger:CLEar")
    def _abort(self, parameters: tuple[str, ...]) -> None:
        self.armed = False
        self.acquisition.abort()

    @asks(":READ")
    def _read(self, parameters: tuple[str, ...]) -> Steps:
        """With the output off: an error, and no reply ever."""
        self.acquisition.abort()
        if self.values["auto_clear"]:
            self.values["output"] = True
            self._drive()
        self._initiate(())
        reply = yield from self._fetch(())
        if self.values["auto_clear"]:
            self._switch_off(())
        return reply

    @asks(":FETCh", f"{SENSE}:DATA[:LATest]", ":TRACe:DATA")
    def _fetch(self, parameters: tuple[str, ...]) -> Steps:
        yield from self.acquisition.wait()
        known, top_v = {*self._measured, self.output.function}, self._measurable("VOLT")
        readings = zip(self.acquisition.fetched_v(), self._notes, strict=True)
        return ",".join([written(voltage_v, note, known, top_v, self._elements) for voltage_v, note in readings])

    @writes(":TRACe:CLEar")
    def _clear_buffer(self, parameters: tuple[str, ...]) -> None:
        """No effect: only the last readings are kept."""

    @asks(":MEASure:VOLTage[:DC]")
    def _measure_voltage(self, parameters: tuple[str, ...]) -> Steps:
        self._configure("VOLT")
        return (yield from self._read(()))

    @asks(":MEASure:CURRent[:DC]")
    def _measure_current(self, parameters: tuple[str, ...]) -> Steps:
        self._configure("CURR")
        return (yield from self._read(()))

    @writes(":CONFigure:VOLTage[:DC]")
    def _configure_voltage(self, parameters: tuple[str, ...]) -> None:
        self._configure("VOLT")

    @writes(":CONFigure:CURRent[:DC]")
    def _configure_current(self, parameters: tuple[str, ...]) -> None:
        self._configure("CURR")

    def _start_again(self) -> None:
        self.acquisition.abort()
        self.output = SourceMeterOutput(self.values)
        self._measured = {"CURR"}
        self._elements = [short_form(element) for element in ELEMENTS]
        self._drive()

    def _drive(self) -> None:
        on = bool(self.values["output"])
        drive = self.output.drive_on(self._measurable("VOLT"), self._measurable("CURR"))
        self._source.drive(drive if on else self.output.drive_off(), on)
        self.latch()

    def _measurable(self, function: str) -> float:
        """Full scale of a fixed measuring range; infinity with autorange."""
        fixed = function in self._measured and not self.values[f"sense_auto_{function}"]
        return float(self.values[f"sense_range_{function}"]) * FULL_SCALE if fixed else inf

    def _configure(self, function: str) -> None:
        """Set all controls of the function to their defaults, its compliance included, for one reading."""
        again = {f"sense_auto_{function}", LIMITS[function], "nplc", "triggers", "arms", "trigger_delay"}
        for setting in self.settings:
            if setting.name in again:
                self.values[setting.name] = setting.default
        self._measured = {function}
        self._drive()

    def _fix_sense_range(self, function: str) -> None:
        highest = RANGES[function].holding(self.values[LIMITS[function]])
        if self.values[f"sense_range_{function}"] > highest:
            self.values[f"sense_range_{function}"] = highest
            raise ScpiError(824, "Cannot exceed compliance range")
        self.values[f"sense_auto_{function}"] = False

    def _note(self) -> None:
        self._notes.append(Note(self._source.current_a, bool(self._source.limited), self.time.now_s))
