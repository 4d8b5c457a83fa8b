"""What readings tell of a junction, apart from how it is found: whoever reads events needs no more of it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["switched", "never", "already"]


@dataclass(frozen=True, slots=True)
class Course:
    """Currents (uA) carried one after another, and for how long each (s)."""

    currents_ua: tuple[float, ...] = ()
    durations_s: tuple[float, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether time never ran back: it does where readings were shorter than the apertures they are said to have."""
        return all(duration_s >= 0 for duration_s in self.durations_s)

    def at_pace(self, pace: float) -> "Course":
        """The same with durations in a time that passes faster by a factor."""
        return Course(self.currents_ua, tuple([pace * duration_s for duration_s in self.durations_s]))


@dataclass(frozen=True, slots=True)
class Passage:
    """What one leg tells of one junction.

    It stood ``survived`` without switching, and switched somewhere in ``switched_in``, which is empty unless the
    outcome is "switched". "never" is a leg without a switch; "already" one that began after it, and tells nothing.
    """

    rising: bool
    outcome: Outcome
    survived: Course = Course()
    switched_in: Course = Course()

    @property
    def is_possible(self) -> bool:
        """Whether both its courses are."""
        return self.survived.is_possible and self.switched_in.is_possible

    def at_pace(self, pace: float) -> "Passage":
        """The same in a time that passes faster by a factor."""
        return Passage(self.rising, self.outcome, self.survived.at_pace(pace), self.switched_in.at_pace(pace))

    @property
    def threshold_ua(self) -> float | None:
        """Midway between the last current read before the switch and the first read after it; None without one."""
        if self.outcome != "switched":
            return None
        return (self.switched_in.currents_ua[0] + self.switched_in.currents_ua[-1]) / 2
