"""``mtjlab study``: many trainings of simulated chips."""

from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mtjlab.cli.common import DONE, STOPPED, messages, print_json, results
from mtjlab.cli.options import AS_JSON, PATH, QUIET
from mtjlab.console import PlainConsole
from mtjlab.supplied_configs import supplied_file
from mtjlab.terminal import Listing


@click.command()
@click.argument("file", type=PATH, help="Study file, or a name from `mtjlab configs`.")
@click.option("--cluster", default="", help="Address of the scheduler of a Dask cluster; default: processes here.")
@click.option("--out", type=PATH, help="Folder of the study; default: studies/ and the name of the file.")
@AS_JSON
@QUIET
def study(file: Path, cluster: str, out: Path | None, as_json: bool, quiet: bool) -> int:
    """Train with many seeds, on many chips, by many rules and plans; all SIMULATED.

    Every training that is done is kept in the folder of the study: after a stop (Ctrl-C) the same command continues.
    """
    from mtjlab.study.study import study as run_study  # noqa: PLC0415  slow to import

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=messages, disable=quiet or not messages.is_terminal) as bar:
        task = bar.add_task("trainings")
        studied = run_study(
            supplied_file(file),
            out or Path("studies") / file.stem,
            cluster,
            lambda done, of: bar.update(task, completed=done, total=of),
        )
    if not quiet:
        show_study(studied.result, messages if as_json else results)
    if as_json:
        print_json(studied.result)
    return STOPPED if studied.stopped else DONE


def show_study(result: dict[str, Any], console: PlainConsole) -> None:
    """Print the summary of a study."""
    data = "surrogate vowels" if result["surrogate"] else "measured data"
    stopped = ", STOPPED: the same command continues" if result["stopped"] else ""
    console.print_prose(
        f"SIMULATED BENCH · {data}: {result['done']} of {result['trainings']} trainings done, "
        f"{result['failed']} failed{stopped}"
    )
    table = Listing("recognition %")
    for head in ("n", "train", "test", "test - first", "time"):
        table.add_numbers(head)
    for cell in result["summary"]:
        table.add_row(
            f"{cell['chip']}, {cell['plan']}, {cell['rule']}",
            str(cell["done"]),
            *(_percent(cell, key) for key in ("train", "test", "test_difference")),
            f"{cell['learning_s']:.1f} s" if cell["learning_s"] is not None else "",
        )
    console.print(table)
    console.print(f"tables  {result['folder']}")


def _percent(cell: dict[str, Any], key: str) -> str:
    """Mean and standard error."""
    mean, error = cell[f"{key}_mean"], cell[f"{key}_error"]
    if mean is None:
        return ""
    return f"{100 * mean:.2f}" + (f" ± {100 * error:.2f}" if error is not None else "")
