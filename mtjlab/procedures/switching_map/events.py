"""Events of an adaptive map. Times ``t_s`` are bench time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from mtjlab.analysis.passage import Course, Passage, probe_passage
from mtjlab.domain import Reading, Verdict
from mtjlab.events import Event, InputPulse, Phase, PulsePhase


@dataclass(frozen=True, slots=True)
class ProbeStep:
    """One input of a probe, applied at ``applied_s`` and read (at a lower input if a junction is in the dead band).

    ``until_s`` is the time of the last reading, or the time at which the input was lowered or the pulse ended. A
    ``pulse`` is read at rest.
    """

    input_ua: float
    applied_s: float
    until_s: float
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    pulse: InputPulse | None = None


@dataclass(frozen=True, slots=True)
class Probed(Event):
    """A probe of an adaptive map: rising inputs held in turn, starting from reset junctions, then a reset."""

    t_s: float
    series: int
    steps: tuple[ProbeStep, ...]
    reset_readings: tuple[Reading, ...]
    reset_verdicts: tuple[Verdict, ...]
    type: Literal["probed"] = "probed"

    @property
    def phases(self) -> Sequence[Phase | PulsePhase]:
        """Readings of each step, then those at zero input; of a pulse those at rest."""
        step, *_ = self.steps
        if step.pulse is not None:
            return tuple(
                step.pulse.phases(step.input_ua, step.applied_s, step.readings, step.verdicts, self.reset_readings)
            )
        at_inputs = [Phase("input", reading) for step in self.steps for reading in step.readings]
        return [*at_inputs, *(Phase("reset", reading) for reading in self.reset_readings)]

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """All detector verdicts of the event."""
        return (*(one for step in self.steps for one in step.verdicts), *self.reset_verdicts)

    @property
    def readings(self) -> int:
        """Number of readings, including those of the reset."""
        return sum(len(step.readings) for step in self.steps) + len(self.reset_readings)

    @property
    def reset(self) -> bool:
        """Whether every junction was antiparallel afterwards."""
        return all(verdict is Verdict.AP for verdict in self.reset_verdicts)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Passage of each junction, in inputs."""
        courses = self._courses
        junctions = range(len(self.steps[0].verdicts))
        return tuple(probe_passage(courses, [step.verdicts[k] for step in self.steps]) for k in junctions)

    @property
    def evidence(self) -> Sequence[Sequence[Passage]]:
        """The passage of each junction."""
        pulse, read = self.steps[0].pulse, self.reset_readings
        controls_ua = pulse.controls_ua if pulse is not None else read[-1].controls_ua if read else ()
        return [[one.shifted(control_ua)] for one, control_ua in zip(self.passages, controls_ua, strict=False)]

    @property
    def _courses(self) -> tuple[Course, ...]:
        """Inputs applied from one reading to the next."""
        first, *_ = self.steps
        courses = [Course((first.input_ua,), (first.until_s - first.applied_s,))]
        for before, step in pairwise(self.steps):
            inputs_ua = before.readings[-1].input_ua, step.input_ua
            courses.append(Course(inputs_ua, (step.applied_s - before.until_s, step.until_s - step.applied_s)))
        return tuple(courses)
