"""A run at one moment, as the views draw it: they cannot tell whether it is live or replayed."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from mtjlab.config import ASKED, Asked, BenchConfig, Network, PlanConfig, bench_of, plan_of, section_of
from mtjlab.domain import (
    ControlCurrents,
    FieldReport,
    InstrumentReport,
    PerJunction,
    Reading,
    SwitchingConfiguration,
    Verdict,
)
from mtjlab.errors import RefusedError
from mtjlab.events import (
    EncodedToken,
    JunctionsRead,
    Presented,
    RecognitionMeasured,
    ResetFailed,
    SweepPoint,
    WishRefused,
)
from mtjlab.gui.run.sweep import Sweep
from mtjlab.gui.run.switches import Switches
from mtjlab.procedures.extent import Extent
from mtjlab.run_state import RunState
from mtjlab.runs import extent_of
from mtjlab.store import REQUEST, read_request, run_id

WithReadings: TypeAlias = Presented | SweepPoint | ResetFailed | JunctionsRead
Read = TypeVar("Read")

KEPT = (RecognitionMeasured, ControlCurrents)
"""What is drawn by training step."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of the story of a run: the number of its line, when it was written, and how long it had gone on."""

    n: int
    at: datetime
    since_start_s: float
    text: str
    is_trouble: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading, and what the detector said of each junction; nothing where it was not asked."""

    reading: Reading
    verdicts: tuple[Verdict, ...]

    @property
    def voltages_mv(self) -> PerJunction:
        """Mean of the samples of each junction."""
        return self.reading.mean_mv


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a presentation that a map or a classification is made of."""

    token: EncodedToken
    configuration: SwitchingConfiguration | None

    @classmethod
    def of(cls, presented: Presented) -> "Came":
        """Without what was read."""
        return cls(presented.token, presented.configuration)


@dataclass(frozen=True, slots=True)
class About:
    """What was asked of a run; None where its ``run.toml`` does not tell."""

    folder: Path
    request: Mapping[str, Any]
    bench: BenchConfig | None = None
    extent: Extent | None = None
    plan: PlanConfig | None = None
    asked: Asked | None = None
    """Of a measurement of the junctions."""
    network: Network | None = None
    """That a classification was made with."""

    @property
    def run(self) -> str:
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
    def left_s(self) -> float | None:
        """Seconds that are left at this pace; None before anything can be said."""
        took_s, done = self.now_s - self.began_s, self.share - self.began_share
        return max(0.0, took_s * (1 - self.share) / done) if done > 0 and took_s > 0 else None


@dataclass(frozen=True, slots=True)
class Moment:
    """All that is drawn. What is a sequence may grow after this moment: draw it, do not keep it.

    ``answers`` hold for each token what it was last taken for in a measurement of the recognition, None for nothing.
    ``refused`` is the latest wish of who turns by hand, if it was not granted.
    """

    about: About
    state: RunState = dataclasses.field(default_factory=lambda: RunState(KEPT))
    lines: int = 0
    last: str = ""
    """Type of the event that came last."""
    at: datetime | None = None
    sweep: Sweep = dataclasses.field(default_factory=Sweep)
    switches: Switches = dataclasses.field(default_factory=Switches)
    judged: Sequence[Judged] = ()
    came: Sequence[Came] = ()
    """Of a map by presentations, or of a classification."""
    latest: WithReadings | None = None
    answers: Mapping[str, str | None] | None = None
    told: Sequence[Told] = ()
    instruments: tuple[InstrumentReport, ...] = ()
    field: FieldReport | None = None
    pace: Pace | None = None
    refused: WishRefused | None = None

    @property
    def junctions(self) -> int:
        """Number of junctions in the chain; 0 before the run says."""
        return self.state.started.bench.junctions if self.state.started else 0


def about(folder: Path) -> About:
    """What ``run.toml`` of ``folder`` tells, as far as it does."""
    try:
        request = read_request(folder)
    except RefusedError:
        return About(folder, {})
    path, procedure = folder / REQUEST, request.get("run", {}).get("procedure")
    return About(
        folder,
        request,
        bench=_told(lambda: bench_of(path, request.get("bench", {}))),
        extent=_told(lambda: extent_of(folder)),
        plan=_told(lambda: plan_of(path, request["plan"])) if "plan" in request else None,
        asked=_told(lambda: section_of(path, request[procedure], ASKED[procedure])) if procedure in ASKED else None,
        network=_told(lambda: section_of(path, request["network"], Network)) if "network" in request else None,
    )


def _told(read: Callable[[], Read]) -> Read | None:
    try:
        return read()
    except (RefusedError, KeyError):
        return None
