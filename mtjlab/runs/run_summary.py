"""Summary of a run: a row of the list of runs."""

from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import msgspec

from mtjlab.events.runs import RunStatus
from mtjlab.run_status import StatusReport
from mtjlab.runs.finding import began_at, number_in


class Rates(msgspec.Struct, frozen=True):
    """Recognition rates (fractions)."""

    train: float
    test: float


class RunSummary(msgspec.Struct, frozen=True):
    """A row of the list of runs; None or empty where the folder holds no such value."""

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
    """Notes of the users."""
    chip: str = ""
    seed: int | None = None
    duration_s: float | None = None
    """From the first to the last event."""
    requested: str = ""

    @property
    def has_settled(self) -> bool:
        """Whether the run has a final event, and its summary stays as it is unless somebody changes its folder."""
        sources = self.status_report.sources
        is_ended = self.status_report.status in get_args(RunStatus)
        return is_ended and (sources is None or (sources.is_settled and not sources.may_be_on))

    @property
    def order(self) -> tuple[datetime, int, str]:
        """Sort key: start time, then number."""
        return self.began_at or began_at(self.folder), number_in(self.run), self.run

    @property
    def steps_text(self) -> str:
        """Complete and planned training steps, such as 40/80; empty for a run that learns nothing."""
        return f"{self.step}/{self.steps}" if self.steps is not None and self.data else ""

    @property
    def time_text(self) -> str:
        """Start time; the day is in the id."""
        return f"{self.began_at:%H:%M}" if self.began_at else ""

    @property
    def bench_text(self) -> str:
        """Name of the bench, marked if it is simulated."""
        return f"SIM {self.bench}" if self.simulated else self.bench

    def matches(self, text: str) -> bool:
        """Whether the summary, notes included, contains every word of ``text``."""
        parts = (self.run, self.bench, self.chip, self.data, self.requested, self.status_report.sentence, self.notes)
        content = " ".join(parts).lower()
        return all(word in content for word in text.lower().split())

    def as_json(self) -> dict[str, Any]:
        """Object of the run in the output of ``--json``."""
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
            "chip": self.chip,
            "seed": self.seed,
            "duration_s": self.duration_s,
            "requested": self.requested,
        }
