"""The output of one simulated source: it approaches its level exponentially, and is cut at once when switched off."""

from dataclasses import replace
from math import exp, expm1, inf, log

from instruments.simulated.compliance import OPEN, Drive

SETTLED_WITHIN = 0.01
"""A settling time is the time to within 1 % of a step."""
SNAP_WITHIN = 1e-6
"""Remaining fraction of a step below which it is complete."""
SUB_STEPS_PER_TIME_CONSTANT = 5.0


class SourceOutput:
    """Level, settling and faults of one output. Its exponential is applied to the junctions as a staircase of means.

    ``gain`` is the delivered current over the set current.
    """

    def __init__(self, settling_s: float, hardware_v: float) -> None:
        """Settle in ``settling_s``; deliver up to ``hardware_v`` where compliance is ignored."""
        self.settling_s = settling_s
        self.ignores_compliance = False
        self.dead = False
        self.gain = 1.0
        self.on = False
        self._hardware_v = hardware_v
        self._drive = OPEN
        self._start_a = 0.0
        self._start_s = 0.0
        self._settled = True

    @property
    def settled(self) -> bool:
        """Whether the level is reached."""
        return self._settled

    @property
    def holds_voltage(self) -> bool:
        """Whether it is a voltage source, with its compliance a current."""
        return self._drive.most_a < inf

    @property
    def sub_step_s(self) -> float:
        """Longest time over which the output may be taken as constant."""
        return inf if self._settled else self._time_constant_s / SUB_STEPS_PER_TIME_CONSTANT

    def drive(self, drive: Drive, output_on: bool, now_s: float) -> None:
        """Start towards another level, from the present output."""
        reached_a = self.level_a(now_s) if self.on and output_on else 0.0
        self._drive, self.on = drive, output_on
        self._start_a, self._start_s = reached_a, now_s
        self._settled = self.settling_s <= 0.0 or not output_on or reached_a == drive.level_a
        if self._settled:
            self._start_a = drive.level_a

    def settle_in(self, settling_s: float, now_s: float) -> None:
        """Change the settling time; a step in progress continues from the present output."""
        reached_a = self.level_a(now_s)
        self.settling_s = settling_s
        self._start_a, self._start_s = reached_a, now_s
        self._settled = self._settled or settling_s <= 0.0

    def level_a(self, now_s: float) -> float:
        """Level reached now, before compliance."""
        target_a = self._drive.level_a
        if self._settled:
            return target_a
        return target_a + (self._start_a - target_a) * exp(-(now_s - self._start_s) / self._time_constant_s)

    def drive_over(self, now_s: float, duration_s: float) -> Drive:
        """Mean drive over the next ``duration_s``."""
        if self.dead:
            return OPEN
        drive = self._drive
        if self.ignores_compliance and self.on and drive.most_a == inf:
            drive = replace(drive, low_v=-self._hardware_v, high_v=self._hardware_v)
        level_a = drive.level_a if self._settled else self._mean_a(now_s, duration_s)
        return drive if self._settled and self.gain == 1.0 else replace(drive, level_a=level_a * self.gain)

    def arrives(self, now_s: float) -> bool:
        """Whether a step is completed just now, so that the output is at its level."""
        if self._settled:
            return False
        self._settled = exp(-(now_s - self._start_s) / self._time_constant_s) < SNAP_WITHIN
        return self._settled

    @property
    def _time_constant_s(self) -> float:
        return self.settling_s / log(1.0 / SETTLED_WITHIN)

    def _mean_a(self, now_s: float, duration_s: float) -> float:
        target_a, constants = self._drive.level_a, duration_s / self._time_constant_s
        left = -expm1(-constants) / constants if constants > 0.0 else 1.0
        return target_a + (self.level_a(now_s) - target_a) * left
