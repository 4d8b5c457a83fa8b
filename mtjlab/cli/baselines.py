"""``mtjlab baselines``: compare a training with the perceptrons of the paper."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console

from mtjlab.cli.common import messages, print_json, results
from mtjlab.cli.options import AS_JSON, QUIET, RUN, number_option, runs_option
from mtjlab.figures.undrawn import figures_text
from mtjlab.runs.finding import find_run
from mtjlab.terminal import Listing

SUBSETS = ("train", "test")


@click.command()
@RUN
@runs_option()
@number_option(
    "--seeds", low=2, is_whole=True, default=20, help_text="Perceptrons of each kind; mean and spread are reported."
)
@AS_JSON
@QUIET
def baselines(run: Path, runs: Path, seeds: int, as_json: bool, quiet: bool) -> None:
    """Train the paper's multilayer perceptrons on the data, split and steps of a run, and plot both.

    Beside them, what limits: the encoding of the run with ideal thresholds, and a linear discriminant of all features.
    """
    from mtjlab.experiment.baselines import compare_with_baselines  # noqa: PLC0415  scikit-learn: slow to import

    shown = messages.is_terminal and not quiet
    with messages.status(f"{seeds} perceptrons of each kind: training") if shown else nullcontext():
        result, figures = compare_with_baselines(find_run(run, runs), seeds)
    if not quiet:
        show_baselines(result, figures, messages if as_json else results)
    if as_json:
        print_json({**result, "figures": [str(path) for path in figures]})


def show_baselines(result: dict[str, Any], figures: list[Path], console: Console) -> None:
    """Print the recognition rates of the network, of the perceptrons, and the ceilings."""
    table = Listing("recognition %", box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_numbers("parameters")
    for when in (f"step {result['steps'][-1]}", "converged"):
        for subset in SUBSETS:
            table.add_numbers(f"{subset}\n{when}")
    network = result["network"]
    table.add_row(
        "network", str(network["parameters"]), *(f"{100 * network['final'][subset]:.1f}" for subset in SUBSETS)
    )
    for baseline in result["rivals"]:
        table.add_row(f"perceptron {baseline['name']}", str(baseline["parameters"]), *_final_rates(baseline))
    for ceiling in result["ceilings"]:
        rates = (f"{100 * ceiling[subset]:.1f}" for subset in SUBSETS)
        table.add_row(ceiling["name"], str(ceiling["parameters"]), "", "", *rates)
    console.print(table)
    bench = "SIMULATED BENCH · " if result["simulated"] else ""
    data = "surrogate vowels" if result["surrogate"] else result["data"]
    console.print(
        f"{bench}{data}; perceptrons: mean ± standard deviation of {result['seeds']} seeds",
    )
    console.print(f"figures  {figures_text(figures)}")


def _final_rates(baseline: dict[str, Any]) -> list[str]:
    """Mean and standard deviation of the recognition rates, in the order of the columns."""
    rates = [baseline[when][subset] for when in ("final", "converged") for subset in SUBSETS]
    return [f"{100 * rate['mean']:.1f} ± {100 * rate['std']:.1f}" for rate in rates]
