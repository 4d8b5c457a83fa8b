"""What it changes to judge a run again: counted event by event."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mtjlab.analysis.legs import Passage
from mtjlab.domain import Verdict
from mtjlab.events import CurveTaken, Event, Presented

STATES = (Verdict.P, Verdict.AP)


@dataclass(slots=True)
class Changes:
    """Numbers of what was judged, and of what came out otherwise; the last recognition rates before and now.

    ``left_out`` counts events that cannot be told again, because the journal has lost what they were told from.
    """

    presentations: int = 0
    configurations_changed: int = 0
    verdicts: int = 0
    verdicts_changed: int = 0
    no_longer_decided: int = 0
    legs: int = 0
    legs_changed: int = 0
    left_out: int = 0
    before: Mapping[str, float] = field(default_factory=dict)
    after: Mapping[str, float] = field(default_factory=dict)

    def count(self, before: Event, now: Event | None) -> None:
        """Compare an event with what it is told as now."""
        self.left_out += now is None
        if before.rates:
            self.before, self.after = before.rates, now.rates if now else {}
        match before, now:
            case Presented(), Presented():
                self.presentations += 1
                self.configurations_changed += before.configuration != now.configuration
            case CurveTaken(), CurveTaken():
                legs = list(zip(_legs(before), _legs(now), strict=True))
                self.legs += len(legs)
                self.legs_changed += sum(old != new for old, new in legs)
        if now is not None:
            verdicts = list(zip(before.all_verdicts, now.all_verdicts, strict=True))
            self.verdicts += len(verdicts)
            self.verdicts_changed += sum(old is not new for old, new in verdicts)
            self.no_longer_decided += sum(old in STATES and new not in STATES for old, new in verdicts)

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` says of it."""
        return {
            "presentations": self.presentations,
            "configurations_changed": self.configurations_changed,
            "verdicts": self.verdicts,
            "verdicts_changed": self.verdicts_changed,
            "no_longer_decided": self.no_longer_decided,
            "legs": self.legs,
            "legs_changed": self.legs_changed,
            "left_out": self.left_out,
            "recognition": {"before": self.before or None, "after": self.after or None},
        }


def _legs(curve: CurveTaken) -> Iterator[Passage]:
    for legs in curve.passages:
        yield from legs
