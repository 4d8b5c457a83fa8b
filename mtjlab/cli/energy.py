"""``mtjlab energy``: energy of a run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from mtjlab.cli.common import print_json, results
from mtjlab.cli.options import AS_JSON, RUN, runs_option
from mtjlab.experiment.energy import energy_json
from mtjlab.runs.finding import find_run
from mtjlab.terminal import Listing

PREFIXES = ((1.0, "J"), (1e-3, "mJ"), (1e-6, "uJ"), (1e-9, "nJ"), (1e-12, "pJ"), (1e-15, "fJ"))


@click.command()
@RUN
@runs_option()
@AS_JSON
def energy(run: Path, runs: Path, as_json: bool) -> None:
    """Energy of a run: in junctions, from sources, for each input, and what shorter pulses would take."""
    found = energy_json(find_run(run, runs))
    if as_json:
        print_json(found)
        return
    show_energy(found, results)


def show_energy(found: dict[str, Any], console: Console) -> None:
    """Print the energy of a run: of its phases, its junctions and sources, and of shorter pulses."""
    label = "  SIMULATED BENCH" if found["simulated"] else ""
    console.print(
        f"{joules(found['total_j'])} in junctions, {found['estimated_share']:.1%} of it computed from references{label}"
    )
    console.print(_phases(found))
    console.print(_parts(found))
    if found["projection"]:
        console.print(_projection(found))
        console.print("Paper: (1 + 0.2 N) pJ for an input of 1 to 10 ns, without the reset.", style="dim")


def joules(energy_j: float | None) -> str:
    """An energy with three digits and its unit."""
    if energy_j is None:
        return ""
    factor, unit = next(
        ((factor, unit) for factor, unit in PREFIXES if abs(energy_j) >= factor), PREFIXES[-1 if energy_j else 0]
    )
    return f"{energy_j / factor:.3g} {unit}"


def _phases(found: dict[str, Any]) -> Listing:
    rows = [
        (name, f"{one['duration_s']:.4g}", joules(one["junctions_j"]), joules(found["per_input_j"][name]))
        for name, one in found["phases"].items()
    ]
    return _table(("phase", "time / s", "energy", "per input"), rows)


def _parts(found: dict[str, Any]) -> Listing:
    rows = [
        (one["junction"], joules(one["energy_j"]), joules(source["delivered_j"]), joules(source["absorbed_j"]))
        for one, source in zip(found["junctions_j"], found["sources_j"], strict=True)
    ]
    return _table(("junction, source", "in junction", "delivered", "absorbed"), rows)


def _projection(found: dict[str, Any]) -> Listing:
    rows = [
        (f"{one['width_s']:.3g}", *(joules(one[key]) for key in ("input_j", "reset_j", "total_j", "paper_j")))
        for one in found["projection"]
    ]
    return _table(("width / s", "input", "reset", "both", "paper"), rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Listing:
    table = Listing(heads[0])
    for head in heads[1:]:
        table.add_numbers(head)
    for row in rows:
        table.add_row(*row)
    return table
