"""Judge a run again with other settings of the detector."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from mtjlab import experiment
from mtjlab.cli.common import AsJson, Quiet, Run, messages, print_json, results
from mtjlab.cli.kind_command import as_asked
from mtjlab.cli.numbers import decimal_option, whole_option
from mtjlab.cli.outcome import figures_if_any
from mtjlab.config import DetectorSettings
from mtjlab.counted import counted
from mtjlab.runs.finding import find_run

Root = Path("runs")


def redetect(
    run: Run,
    plan: Annotated[
        Path | None, typer.Option(help=escape("Plan file: its [detector] counts; that of the run without."))
    ] = None,
    dead_band: Annotated[
        float | None, decimal_option(told="Junction current below which nothing is read, in uA.")
    ] = None,
    weak_d: Annotated[float | None, decimal_option(told="Jump over noise up to which samples are averaged.")] = None,
    samples: Annotated[int | None, whole_option(told="Samples of a reading that count, if it has so many.")] = None,
    most_samples: Annotated[int | None, whole_option(told="Samples averaged for a verdict at most.")] = None,
    rereads: Annotated[int | None, whole_option(told="Further readings that count where one does not decide.")] = None,
    runs: Annotated[
        Path | None, typer.Option("--runs", help="Folder in which the new run folder is made; that of RUN by default.")
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Judge all that was read in a run again, as a new run derived from it. No bench is needed."""
    folder = find_run(run, runs or Root)
    wishes = {
        "dead_band_ua": dead_band,
        "weak_d": weak_d,
        "samples": samples,
        "most_samples": most_samples,
        "rereads": rereads,
    }
    as_asked(DetectorSettings, wishes)
    detector = experiment.wanted_detector(folder, plan, wishes)
    told = experiment.redetect(folder, detector, runs or folder.resolve().parent.parent)
    figures = figures_if_any(Path(told["run"]), quiet)
    if not quiet:
        _show(told, figures, messages if as_json else results)
    if as_json:
        print_json({**told, "figures": [str(path) for path in figures]})


def _show(told: dict[str, Any], figures: list[Path], console: Console) -> None:
    lines = [f"redetected: the readings of {told['derived_from']}, judged again"]
    if told["verdicts"]:
        lines.append(f"verdicts changed        {told['verdicts_changed']} of {told['verdicts']}")
    if told["no_longer_decided"]:
        lines.append(f"no longer decided       {told['no_longer_decided']}")
    if told["presentations"]:
        lines.append(f"configurations changed  {told['configurations_changed']} of {told['presentations']}")
    if told["legs"]:
        lines.append(f"legs told otherwise     {told['legs_changed']} of {told['legs']}")
    if told["left_out"]:
        lines.append(f"left out                {counted(told['left_out'], 'event')} whose readings are lost")
    before, after = told["recognition"]["before"], told["recognition"]["after"]
    for subset in ("train", "test") if before and after else ():
        lines.append(f"recognition {subset:11} {before[subset]:.1%}, now {after[subset]:.1%}")
    lines.append(f"run      {told['run']}")
    lines += [f"figures  {figures[0].parent} ({counted(len(figures), 'file')})"] if figures else []
    for line in lines:
        console.print(line)
