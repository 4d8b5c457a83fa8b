"""A run from a file, or from another run: run, resume, rerun, recover."""

from pathlib import Path
from re import fullmatch

import click

from mtjlab import experiment
from mtjlab.cli.carry_out import carry_out
from mtjlab.cli.common import messages, print_json
from mtjlab.cli.options import AS_JSON, PATH, RUN, Dialogue, runs_option, with_dialogue
from mtjlab.counted import counted
from mtjlab.runs.finding import find_run

BESIDE = runs_option("Folder in which RUN is looked for and the new one is made; where RUN is by default.", None)
ROOT = Path("runs")


@click.command()
@click.argument("file", type=PATH, help="A file in the form of the run.toml of a run.")
@runs_option()
@with_dialogue
def run(file: Path, runs: Path, dialogue: Dialogue) -> None:
    """Carry out what a file asks, in the form of the run.toml of any run, of which a copy will do.

    The table run names the procedure (and bench_file, plan_file, calibration, simulate, seed); a table of the name of
    the procedure holds the keys that its options set, with their units, such as for_s; plan is a plan file.
    """
    carry_out(experiment.prepare_file(file, runs), runs, dialogue)


@click.command()
@RUN
@BESIDE
@with_dialogue
def resume(run: Path, runs: Path | None, dialogue: Dialogue) -> None:
    """Go on with a run that was stopped, failed or crashed, from what it completed last, as a new run."""
    folder = find_run(run, runs or ROOT)
    carry_out(experiment.prepare_resume(folder), runs or _beside(folder), dialogue)


@click.command()
@RUN
@BESIDE
@with_dialogue
def rerun(run: Path, runs: Path | None, dialogue: Dialogue) -> None:
    """Repeat a run with all that it was asked; on the bench in process it gives the same events."""
    folder = find_run(run, runs or ROOT)
    carry_out(experiment.prepare_rerun(folder), runs or _beside(folder), dialogue)


@click.command()
@RUN
@BESIDE
@AS_JSON
def recover(run: Path, runs: Path | None, as_json: bool) -> None:
    """Make a new run of all that is sound of a damaged one; the damaged one stays as it is."""
    folder = find_run(run, runs or ROOT)
    new, recovered = experiment.recover(folder, runs or _beside(folder))
    if as_json:
        print_json(
            {
                "run": str(new),
                "saved": recovered.saved,
                "lost": recovered.lost,
                "damaged_lines": list(recovered.damaged_lines),
            }
        )
        return
    lines = ", ".join(map(str, recovered.damaged_lines)) or "none"
    messages.print(
        f"{new}: {counted(recovered.saved, 'event')} saved, {recovered.lost} lost (damaged lines: {lines}). "
        "Look at it with `mtjlab show`, go on with `mtjlab resume`.",
    )


def _beside(folder: Path) -> Path:
    """Where the other runs lie; a copy that does not lie in the folder of a day has none beside it."""
    day = folder.resolve().parent
    return day.parent if fullmatch(r"\d{4}-\d\d-\d\d", day.name) else ROOT
