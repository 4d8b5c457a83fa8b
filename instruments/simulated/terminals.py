"""Where the words of a simulated instrument meet the physics: the terminals of a source and of a voltmeter."""

from typing import Protocol


class SourceTerminals(Protocol):
    """Output terminals of a source. Its current flows into the top of a junction."""

    @property
    def current_a(self) -> float:
        """True current now: less than was set while settling, limited by compliance, zero with the output off."""

    @property
    def voltage_v(self) -> float:
        """True voltage from its output to ground now."""

    @property
    def limited(self) -> bool:
        """Whether the compliance limits the current now."""

    def drive(self, level_a: float, output_on: bool, compliance_v: float) -> None:
        """What the front panel says from now on. Output on to off cuts the current at once."""


class MeterTerminals(Protocol):
    """Input terminals of a voltmeter."""

    def volt_seconds(self) -> float:
        """Integral of the true voltage over bench time up to now: an average is a difference over a duration."""

    def reading_v(self, average_v: float) -> float:
        """What the meter makes of an average: its noise, offset and resolution added."""
