"""Events of a measurement against the magnetic field. Times ``t_s`` are bench time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from mtjlab.analysis.field_loops import LoopEstimate
from mtjlab.analysis.field_slopes import FieldSlope
from mtjlab.analysis.working_point import WorkingPoint
from mtjlab.counted import counted
from mtjlab.domain import Reading, junction_label
from mtjlab.events import Event, Phase


@dataclass(frozen=True, slots=True)
class LoopPoint(Event):
    """A reading of a resistance loop in a field, which was reached at ``reached_s``.

    ``field_mt`` is what the gaussmeter read, or without one the supply. A loop has a rising leg, then a falling one.
    """

    is_routine: ClassVar[bool] = True

    loop: int
    rising: bool
    field_mt: float
    reached_s: float
    reading: Reading
    type: Literal["loop-point"] = "loop-point"

    @property
    def shows(self) -> Reading:
        """The reading."""
        return self.reading

    @property
    def phases(self) -> Sequence[Phase]:
        """The reading."""
        return (Phase("idle", self.reading),)


@dataclass(frozen=True, slots=True)
class LoopsMeasured(Event):
    """Coercive field, shift, resistances and TMR of every junction, from all loops."""

    milestone: ClassVar[bool] = True

    t_s: float
    loops: tuple[LoopEstimate, ...]
    readings: int
    type: Literal["loops-measured"] = "loops-measured"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        parts = [f"{junction_label(one.junction)} {_loop_text(one)}" for one in self.loops]
        return f"loops measured from {counted(self.readings, 'reading')}: {'; '.join(parts)}"


@dataclass(frozen=True, slots=True)
class SeriesInField(Event):
    """Curves of a series begin in a field; or, with ``skipped``, why there are no more of them in this field."""

    milestone: ClassVar[bool] = True

    t_s: float
    series: int
    field_mt: float
    skipped: str = ""
    type: Literal["series-in-field"] = "series-in-field"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        begins = f"series {self.series + 1} in a field of {self.field_mt:.6g} mT"
        return f"{begins} left out: {self.skipped}" if self.skipped else begins


@dataclass(frozen=True, slots=True)
class WorkingPointChosen(Event):
    """How the field moves critical currents, and the field chosen to work in; without one, ``reason`` says why."""

    milestone: ClassVar[bool] = True

    t_s: float
    slopes: tuple[FieldSlope, ...]
    point: WorkingPoint | None
    reason: str = ""
    type: Literal["working-point-chosen"] = "working-point-chosen"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return working_point_text(self.point, self.reason)


def working_point_text(point: WorkingPoint | None, reason: str) -> str:
    """The chosen field and why, or why there is none."""
    if point is None:
        return f"no working point: {reason}"
    if not point.is_possible:
        return f"no working point; {point.reason}"
    return f"working point {point.field_mt:.6g} mT: {point.reason}"


def _loop_text(one: LoopEstimate) -> str:
    if one.coercive_mt is None or one.shift_mt is None:
        return one.reason
    return f"coercive field {one.coercive_mt.value:.2f} mT, shift {one.shift_mt.value:.2f} mT"
