"""``mtjlab scale``: how many junctions and chains are expected to work."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from mtjlab.cli.common import print_json, results
from mtjlab.cli.options import AS_JSON, PATH, SEED, Decorated, bench_option, number_option
from mtjlab.console import PlainConsole
from mtjlab.errors import RefusedError
from mtjlab.terminal import Listing
from mtjlab.typed_numbers import NotANumberError, NumberRange

DEFAULT_BENCH = Path("simulated")
LEAST_UA, MOST_UA = 1e-3, 1e6
MOST_JUNCTIONS, MOST_INPUTS, MOST_CLASSES = 100, 64, 1_000_000


def _row_option(
    name: str, default: str, help_text: str, low: float, high: float = MOST_UA, is_whole: bool = False
) -> Callable[[Decorated], Decorated]:
    """An option that takes numbers with commas between, and may be repeated."""
    allowed = NumberRange(low, high, is_whole=is_whole)

    def numbers(_context: click.Context, _option: click.Parameter, texts: tuple[str, ...]) -> tuple[float, ...]:
        try:
            return tuple(dict.fromkeys(allowed.read(part) for text in texts for part in text.split(",")))
        except NotANumberError as error:
            raise RefusedError(f"{name} {','.join(texts)}: {error}. Type numbers with commas between.") from error

    return click.option(name, multiple=True, default=(default,), callback=numbers, help=help_text)


@click.command()
@_row_option("--junctions", "3,10", "Junctions of a chain; several with commas.", 1, MOST_JUNCTIONS, is_whole=True)
@_row_option("--inputs", "2", "Inputs, each of which may have a chain of its own.", 1, MOST_INPUTS, is_whole=True)
@_row_option("--spacing", "20,24,28", "Distance of neighbouring boundaries, in uA.", LEAST_UA)
@_row_option("--spread", "4.3", "Standard deviation of a threshold, in uA.", LEAST_UA)
@_row_option("--cloud", "0", "Standard deviation of the inputs of a class, in uA.", 0.0)
@_row_option("--classes", "7", "Classes to tell apart.", 2, MOST_CLASSES, is_whole=True)
@number_option("--up", low=LEAST_UA, default=224.0, help_text="Current that switches a junction AP -> P, in uA.")
@number_option("--down", default=-57.0, help_text="Current that switches it back, in uA, below zero.")
@number_option("--margin", low=0.0, default=40.0, help_text="Margin of the reset, in uA.")
@bench_option("Bench file with the limits and the nominal junction", default=DEFAULT_BENCH)
@number_option(
    "--current-limit", low=LEAST_UA, help_text="Largest current of a junction, in uA; default: of the bench."
)
@number_option(
    "--voltage-limit", low=LEAST_UA, help_text="Largest voltage of a junction, in mV; default: of the bench."
)
@number_option("--breakdown", low=LEAST_UA, help_text="Breakdown voltage of your stack, in mV; with its source.")
@click.option("--breakdown-source", help="Who measured the breakdown voltage, or where it is published.")
@SEED
@click.option("--figure", type=PATH, help="File for the figure, .png or .svg.")
@AS_JSON
def scale(
    junctions: tuple[int, ...],
    inputs: tuple[int, ...],
    spacing: tuple[float, ...],
    spread: tuple[float, ...],
    cloud: tuple[float, ...],
    classes: tuple[int, ...],
    up: float,
    down: float,
    margin: float,
    bench: Path,
    current_limit: float | None,
    voltage_limit: float | None,
    breakdown: float | None,
    breakdown_source: str | None,
    seed: int | None,
    figure: Path | None,
    as_json: bool,
) -> None:
    """How many junctions a chain can have, what it recognises, and how many chains a number of classes needs.

    Expected, not measured: by the switching law, and by Monte-Carlo. All combinations of the numbers are computed.
    """
    from mtjlab.config import read_bench  # noqa: PLC0415  slow to import
    from mtjlab.experiment.scale import ScaleRequest, scale_json  # noqa: PLC0415  as above

    if down >= 0:
        raise RefusedError(f"--down {down:g}: a junction resets at a current below zero. Give that of P -> AP.")
    request = ScaleRequest(
        junctions, inputs, spacing, spread, cloud, classes, up, down, margin,
        current_limit, voltage_limit, breakdown, breakdown_source, seed or 0,
    )  # fmt: skip
    found = scale_json(read_bench(bench), bench.name, request, figure)
    if as_json:
        print_json(found)
    else:
        show_scale(found, results)


def show_scale(found: Mapping[str, Any], console: PlainConsole) -> None:
    """Print one table: what each chain recognises, and beside it what the limits allow at its spacing."""
    console.print_prose(
        "EXPECTED, not measured: recognition of M inputs and N junctions by the switching law, and by Monte-Carlo as "
        "drawn from it; most junctions that limits allow on the drive and the reset side, and graded ones. In uA."
    )
    console.print(_table(found))
    for line in _limits(found):
        console.print_prose(line)
    for line in found["assumptions"]:
        console.print_prose(line, style="dim")
    if found["figure"]:
        console.print_prose(f"figure  {found['figure']}")


def _table(found: Mapping[str, Any]) -> Listing:
    at = {one["spacing_ua"]: one for one in found["largest"]}
    classes = ", ".join(str(one["classes"]) for one in found["largest"][0]["classes"])
    table = Listing()
    for head in ("N", "M", "spacing", "spread", "cloud", "law %", "drawn %", "drive", "reset", "graded"):
        table.add_numbers(head)
    table.add_column(f"chains x N for {classes} classes")
    for row in found["rows"]:
        limits = at[row["spacing_ua"]]
        table.add_row(
            *(f"{row[key]:g}" for key in ("junctions", "inputs", "spacing_ua", "spread_ua", "cloud_ua")),
            *(f"{100 * row[key]:.1f}" for key in ("expected", "monte_carlo")),
            *(str(limits["equal"][side]) for side in ("drive", "reset")),
            str(limits["graded"]["largest"]),
            ", ".join(map(_chains, limits["classes"])),
        )
    return table


def _chains(needed: Mapping[str, Any]) -> str:
    return f"{needed['chains']}x{needed['junctions']}" if needed["chains"] else "none fit"


def _limits(found: Mapping[str, Any]) -> list[str]:
    """What binds, for each kind of chain; once for all spacings where it is the same."""
    return [
        line
        for kind in ("equal", "graded")
        for line in dict.fromkeys(
            f"{kind} junctions: the {one[kind]['binding']} side binds, by {one[kind]['limit']}"
            for one in found["largest"]
        )
    ]
