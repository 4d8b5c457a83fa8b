"""What readings tell of a junction, apart from how it is found: whoever reads events needs no more of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Literal, TypeAlias

from mtjlab.domain import Verdict

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

    def shifted(self, by_ua: float) -> "Course":
        """The same on an axis of current whose zero lies elsewhere."""
        return Course(tuple([current_ua + by_ua for current_ua in self.currents_ua]), self.durations_s)

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

    def shifted(self, by_ua: float) -> "Passage":
        """The same with junction currents in place of inputs: a control current lies between them."""
        return Passage(self.rising, self.outcome, self.survived.shifted(by_ua), self.switched_in.shifted(by_ua))

    def at_pace(self, pace: float) -> "Passage":
        """The same in a time that passes faster by a factor."""
        return Passage(self.rising, self.outcome, self.survived.at_pace(pace), self.switched_in.at_pace(pace))

    @property
    def threshold_ua(self) -> float | None:
        """Midway between the last current read before the switch and the first read after it; None without one."""
        if self.outcome != "switched":
            return None
        return (self.switched_in.currents_ua[0] + self.switched_in.currents_ua[-1]) / 2


def probe_passage(courses: Sequence[Course], verdicts: Sequence[Verdict]) -> Passage:
    """The passage, in inputs, of a junction that was reset before the first of ``courses``, and seen after each.

    Where a verdict is neither P nor AP, the junction may have switched there or in the courses after it, until one is.
    """
    survived = since = Course()
    for course, verdict in zip(courses, verdicts, strict=True):
        since = _joined(since, course)
        if verdict is Verdict.P:
            return Passage(rising=True, outcome="switched", survived=survived, switched_in=since)
        if verdict is Verdict.AP:
            survived, since = _joined(survived, since), Course()
    return Passage(rising=True, outcome="never", survived=survived)


def _joined(one: Course, other: Course) -> Course:
    return Course(one.currents_ua + other.currents_ua, one.durations_s + other.durations_s)


def held_passage(current_ua: float, held_s: float, verdict: Verdict) -> Passage | None:
    """What a held current tells of one junction; None where nothing was decided."""
    course = Course((current_ua,), (held_s,))
    match verdict:
        case Verdict.P:
            return Passage(rising=True, outcome="switched", switched_in=course)
        case Verdict.AP:
            return Passage(rising=True, outcome="never", survived=course)
        case _:
            return None


def seen_after(currents_ua: Sequence[float], held_s: float, verdicts: Sequence[Verdict]) -> list[list[Passage]]:
    """Passages ``[junction]`` of junctions that were reset, and seen after each carried its current for a time."""
    found = [held_passage(*one) for one in zip(currents_ua, repeat(held_s), verdicts)]
    return [[] if one is None else [one] for one in found]


def joined(parts: Iterable[Sequence[Sequence[Passage]]]) -> list[list[Passage]]:
    """Passages ``[junction]`` of several parts of an event; parts that tell nothing are left out."""
    return [[one for own in of_junction for one in own] for of_junction in zip(*filter(None, parts), strict=True)]
