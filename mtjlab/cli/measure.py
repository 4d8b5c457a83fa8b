"""Measure the junctions: resistance curves, shifts by control currents, switching maps."""

from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mtjlab import experiment
from mtjlab.cli.common import (
    BenchFile,
    MeasuringPlan,
    exit_of,
    figures_if_any,
    messages,
    print_json,
    results,
    told_of,
    warn_of_calibration,
    watched_by,
)
from mtjlab.cli.first import ask_first
from mtjlab.cli.measuring_view import MeasuringView
from mtjlab.cli.numbers import decimal_option, whole_option
from mtjlab.cli.options import Dialogue, OnBench, Staircase, grouped
from mtjlab.cli.switching_table import show_switching
from mtjlab.config import MapAsked, ShiftAsked, SweepAsked
from mtjlab.errors import RefusedError
from mtjlab.experiment import PreparedMeasuring
from mtjlab.runs import find_run

Wanted = TypeVar("Wanted", SweepAsked, ShiftAsked, MapAsked)

Controls = Annotated[
    str | None,
    typer.Option(help="Control currents in uA: one for all junctions, or one for each, as -460,-380,-560."),
]

OPTIONS = {
    "staircase": "--start, --stop and --step",
    "input_start_ua": "--start",
    "input_stop_ua": "--stop",
    "input_step_ua": "--step",
    "dwell_s": "--dwell",
    "repetitions": "--repetitions",
    "controls_ua": "--controls",
    "legs": "--legs",
    "by_ua": "--by",
    "way": "--way",
    "cell_ua": "--cell",
    "times": "--times",
    "width_ua": "--width",
    "most_probes": "--probes",
}


@grouped
def sweep(
    *,
    bench: BenchFile = experiment.DEFAULT_BENCH,
    plan: MeasuringPlan = experiment.DEFAULT_PLAN,
    controls: Controls = None,
    legs: Annotated[str, typer.Option(help="loop, up or down.")] = "loop",
    staircase: Staircase,
    on: OnBench,
    dialogue: Dialogue,
) -> None:
    """Measure resistance curves, and where each junction switches; saved as a calibration."""
    request = on.request(bench, plan)
    row, *_ = experiment.asked_controls(request, controls, inputs=1)
    asked = _asked(SweepAsked, staircase, controls_ua=row, legs=legs)
    carry_out_measuring(experiment.prepare_measuring(request, asked), on.runs, dialogue)


@grouped
def shift(
    *,
    bench: BenchFile = experiment.DEFAULT_BENCH,
    plan: MeasuringPlan = experiment.DEFAULT_PLAN,
    controls: Controls = None,
    by: Annotated[str, typer.Option(help="How far each control current is moved, in uA.")] = "-60,-30,30,60",
    staircase: Staircase,
    on: OnBench,
    dialogue: Dialogue,
) -> None:
    """Measure how each control current shifts the critical inputs: slope, cross-talk, linearity."""
    request = on.request(bench, plan)
    row, *_ = experiment.asked_controls(request, controls, inputs=1)
    asked = _asked(ShiftAsked, staircase, controls_ua=row, by_ua=experiment.currents_ua(by, "--by"))
    carry_out_measuring(experiment.prepare_measuring(request, asked), on.runs, dialogue)


@grouped
def switching_map(
    *,
    bench: BenchFile = experiment.DEFAULT_BENCH,
    plan: MeasuringPlan = experiment.DEFAULT_PLAN,
    way: Annotated[str, typer.Option(help="adaptive, curves or raster.")] = "adaptive",
    controls: Annotated[
        str | None, typer.Option(help="Control currents in uA of inputs A and B, as -500;-460,-380,-560.")
    ] = None,
    controls_of: Annotated[Path | None, typer.Option(help="Those that a run has learnt.")] = None,
    staircase: Staircase,
    cell: Annotated[float | None, decimal_option(told="Raster: width of a cell, in uA.")] = None,
    times: Annotated[int | None, whole_option(low=1, told="Raster: presentations of each cell.")] = None,
    width: Annotated[float | None, decimal_option(told="Adaptive: width of the 95 % intervals wanted, in uA.")] = None,
    probes: Annotated[int | None, whole_option(told="Adaptive: most probes of each input.")] = None,
    on: OnBench,
    dialogue: Dialogue,
) -> None:
    """Measure the switching map of the two inputs under given control currents."""
    request = on.request(bench, plan)
    rows = (
        experiment.controls_of(find_run(controls_of, on.runs))
        if controls_of
        else experiment.asked_controls(request, controls, inputs=2)
    )
    own = {"way": way, "cell_ua": cell, "times": times, "width_ua": width, "most_probes": probes}
    asked = _asked(MapAsked, staircase, controls_ua=rows, **own)
    carry_out_measuring(experiment.prepare_measuring(request, asked), on.runs, dialogue)


def carry_out_measuring(prepared: PreparedMeasuring, runs: Path, dialogue: Dialogue) -> None:
    """Ask what has to be asked, measure, and tell what came of it; ends with the exit code of the run."""
    ask_first(prepared, dialogue)
    warn_of_calibration(prepared.calibration, prepared.bench)
    with watched_by(MeasuringView(prepared.asked, messages, shown=not dialogue.quiet)) as show:
        run = experiment.run_measuring(prepared, runs, [show])
    told = told_of(run, experiment.measuring_result)
    figures = figures_if_any(run.folder, dialogue.quiet)
    if not dialogue.quiet:
        show_switching(told, figures, messages if dialogue.as_json else results)
    if dialogue.as_json:
        print_json({**told, "figures": [str(path) for path in figures]})
    raise exit_of(run, dialogue.quiet)


def _asked(kind: type[Wanted], staircase: Staircase, **wishes: Any) -> Wanted:
    """What was typed, None being left to the default; a value out of range is told by the name of its option."""
    default = kind.model_fields["staircase"].default.model_dump()
    whole = {**default, **_typed(staircase.wishes)}
    try:
        return kind.model_validate({**_typed(wishes), "staircase": whole})
    except ValidationError as error:
        told = dict(reversed([_complaint(details) for details in error.errors()]))
        raise RefusedError("; ".join(f"{where}{what}" for where, what in reversed(told.items())) + ".") from error


def _complaint(details: ErrorDetails) -> tuple[str, str]:
    """The option that a value out of range was typed for, and what is wrong with it."""
    keys = [part for part in details["loc"] if isinstance(part, str)]
    shown = "" if isinstance(details["input"], dict) else f" (it is {details['input']!r})"
    where = f"{OPTIONS.get(keys[-1], keys[-1])}: " if keys else ""
    return where, details["msg"].removeprefix("Value error, ") + shown


def _typed(wishes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in wishes.items() if value is not None}
