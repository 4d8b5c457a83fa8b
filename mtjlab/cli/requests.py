"""``mtjlab run``, ``resume``, ``rerun`` and ``recover``: runs from a file or from another run."""

from pathlib import Path
from re import fullmatch

import click

from mtjlab import experiment
from mtjlab.cli.carry_out import carry_out
from mtjlab.cli.common import messages, print_json
from mtjlab.cli.options import AS_JSON, NEW_RUN, PATH, RUN, Dialogue, runs_option, with_dialogue
from mtjlab.counted import counted
from mtjlab.runs.finding import find_run

BESIDE = runs_option("Folder of RUN, in which the new run is created; default: that of RUN.", None)
ROOT = Path("runs")


@click.command()
@click.argument("file", type=PATH, help="File in the format of the run.toml of a run.")
@NEW_RUN
@with_dialogue
def run(file: Path, runs: Path, dialogue: Dialogue) -> None:
    """Start a run from a request file in the format of run.toml; a copy of any run.toml will do.

    The table [run] names the procedure (and bench_file, plan_file, calibration, simulate, seed); a table with the name
    of the procedure holds the keys of its options, with their units, such as for_s; [plan] holds the keys of a plan.
    """
    carry_out(experiment.prepare_file(file, runs), runs, dialogue)


@click.command()
@RUN
@BESIDE
@with_dialogue
def resume(run: Path, runs: Path | None, dialogue: Dialogue) -> None:
    """Resume a stopped, failed or crashed run after its last complete step, as a new run."""
    folder = find_run(run, runs or ROOT)
    carry_out(experiment.prepare_resume(folder), runs or _beside(folder), dialogue)


@click.command()
@RUN
@BESIDE
@with_dialogue
def rerun(run: Path, runs: Path | None, dialogue: Dialogue) -> None:
    """Repeat a run with the same request; simulated in process, it gives the same events."""
    folder = find_run(run, runs or ROOT)
    carry_out(experiment.prepare_rerun(folder), runs or _beside(folder), dialogue)


@click.command()
@RUN
@BESIDE
@AS_JSON
def recover(run: Path, runs: Path | None, as_json: bool) -> None:
    """Recover the intact events of a damaged run into a new run; the damaged run is not changed."""
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
        "Inspect it with `mtjlab show`, resume it with `mtjlab resume`.",
    )


def _beside(folder: Path) -> Path:
    """The folder of runs that holds ``folder``; the default for a copy outside the folder of a day."""
    day = folder.resolve().parent
    return day.parent if fullmatch(r"\d{4}-\d\d-\d\d", day.name) else ROOT
