"""``mtjlab energy``: energy of a run, and what is expected of other chains."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from mtjlab.cli.common import print_json, results
from mtjlab.cli.numbers import Number
from mtjlab.cli.options import AS_JSON, RUN, number_option, runs_option
from mtjlab.console import PlainConsole
from mtjlab.counted import counted
from mtjlab.energy import joules
from mtjlab.experiment.energy import ProjectionRequest, energy_json
from mtjlab.projection import WIDTHS_S
from mtjlab.runs.finding import find_run
from mtjlab.terminal import Listing
from mtjlab.typed_numbers import NumberRange

SHORTEST_S = 1e-9


@click.command()
@RUN
@runs_option()
@number_option("--junctions", low=1, is_whole=True, help_text="Junctions of the chain to project for; default: as run.")
@number_option("--inputs", low=1, is_whole=True, help_text="Inputs of a classification; default: as in the run.")
@click.option(
    "--width",
    multiple=True,
    type=Number(NumberRange(SHORTEST_S)),
    help="Width of an input and of its reset to project for, in s; may be repeated. [default: several]",
)
@number_option("--input-current", help_text="Current of each junction at an input, in uA; default: power of the run.")
@number_option("--reset-current", help_text="Current of each junction at a reset, in uA; default: power of the run.")
@AS_JSON
def energy(
    run: Path,
    runs: Path,
    junctions: int | None,
    inputs: int | None,
    width: tuple[float, ...],
    input_current: float | None,
    reset_current: float | None,
    as_json: bool,
) -> None:
    """Energy of a run: in junctions, from sources, for each input; and what other chains are expected to take."""
    request = ProjectionRequest(junctions, inputs, width or WIDTHS_S, input_current, reset_current)
    found = energy_json(find_run(run, runs), request)
    if as_json:
        print_json(found)
    else:
        show_energy(found, results)


def show_energy(found: dict[str, Any], console: PlainConsole) -> None:
    """Print the energy of a run: of its phases, its junctions and sources; then what other chains are to take."""
    label = "  SIMULATED BENCH" if found["simulated"] else ""
    console.print_prose(
        f"{_joules(found['total_j'])} in junctions, {_joules(found['leads_j'])} in leads; "
        f"{found['estimated_share']:.1%} computed from references (estimated){label}"
    )
    console.print(_phases(found))
    console.print(_parts(found))
    if (projected := found["projected_for"]) is not None:
        _show_projection(found["projection"], projected, console)


def _show_projection(rows: Sequence[dict[str, float]], projected: dict[str, Any], console: PlainConsole) -> None:
    size = f"{counted(projected['junctions'], 'junction')}, {counted(projected['inputs'], 'input')}"
    console.print(f"EXPECTED, not measured: {size}")
    console.print(_projection(rows))
    for line in (*projected["assumptions"], _paper(projected["paper"])):
        console.print_prose(line, style="dim")


def _paper(paper: dict[str, Any]) -> str:
    ends = " to ".join(map(_joules, paper["classification_j"]))
    return f"{paper['source']} A classification: {ends}."


def _phases(found: dict[str, Any]) -> Listing:
    rows = [
        (
            name,
            f"{one['duration_s']:.4g}",
            _joules(one["junctions_j"]),
            _joules(one["estimated_j"]) if one["estimated_j"] else "",
            _joules(found["per_input_j"][name]),
        )
        for name, one in found["phases"].items()
    ]
    return _table(("phase", "time / s", "energy", "estimated", "per input"), rows)


def _parts(found: dict[str, Any]) -> Listing:
    rows = [
        (one["junction"], _joules(one["energy_j"]), _joules(source["delivered_j"]), _joules(source["absorbed_j"]))
        for one, source in zip(found["junctions_j"], found["sources_j"], strict=True)
    ]
    return _table(("junction, source", "in junction", "delivered", "absorbed"), rows)


def _projection(rows: Sequence[dict[str, float]]) -> Listing:
    keys = ("input_j", "reset_j", "total_j", "paper_j", "classification_j", "classification_with_reset_j")
    cells = [(f"{one['width_s']:.3g}", *(_joules(one[key]) for key in keys)) for one in rows]
    heads = ("width / s", "input", "reset", "both", "paper", "classification", "with resets")
    return _table(heads, cells)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Listing:
    table = Listing(heads[0])
    for head in heads[1:]:
        table.add_numbers(head)
    for row in rows:
        table.add_row(*row)
    return table


def _joules(energy_j: float | None) -> str:
    """In ASCII letters."""
    return joules(energy_j).replace("µ", "u")
