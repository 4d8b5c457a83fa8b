"""What happens while a person turns currents by hand, as frozen events. Times ``t_s`` are bench time."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from mtjlab.domain import PerJunction, Reading, Verdict
from mtjlab.events import Event
from mtjlab.events.formatting import row_text
from mtjlab.transitions import Transition


@dataclass(frozen=True, slots=True)
class RequestPlanned(Event):
    """A wish that will be granted now: what will be held, and the way of the control currents there.

    ``number`` is that of the latest wish that counts; others that came with it are overtaken by it. ``transition`` is
    None where the control currents stay.
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
        """Whether a good run has none of it."""
        return bool(self.cautions)

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        cautions = "".join(f"; {caution}" for caution in self.cautions)
        return f"by hand: controls {row_text(self.controls_ua)}, input {self.input_ua:.6g} uA{cautions}"


@dataclass(frozen=True, slots=True)
class RequestRefused(Event):
    """A wish that cannot be granted, and why; nothing was moved."""

    is_trouble: ClassVar[bool] = True

    t_s: float
    number: int
    said: str
    reason: str
    type: Literal["wish-refused"] = "wish-refused"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"refused: {self.reason}"


@dataclass(frozen=True, slots=True)
class JunctionsRead(Event):
    """The junctions as read: all readings of one look, and the verdicts on the last; none without references.

    ``nominal`` are verdicts by the resistance law of a nominal junction, given instead where there are no references.
    """

    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...] = ()
    nominal: tuple[Verdict, ...] = ()
    type: Literal["junctions-read"] = "junctions-read"
