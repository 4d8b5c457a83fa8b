"""Dwell times in a terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mtjlab.counted import counted
from mtjlab.procedures.dwell.law import VAGUE
from mtjlab.procedures.switching_table import COLOURS
from mtjlab.terminal import show_end


def show_dwells(result: dict[str, Any], figures: Sequence[Path], console: Console) -> None:
    """How the run ended, how long junctions stay in their states, and where things are."""
    status, label = result["status"], "  SIMULATED BENCH" if result["simulated"] else ""
    held = f", held for {result['held_s']:.4g} s, {counted(result['samples'], 'sample')}{label}"
    console.print(Text.assemble((status, f"bold {COLOURS.get(status, 'red')}"), held))
    show_end(result, console)
    if result["dwell"]:
        console.print(_table(result))
    for law in result["laws"]:
        low, high = law["critical_current_interval_ua"]
        console.print(
            f"{law['junction']} leaves {law['state']} as on a ramp at {law['ramp_ua_per_s']:.6g} uA/s at "
            f"{law['critical_current_ua']:.1f} ({low:.1f} .. {high:.1f}) uA, spread {law['spread_ua']:.1f} uA"
        )
    console.print(f"{'run':12} {result['run']}")
    if figures:
        console.print(f"figures      {figures[0].parent} ({counted(len(figures), 'file')})")


def _table(result: dict[str, Any]) -> Table:
    controls = ", ".join(f"{current:.6g}" for current in result["control_currents_ua"] or ())
    how = "again and again after a reset" if result["resets"] else "without a pause"
    title = f"mean dwells, held {how} at control currents {controls} uA"
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", title=title, title_justify="left")
    for name in ("", "current\n/ uA", "dwells", "mean\n/ s", "95 %\ninterval", "expected\n/ s", "95 %\ninterval"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for one in result["dwell"]:
        table.add_row(
            f"{one['junction']} {one['state']}",
            f"{one['current_ua']:.6g}",
            str(one["n"]),
            _number(one["mean_s"]),
            _interval(one["low_s"], one["high_s"]),
            *_expected(one),
        )
    return table


def _expected(one: dict[str, Any]) -> tuple[str, str]:
    """What critical currents let expect, if they say anything."""
    if one["law_s"] is None or one["law_high_s"] > VAGUE * one["law_low_s"]:
        return "", "hardly known" if one["law_s"] is not None else ""
    return _number(one["law_s"]), _interval(one["law_low_s"], one["law_high_s"])


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _interval(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return f"above {low:.3g}"
    return f"below {high:.3g}" if low is None else f"{low:.3g} .. {high:.3g}"
