"""Folders of measuring runs on the simulated bench in process, finished or broken off, and their figures."""

from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.text import Text

from mtjlab.benches import open_bench
from mtjlab.config import PlanConfig, SimulatedBenchConfig, SweepSettings
from mtjlab.config.section import Section
from mtjlab.events import Event, Parent, RunEnded, RunStarted
from mtjlab.figures.style import RC
from mtjlab.procedures.shift.procedure import shift
from mtjlab.procedures.sweep.procedure import sweep
from mtjlab.procedures.switching_map.procedure import switching_map
from mtjlab.runs.opened import run_of
from mtjlab.store import Journal, write_request

PROCEDURES: dict[str, Callable[..., Iterator[Event]]] = {"sweep": sweep, "shift": shift, "map": switching_map}
THREE = SimulatedBenchConfig()
FIVE = SimulatedBenchConfig.model_validate(
    {
        "simulation": {
            "critical_current_ap_to_p_ua": (224.0, -66.0, 196.0, 20.0, 120.0),
            "critical_current_p_to_ap_ua": (-57.0, -347.0, -85.0, -250.0, -150.0),
        }
    }
)
PLAN = PlanConfig(sweep=SweepSettings(repetitions=1))
RUN = "2026-11-23/0003-measuring"


def staircase(repetitions: int = 4, **changes: float) -> SweepSettings:
    """A short one, with every AP -> P current of the three junctions in it."""
    steps = {"input_start_ua": 300.0, "input_stop_ua": 900.0, "input_step_ua": 10.0}
    return SweepSettings.model_validate({**steps, **changes, "repetitions": repetitions})


def measured(
    folder: Path,
    asked: Section,
    bench: SimulatedBenchConfig = THREE,
    *,
    until: tuple[type[Event], int] | None = None,
    parent: Parent | None = None,
) -> Path:
    """The run folder of ``asked``; stopped after so many events of a kind if ``until`` says so."""
    opened = open_bench(bench, seed=1)
    opened.connect()
    opened.switch_on()
    folder.mkdir(exist_ok=True)
    plan = PLAN.model_dump(mode="json", exclude_none=True)
    run = {"id": RUN, "procedure": asked.procedure}
    write_request(folder, {"run": run, asked.procedure: asked.model_dump(mode="json"), "plan": plan})
    with Journal(folder) as journal:
        journal.append(RunStarted(RUN, asked.procedure, opened.description, PLAN.name, "", 1, "mtjlab 0.1.0", parent))
        left = until[1] if until else None
        for event in PROCEDURES[asked.procedure](opened, PLAN, asked):
            journal.append(event)
            if until is not None and isinstance(event, until[0]):
                left -= 1
                if left == 0:
                    break
        journal.append(RunEnded("stopped" if left == 0 else "finished", ""))
    return folder


def figures_of(folder: Path) -> dict[str, Figure]:
    """Every figure that a measuring run has, made but not drawn: pixels take time."""
    run = run_of(folder)
    with mpl.rc_context(RC):
        return {one.name: one.draw() for one in run.kind.figures(run)}


def said(figure: Figure) -> str:
    """All that is written on a figure, legends and titles included."""
    artists = figure.findobj(Text)
    return "\n".join(artist.get_text() for artist in artists if isinstance(artist, Text))
