"""Events of the magnetic field. Times ``t_s`` are bench time."""

from dataclasses import dataclass
from typing import Literal

from mtjlab.domain import FieldReading, FieldReport, PerJunction
from mtjlab.events.base import Event


@dataclass(frozen=True, slots=True)
class FieldPlanned(Event):
    """Planned move of the field; junctions carry ``currents_ua`` and none may carry more than ``most_ua`` meanwhile."""

    t_s: float
    from_mt: float
    to_mt: float
    ramp_mt_per_s: float
    currents_ua: PerJunction
    most_ua: float
    type: Literal["field-planned"] = "field-planned"

    @property
    def is_routine(self) -> bool:
        """A loop has many."""
        return True


@dataclass(frozen=True, slots=True)
class FieldSet(Event):
    """Magnetic field reached, how it was confirmed, and what the gaussmeter shows, if there is one.

    The first of a run is set before any output is on, the last after all are off. ``is_step``: one of the many steps
    of a loop, which the log does not list.
    """

    t_s: float
    field_mt: float
    how: str
    gaussmeter_mt: float | None = None
    is_step: bool = False
    type: Literal["field-set"] = "field-set"

    @classmethod
    def of(cls, t_s: float, report: FieldReport, is_step: bool = False) -> "FieldSet":
        """The event of a report."""
        return cls(t_s, report.field_mt, report.how, report.gaussmeter_mt, is_step)

    @property
    def is_routine(self) -> bool:
        """A loop has many."""
        return self.is_step

    @property
    def reading(self) -> FieldReading:
        """What supply and gaussmeter say."""
        return FieldReading(self.field_mt, self.gaussmeter_mt)

    @property
    def sentence(self) -> str:
        """One-line description for the log; empty for a step."""
        if self.is_step:
            return ""
        shown = "" if self.gaussmeter_mt is None else f", gaussmeter {self.gaussmeter_mt:.6g} mT"
        return f"field {self.field_mt:.6g} mT, {self.how}{shown}"


@dataclass(frozen=True, slots=True)
class FieldRead(Event):
    """The field read during a run: what follows from the current of the supply, and what the gaussmeter shows."""

    t_s: float
    supply_mt: float
    gaussmeter_mt: float | None = None
    type: Literal["field-read"] = "field-read"

    @property
    def is_routine(self) -> bool:
        """It is read again and again."""
        return True

    @property
    def reading(self) -> FieldReading:
        """What supply and gaussmeter say."""
        return FieldReading(self.supply_mt, self.gaussmeter_mt)
