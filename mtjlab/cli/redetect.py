"""Judge a run again with other settings of the detector."""

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from mtjlab import experiment
from mtjlab.cli.carry_out import figures_if_any
from mtjlab.cli.common import messages, print_json, results
from mtjlab.cli.kind_command import as_asked
from mtjlab.cli.options import AS_JSON, PATH, QUIET, RUN, number_option, runs_option
from mtjlab.config import DetectorSettings
from mtjlab.counted import counted
from mtjlab.runs.finding import find_run

ROOT = Path("runs")


@click.command()
@RUN
@click.option("--plan", type=PATH, help="Plan file: its [detector] counts; that of the run without.")
@number_option("--dead-band", told="Junction current below which nothing is read, in uA.")
@number_option("--weak-d", told="Jump over noise up to which samples are averaged.")
@number_option("--samples", is_whole=True, told="Samples of a reading that count, if it has so many.")
@number_option("--most-samples", is_whole=True, told="Samples averaged for a verdict at most.")
@number_option("--rereads", is_whole=True, told="Further readings that count where one does not decide.")
@runs_option("Folder in which the new run folder is made; that of RUN by default.", None)
@AS_JSON
@QUIET
def redetect(
    run: Path,
    plan: Path | None,
    dead_band: float | None,
    weak_d: float | None,
    samples: int | None,
    most_samples: int | None,
    rereads: int | None,
    runs: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Judge all that was read in a run again, as a new run derived from it. No bench is needed."""
    folder = find_run(run, runs or ROOT)
    wishes = {
        "dead_band_ua": dead_band,
        "weak_d": weak_d,
        "samples": samples,
        "most_samples": most_samples,
        "rereads": rereads,
    }
    as_asked(DetectorSettings, wishes)
    detector = experiment.detector_settings(folder, plan, wishes)
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
