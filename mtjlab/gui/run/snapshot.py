"""A run at one snapshot, as the views draw it: they cannot tell whether it is live or replayed."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from mtjlab.config import BenchConfig, Network, PlanConfig, bench_of, plan_of
from mtjlab.config.section import Section
from mtjlab.domain import (
    FieldReport,
    InstrumentReport,
    PerJunction,
    Reading,
    SwitchingConfiguration,
    Verdict,
)
from mtjlab.errors import RefusedError
from mtjlab.events import EncodedToken, Presented, ResetFailed, SeriesMeasured, SweepPoint, SwitchingMeasured
from mtjlab.extent import ProgressMeter, Times
from mtjlab.gui.run.sweep import Sweep
from mtjlab.gui.run.switching_history import SwitchingHistory
from mtjlab.procedures.kind import Kind, KindState
from mtjlab.procedures.manual.events import JunctionsRead, RequestRefused
from mtjlab.procedures.training.state import Learnt
from mtjlab.record import Record
from mtjlab.runs.opened import kind_of
from mtjlab.store import REQUEST, read_request, run_id

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A sentence of the story of a run: the number of its line, when it was written, and how long it had gone on."""

    n: int
    at: datetime
    since_start_s: float
    text: str
    is_trouble: bool


@dataclass(frozen=True, slots=True)
class JudgedReading:
    """A reading, and what the detector said of each junction; nothing where it was not asked."""

    reading: Reading
    verdicts: tuple[Verdict, ...]

    @property
    def voltages_mv(self) -> PerJunction:
        """Mean of the samples of each junction."""
        return self.reading.mean_mv


WithReadings: TypeAlias = Presented | SweepPoint | ResetFailed | JunctionsRead | JudgedReading


@dataclass(frozen=True, slots=True)
class TokenResult:
    """What came of a presentation that a map or a classification is made of."""

    token: EncodedToken
    configuration: SwitchingConfiguration | None

    @classmethod
    def of(cls, presented: Presented) -> "TokenResult":
        """Without what was read."""
        return cls(presented.token, presented.configuration)


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What was asked of a run; None where its ``run.toml`` does not tell."""

    folder: Path
    request: Mapping[str, Any]
    bench: BenchConfig | None = None
    plan: PlanConfig | None = None
    kind: Kind[Any] | None = None
    asked: Section | None = None
    """What was asked of its kind."""

    @property
    def network(self) -> Network | None:
        """That it was made with."""
        network = getattr(self.asked, "network", None)
        return network if isinstance(network, Network) else None

    @property
    def steps(self) -> int | None:
        """Training steps that were asked for; None where nothing is learnt."""
        return self.plan.training.steps if self.plan and self.kind and self.kind.learns else None

    @property
    def kind_state(self) -> KindState | None:
        """What keeps the events of its kind while they come."""
        return self.kind.new_state() if self.kind else None

    @property
    def meter(self) -> ProgressMeter | None:
        """Counts how far it is, from its first event on; None where that cannot be told."""
        if self.bench is None or self.plan is None or self.kind is None or self.asked is None:
            return None
        is_calibrated = "calibration" in self.request.get("run", {})
        return self.kind.meter(self.asked, self.plan, Times.of(self.bench, self.plan, is_calibrated))

    @property
    def run_id(self) -> str:
        """How the run is called."""
        return run_id(self.folder)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a run goes: its share done at two times, by the counter of the computer that it runs on."""

    began_s: float
    began_share: float
    now_s: float
    share: float

    @property
    def remaining_s(self) -> float | None:
        """Seconds that are left at this pace; None before anything can be said."""
        took_s, done = self.now_s - self.began_s, self.share - self.began_share
        return max(0.0, took_s * (1 - self.share) / done) if done > 0 and took_s > 0 else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is drawn. What is a sequence may grow after this snapshot: draw it, do not keep it.

    ``answers`` hold for each token what it was last taken for in a measurement of the recognition, None for nothing.
    ``refused`` is the latest wish of who turns by hand, if it was not granted.
    """

    info: RunInfo
    state: Record = dataclasses.field(default_factory=Record)
    learnt: Learnt = dataclasses.field(default_factory=Learnt)
    lines: int = 0
    last: str = ""
    """Type of the event that came last."""
    at: datetime | None = None
    sweep: Sweep = dataclasses.field(default_factory=Sweep)
    switching: SwitchingHistory = dataclasses.field(default_factory=SwitchingHistory)
    judged: Sequence[JudgedReading] = ()
    token_results: Sequence[TokenResult] = ()
    """Of a map by presentations, or of a classification."""
    latest: WithReadings | None = None
    answers: Mapping[str, str | None] | None = None
    log: Sequence[LogEntry] = ()
    instruments: tuple[InstrumentReport, ...] = ()
    field: FieldReport | None = None
    pace: Pace | None = None
    kind_state: KindState | None = None
    """What its kind keeps of its own events."""
    progress_text: str = ""
    """How far the run is, such as "37 of 160 curves"."""
    awaits_references: bool = False
    """Whether references are measured before that."""
    refused: RequestRefused | None = None

    @property
    def series(self) -> tuple[SeriesMeasured, ...]:
        """Critical currents under each set of control currents; nothing before the end of a measurement."""
        found = self.state.last(SwitchingMeasured)
        return found.series if found else ()

    @property
    def junctions(self) -> int:
        """Number of junctions in the chain; 0 before the run says."""
        return self.state.started.bench.junctions if self.state.started else 0


def run_info(folder: Path) -> RunInfo:
    """What ``run.toml`` of ``folder`` tells, as far as it does."""
    try:
        request = read_request(folder)
    except RefusedError:
        return RunInfo(folder, {})
    path, kind = folder / REQUEST, _told(lambda: kind_of(folder))
    return RunInfo(
        folder,
        request,
        bench=_told(lambda: bench_of(path, request.get("bench", {}))),
        plan=_told(lambda: plan_of(path, request.get("plan", {}))),
        kind=kind,
        asked=_told(lambda: kind.restore(path, request)) if kind else None,
    )


def _told(read: Callable[[], Read]) -> Read | None:
    try:
        return read()
    except (RefusedError, KeyError):
        return None
