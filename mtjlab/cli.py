"""The command line: a face of the experiment; it decides nothing."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from mtjlab import experiment
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.terminal import TrainingView, show_summary
from mtjlab.vowels import files as vowel_files

DONE, REFUSED, STOPPED, FAULT = 0, 2, 3, 4
EXIT_CODES = {"finished": DONE, "stopped": STOPPED, "failed": FAULT}

app = typer.Typer(
    help="Live training of a classifier made of magnetic tunnel junctions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
vowels = typer.Typer(help="The vowels that are learnt: import the measured file, download it, see which are in use.")
app.add_typer(vowels, name="vowels", no_args_is_help=True)

messages = Console(stderr=True)
results = Console()

AsJson = Annotated[bool, typer.Option("--json", help="End with one JSON object as the last line of standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")]


@app.command()
def train(
    bench: Annotated[Path, typer.Option(help="Bench file.")] = experiment.DEFAULT_BENCH,
    plan: Annotated[Path, typer.Option(help="Plan file.")] = experiment.DEFAULT_PLAN,
    seed: Annotated[int | None, typer.Option(min=0, help="Of split, order of tokens and simulated junctions.")] = None,
    runs: Annotated[Path, typer.Option(help="Folder in which the run folder is made.")] = Path("runs"),
    steps: Annotated[int | None, typer.Option(min=0, help="Training steps; 0 only measures the recognition.")] = None,
    recognition_every: Annotated[
        int | None, typer.Option(min=0, help="Present every token each so many steps; 0 = never.")
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Train the chain on a bench, from the reference sweep to figures."""
    prepared = experiment.prepare_training(
        experiment.TrainingRequest(bench, plan, seed=seed, steps=steps, recognition_every_steps=recognition_every)
    )
    with TrainingView(prepared.plan, messages, shown=not quiet) as view:
        run = experiment.run_training(prepared, runs, [view.show])
    told = {**experiment.summary(run.folder), "status": run.ended.status, "reason": run.ended.reason}
    _report(told, _figures_if_any(run.folder, quiet), as_json, quiet)
    if quiet and run.ended.status == "failed":
        messages.print(f"mtjlab: {run.folder}: {run.ended.reason}", style="red", highlight=False, markup=False)
    raise typer.Exit(EXIT_CODES[run.ended.status])


@app.command()
def figures(
    run: Annotated[Path, typer.Argument(help="Folder of a run.", show_default=False)],
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Draw the figures of a run again from its journal."""
    drawn = experiment.draw(run)
    _report(experiment.summary(run), drawn, as_json, quiet)


@vowels.command("import")
def import_(path: Annotated[Path, typer.Argument(help="The measured file, vowdata.dat.", show_default=False)]) -> None:
    """Check the measured file and keep a copy for this user."""
    kept = vowel_files.import_vowels(path)
    results.print(f"imported: {kept}", soft_wrap=True, highlight=False)


@vowels.command()
def download(
    mirror: Annotated[list[str] | None, typer.Option(help="Another address to try; may be given again.")] = None,
) -> None:
    """Download the measured file from its author's address, check it, and keep a copy for this user."""
    kept = vowel_files.download_vowels(mirrors=tuple(mirror or ()))
    results.print(f"downloaded: {kept}", soft_wrap=True, highlight=False)


@vowels.command()
def show() -> None:
    """Say which vowels a training would learn."""
    data = vowel_files.find_vowels()
    results.print(f"{data.name}: {len(data.tokens)} tokens, classes {', '.join(data.classes)}", highlight=False)


def _figures_if_any(folder: Path, quiet: bool) -> list[Path]:
    """A run that ended before it measured anything is no worse for having no figures."""
    try:
        return experiment.draw(folder)
    except RefusedError as error:
        if not quiet:
            messages.print(f"no figures: {error}", highlight=False, markup=False, soft_wrap=True)
        return []


def _report(result: dict[str, Any], figures: list[Path], as_json: bool, quiet: bool) -> None:
    if not quiet:
        show_summary(result, figures, messages if as_json else results)
    if as_json:
        print(json.dumps({**result, "figures": [str(path) for path in figures]}))  # noqa: T201  for other programs


def main() -> None:
    """Run the command line; a user's mistake ends in a sentence and exit code 2, never in a traceback."""
    try:
        app()
    except RefusedError as error:
        _complain(error, REFUSED)
    except BenchFaultError as error:
        _complain(error, FAULT)


def _complain(error: Exception, code: int) -> None:
    messages.print(f"mtjlab: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
    sys.exit(code)
