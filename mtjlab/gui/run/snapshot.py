"""Snapshot of a run at one point of its journal, as the views draw it, live or replayed."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from mtjlab.analysis.resistances import DEAD_BAND_UA
from mtjlab.config import BenchConfig, Network, PlanConfig, bench_of, plan_of_run
from mtjlab.config.section import Section
from mtjlab.domain import (
    FieldReport,
    InstrumentReport,
    PerJunction,
    Reading,
    SwitchingConfiguration,
    Verdict,
)
from mtjlab.energy import Energy
from mtjlab.errors import RefusedError
from mtjlab.events import EncodedToken, Presented, ResetFailed, SeriesMeasured, SweepPoint, SwitchingMeasured
from mtjlab.extent import ProgressMeter, Times
from mtjlab.gui.run.sweep import Sweep
from mtjlab.gui.run.switching_history import SwitchingHistory
from mtjlab.procedures.kind import Kind, KindState
from mtjlab.procedures.manual.events import JunctionsRead, RequestRefused
from mtjlab.procedures.training.state import TrainingState
from mtjlab.record import Record
from mtjlab.runs.opened import kind_of
from mtjlab.store import REQUEST, read_request, run_id

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A log message of a run: number of its line, time, and time since the start of the run (s)."""

    n: int
    at: datetime
    since_start_s: float
    text: str
    is_trouble: bool


@dataclass(frozen=True, slots=True)
class JudgedReading:
    """A reading, and the verdict of the detector on each junction; no verdicts where the reading was not judged."""

    reading: Reading
    verdicts: tuple[Verdict, ...]

    @property
    def voltages_mv(self) -> PerJunction:
        """Mean of the samples of each junction."""
        return self.reading.mean_mv

    def verdict(self, junction: int) -> Verdict | None:
        """Verdict on a junction; None where it was not judged, or where its current is too small to tell its state."""
        if not self.verdicts:
            return None
        verdict, current_ua = self.verdicts[junction], self.reading.currents_ua[junction]
        return None if verdict is Verdict.UNDECIDED and abs(current_ua) <= DEAD_BAND_UA else verdict


ReadingEvent: TypeAlias = Presented | SweepPoint | ResetFailed | JunctionsRead | JudgedReading


@dataclass(frozen=True, slots=True)
class TokenResult:
    """Token and resulting configuration of a presentation in a map or a classification."""

    token: EncodedToken
    configuration: SwitchingConfiguration | None

    @classmethod
    def of(cls, presented: Presented) -> "TokenResult":
        """Result of a presentation, without its readings."""
        return cls(presented.token, presented.configuration)


@dataclass(frozen=True, slots=True)
class RunInfo:
    """Request of a run, read from its ``run.toml``; None where the file does not contain it."""

    folder: Path
    request: Mapping[str, Any]
    bench: BenchConfig | None = None
    plan: PlanConfig | None = None
    kind: Kind[Any] | None = None
    kind_plan: Section | None = None
    """Plan of its kind of run."""

    @property
    def network(self) -> Network | None:
        """Network that the run uses."""
        network = getattr(self.kind_plan, "network", None)
        return network if isinstance(network, Network) else None

    @property
    def steps(self) -> int | None:
        """Number of training steps requested; None where nothing is learnt."""
        return self.plan.training.steps if self.plan and self.kind and self.kind.needs_data_set else None

    @property
    def kind_state(self) -> KindState | None:
        """Collector of the events of its kind."""
        return self.kind.new_state() if self.kind else None

    @property
    def meter(self) -> ProgressMeter | None:
        """New meter of its progress, from its first event; None where the request cannot be read."""
        if self.bench is None or self.plan is None or self.kind is None or self.kind_plan is None:
            return None
        is_calibrated = "calibration" in self.request.get("run", {})
        return self.kind.meter(self.kind_plan, self.plan, Times.of(self.bench, self.plan, is_calibrated))

    @property
    def run_id(self) -> str:
        """Identity of the run, such as ``2026-11-23/0001-train``."""
        return run_id(self.folder)


@dataclass(frozen=True, slots=True)
class Pace:
    """Pace of a run: share done at two times (s) since its start, measured by the computer that it runs on."""

    began_s: float
    began_share: float
    now_s: float
    share: float

    @property
    def remaining_s(self) -> float | None:
        """Remaining time (s) at this pace; None before it is known."""
        took_s, done = self.now_s - self.began_s, self.share - self.began_share
        return max(0.0, took_s * (1 - self.share) / done) if done > 0 and took_s > 0 else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All data that views draw. Its sequences may grow later: draw them, do not store them.

    ``answers``: class that each token was last recognised as in a recognition measurement, None for no class.
    ``refused``: the latest manual request, if it was refused.
    """

    info: RunInfo
    state: Record = dataclasses.field(default_factory=Record)
    learnt: TrainingState = dataclasses.field(default_factory=TrainingState)
    lines: int = 0
    last: str = ""
    """Type of the latest event."""
    at: datetime | None = None
    sweep: Sweep = dataclasses.field(default_factory=Sweep)
    switching: SwitchingHistory = dataclasses.field(default_factory=SwitchingHistory)
    judged: Sequence[JudgedReading] = ()
    token_results: Sequence[TokenResult] = ()
    """Of a map measured by presentations, or of a classification."""
    latest: ReadingEvent | None = None
    read_at: datetime | None = None
    """When ``latest`` was recorded."""
    is_now: bool = True
    """Whether the run lasts and its latest reading is shown: what was read then may still be so."""
    answers: Mapping[str, str | None] | None = None
    log: Sequence[LogEntry] = ()
    instruments: tuple[InstrumentReport, ...] = ()
    field: FieldReport | None = None
    pace: Pace | None = None
    kind_state: KindState | None = None
    """What is collected from the events of its kind."""
    progress_text: str = ""
    """Progress, such as "37 of 160 curves"."""
    awaits_references: bool = False
    """Whether the references are still to be measured."""
    refused: RequestRefused | None = None
    energy: Energy | None = None
    """Up to here, where it has been computed."""

    @property
    def series(self) -> tuple[SeriesMeasured, ...]:
        """Critical currents under each set of control currents; empty before the end of the measurement."""
        found = self.state.last(SwitchingMeasured)
        return found.series if found else ()

    @property
    def junctions(self) -> int:
        """Number of junctions in the chain; 0 before it is known."""
        return self.state.started.bench.junctions if self.state.started else 0


def run_info(folder: Path) -> RunInfo:
    """Return the request in ``run.toml`` of ``folder``, as far as it can be read."""
    try:
        request = read_request(folder)
    except RefusedError:
        return RunInfo(folder, {})
    path, kind = folder / REQUEST, _read(lambda: kind_of(folder))
    return RunInfo(
        folder,
        request,
        bench=_read(lambda: bench_of(path, request.get("bench", {}))),
        plan=_read(lambda: plan_of_run(path, request.get("plan", {}))),
        kind=kind,
        kind_plan=_read(lambda: kind.restore(path, request)) if kind else None,
    )


def _read(read: Callable[[], Read]) -> Read | None:
    try:
        return read()
    except (RefusedError, KeyError):
        return None
