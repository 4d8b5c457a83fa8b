"""What exports are made of: all of a run folder, sorted by what it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtjlab import record
from mtjlab.config import PlanConfig, plan_of
from mtjlab.domain import ControlCurrents, PerJunction
from mtjlab.errors import RefusedError
from mtjlab.events import (
    CalibrationTaken,
    ControlsPlanned,
    CurveTaken,
    Event,
    FieldSet,
    JunctionsMeasured,
    LookedAgain,
    OutputsOn,
    Presented,
    ResetFailed,
    ResetVerified,
    RunStarted,
    SeriesMeasured,
    SourceMoved,
    SurveyTaken,
    SweepPoint,
    WiringChecked,
    happened,
)
from mtjlab.procedures.kind import Run
from mtjlab.procedures.manual.events import JunctionsRead
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.procedures.training.events import StepTrained
from mtjlab.procedures.training.seen import Learnt
from mtjlab.reading import read_events
from mtjlab.run_status import Standing
from mtjlab.runs.opened import run_of
from mtjlab.store import REQUEST, read_request
from mtjlab.text import read_text


@dataclass(frozen=True, slots=True)
class ReferenceSweep:
    """A sweep that references were fitted to; none were if it was broken off, no points if they came from elsewhere."""

    points: tuple[SweepPoint, ...]
    measured: JunctionsMeasured | None


@dataclass(slots=True)
class Measured:
    """What was read in a run, and what was made of it, by kind; filled event by event.

    ``rows_ua[series]`` are the control currents that curves are taken under.
    """

    state: record.Record = field(default_factory=lambda: record.Record((CurveTaken, Probed, Presented)))
    training: Learnt = field(default_factory=Learnt)
    reference_sweeps: list[ReferenceSweep] = field(default_factory=list)
    curves: list[SweepPoint] = field(default_factory=list)
    learnt: list[StepTrained] = field(default_factory=list)
    resets: list[ResetVerified | ResetFailed | LookedAgain | SourceMoved] = field(default_factory=list)
    by_hand: list[JunctionsRead] = field(default_factory=list)
    surveys: list[SurveyTaken] = field(default_factory=list)
    rows_ua: dict[int, PerJunction] = field(default_factory=dict)
    _points: list[SweepPoint] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Sort one event in."""
        self.state.take(event)
        self.training.take(happened(event))
        match event:
            case SweepPoint():
                self._points.append(event)
            case JunctionsMeasured():
                self.reference_sweeps.append(ReferenceSweep(self._taken(), event))
            case CurveTaken():
                self.curves += self._taken()
            case ControlsPlanned():
                self.end_of_points()
                if event.series is not None:
                    self.rows_ua[event.series] = event.controls.by_input_ua[0]
            case StepTrained():
                self.learnt.append(event)
            case ResetVerified() | ResetFailed() | LookedAgain() | SourceMoved():
                self.resets.append(event)
            case JunctionsRead():
                self.by_hand.append(event)
            case SurveyTaken():
                self.surveys.append(event)

    @property
    def outputs_on(self) -> OutputsOn | None:
        """Which instruments there are."""
        return self.state.last(OutputsOn)

    @property
    def field_set(self) -> FieldSet | None:
        """The field that was set last."""
        return self.state.last(FieldSet)

    @property
    def calibration(self) -> CalibrationTaken | None:
        """Where references came from that were not measured."""
        return self.state.last(CalibrationTaken)

    @property
    def checked(self) -> WiringChecked | None:
        """The check of the wiring."""
        return self.state.last(WiringChecked)

    @property
    def presented(self) -> Sequence[Presented]:
        """Every presentation, those of the run that this one resumes first."""
        return self.state.each(Presented)

    def end_of_points(self) -> None:
        """No more points will come of what is not complete."""
        points = self._taken()
        if points and points[0].purpose == "curve":
            self.curves += points
        elif points:
            self.reference_sweeps.append(ReferenceSweep(points, None))

    def _taken(self) -> tuple[SweepPoint, ...]:
        points = tuple(self._points)
        self._points.clear()
        return points


@dataclass(frozen=True, slots=True)
class Record:
    """A run: what was asked, as ``run.toml`` has it; how it stands; and what was measured."""

    folder: Path
    request: dict[str, Any]
    request_text: str
    standing: Standing
    started: RunStarted
    measured: Measured
    run: Run[Any]

    @property
    def plan(self) -> PlanConfig:
        """The plan of the run."""
        return plan_of(self.folder / REQUEST, self.request.get("plan", {}))

    @property
    def feature_names(self) -> tuple[str, ...]:
        """What the data set calls its features; f1, f2, ... of a run whose ``run.toml`` does not say."""
        encoded = self.measured.training.encoded
        return encoded.encoding.feature_names(self.request.get("data", {}).get("features", ())) if encoded else ()

    @property
    def talkers(self) -> dict[str, str]:
        """Who said each token, by the name of the token; empty where that is not known."""
        talkers: dict[str, str] = self.request.get("data", {}).get("talkers", {})
        return talkers

    @property
    def controls_by_step(self) -> dict[int, ControlCurrents]:
        """Control currents after each training step; a journal that was recovered may have lost some."""
        known = dict(enumerate(self.measured.training.controls_by_step))
        return {**known, **{one.step: one.controls for one in self.measured.learnt}}

    @property
    def series(self) -> tuple[SeriesMeasured, ...]:
        """Critical currents under each set of control currents; of a run that was broken off, from what there is."""
        measured, found = self.measured, self.run.kind.series(self.run)
        begun = range(len(found), 1 + max((point.series for point in measured.curves), default=-1))
        return (*found, *(SeriesMeasured(measured.rows_ua[k], (), ()) for k in begun if k in measured.rows_ua))


def read_record(folder: Path) -> Record:
    """All of the run in ``folder``.

    Raises:
        RefusedError: ``folder`` is no run folder, its journal is damaged, or nothing has happened in it yet.
    """
    measured = sorted_out(read_events(folder))
    started, request = measured.state.started, read_request(folder)
    if started is None:
        raise RefusedError(f"{folder}: nothing to export: the journal does not even say how the run started.")
    text = read_text(folder / REQUEST)
    run = run_of(folder)
    return Record(folder, request, text, run.standing, started, measured, run)


def sorted_out(events: Iterable[Event]) -> Measured:
    """What ``events`` tell, by kind."""
    measured = Measured()
    for event in events:
        measured.take(event)
    measured.end_of_points()
    return measured
