"""What a computer and a bench file have to do with each other, without a single setting written."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from mtjlab.cli.common import AsJson, Quiet, print_json, results

SHORT = ("role", "output", "library")


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
        results.print(Text.assemble((title, "bold"), ": none"))
        return
    results.print(title, style="bold")
    shown = [_for_a_person(row) for row in rows]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in shown[0]:
        table.add_column(name, no_wrap=name in SHORT)
    for row in shown:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    results.print(table)
    results.print()


def _for_a_person(row: dict[str, Any]) -> dict[str, Any]:
    """The output of a source in one word, the address below the model, and what is wrong where there is no identity."""
    if "level_ua" not in row:
        return row
    output = {True: f"ON at {row['level_ua']} uA", False: "off"}.get(row["output_on"])
    told = "; ".join(filter(None, (row["identity"], row["problem"])))
    return {
        "role": row["role"],
        "output": output,
        "model and address": f"{row['model']} {row['address']}",
        "says": told,
    }
