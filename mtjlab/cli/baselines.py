"""The paper's rivals beside a network that learnt."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table

from mtjlab.cli.common import messages, print_json, results
from mtjlab.cli.options import AS_JSON, QUIET, RUN, number_option, runs_option
from mtjlab.counted import counted
from mtjlab.runs.finding import find_run

SUBSETS = ("train", "test")


@click.command()
@RUN
@runs_option()
@number_option("--seeds", low=2, is_whole=True, default=20, told="Perceptrons of each kind; their spread is told.")
@AS_JSON
@QUIET
def baselines(run: Path, runs: Path, seeds: int, as_json: bool, quiet: bool) -> None:
    """Train the paper's multilayer perceptrons on the data, split and steps of a run, and draw them beside it."""
    from mtjlab.experiment.baselines import compare_with_baselines  # noqa: PLC0415  scikit-learn: slow to import

    shown = messages.is_terminal and not quiet
    with messages.status(f"{seeds} perceptrons of each kind are learning") if shown else nullcontext():
        told, figures = compare_with_baselines(find_run(run, runs), seeds)
    if not quiet:
        _show(told, figures, messages if as_json else results)
    if as_json:
        print_json({**told, "figures": [str(path) for path in figures]})


def _show(told: dict[str, Any], figures: list[Path], console: Console) -> None:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, header_style="dim", padding=(0, 1, 0, 0))
    table.add_column("recognition %", no_wrap=True)
    table.add_column("parameters", justify="right", no_wrap=True)
    for when in (f"step {told['steps'][-1]}", "converged"):
        for subset in SUBSETS:
            table.add_column(f"{subset}\n{when}", justify="right", no_wrap=True)
    network = told["network"]
    table.add_row(
        "network", str(network["parameters"]), *(f"{100 * network['final'][subset]:.1f}" for subset in SUBSETS)
    )
    for rival in told["rivals"]:
        table.add_row(f"perceptron {rival['name']}", str(rival["parameters"]), *_ends(rival))
    console.print(table)
    bench = "SIMULATED BENCH · " if told["simulated"] else ""
    data = "surrogate vowels" if told["surrogate"] else told["data"]
    console.print(
        f"{bench}{data}; perceptrons: mean ± standard deviation of {told['seeds']} seeds",
    )
    console.print(f"figures  {figures[0].parent} ({counted(len(figures), 'file')})")


def _ends(rival: dict[str, Any]) -> list[str]:
    """Mean and standard deviation of each column."""
    rates = [rival[when][subset] for when in ("final", "converged") for subset in SUBSETS]
    return [f"{100 * rate['mean']:.1f} ± {100 * rate['std']:.1f}" for rate in rates]
