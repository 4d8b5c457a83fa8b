"""A measurement against the field in the terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from mtjlab.counted import counted
from mtjlab.figures.undrawn import figures_text
from mtjlab.procedures.switching_table import COLOURS
from mtjlab.terminal import Listing, show_end

_LOOP_HEADS = ("coercive\n/ mT", "95 %\ninterval", "shift\n/ mT", "95 %\ninterval", "R_P\n/ kohm", "TMR\n/ %")
_SLOPE_HEADS = ("shift of\nI_c / uA/mT", "95 %\ninterval", "AP -> P\n/ uA", "P -> AP\n/ uA", "linear\np")


def show_field(result: dict[str, Any], figures: Sequence[Path], console: Console) -> None:
    """Print status, loops, slopes, working point, and paths of the results."""
    status, label = result["status"], "  SIMULATED BENCH" if result["simulated"] else ""
    done = f", {counted(result['loops'], 'loop')}, {counted(len(result['fields_mt']), 'field')}{label}"
    console.print(Text.assemble((status, f"bold {COLOURS.get(status, 'red')}"), done))
    show_end(result, console)
    if result["junctions"]:
        console.print(_loops(result))
    if result["slopes"]:
        console.print(_slopes(result))
    for one in (*result["junctions"], *result["slopes"]):
        if one["not_determined"]:
            console.print(f"{one['junction']}: not determined: {one['not_determined']}")
    for series, reason in result["skipped"].items():
        console.print(f"series {series} left out: {reason}")
    if result["working_point"]:
        console.print(result["working_point"]["reason"])
        if result["working_point"]["option"]:
            console.print(f"other runs take it with {result['working_point']['option']}")
    console.print(f"{'run':12} {result['run']}")
    if figures:
        console.print(f"figures      {figures_text(figures)}")


def _loops(result: dict[str, Any]) -> Listing:
    ramp = result["junctions"][0]["ramp_mt_per_s"]
    probes = ", ".join(f"{probe:.6g}" for probe in result["probe_ua"])
    table = Listing(title=f"loops against the field at {probes} uA, {ramp:.3g} mT/s")
    table.add_column()
    for name in _LOOP_HEADS:
        table.add_numbers(name)
    for one in result["junctions"]:
        tmr = "" if one["tmr"] is None else f"{100 * one['tmr']['value']:.1f}"
        r_p = "" if one["r_p_kohm"] is None else f"{one['r_p_kohm']['value']:.4f}"
        cells = *_cells(one["coercive_mt"], 3), *_cells(one["shift_mt"], 3)
        table.add_row(one["junction"], *cells, r_p, tmr)
    return table


def _slopes(result: dict[str, Any]) -> Listing:
    field_mt = result["slopes"][0]["field_mt"]
    table = Listing(title=f"critical currents against the field, on their lines at {field_mt:.4g} mT")
    table.add_column()
    for name in _SLOPE_HEADS:
        table.add_numbers(name)
    for one in result["slopes"]:
        known = one["critical_shift_ua_per_mt"] is not None
        ends = [f"{one[key]:.1f}" if known else "" for key in ("critical_current_up_ua", "critical_current_down_ua")]
        linear = f"{one['linear_p']:.2g}" if known else ""
        table.add_row(one["junction"], *_cells(one["critical_shift_ua_per_mt"], 2), *ends, linear)
    return table


def _cells(measured: dict[str, float] | None, decimals: int) -> tuple[str, str]:
    if measured is None:
        return "not found", ""
    value, low, high = (f"{measured[key]:.{decimals}f}" for key in ("value", "low", "high"))
    return value, f"{low} .. {high}"
