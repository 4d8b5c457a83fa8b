"""A presentation without its readings: for whoever has thousands of them to catch up with."""

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from mtjlab.domain import SwitchingConfiguration, Verdict
from mtjlab.events.measurements import EncodedToken, Purpose


@dataclass(frozen=True, slots=True)
class OutcomeGlance:
    """Of one input of a presentation, whether every junction was reset after it."""

    reset_verdicts: tuple[Verdict, ...]

    @property
    def reset(self) -> bool:
        """Whether every junction was seen antiparallel again."""
        verdicts = self.reset_verdicts
        return 0 < len(verdicts) == verdicts.count(Verdict.AP)


@dataclass(frozen=True, slots=True)
class PresentedGlance:
    """What came of a presentation; all else that ``Presented`` holds is left in the journal."""

    step: int
    purpose: Purpose
    token: EncodedToken
    outcomes: tuple[OutcomeGlance, ...]
    configuration: SwitchingConfiguration | None
    recognised_as: str | None
    type: Literal["presented"] = "presented"

    @property
    def broken_off(self) -> bool:
        """As ``Presented`` says it."""
        return bool(self.outcomes) and not self.outcomes[-1].reset_verdicts


_adapter: TypeAdapter[PresentedGlance] = TypeAdapter(PresentedGlance)


def glance_at(line: bytes) -> PresentedGlance:
    """What came of the presentation in a line of a journal. Raises pydantic.ValidationError if it is none."""
    return _adapter.validate_json(line)
