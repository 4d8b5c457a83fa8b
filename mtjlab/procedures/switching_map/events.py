"""What is probed of an adaptive map, as frozen events. Times ``t_s`` are bench time."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from mtjlab.analysis.legs import probe_passage
from mtjlab.analysis.passage import Course, Passage
from mtjlab.domain import Reading, Verdict
from mtjlab.events import Event


@dataclass(frozen=True, slots=True)
class ProbeStep:
    """An input of a probe: applied at ``applied_s``, and read, at a lower input where a junction is in the dead band.

    ``until_s`` is the moment that the last reading shows, or before it the one at which the input was lowered.
    """

    input_ua: float
    applied_s: float
    until_s: float
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Probed(Event):
    """A probe of an adaptive map: inputs held one after another, rising, on junctions that were reset; then reset."""

    t_s: float
    series: int
    steps: tuple[ProbeStep, ...]
    reset_readings: tuple[Reading, ...]
    reset_verdicts: tuple[Verdict, ...]
    type: Literal["probed"] = "probed"

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """Everything that the detector says in it."""
        return (*(one for step in self.steps for one in step.verdicts), *self.reset_verdicts)

    @property
    def readings(self) -> int:
        """How many readings it took, those of the reset included."""
        return sum(len(step.readings) for step in self.steps) + len(self.reset_readings)

    @property
    def reset(self) -> bool:
        """Whether every junction was seen antiparallel again."""
        return all(verdict is Verdict.AP for verdict in self.reset_verdicts)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What it tells of each junction, in inputs."""
        courses = self._courses
        junctions = range(len(self.steps[0].verdicts))
        return tuple(probe_passage(courses, [step.verdicts[k] for step in self.steps]) for k in junctions)

    @property
    def _courses(self) -> tuple[Course, ...]:
        """What was carried from one moment that a reading shows to the next, in inputs."""
        first, *_ = self.steps
        courses = [Course((first.input_ua,), (first.until_s - first.applied_s,))]
        for before, step in pairwise(self.steps):
            inputs_ua = before.readings[-1].input_ua, step.input_ua
            courses.append(Course(inputs_ua, (step.applied_s - before.until_s, step.until_s - step.applied_s)))
        return tuple(courses)
