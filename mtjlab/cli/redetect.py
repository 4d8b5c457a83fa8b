"""``mtjlab redetect``: apply the detector again to the readings of a run."""

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from mtjlab import experiment
from mtjlab.cli.common import messages, print_json, results
from mtjlab.cli.drawing import figures_if_any
from mtjlab.cli.kind_command import as_asked
from mtjlab.cli.options import (
    AS_JSON,
    FIGURES,
    PATH,
    QUIET,
    RUN,
    BenchCommand,
    FiguresWanted,
    number_option,
    runs_option,
)
from mtjlab.config import DetectorSettings
from mtjlab.counted import counted
from mtjlab.figures.undrawn import figures_text
from mtjlab.runs.finding import find_run

ROOT = Path("runs")


@click.command(cls=BenchCommand)
@RUN
@click.option("--plan", type=PATH, help="Plan file with the [detector] table to use; default: that of the run.")
@number_option("--dead-band", help_text="Junction current below which no state is read, in uA.")
@number_option("--weak-d", help_text="Ratio of jump to noise below which samples are averaged.")
@number_option("--samples", is_whole=True, help_text="Samples used of a reading, if it has that many.")
@number_option("--most-samples", is_whole=True, help_text="Maximum number of samples averaged for a verdict.")
@number_option("--rereads", is_whole=True, help_text="Further readings used if the first gives no verdict.")
@runs_option("Folder in which the new run is created; default: that of RUN.", None)
@FIGURES
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
    figures: FiguresWanted,
    as_json: bool,
    quiet: bool,
) -> None:
    """Apply the detector again to the readings of a run, as a new run derived from it. No bench is needed."""
    folder = find_run(run, runs or ROOT)
    settings = {
        "dead_band_ua": dead_band,
        "weak_d": weak_d,
        "samples": samples,
        "most_samples": most_samples,
        "rereads": rereads,
    }
    as_asked(DetectorSettings, settings)
    detector = experiment.detector_settings(folder, plan, settings)
    result = experiment.redetect(folder, detector, runs or folder.resolve().parent.parent)
    drawn = figures_if_any(Path(result["run"]), figures, quiet)
    if not quiet:
        _show(result, drawn, messages if as_json else results)
    if as_json:
        print_json({**result, "figures": [str(path) for path in drawn]})


def _show(result: dict[str, Any], figures: list[Path], console: Console) -> None:
    lines = [f"redetected: the readings of {result['derived_from']}, judged again"]
    if result["verdicts"]:
        lines.append(f"verdicts changed        {result['verdicts_changed']} of {result['verdicts']}")
    if result["no_longer_decided"]:
        lines.append(f"no longer decided       {result['no_longer_decided']}")
    if result["presentations"]:
        lines.append(f"configurations changed  {result['configurations_changed']} of {result['presentations']}")
    if result["legs"]:
        lines.append(f"legs changed            {result['legs_changed']} of {result['legs']}")
    if result["left_out"]:
        lines.append(f"left out                {counted(result['left_out'], 'event')} whose readings are lost")
    before, after = result["recognition"]["before"], result["recognition"]["after"]
    for subset in ("train", "test") if before and after else ():
        lines.append(f"recognition {subset:11} {before[subset]:.1%}, now {after[subset]:.1%}")
    lines.append(f"run      {result['run']}")
    lines += [f"figures  {figures_text(figures)}"] if figures else []
    for line in lines:
        console.print(line)
