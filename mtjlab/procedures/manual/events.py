"""Events of manual operation. Times ``t_s`` are bench time."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import ClassVar, Literal

from mtjlab.domain import PerJunction, Reading, Verdict
from mtjlab.events import Event
from mtjlab.events.formatting import row_text
from mtjlab.transitions import Transition


@dataclass(frozen=True, slots=True)
class RequestPlanned(Event):
    """A granted request, about to be carried out: the currents to hold, and the transition of the control currents.

    ``number`` is that of the latest request; it includes earlier ones received with it. ``transition`` is None if the
    control currents do not change.
    """

    t_s: float
    number: int
    controls_ua: PerJunction
    input_ua: float
    transition: Transition | None
    cautions: tuple[str, ...] = ()
    type: Literal["wish-planned"] = "wish-planned"

    @property
    def is_trouble(self) -> bool:
        """Whether the event reports a problem."""
        return bool(self.cautions)

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        cautions = "".join(f"; {caution}" for caution in self.cautions)
        return f"by hand: controls {row_text(self.controls_ua)}, input {self.input_ua:.6g} uA{cautions}"


@dataclass(frozen=True, slots=True)
class RequestRefused(Event):
    """A refused request, and why; no current was changed."""

    is_trouble: ClassVar[bool] = True

    t_s: float
    number: int
    said: str
    reason: str
    type: Literal["wish-refused"] = "wish-refused"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return f"refused: {self.reason}"


@dataclass(frozen=True, slots=True)
class JunctionsRead(Event):
    """One look at the junctions: all readings, and the verdicts of the last; no verdicts without references.

    ``nominal`` are verdicts by the resistance law of a nominal junction, given instead where there are no references.
    """

    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...] = ()
    nominal: tuple[Verdict, ...] = ()
    type: Literal["junctions-read"] = "junctions-read"


def seconds_read_counter(every_s: float, most: int) -> Callable[[Event], int]:
    """Counter of whole seconds of looks ``every_s``, up to ``most``."""
    began_s: float | None = None
    seconds = 0

    def count(event: Event) -> int:
        nonlocal began_s, seconds
        if not isinstance(event, JunctionsRead):
            return 0
        began_s = event.readings[0].t_s if began_s is None else began_s
        before, seconds = seconds, min(most, ceil(event.readings[-1].t_s - began_s + every_s))
        return seconds - before

    return count
