"""A commissioning in the terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from mtjlab.counted import counted
from mtjlab.terminal import Listing, show_end

MS, UV = 1e3, 1e3


def show_commissioned(result: dict[str, Any], figures: Sequence[Path], console: Console) -> None:
    """Print what was measured, what differs, and where the new bench file is."""
    kind = (" SIMULATED ", "black on yellow") if result["simulated"] else (" REAL BENCH ", "white on red")
    console.print(Text.assemble(kind, f"  {result['bench']}"))
    if measured := result["measured"]:
        console.print(_meters(measured["voltmeters"]))
        console.print(_sources(measured["sources"]))
    if result["differences"]:
        console.print(_differences(result["differences"]))
    show_end(result, console)
    if result["differences"] is not None:
        found = counted(len(result["differences"]), "difference")
        console.print(Text(found, style="bold yellow" if result["differences"] else "bold green"))
        console.print(f"bench file  {result['bench_file']}")
    console.print(f"run  {result['run']}")
    for path in figures:
        console.print(f"figure  {path}")


def _meters(meters: Sequence[dict[str, Any]]) -> Listing:
    table = Listing("voltmeter")
    for name in ("offset / uV", "noise / uV", "hum / mV", "line / Hz", "sure NPLC"):
        table.add_numbers(name)
    for one in meters:
        hum, line, nplc = ("?" if one[key] is None else f"{one[key]:.3g}" for key in ("hum_mv", "line_hz", "nplc"))
        table.add_row(one["role"], f"{UV * one['offset_mv']:.3g}", f"{UV * one['noise_mv']:.3g}", hum, line, nplc)
    return table


def _sources(sources: Sequence[dict[str, Any]]) -> Listing:
    table = Listing("source")
    for name in ("settling / ms", "compliance / mV"):
        table.add_numbers(name)
    for one in sources:
        settling = "not seen" if one["settling_s"] is None else f"{MS * one['settling_s']:.3g}"
        table.add_row(one["role"], settling, f"{one['compliance_mv']:g}")
    return table


def _differences(differences: Sequence[dict[str, Any]]) -> Listing:
    table = Listing("differs", "sent", "expected", "came")
    for one in differences:
        table.add_row(one["role"], *(Text(one[key]) for key in ("sent", "expected", "came")))
    return table
