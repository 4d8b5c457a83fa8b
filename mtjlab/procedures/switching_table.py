"""Critical inputs as a table in the terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from mtjlab.counted import counted
from mtjlab.domain import junction_label
from mtjlab.figures.undrawn import figures_text
from mtjlab.terminal import Listing, show_end

COLOURS = {"finished": "green", "stopped": "yellow", "running": "cyan"}


def show_switching(result: dict[str, Any], figures: Sequence[Path], console: Console) -> None:
    """Print status, critical inputs with intervals, and paths of the results."""
    status = result["status"]
    label = "  SIMULATED BENCH" if result["simulated"] else ""
    readings = f", {counted(result['readings'], 'reading')}" if result["readings"] else ""
    after = f"{readings}, {result['duration_s']:.1f} s{label}"
    console.print(Text.assemble((status, f"bold {COLOURS.get(status, 'red')}"), after))
    show_end(result, console)
    if result["shift"]:
        console.print(_slopes(result["shift"]))
    for series in result["series"] if not result["shift"] else ():
        console.print(_table(series))
        for one in (*series["up"], *series["down"]):
            if not one["determined"]:
                console.print(one["reason"], style="dim")
    for name in ("calibration", "run"):
        if result[name]:
            console.print(f"{name:12} {result[name]}")
    if figures:
        console.print(f"figures      {figures_text(figures)}")


def _table(series: dict[str, Any]) -> Listing:
    controls = ", ".join(f"{current:.6g}" for current in series["control_currents_ua"])
    which = f"critical inputs of input {series['input']}" if series.get("input") else "critical inputs"
    title = f"{which} at control currents {controls} uA"
    table = Listing(title=title)
    table.add_column(no_wrap=True)
    for name in ("input\n/ uA", "95 %\ninterval", "spread\n/ uA", "95 %\ninterval", "switched"):
        table.add_numbers(name)
    for direction, arrow in (("up", "AP -> P"), ("down", "P -> AP")):
        for k, one in enumerate(series[direction]):
            table.add_row(f"{junction_label(k)} {arrow}", *_cells(one))
    return table


def _slopes(shift: dict[str, Any]) -> Listing:
    """Slope of each critical input against each control current: ideally -1 on the diagonal and 0 elsewhere."""
    table = Listing(title="slope of the critical input against each control current, with its 95 % interval")
    table.add_column("junction")
    for k in range(len(shift["slopes"])):
        table.add_column(f"I_C of {junction_label(k)}", justify="right")
    for k, row in enumerate(shift["slopes"]):
        cells = zip(row, shift["slope_intervals"][k], strict=True)
        table.add_row(junction_label(k), *(_slope(slope, interval) for slope, interval in cells))
    return table


def _slope(slope: float | None, interval: list[float] | None) -> str:
    if slope is None or interval is None:
        return "not determined"
    return f"{slope:+.3f} ± {(interval[1] - interval[0]) / 2:.3f}"


def _cells(one: dict[str, Any]) -> tuple[str, ...]:
    if not one["determined"]:
        return "", "not determined", "", "", ""
    return (
        f"{one['critical_input_ua']:.1f}",
        _interval(one["critical_input_interval_ua"]),
        f"{one['spread_ua']:.1f}",
        _interval(one["spread_interval_ua"]),
        f"{one['switched']}/{one['repetitions']}",
    )


def _interval(ends_ua: list[float]) -> str:
    return f"{ends_ua[0]:.1f} .. {ends_ua[1]:.1f}"
