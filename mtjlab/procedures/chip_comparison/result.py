"""Result of a comparison of a chip, for ``--json`` and for the terminal."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from mtjlab.analysis.chip_comparison import QUANTITIES
from mtjlab.figures.undrawn import figures_text
from mtjlab.procedures.chip_comparison.events import ChipCompared
from mtjlab.procedures.kind import Run
from mtjlab.procedures.switching_table import COLOURS
from mtjlab.terminal import Listing, show_end


def comparison_json(run: Run[Any]) -> dict[str, Any]:
    """What was compared with what, and what has changed; None for a run that did not come so far."""
    found = run.state.last(ChipCompared)
    comparison = found.comparison if found else None
    return {
        "safe": run.state.safe,
        "compared_with": found.before if found else None,
        "compared_with_at": found.before_at if found else None,
        "bench_s": found.t_s if found else None,
        "unchanged": comparison.is_unchanged if comparison else None,
        "sentence": comparison.sentence if comparison else None,
        "limit_deviations": comparison.limit if comparison else None,
        "common_shift": {
            "shift_ua": comparison.common_shift_ua,
            "deviations": comparison.common_deviations,
            "changed": comparison.common_changed,
        }
        if comparison
        else None,
        "junctions": [asdict(one) for one in comparison.compared] if comparison else [],
    }


def show_comparison(result: dict[str, Any], figures: Sequence[Path], console: Console) -> None:
    """Print status, what has changed, all quantities, and paths of the results."""
    status, label = result["status"], "  SIMULATED BENCH" if result["simulated"] else ""
    taken = f", {result['bench_s']:.0f} s of bench time" if result["bench_s"] is not None else ""
    console.print(Text.assemble((status, f"bold {COLOURS.get(status, 'red')}"), f"{taken}{label}"))
    show_end(result, console)
    if result["unchanged"] is not None:
        style = "bold green" if result["unchanged"] else "bold yellow"
        console.print(Text(result["sentence"], style))
        console.print(f"compared with {result['compared_with']}, measured {result['compared_with_at']}")
        console.print(_table(result["junctions"]))
    console.print(f"{'run':12} {result['run']}")
    if figures:
        console.print(f"figures      {figures_text(figures)}")


def _table(compared: Sequence[dict[str, Any]]) -> Listing:
    table = Listing("junction")
    table.add_column("quantity")
    for head in ("before", "now", "s.d."):
        table.add_numbers(head)
    table.add_column("")
    for one in sorted(compared, key=lambda one: one["junction"]):
        now = "-" if one["now"] is None else f"{one['now']:.5g}"
        deviations = "-" if one["deviations"] is None else f"{one['deviations']:+.1f}"
        cells = one["junction"], QUANTITIES[one["quantity"]], f"{one['before']:.5g}", now, deviations
        table.add_row(*cells, "CHANGED" if one["changed"] else "")
    return table
