"""Runs of dwell times beside each other: mean dwells of each junction against the input."""

from collections.abc import Sequence
from math import log10

from mtjlab.comparison import Curve, Panel
from mtjlab.domain import JunctionState, junction_label
from mtjlab.procedures.dwell.events import DwellTime
from mtjlab.procedures.dwell.plan import DwellPlan
from mtjlab.procedures.dwell.state import DwellState
from mtjlab.procedures.kind import Run


def dwell_panels(runs: Sequence[Run[DwellPlan]]) -> tuple[Panel, ...]:
    """A panel for each junction; antiparallel solid, parallel dotted."""
    dwells = [state.dwells() if isinstance(state := run.kind_state, DwellState) else () for run in runs]
    junctions = sorted({one.junction for of_run in dwells for one in of_run})
    return tuple(
        Panel(
            f"{junction_label(k)}: solid AP, dotted P",
            "input (µA)",
            "log of the mean dwell (s)",
            tuple(
                _curve(of, of_run, k, state)
                for of, of_run in enumerate(dwells)
                for state in (JunctionState.AP, JunctionState.P)
            ),
        )
        for k in junctions
    )


def _curve(of: int, dwells: Sequence[DwellTime], k: int, state: JunctionState) -> Curve:
    known = sorted(
        (one.input_ua, one.mean_s) for one in dwells if (one.junction, one.state) == (k, state) and one.mean_s
    )
    return Curve(
        of,
        tuple(input_ua for input_ua, _ in known),
        tuple(log10(mean_s) for _, mean_s in known),
        "solid" if state is JunctionState.AP else "dotted",
    )
