"""Apply the detector again to the readings of a run: a new run derived from its journal, and the changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

from mtjlab.analysis.passage import Passage
from mtjlab.config import DetectorSettings, PlanConfig, plan_of_run, read_plan, section_of
from mtjlab.domain import Verdict
from mtjlab.errors import BenchFaultError, RefusedError, reason_of, remedy_of
from mtjlab.events import CurveTaken, Event, Presented, RunEnded, RunStarted, Source, TakenOver
from mtjlab.procedures.kind import Kind
from mtjlab.procedures.redetect import Redetection
from mtjlab.provenance import provenance, software
from mtjlab.reading import read_events
from mtjlab.record import Record
from mtjlab.run_status import StatusReport, status_report
from mtjlab.runs.opened import REDETECTED, kind_of
from mtjlab.store import REQUEST, Journal, create_run_folder, read_request, run_id, write_request

REDETECT = "redetect"
STATES = (Verdict.P, Verdict.AP)


@dataclass(slots=True)
class Changes:
    """Counts of judged items and of those that changed; the last recognition rates before and after.

    ``left_out`` counts events that cannot be derived again, because the journal has lost their readings.
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
        """Compare an event with its new version."""
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
        """The changes as ``--json`` prints them."""
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


def detector_settings(folder: Path, plan: Path | None, settings: Mapping[str, float | None]) -> DetectorSettings:
    """Detector settings of the run in ``folder``, or of ``plan``; ``settings`` that are not None override them.

    Raises:
        RefusedError: the plan cannot be read, or a value is out of range.
    """
    config = _plan(folder, read_request(folder)) if plan is None else read_plan(plan)
    wanted = {key: value for key, value in settings.items() if value is not None}
    return section_of(Path("[detector]"), {**config.detector.model_dump(), **wanted}, DetectorSettings)


def redetect(folder: Path, detector: DetectorSettings, runs: Path) -> dict[str, Any]:
    """Apply ``detector`` to the readings of the run in ``folder``, into a new run folder under ``runs``.

    Returns the result as ``--json`` prints it.

    Raises:
        RefusedError: the run is in progress, has nothing to judge, or is damaged; or nothing can be written.
    """
    report, request, started, kind = status_report(folder), read_request(folder), _started(folder), kind_of(folder)
    _demand_judgeable(folder, report, started, kind)
    before = _plan(folder, request)
    plan = before.model_copy(update={"detector": detector})
    asked = kind.restore(folder / REQUEST, request)
    redetection = Redetection(asked, plan, Record(kind.tracked, kind.new_state()), kind.reevaluate)
    new = create_run_folder(runs, REDETECT, datetime.now())
    try:
        write_request(new, _request(new, request, started, plan))
        changes = _write(folder, new, redetection, started, report)
    except (OSError, BenchFaultError, RefusedError) as error:
        rmtree(new, ignore_errors=True)
        if isinstance(error, OSError):
            raise RefusedError(f"{new}: cannot be written ({reason_of(error)}). {remedy_of(error)}.") from error
        raise RefusedError(str(error)) from error
    settings = {"before": before.detector.model_dump(), "after": detector.model_dump()}
    return {"run": str(new), "id": run_id(new), "derived_from": started.run, "detector": settings, **changes.as_json()}


def _started(folder: Path) -> RunStarted:
    first = next(iter(read_events(folder)), None)
    if not isinstance(first, RunStarted):
        raise RefusedError(f"{folder}: the journal does not say how the run started. There is nothing to judge again.")
    return first


def _demand_judgeable(folder: Path, report: StatusReport, started: RunStarted, kind: Kind[Any]) -> None:
    if not kind.judged:
        raise RefusedError(
            f"{folder}: a run of {kind.name} has no verdicts of the detector. There is nothing to judge again."
        )
    if report.status == "running":
        raise RefusedError(f"{folder}: the run is in progress. Wait for its end, or stop it: `mtjlab stop`.")
    if any(isinstance(event, kind.judged) for event in _taken_over(folder)):
        raise RefusedError(
            f"{folder}: the run continued with measurements of {started.parent.run if started.parent else ''}, which "
            "were judged by references that are in that run's journal alone. Redetect a run that was not resumed: "
            "`mtjlab rerun` measures all in one run."
        )


def _plan(folder: Path, request: dict[str, Any]) -> PlanConfig:
    return plan_of_run(folder / REQUEST, request.get("plan", {}))


def _request(new: Path, request: dict[str, Any], started: RunStarted, plan: PlanConfig) -> dict[str, Any]:
    """The request of the run with the new detector settings; who redetected, and who had measured."""
    measured = request.get("run", {})
    run = {
        "id": run_id(new),
        "procedure": REDETECT,
        REDETECTED: started.on_bench,
        "derived_from": started.run,
        **{key: measured[key] for key in ("seed", "noise_seed", "simulate") if key in measured},
        **provenance(),
    }
    return {**request, "run": run, "measured_by": measured, "plan": plan.model_dump(mode="json")}


def _write(
    folder: Path, new: Path, redetection: Redetection[Any], started: RunStarted, report: StatusReport
) -> Changes:
    changes = Changes()
    with Journal(new) as journal:
        for event in read_events(folder):
            if isinstance(event, RunEnded) or _is_unjudged(event):
                continue
            now = redetection.reevaluate(_as_derived(folder, event, new) if isinstance(event, RunStarted) else event)
            changes.count(event, now)
            if now is not None:
                journal.append(now)
        was = "" if report.status == "finished" else f", which is {report.status}"
        journal.append(RunEnded("finished", f"redetected: the readings of {started.run}{was}, judged again"))
    return changes


def _taken_over(folder: Path) -> Iterator[Event]:
    """Events taken over from the run that it resumes."""
    return (event.event for event in read_events(folder) if isinstance(event, TakenOver))


def _is_unjudged(event: Event) -> bool:
    """Whether it is a recognition taken over from a resumed training, which was not judged again."""
    return isinstance(event, TakenOver) and bool(event.event.rates)


def _as_derived(folder: Path, started: RunStarted, new: Path) -> RunStarted:
    """The first event of the derived run; counts of a resumed training before it were not judged again."""
    parent = started.parent
    if parent is not None:
        unjudged = replace(parent.progress, presentations=0, without_configuration=0, reset_failures=0)
        left_out = sum(bool(event.rates) for event in _taken_over(folder))
        parent = replace(parent, progress=unjudged, handed_over=parent.handed_over - left_out)
    return replace(
        started,
        run=run_id(new),
        procedure=REDETECT,
        software=software(),
        parent=parent,
        derived_from=Source(started.run, started.on_bench),
    )


def _legs(curve: CurveTaken) -> Iterator[Passage]:
    for legs in curve.passages:
        yield from legs
