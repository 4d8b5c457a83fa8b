"""Keithley 6220 and 6221 DC current sources. Source: Model 6220/6221 Reference Manual, 622x-901-01."""

from typing import ClassVar

from instruments.simulated.compliance import OPEN, Drive
from instruments.simulated.terminals import SourceTerminals, Time
from instruments.simulated.vocabulary.instrument import Setting, asks, writes
from instruments.simulated.vocabulary.keithley import Keithley
from instruments.simulated.vocabulary.kinds import Number, Range, Switch, Word, to_resolution
from instruments.simulated.vocabulary.scpi import out_of_range, settings_conflict

RANGES = Range((2e-9, 20e-9, 200e-9, 2e-6, 20e-6, 200e-6, 2e-3, 20e-3, 0.1), 0.105, 0.1)
OVER_RANGE = 1.05
STEPS_PER_RANGE = 20_000
LEVEL = Number(-0.105, 0.105, 0.0)
COMPLIANCE = Number(0.1, 105.0, 10.0, step=0.01)
IN_COMPLIANCE = 8
CURRENT = "[:SOURce[1]]:CURRent[:LEVel][:IMMediate][:AMPLitude]"


class Keithley6221(Keithley):
    """DC output alone; no sweeps, waveforms or delta mode."""

    model = "MODEL 6221"
    firmware = "D04  /700x"
    level = CURRENT
    hardware_v: ClassVar[float] = 105.0
    settings = (
        *Keithley.shared,
        Setting("[:SOURce[1]]:CURRent:COMPliance", "compliance", COMPLIANCE, 10.0),
        Setting("[:SOURce[1]]:CURRent:RANGe:AUTO", "auto_range", Switch(), True),
        Setting("[:SOURce[1]]:CURRent:FILTer[:STATe]", "filter", Switch(), False),
        Setting("[:SOURce[1]]:DELay", "delay", Number(1e-3, 999999.999, 1.0), 1.0),
        Setting(":OUTPut[1][:STATe]", "output", Switch(), False),
        Setting(":OUTPut[1]:LTEarth", "low_to_earth", Switch(), False),
        Setting(":OUTPut[1]:ISHield", "shield", Word(("OLOW", "GUARd")), "OLOW"),
        Setting(":OUTPut[1]:RESPonse", "response", Word(("FAST", "SLOW")), "FAST"),
    )

    def __init__(self, serial: str, time: Time, source: SourceTerminals) -> None:
        self._source = source
        self.level_a = 0.0
        self.range_a = RANGES.default
        super().__init__(serial, time)

    def changed(self, name: str) -> None:
        """Apply changed settings to the output."""
        if name in ("output", "compliance"):
            self._drive()
        if name == "auto_range" and self.values["auto_range"]:
            self.range_a = RANGES.holding(abs(self.level_a))

    def reset(self) -> None:
        """Reset: output off at once, at any current."""
        super().reset()
        self.level_a, self.range_a = 0.0, RANGES.default
        self._drive()

    def found_on(self, level_a: float) -> None:
        """Start with the output on at this level."""
        self.level_a, self.range_a = level_a, RANGES.holding(abs(level_a))
        self.values["output"] = True
        self._drive()

    def condition(self) -> int:
        """Bit 3: in compliance."""
        return IN_COMPLIANCE if self._source.limited else 0

    @writes(CURRENT)
    def _set_level(self, parameters: tuple[str, ...]) -> None:
        level_a = LEVEL.value(parameters)
        if self.values["auto_range"]:
            self.range_a = RANGES.holding(abs(level_a))
        elif abs(level_a) > self.range_a * OVER_RANGE * (1.0 + 1e-9):
            raise out_of_range()
        self.level_a = to_resolution(level_a, self.range_a / STEPS_PER_RANGE)
        self._drive()

    @asks(CURRENT)
    def _level(self, parameters: tuple[str, ...]) -> str:
        return LEVEL.reply(self.level_a, parameters)

    @writes("[:SOURce[1]]:CURRent:RANGe[:UPPer]")
    def _set_range(self, parameters: tuple[str, ...]) -> None:
        range_a = RANGES.value(parameters)
        if abs(self.level_a) > range_a * OVER_RANGE:
            raise settings_conflict()
        self.range_a = range_a
        self.values["auto_range"] = False

    @asks("[:SOURce[1]]:CURRent:RANGe[:UPPer]")
    def _range(self, parameters: tuple[str, ...]) -> str:
        return RANGES.reply(self.range_a, parameters)

    @writes("[:SOURce[1]]:CLEar[:IMMediate]")
    def _clear_source(self, parameters: tuple[str, ...]) -> None:
        self.level_a = 0.0
        self.values["output"] = False
        self._drive()

    @writes("[:SOURce[1]]:SWEep:ABORt")
    def _abort_sweep(self, parameters: tuple[str, ...]) -> None:
        self.armed = False

    def _drive(self) -> None:
        on = bool(self.values["output"])
        self._source.drive(Drive.of_current(self.level_a, self.values["compliance"]) if on else OPEN, on)
        self.latch()


class Keithley6220(Keithley6221):
    """The DC source without waveforms."""

    model = "MODEL 6220"
