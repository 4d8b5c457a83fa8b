"""Pulses in the terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from mtjlab.counted import counted
from mtjlab.figures.undrawn import figures_text
from mtjlab.procedures.switching_table import COLOURS
from mtjlab.terminal import Listing, show_end

_HEADS = ("width\n/ s", "pulses", "I50\n/ uA", "95 %\ninterval", "spread\n/ uA")


def show_pulses(result: dict[str, Any], figures: Sequence[Path], console: Console) -> None:
    """Print status, thresholds, slopes, and paths of the results."""
    status, label = result["status"], "  SIMULATED BENCH" if result["simulated"] else ""
    resets = f"{counted(result['reset_pulses'], 'reset pulse')}, {result['failed_resets']} failed"
    console.print(
        Text.assemble(
            (status, f"bold {COLOURS.get(status, 'red')}"), f", {counted(result['pulses'], 'pulse')}, {resets}{label}"
        )
    )
    show_end(result, console)
    if result["series"]:
        console.print(_table(result))
    for one in result["slopes"]:
        console.print(
            f"{one['junction']}: I50 changes by {one['slope_ua']:.2f} ({one['low_ua']:.2f} .. {one['high_ua']:.2f}) uA "
            "per factor e of the width"
        )
    console.print(f"{'run':12} {result['run']}")
    if figures:
        console.print(f"figures      {figures_text(figures)}")


def _table(result: dict[str, Any]) -> Listing:
    rest = ", ".join(f"{current:.6g}" for current in result["rest_currents_ua"] or ())
    title = f"junction currents that switch with 50 % probability, from rest at {rest} uA"
    table = Listing(title=title)
    table.add_column()
    for name in _HEADS:
        table.add_numbers(name)
    for one in sorted(result["series"], key=lambda one: (one["junction"], one["width_s"])):
        table.add_row(one["junction"], f"{one['width_s']:.6g}", str(one["n"]), *_cells(one))
    return table


def _cells(one: dict[str, Any]) -> tuple[str, str, str]:
    if one["i50_ua"] is None:
        return "not found", "", ""
    return f"{one['i50_ua']:.1f}", f"{one['low_ua']:.1f} .. {one['high_ua']:.1f}", f"{one['spread_ua']:.1f}"
