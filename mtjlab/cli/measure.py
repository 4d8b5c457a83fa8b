"""Measure the junctions: resistance curves, shifts by control currents, switching maps."""

from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rich.markup import escape

from mtjlab import experiment
from mtjlab.cli.common import (
    EXIT_CODES,
    AsJson,
    BenchFile,
    Calibration,
    ConfirmShorted,
    Faults,
    Quiet,
    Runs,
    Simulate,
    Speed,
    complain_of_failure,
    figures_if_any,
    messages,
    print_json,
    results,
    told_of,
    warn_of_calibration,
)
from mtjlab.cli.field import ask_for_field
from mtjlab.cli.measuring_view import MeasuringView
from mtjlab.cli.shorted import ask_if_shorted
from mtjlab.cli.switching_table import show_switching
from mtjlab.config import MapAsked, ShiftAsked, SweepAsked
from mtjlab.errors import RefusedError
from mtjlab.experiment import PreparedMeasuring

Wanted = TypeVar("Wanted", SweepAsked, ShiftAsked, MapAsked)

Plan = Annotated[Path, typer.Option(help=escape("Plan file: its [sweep], [detector] and [presentation] count."))]
Controls = Annotated[
    str | None,
    typer.Option(help="Control currents in uA: one for all junctions, or one for each, as -460,-380,-560."),
]
Seed = Annotated[int, typer.Option(min=0, help="Of simulated junctions and noise.")]
Start = Annotated[float | None, typer.Option(min=0, help="First input of a rising leg, in uA.")]
Stop = Annotated[float | None, typer.Option(help="Last input of a rising leg, in uA.")]
Step = Annotated[float | None, typer.Option(help="Step of the input, in uA.")]
Dwell = Annotated[float | None, typer.Option(min=0, help="Seconds held before each reading.")]
Repetitions = Annotated[int | None, typer.Option(min=1, help="Curves of each kind.")]

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


