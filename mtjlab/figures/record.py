"""What the figures are drawn from: the state of a run, and the sweep that measured its junctions."""

from dataclasses import dataclass
from pathlib import Path

from mtjlab.errors import RefusedError
from mtjlab.events import RunStarted, SweepPoint
from mtjlab.run_state import RunState, after
from mtjlab.store import read_events


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run that has something to show; ``sweep`` is the first repetition of its reference sweep."""

    started: RunStarted
    state: RunState
    sweep: tuple[SweepPoint, ...]


def read_record(folder: Path) -> RunRecord:
    """The record of the run in ``folder``.

    Raises:
        RefusedError: ``folder`` is no run folder, its journal is damaged, or nothing was measured in it yet.
    """
    state = RunState()
    sweep: list[SweepPoint] = []
    for event in read_events(folder):
        state = after(state, event)
        if isinstance(event, SweepPoint) and event.repetition == 0:
            sweep.append(event)
    if state.started is None or not sweep:
        raise RefusedError(
            f"{folder}: nothing to draw yet: its journal holds no point of a sweep. Draw again once the junctions have "
            "been measured."
        )
    return RunRecord(state.started, state, tuple(sweep))
