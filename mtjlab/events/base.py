"""What all events have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

from mtjlab.domain import Reading, Verdict

FORMAT: Literal[1] = 1
"""Version of the journal: what ``RunStarted.format`` says."""


class Event:
    """Something that happens in a run: a frozen dataclass whose last field, ``type``, names its class in journals.

    A journal is synced to disk after a ``milestone``, and ends with what ``is_final``.
    """

    __slots__ = ()

    milestone: ClassVar[bool] = False
    is_final: ClassVar[bool] = False
    type: str

    @property
    def tallies(self) -> Mapping[str, int]:
        """What a run counts with it, by the names of ``Progress``."""
        return {}

    @property
    def shows(self) -> Reading | None:
        """The reading that a view of the chain shows after it; None for what was not read in a kind's own way."""
        return None

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """Everything that the detector says in it, in an order that does not depend on what it says."""
        return ()

    @property
    def rates(self) -> Mapping[str, float]:
        """Recognition rates (fractions) that it tells, by subset; empty for what tells none."""
        return {}

    @property
    def is_trouble(self) -> bool:
        """Whether a good run has none of it."""
        return False

    @property
    def is_routine(self) -> bool:
        """Whether a long run has so much of it that its story passes over it."""
        return False

    @property
    def sentence(self) -> str:
        """What happened, in one line; empty for what happens all the time."""
        return ""


@dataclass(frozen=True, slots=True)
class TakenOver(Event):
    """An event of the run that this one resumes, and which this one goes on with: a line marked as ``taken``.

    It happened in that run: who looks at what happens in this one passes over it.
    """

    event: Event
    type: Literal["taken-over"] = "taken-over"

    @property
    def tallies(self) -> Mapping[str, int]:
        """What a run counts with it: as much as that run did."""
        return self.event.tallies


def original_event(event: Event) -> Event:
    """What happened, in this run or in the one that it resumes."""
    return event.event if isinstance(event, TakenOver) else event


def type_of(kind: type[Event]) -> str:
    """What a class of events is called in journals."""
    named: Any = next(field.default for field in fields(kind) if field.name == "type")  # type: ignore[arg-type]
    return str(named)
