"""A run again: resume, rerun, recover."""

from pathlib import Path
from re import fullmatch
from typing import Annotated

import typer

from mtjlab import experiment
from mtjlab.cli.carry_out import carry_out
from mtjlab.cli.common import AsJson, Run, messages, print_json
from mtjlab.cli.options import Dialogue, grouped
from mtjlab.counted import counted
from mtjlab.runs.finding import find_run

Beside = Annotated[
    Path | None,
    typer.Option("--runs", help="Folder in which RUN is looked for and the new one is made; where RUN is by default."),
]
Root = Path("runs")


@grouped
def resume(*, run: Run, runs: Beside = None, dialogue: Dialogue) -> None:
    """Go on with a run that was stopped, failed or crashed, from what it completed last, as a new run."""
    folder = find_run(run, runs or Root)
    prepared = experiment.prepare_resume(folder)
    carry_out(prepared, runs or _beside(folder), dialogue)


@grouped
def rerun(*, run: Run, runs: Beside = None, dialogue: Dialogue) -> None:
    """Repeat a run with all that it was asked; on the bench in process it gives the same events."""
    folder = find_run(run, runs or Root)
    prepared = experiment.prepare_rerun(folder)
    carry_out(prepared, runs or _beside(folder), dialogue)


def recover(run: Run, runs: Beside = None, as_json: AsJson = False) -> None:
    """Make a new run of all that is sound of a damaged one; the damaged one stays as it is."""
    folder = find_run(run, runs or Root)
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
    return day.parent if fullmatch(r"\d{4}-\d\d-\d\d", day.name) else Root
