"""Interface between simulated instruments and the circuit: terminals of a source and of a voltmeter."""

from collections.abc import Callable
from typing import Protocol

from instruments.simulated.compliance import Drive


class SourceTerminals(Protocol):
    """Output terminals of a source. Its current flows into the top of a junction."""

    @property
    def current_a(self) -> float:
        """True current now: less than was set while settling, limited by compliance, zero with the output off."""

    @property
    def voltage_v(self) -> float:
        """True voltage from its output to ground now."""

    @property
    def limited(self) -> int:
        """+1 or -1 while the compliance limits the current by holding the voltage there, otherwise 0."""

    def drive(self, drive: Drive, output_on: bool) -> None:
        """Apply the settings of the front panel. Switching the output off cuts the current at once."""


class MeterTerminals(Protocol):
    """Input terminals of a voltmeter."""

    def volt_seconds(self) -> float:
        """Integral of the true voltage over bench time up to now: an average is a difference over a duration."""

    def reading_v(self, average_v: float, begun_s: float, aperture_s: float) -> float:
        """Reading for a voltage averaged from bench time ``begun_s``: with noise, hum, offset and resolution."""


class MagnetTerminals(Protocol):
    """The magnet that a supply drives, and the place of a probe in its field."""

    @property
    def current_a(self) -> float:
        """Current through the magnet now."""

    def drive(self, current_a: float) -> None:
        """Take this current from now on, with the lag of the magnet."""

    def shown_t(self) -> float:
        """Field that a gaussmeter sees now, with its noise and offset."""


class Time(Protocol):
    """Bench time of the simulation."""

    @property
    def now_s(self) -> float:
        """Bench time now."""

    def at(self, due_s: float, action: Callable[[], None]) -> None:
        """Schedule an action; actions due at the same time run in the order in which they were scheduled."""
