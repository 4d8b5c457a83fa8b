"""Inference with a trained network."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mtjlab import experiment
from mtjlab.cli.common import (
    MeasuringPlan,
    exit_of,
    messages,
    print_json,
    results,
    told_of,
    warn_of_calibration,
    watched_by,
)
from mtjlab.cli.first import ask_first
from mtjlab.cli.numbers import whole_option
from mtjlab.cli.options import Dialogue, OnBench, grouped
from mtjlab.cli.sentences import SentenceView
from mtjlab.domain import NO_CLASS
from mtjlab.experiment import PreparedClassify
from mtjlab.runs import find_run
from mtjlab.terminal import show_end


@grouped
def classify(
    *,
    network: Annotated[Path, typer.Argument(help="A training (folder, id or last), or a network.toml.")],
    tokens: Annotated[Path | None, typer.Option(help="Table of tokens (CSV) to classify.")] = None,
    features: Annotated[
        list[str] | None, typer.Option(help="Features of one token, with commas between; may be repeated.")
    ] = None,
    times: Annotated[int, whole_option(low=1, told="Presentations of each token.")] = 5,
    bench: Annotated[Path | None, typer.Option(help="Bench file; the default bench without it.")] = None,
    plan: MeasuringPlan = experiment.DEFAULT_PLAN,
    on: OnBench,
    dialogue: Dialogue,
) -> None:
    """Classify tokens: those of a table, typed ones, or without either the test subset of the training."""
    source = network if network.exists() and not network.is_dir() else find_run(network, on.runs)
    request = on.request(bench or experiment.DEFAULT_BENCH, plan)
    typed = tuple(experiment.currents_ua(text, "--features") for text in features or ())
    asked = experiment.TokensAsked(tokens, typed, times)
    prepared = experiment.prepare_classify(source, request, asked)
    carry_out_classify(prepared, on.runs, dialogue)


def carry_out_classify(prepared: PreparedClassify, runs: Path, dialogue: Dialogue) -> None:
    """Ask what has to be asked, classify, and tell what came; ends with the exit code of the run."""
    ask_first(prepared, dialogue)
    warn_of_calibration(prepared.calibration, prepared.bench)
    with watched_by(SentenceView(messages, shown=not dialogue.quiet)) as show:
        run = experiment.run_classify(prepared, runs, [show])
    told = told_of(run, experiment.classify_result)
    if not dialogue.quiet:
        show_classified(told, messages if dialogue.as_json else results)
    if dialogue.as_json:
        print_json(told)
    raise exit_of(run, dialogue.quiet)


def show_classified(result: dict[str, Any], console: Console) -> None:
    """A line for each token."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("token", "is", "recognised as", "confidence", "configurations"):
        table.add_column(name, justify="right" if name == "confidence" else "left")
    for token in result["tokens"]:
        table.add_row(*_cells(token))
    console.print(table)
    if result["recognition"] is not None:
        share = (f"{result['recognition']:.1%}", "bold")
        console.print(Text.assemble("recognised ", share, " of the tokens whose class is known"))
    if result["simulated"]:
        console.print("SIMULATED BENCH")
    show_end(result, console)
    console.print(f"run      {result['run']}")


def _cells(token: dict[str, Any]) -> list[str | Text]:
    wrong = token["label"] is not None and token["class"] != token["label"]
    came = ", ".join(f"{name or NO_CLASS} x{count}" for name, count in token["configurations"])
    recognised = Text(token["class"] or NO_CLASS, style="yellow" if wrong else "")
    return [token["name"], token["label"] or "", recognised, f"{token['confidence']:.0%}", Text(came)]
