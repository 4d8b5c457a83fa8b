"""Yokogawa GS200 DC source (its ``*IDN?`` says GS210). Source: GS200 User's Manual, IM GS210-01EN."""

from typing import ClassVar

from instruments.simulated.compliance import OPEN, Drive
from instruments.simulated.terminals import SourceTerminals, Time
from instruments.simulated.vocabulary.instrument import ScpiInstrument, Setting, asks, writes
from instruments.simulated.vocabulary.kinds import Number, Range, Switch, Word, to_resolution
from instruments.simulated.vocabulary.scpi import out_of_range, settings_conflict

RANGES = {
    "CURR": Range((1e-3, 10e-3, 100e-3, 200e-3), 0.2, 1e-3),
    "VOLT": Range((10e-3, 100e-3, 1.0, 10.0, 30.0), 32.0, 10.0),
}
FUNCTION = Word(("CURRent", "VOLTage"))
HIGHEST = {"CURR": 0.2, "VOLT": 32.0}
OVER_RANGE = 1.2
STEPS_PER_RANGE = 100_000
LIMIT_V = Number(1.0, 30.0, 30.0, lambda value: f"{value:.0f}", step=1.0)
LIMIT_A = Number(1e-3, 0.2, 0.2, lambda value: f"{value:.3f}", step=1e-3)
LOW_LIMITER, HIGH_LIMITER = 1 << 10, 1 << 11
LEVEL = ":SOURce:LEVel[:FIXed]"
ALWAYS = 0b1_0001_1101
"""No measurement, trigger or program is pending: EOM, EOT, ECF, TSE and RFP are set."""


class YokogawaGS200(ScpiInstrument):
    """Output of a current or a voltage; no programs, no monitor option. At power-on it is a voltage source."""

    maker = "YOKOGAWA"
    model = "GS210"
    firmware = "2.02"
    level = LEVEL
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(":SOURce:PROTection:VOLTage", "limit_v", LIMIT_V, 30.0),
        Setting(":SOURce:PROTection:CURRent", "limit_a", LIMIT_A, 0.2),
        Setting(":OUTPut[:STATe]", "output", Switch(), False),
    )

    def __init__(self, serial: str, time: Time, source: SourceTerminals) -> None:
        self._source = source
        self._function = "VOLT"
        self._range = RANGES["VOLT"].default
        self._level = 0.0
        self._latched = 0
        super().__init__(serial, time)

    def changed(self, name: str) -> None:
        """Apply changed settings to the output."""
        self._drive()

    def reset(self) -> None:
        """Reset: output off at once, at any current; a voltage source again."""
        super().reset()
        self._set_source_function("VOLT")

    def found_on(self, level_a: float) -> None:
        """Start with the output on at this current."""
        self._set_source_function("CURR")
        self._range = RANGES["CURR"].holding(abs(level_a) / OVER_RANGE)
        self._level, self.values["output"] = level_a, True
        self._drive()

    def error_text(self, code: int, text: str) -> str:
        """Texts are those of the standard."""
        return f'{code},"{text.replace("Parameter data out", "Data out")}"'

    @writes(":SOURce:FUNCtion")
    def _set_function(self, parameters: tuple[str, ...]) -> None:
        function = FUNCTION.value(parameters)
        if function != self._function:
            self.values["output"] = False
            self._set_source_function(function)

    @asks(":SOURce:FUNCtion")
    def _ask_function(self, parameters: tuple[str, ...]) -> str:
        return FUNCTION.reply(self._function, parameters)

    @writes(":SOURce:RANGe")
    def _set_range(self, parameters: tuple[str, ...]) -> None:
        chosen = RANGES[self._function].value(parameters)
        if abs(self._level) > chosen * OVER_RANGE:
            raise settings_conflict()
        self._range = chosen

    @asks(":SOURce:RANGe")
    def _ask_range(self, parameters: tuple[str, ...]) -> str:
        return RANGES[self._function].reply(self._range, parameters)

    @writes(LEVEL)
    def _set_level(self, parameters: tuple[str, ...]) -> None:
        highest = min(self._range * OVER_RANGE, HIGHEST[self._function])
        level = Number(-HIGHEST[self._function], HIGHEST[self._function], 0.0).value(parameters)
        if abs(level) > highest * (1.0 + 1e-9):
            raise out_of_range()
        self._level = to_resolution(level, self._range / STEPS_PER_RANGE)
        self._drive()

    @writes(":SOURce:LEVel:AUTO")
    def _set_level_and_range(self, parameters: tuple[str, ...]) -> None:
        level = Number(-HIGHEST[self._function], HIGHEST[self._function], 0.0).value(parameters)
        self._range = RANGES[self._function].holding(abs(level) / OVER_RANGE)
        self._set_level(parameters)

    @asks(LEVEL)
    def _ask_level(self, parameters: tuple[str, ...]) -> str:
        return f"{self._level:+.5E}"

    @asks(":STATus:CONDition")
    def _condition(self, parameters: tuple[str, ...]) -> str:
        return str(ALWAYS | self._limiters())

    @asks(":STATus:EVENt")
    def _extended_events(self, parameters: tuple[str, ...]) -> str:
        latched, self._latched = self._latched | self._limiters(), 0
        return str(latched)

    def _limiters(self) -> int:
        return {1: HIGH_LIMITER, -1: LOW_LIMITER}.get(self._source.limited, 0)

    def _set_source_function(self, function: str) -> None:
        self._function, self._level = function, 0.0
        self._range = RANGES[function].default
        self._drive()

    def _drive(self) -> None:
        on = bool(self.values["output"])
        self._source.drive(self._output() if on else OPEN, on)
        self._latched |= self._limiters()

    def _output(self) -> Drive:
        if self._function == "CURR":
            return Drive.of_current(self._level, self.values["limit_v"])
        return Drive.of_voltage(self._level, self.values["limit_a"])
