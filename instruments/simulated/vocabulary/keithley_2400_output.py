"""The output of a Keithley 2400: levels and ranges of both functions, and what it does to its terminals on and off."""

from collections.abc import Mapping
from typing import Any

from instruments.simulated.compliance import OPEN, Drive
from instruments.simulated.vocabulary.keithley_2400_settings import FULL_SCALE, LEVELS, RANGES
from instruments.simulated.vocabulary.kinds import to_resolution
from instruments.simulated.vocabulary.scpi import out_of_range, settings_conflict

STEPS_PER_RANGE = 20_000
OFF_SHARE = 0.005
"""An output that is off drives up to this share of its range."""


class SourceMeterOutput:
    """Comes up as a voltage source at 0 V. ``values`` are the settings of the instrument."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self.function = "VOLT"
        self.levels = {"VOLT": 0.0, "CURR": 0.0}
        self.ranges = {name: ranges.default for name, ranges in RANGES.items()}

    def found_at(self, level_a: float) -> None:
        """A current source that somebody left at this level."""
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
        """What it does while it is on; what a fixed measuring range cannot show is limited like by the compliance."""
        if self.function == "CURR":
            return Drive.of_current(self.levels["CURR"], min(self._values["limit_v"], measurable_v))
        return Drive.of_voltage(self.levels["VOLT"], min(self._values["limit_a"], measurable_a))

    def drive_off(self) -> Drive:
        """What it does while it is off, by its output-off mode."""
        small_a = OFF_SHARE * self.ranges["CURR"]
        return {
            "HIMP": OPEN,
            "GUAR": Drive.of_current(0.0, OFF_SHARE * self.ranges["VOLT"]),
            "ZERO": Drive.of_voltage(0.0, max(small_a, abs(self.levels["CURR"]))),
        }.get(self._values["off_mode"], Drive.of_voltage(0.0, small_a))
