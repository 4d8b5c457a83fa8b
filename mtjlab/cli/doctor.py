"""What a computer and a bench file have to do with each other, without a single setting written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from instruments.connect import ask_who, back_ends, find_resources
from instruments.interfaces import InstrumentError
from instruments.locks import canonical, held
from mtjlab.benches.models_check import demand_instruments
from mtjlab.benches.opening import LOCKS
from mtjlab.cli.common import AsJson, Quiet, print_json, results
from mtjlab.config import BenchConfig, InstrumentBenchConfig, read_bench

Rows = list[dict[str, Any]]


def doctor(
    bench: Annotated[Path | None, typer.Option(help="Bench file: which of its instruments answer?")] = None,
    library: Annotated[str, typer.Option(help='VISA library to look through; "" is the one of the system.')] = "@py",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """List VISA back ends, resources with their identity, locks held, and what of a bench file answers."""
    config = read_bench(bench) if bench else None
    if bench and config:
        demand_instruments(bench, config, simulate=False)
    holders = held(LOCKS)
    told: dict[str, Rows] = {
        "back_ends": [{"library": end.library, "about": end.about} for end in back_ends()],
        "resources": _resources(library, [holder.address for holder in holders]),
        "locks": [{"address": holder.address, "held_by": str(holder)} for holder in holders],
        "bench": _bench(config, {holder.address for holder in holders}),
    }
    if not quiet and not as_json:
        for title, rows in told.items():
            _show(title.replace("_", " "), rows)
    if as_json:
        print_json(told)


def _resources(library: str, in_use: list[str]) -> Rows:
    try:
        found = find_resources(library, in_use)
    except InstrumentError as error:
        return [{"address": "", "identity": None, "problem": str(error)}]
    return [{"address": one.address, "identity": one.identity, "problem": one.problem} for one in found]


def _bench(config: BenchConfig | None, in_use: set[str]) -> Rows:
    rows: Rows = []
    if not isinstance(config, InstrumentBenchConfig):
        return rows
    for role, model, address in _parts(config):
        row = {"role": role, "model": model, "address": address}
        if canonical(address) in in_use:
            rows.append({**row, "identity": None, "problem": "in use, so it was not asked"})
            continue
        answer = ask_who(address, config.link.visa_library, config.link.timeout_s)
        rows.append({**row, "identity": answer.identity, "problem": answer.problem})
    return rows


def _parts(config: InstrumentBenchConfig) -> Iterator[tuple[str, str, str]]:
    """Role, model and address of everything on the bus."""
    for table, sections in (("source", config.sources), ("voltmeter", config.voltmeters)):
        for label, section in sections.items():
            yield f"{table} {label}", section.model, section.address
    if config.field.address is not None:
        yield "field", config.field.model, config.field.address


def _show(title: str, rows: Rows) -> None:
    if not rows:
        results.print(f"[bold]{title}[/]: none")
        return
    table = Table(*rows[0], title=title, title_justify="left")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    results.print(table)