def sweep(
    bench: BenchFile = experiment.DEFAULT_BENCH,
    plan: Plan = experiment.DEFAULT_PLAN,
    controls: Controls = None,
    legs: Annotated[str, typer.Option(help="loop, up or down.")] = "loop",
    start: Start = None,
    stop: Stop = None,
    step: Step = None,
    dwell: Dwell = None,
    repetitions: Repetitions = None,
    calibration: Calibration = None,
    seed: Seed = 0,
    runs: Runs = Path("runs"),
    simulate: Simulate = False,
    speed: Speed = None,
    fault: Faults = None,
    confirm_shorted: ConfirmShorted = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Measure resistance curves, and where each junction switches; saved as a calibration."""
    request = experiment.MeasuringRequest(bench, plan, calibration, seed, simulate, tuple(fault or ()), speed)
    row, *_ = experiment.asked_controls(request, controls, inputs=1)
    wishes = _staircase(start, stop, step, dwell, repetitions)
    asked = _asked(SweepAsked, wishes, controls_ua=row, legs=legs)
    carry_out_measuring(experiment.prepare_measuring(request, asked), runs, confirm_shorted, as_json, quiet)


def shift(
    bench: BenchFile = experiment.DEFAULT_BENCH,
    plan: Plan = experiment.DEFAULT_PLAN,
    controls: Controls = None,
    by: Annotated[str, typer.Option(help="How far each control current is moved, in uA.")] = "-60,-30,30,60",
    start: Start = None,
    stop: Stop = None,
    step: Step = None,
    dwell: Dwell = None,
    repetitions: Repetitions = None,
    calibration: Calibration = None,
    seed: Seed = 0,
    runs: Runs = Path("runs"),
    simulate: Simulate = False,
    speed: Speed = None,
    fault: Faults = None,
    confirm_shorted: ConfirmShorted = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Measure how each control current shifts the critical inputs: slope, cross-talk, linearity."""
    request = experiment.MeasuringRequest(bench, plan, calibration, seed, simulate, tuple(fault or ()), speed)
    row, *_ = experiment.asked_controls(request, controls, inputs=1)
    wishes = _staircase(start, stop, step, dwell, repetitions)
    asked = _asked(ShiftAsked, wishes, controls_ua=row, by_ua=experiment.currents_ua(by, "--by"))
    carry_out_measuring(experiment.prepare_measuring(request, asked), runs, confirm_shorted, as_json, quiet)


def switching_map(
    bench: BenchFile = experiment.DEFAULT_BENCH,
    plan: Plan = experiment.DEFAULT_PLAN,
    way: Annotated[str, typer.Option(help="adaptive, curves or raster.")] = "adaptive",
    controls: Annotated[
        str | None, typer.Option(help="Control currents in uA of inputs A and B, as -500;-460,-380,-560.")
    ] = None,
    controls_of: Annotated[Path | None, typer.Option(help="Those that a run has learnt.")] = None,
    start: Start = None,
    stop: Stop = None,
    step: Step = None,
    dwell: Dwell = None,
    repetitions: Repetitions = None,
    cell: Annotated[float | None, typer.Option(help="Raster: width of a cell, in uA.")] = None,
    times: Annotated[int | None, typer.Option(min=1, help="Raster: presentations of each cell.")] = None,
    width: Annotated[float | None, typer.Option(help="Adaptive: width of the 95 % intervals wanted, in uA.")] = None,
    probes: Annotated[int | None, typer.Option(help="Adaptive: most probes of each input.")] = None,
    calibration: Calibration = None,
    seed: Seed = 0,
    runs: Runs = Path("runs"),
    simulate: Simulate = False,
    speed: Speed = None,
    fault: Faults = None,
    confirm_shorted: ConfirmShorted = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Measure the switching map of the two inputs under given control currents."""
    request = experiment.MeasuringRequest(bench, plan, calibration, seed, simulate, tuple(fault or ()), speed)
    rows = (
        experiment.controls_of(experiment.find_run(controls_of, runs))
        if controls_of
        else experiment.asked_controls(request, controls, inputs=2)
    )
    wishes = _staircase(start, stop, step, dwell, repetitions)
    own = {"way": way, "cell_ua": cell, "times": times, "width_ua": width, "most_probes": probes}
    asked = _asked(MapAsked, wishes, controls_ua=rows, **own)
    carry_out_measuring(experiment.prepare_measuring(request, asked), runs, confirm_shorted, as_json, quiet)


def carry_out_measuring(
    prepared: PreparedMeasuring, runs: Path, confirm_shorted: bool, as_json: bool, quiet: bool
) -> None:
    """Ask what has to be asked, measure, and tell what came of it; ends with the exit code of the run."""
    request = prepared.request
    ask_if_shorted(request.bench, prepared.bench, request.simulate, confirm_shorted)
    ask_for_field(prepared.bench, request.simulate)
    warn_of_calibration(prepared.calibration, prepared.bench)
    with MeasuringView(prepared.asked, messages, shown=not quiet) as view:
        run = experiment.run_measuring(prepared, runs, [view.show])
    told = told_of(run, experiment.measuring_result)
    figures = figures_if_any(run.folder, quiet)
    if not quiet:
        show_switching(told, figures, messages if as_json else results)
    if as_json:
        print_json({**told, "figures": [str(path) for path in figures]})
    complain_of_failure(run.folder, run.ended.status, run.ended.reason, quiet)
    raise typer.Exit(EXIT_CODES[run.ended.status])


def _staircase(
    start: float | None, stop: float | None, step: float | None, dwell: float | None, repetitions: int | None
) -> dict[str, Any]:
    return {
        "input_start_ua": start,
        "input_stop_ua": stop,
        "input_step_ua": step,
        "dwell_s": dwell,
        "repetitions": repetitions,
    }


def _asked(kind: type[Wanted], staircase: dict[str, Any], **wishes: Any) -> Wanted:
    """What was typed, None being left to the default; a value out of range is told by the name of its option."""
    default = kind.model_fields["staircase"].default.model_dump()
    whole = {**default, **_typed(staircase)}
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
