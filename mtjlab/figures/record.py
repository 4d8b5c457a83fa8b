"""What the figures are drawn from: the state of a run, the points that it swept, and what it was asked."""

from dataclasses import dataclass
from pathlib import Path

from mtjlab.config import ASKED, Asked, MapAsked, PlanConfig, ShiftAsked, SweepAsked, plan_of, section_of
from mtjlab.counted import counted
from mtjlab.errors import RefusedError
from mtjlab.events import CurveTaken, JunctionsMeasured, Presented, Probed, RunStarted, SweepPoint
from mtjlab.procedures.mapping import cells_ua
from mtjlab.procedures.switching import shifted_rows
from mtjlab.reading import read_events
from mtjlab.run_state import PIECES, RunState
from mtjlab.run_status import Standing, standing
from mtjlab.store import REQUEST, read_request


@dataclass(frozen=True, slots=True)
class Measuring:
    """What a measuring run was asked, by which plan, and how it stands."""

    asked: Asked
    plan: PlanConfig
    standing: Standing


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run that has something to show.

    ``sweep`` is the first repetition of its reference sweep; ``curves`` are the points that were swept once references
    were known. ``measuring`` is None for a training.
    """

    started: RunStarted
    state: RunState
    sweep: tuple[SweepPoint, ...]
    curves: tuple[SweepPoint, ...] = ()
    measuring: Measuring | None = None


def read_record(folder: Path) -> RunRecord:
    """The record of the run in ``folder``.

    Raises:
        RefusedError: ``folder`` is no run folder, its journal or its request is damaged, or nothing was measured in it
            yet.
    """
    state = RunState()
    references_known = False
    sweep: list[SweepPoint] = []
    curves: list[SweepPoint] = []
    for event in read_events(folder):
        if isinstance(event, RunStarted):
            state = RunState(PIECES.get(event.on_bench, ()))
        state.take(event)
        references_known = references_known or isinstance(event, JunctionsMeasured)
        if isinstance(event, SweepPoint) and event.purpose == "curve":
            curves.append(event)
        elif isinstance(event, SweepPoint) and event.repetition == 0 and not references_known:
            sweep.append(event)
    if state.started is None or not (sweep or curves or _has_measured(state)):
        raise RefusedError(
            f"{folder}: nothing to draw yet: its journal holds no point of a sweep. Draw again once the junctions have "
            "been measured."
        )
    measuring = _measuring(folder, state.started.on_bench)
    return RunRecord(state.started, state, tuple(sweep), tuple(curves), measuring)


def _has_measured(state: RunState) -> bool:
    """Whether there is something to show without a sweep, as of a run that took a calibration or resumes another."""
    return bool(state.encoded or any(map(state.number, (CurveTaken, Presented, Probed))))


def _measuring(folder: Path, procedure: str) -> Measuring | None:
    if procedure not in ASKED:
        return None
    path, request = folder / REQUEST, read_request(folder)
    asked = section_of(path, request.get(procedure, {}), ASKED[procedure])
    return Measuring(asked, plan_of(path, request.get("plan", {})), standing(folder))


def unfinished(record: RunRecord) -> str:
    """How far a measuring run came that is not finished, such as "stopped: 37 of 160 curves"; empty for any other."""
    measuring = record.measuring
    if measuring is None or measuring.standing.status == "finished":
        return ""
    return f"{measuring.standing.status}: {_how_far(record.state, measuring.asked)}"


def _how_far(state: RunState, asked: Asked) -> str:
    if isinstance(asked, MapAsked) and asked.way == "raster":
        presented = len({one.token.name for one in state.mapped})
        return f"{presented} of {counted(asked.times * len(cells_ua(asked)) ** 2, 'presentation')}"
    if isinstance(asked, MapAsked) and asked.way == "adaptive":
        return counted(len(state.probes), "probe")
    return f"{len(state.curves)} of {counted(_series(asked) * asked.staircase.repetitions, 'curve')}"


def _series(asked: Asked) -> int:
    match asked:
        case SweepAsked():
            return 1
        case ShiftAsked():
            return len(shifted_rows(asked))
        case MapAsked():
            return len(asked.controls_ua)
