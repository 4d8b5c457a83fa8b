"""Where the words of a simulated instrument meet the physics: the terminals of a source and of a voltmeter."""

from collections.abc import Callable
from typing import Protocol

from instruments.simulated.compliance import Drive


class SourceTerminals(Protocol):
    """Output terminals of a source, as it sees them itself. Its current flows into the top of a junction."""

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
        """What the front panel says from now on. Output on to off cuts the current at once."""


class MeterTerminals(Protocol):
    """Input terminals of a voltmeter."""

    def volt_seconds(self) -> float:
        """Integral of the true voltage over bench time up to now: an average is a difference over a duration."""

    def reading_v(self, average_v: float) -> float:
        """What the meter makes of an average: its noise, offset and resolution added."""


class Time(Protocol):
    """Bench time, in which everything simulated happens."""

    @property
    def now_s(self) -> float:
        """Bench time now."""

    def at(self, due_s: float, action: Callable[[], None]) -> None:
        """Do something at a bench time to come; what is due at the same time is done in the order of asking."""
