"""Base class of all events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias

from mtjlab.analysis.passage import Passage
from mtjlab.domain import PerJunction, Reading, Verdict

FORMAT: Literal[1] = 1
"""Version of the journal format, recorded as ``RunStarted.format``."""


PhaseName: TypeAlias = Literal["input", "reset", "moves", "idle", "sweep"]


class Phase(NamedTuple):
    """Currents that were carried until a reading: since ``since_s``, or else since the reading before.

    ``apertures`` of one sample are to be taken off ``since_s``. ``reset`` is the time at zero input after an input.
    """

    name: PhaseName
    reading: Reading
    since_s: float | None = None
    apertures: float = 0.0


class PulsePhase(NamedTuple):
    """A pulse of ``width_s`` on top of control currents, which no reading shows; ``input`` or ``reset``.

    ``since_s``: time at which the way to these control currents began; None if they were held before, or unknown.
    ``verdicts``: states after an input pulse, or before a reset pulse; none if they are unknown.
    """

    name: PhaseName
    controls_ua: PerJunction
    pulse_ua: float
    width_s: float
    since_s: float | None = None
    verdicts: Sequence[Verdict] = ()


class Event:
    """Something that happens in a run: a frozen dataclass whose last field, ``type``, names its class in journals.

    The journal is synced to disk after every ``milestone``; an event that ``is_final`` is its last line.
    """

    __slots__ = ()

    milestone: ClassVar[bool] = False
    is_final: ClassVar[bool] = False
    type: str

    @property
    def tallies(self) -> Mapping[str, int]:
        """Increments of the run's counters, by field name of ``Progress``."""
        return {}

    @property
    def shows(self) -> Reading | None:
        """Reading to show in a view of the chain; None unless the event has its own kind of reading."""
        return None

    @property
    def phases(self) -> Sequence[Phase | PulsePhase]:
        """Every reading and pulse of the event, in order of time; a reading with what it tells of the time before."""
        return ()

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """All detector verdicts of the event, in an order independent of their values."""
        return ()

    @property
    def evidence(self) -> Sequence[Sequence[Passage]]:
        """What the event tells of where each junction switches, ``[junction]``, in junction currents."""
        return ()

    @property
    def rates(self) -> Mapping[str, float]:
        """Recognition rates (fractions) reported by the event, by subset."""
        return {}

    @property
    def is_trouble(self) -> bool:
        """Whether the event reports a problem."""
        return False

    @property
    def is_routine(self) -> bool:
        """Whether the event is too frequent to be listed in the history of a run."""
        return False

    @property
    def sentence(self) -> str:
        """One-line description for the log; empty for frequent events."""
        return ""


@dataclass(frozen=True, slots=True)
class TakenOver(Event):
    """An event taken over from the run that this run resumes: a line marked as ``taken``.

    It happened in the earlier run and is skipped when only events of this run count.
    """

    event: Event
    type: Literal["taken-over"] = "taken-over"

    @property
    def tallies(self) -> Mapping[str, int]:
        """Same increments as in the earlier run."""
        return self.event.tallies


def original_event(event: Event) -> Event:
    """Return the event itself, unwrapped if it was taken over from the run being resumed."""
    return event.event if isinstance(event, TakenOver) else event


def type_of(kind: type[Event]) -> str:
    """Name of an event class in journals."""
    named: Any = next(field.default for field in fields(kind) if field.name == "type")  # type: ignore[arg-type]
    return str(named)
