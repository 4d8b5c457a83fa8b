"""``mtjlab twin``: fit a twin of a chip to runs, and check it against another run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from mtjlab.cli.common import print_json, results
from mtjlab.cli.options import AS_JSON, PATH, QUIET, RUN, runs_option
from mtjlab.console import PlainConsole
from mtjlab.runs.finding import find_run
from mtjlab.terminal import Listing

TABLES = (
    (
        ("critical_current_ap_to_p_ua", "AP -> P uA", 1),
        ("critical_current_p_to_ap_ua", "P -> AP uA", 1),
        ("critical_spread_ua", "spread uA", 2),
    ),
    (
        ("resistance_parallel_ohm", "R_P ohm", 2),
        ("tmr", "TMR", 4),
        ("half_bias_mv", "V_half mV", 1),
        ("offset_mv", "offset mV", 3),
    ),
)


@click.group()
def twin() -> None:
    """A twin of a chip: a simulated chip whose parameters are fitted to its runs, with what is uncertain of them."""


@twin.command("fit")
@click.argument("run", type=PATH, nargs=-1, required=True)
@click.option("--out", type=PATH, required=True, help="Bench file to write; every command takes it with --bench.")
@runs_option()
@AS_JSON
@QUIET
def twin_fit(run: tuple[Path, ...], out: Path, runs: Path, as_json: bool, quiet: bool) -> None:
    """Fit a twin to runs of one chip, the latest last.

    Sweeps, maps, trainings, pulses and comparisons tell of it. Thresholds are those of the last run; the others may
    differ by a common offset, as a field makes one.
    """
    from mtjlab.experiment.twin_fit import fit_twin  # noqa: PLC0415  scipy: slow to import

    found = fit_twin([find_run(one, runs) for one in run], out)
    if as_json:
        print_json(found)
    elif not quiet:
        show_fit(found, results)


@twin.command("check")
@click.argument("twin", type=PATH)
@RUN
@runs_option()
@AS_JSON
@QUIET
def twin_check(twin: Path, run: Path, runs: Path, as_json: bool, quiet: bool) -> None:
    """Check a twin against a run that it was not fitted to.

    Compared are thresholds, cells of a raster map, and recognition, as far as the run tells of them.
    """
    from mtjlab.experiment.twin_check import check_twin  # noqa: PLC0415  as above

    found = check_twin(twin, find_run(run, runs))
    if as_json:
        print_json(found)
    elif not quiet:
        show_check(found, results)


def show_fit(found: Mapping[str, Any], console: PlainConsole) -> None:
    """Print the parameters of each junction with their standard deviations."""
    console.print_prose(f"TWIN of {found['of']}{' (SIMULATED)' if found['of_simulated'] else ''}, ± 1 s.d.")
    for columns in TABLES:
        table = Listing("junction")
        for _, head, _ in columns:
            table.add_numbers(head)
        for one in found["junctions"]:
            cells = (f"{one[key]['value']:.{d}f} ± {one[key]['error']:.{d}f}" for key, _, d in columns)
            table.add_row(one["junction"], *cells)
        console.print(table)
    drift = found["common_drift_ua_per_h"]
    console.print_prose("no drift seen" if drift is None else f"drift of all thresholds {drift:+.1f} uA/h")
    if found["not_seen"]:
        console.print_prose(f"not seen to switch, so not known: {', '.join(found['not_seen'])}")
    console.print_prose(f"twin  {found['twin']}")


def show_check(found: Mapping[str, Any], console: PlainConsole) -> None:
    """Print what was compared, and whether the chip is as its twin."""
    table = Listing("compared")
    for head in ("number", "p", "twin", "run", "s.d."):
        table.add_numbers(head)
    for test in found["tests"]:
        table.add_row(test["name"], str(test["number"]), f"{test['p_value']:.3g}", "", "", "")
        for one in test["differences"]:
            values = (f"{one[key]:.4g}" for key in ("twin", "run"))
            table.add_row(f"  {one['what']}", "", "", *values, f"{one['deviations']:+.1f}")
    console.print(table)
    verdict = "REJECTED: the run is not as the twin" if found["rejected"] else "the run is as the twin predicts"
    console.print_prose(f"{verdict} (p = {found['p_value']:.3g})")
