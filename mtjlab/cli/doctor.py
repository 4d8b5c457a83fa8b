"""What a computer and a bench file have to do with each other, without a single setting written."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from mtjlab.cli.common import AsJson, Quiet, print_json, results


def doctor(
    bench: Annotated[Path | None, typer.Option(help="Bench file: which of its instruments answer?")] = None,
    library: Annotated[str, typer.Option(help='VISA library to look through; "" is the one of the system.')] = "@py",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """List VISA back ends, resources with their identity, locks held, and what of a bench file answers."""
    from mtjlab.cli.bus import examine  # noqa: PLC0415  all drivers: slow to import

    told = examine(bench, library)
    if not quiet and not as_json:
        for title, rows in told.items():
            _show(title.replace("_", " "), rows)
    if as_json:
        print_json(told)


def _show(title: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        results.print(f"[bold]{title}[/]: none")
        return
    table = Table(*rows[0], title=title, title_justify="left")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    results.print(table)
