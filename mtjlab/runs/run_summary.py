"""A run as a list shows it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import msgspec

from mtjlab.events.runs import RunStatus
from mtjlab.run_status import StatusReport
from mtjlab.runs.finding import began_at, number_of


class Rates(msgspec.Struct, frozen=True):
    """Recognition rates (fractions)."""

    train: float
    test: float


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as a list shows it; None and empty where its folder does not tell."""

    folder: Path
    run: str
    status_report: StatusReport
    procedure: str = ""
    began_at: datetime | None = None
    bench: str = ""
    simulated: bool | None = None
    data: str = ""
    step: int = 0
    steps: int | None = None
    recognition: Rates | None = None
    parent: str | None = None
    notes: str = ""
    """What people have written on it."""

    @property
    def has_settled(self) -> bool:
        """Whether it says itself how it ended, and nothing about it changes unless somebody changes its folder."""
        sources = self.status_report.sources
        is_ended = self.status_report.status in get_args(RunStatus)
        return is_ended and (sources is None or (sources.is_settled and not sources.may_be_on))

    @property
    def order(self) -> tuple[datetime, int, str]:
        """By this runs are sorted: when they began, then by number."""
        return self.began_at or began_at(self.folder), number_of(self.folder), self.run

    def holds(self, text: str) -> bool:
        """Whether every word of ``text`` is somewhere in what is known of it, its notes included."""
        told = f"{self.run} {self.bench} {self.data} {self.status_report.sentence} {self.notes}".lower()
        return all(word in told for word in text.lower().split())

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` says of it."""
        rates = self.recognition
        return {
            "run": str(self.folder),
            "id": self.run,
            "status": self.status_report.status,
            "why": self.status_report.why,
            "ended": self.status_report.sentence if self.status_report.is_over else None,
            "outputs_may_be_on": self.status_report.may_be_on,
            "procedure": self.procedure,
            "began_at": self.began_at.isoformat() if self.began_at else None,
            "bench": self.bench,
            "simulated": self.simulated,
            "data": self.data,
            "step": self.step,
            "steps": self.steps,
            "recognition": {"train": rates.train, "test": rates.test} if rates else None,
            "parent": self.parent,
            "notes": self.notes,
        }
