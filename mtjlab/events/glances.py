"""A presentation without its readings: for whoever has thousands of them to catch up with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mtjlab.domain import SwitchingConfiguration, Verdict
from mtjlab.events.tokens import EncodedToken, Purpose, tallies_of


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

    @property
    def tallies(self) -> Mapping[str, int]:
        """As ``Presented`` has them."""
        return tallies_of(self.configuration, [outcome.reset for outcome in self.outcomes], self.broken_off)
