"""Dwell times in the terminal."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from mtjlab.counted import counted
from mtjlab.figures.undrawn import figures_text
from mtjlab.procedures.dwell.listed import HARDLY_KNOWN, HEADS, WHY_HARDLY_KNOWN, listed_dwells
from mtjlab.procedures.switching_table import COLOURS
from mtjlab.terminal import Listing, show_end


def show_dwells(result: dict[str, Any], figures: Sequence[Path], console: Console) -> None:
    """Print status, mean dwells, fitted laws, and paths of the results."""
    status, label = result["status"], "  SIMULATED BENCH" if result["simulated"] else ""
    held = f", held for {result['held_s']:.4g} s, {counted(result['samples'], 'sample')}{label}"
    console.print(Text.assemble((status, f"bold {COLOURS.get(status, 'red')}"), held))
    show_end(result, console)
    if result["dwell"]:
        rows = listed_dwells(result["dwell"])
        console.print(_table(result, rows))
        if any(HARDLY_KNOWN in row for row in rows):
            console.print(WHY_HARDLY_KNOWN, style="dim")
    for law in result["laws"]:
        low, high = law["critical_current_interval_ua"]
        console.print(
            f"{law['junction']} leaves {law['state']}: critical current {law['critical_current_ua']:.1f} "
            f"({low:.1f} .. {high:.1f}) uA, spread {law['spread_ua']:.1f} uA, for a ramp of "
            f"{law['ramp_ua_per_s']:.6g} uA/s"
        )
    console.print(f"{'run':12} {result['run']}")
    if figures:
        console.print(f"figures      {figures_text(figures)}")


def _table(result: dict[str, Any], rows: Iterable[Sequence[str]]) -> Listing:
    controls = ", ".join(f"{current:.6g}" for current in result["control_currents_ua"] or ())
    how = "repeatedly after a reset" if result["resets"] else "without a pause"
    title = f"mean dwells, held {how} at control currents {controls} uA"
    table = Listing(title=title)
    for name, _ in HEADS:
        table.add_column(name, justify="right" if name else "left", no_wrap="interval" not in name)
    for row in rows:
        table.add_row(*row)
    return table
