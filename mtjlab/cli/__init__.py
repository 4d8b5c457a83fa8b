"""The command line: a face of the experiment; it decides nothing."""

import sys
from collections.abc import Callable

import typer

from mtjlab.cli.again import recover, rerun, resume
from mtjlab.cli.baselines import baselines
from mtjlab.cli.check import check
from mtjlab.cli.classify import classify
from mtjlab.cli.common import FAULT, REFUSED, messages
from mtjlab.cli.doctor import doctor
from mtjlab.cli.export import export
from mtjlab.cli.measure import shift, sweep, switching_map
from mtjlab.cli.redetect import redetect
from mtjlab.cli.runs import follow, runs, show, stop
from mtjlab.cli.simulate import simulate
from mtjlab.cli.train import figures, train
from mtjlab.cli.vowels import vowels
from mtjlab.errors import BenchFaultError, RefusedError

app = typer.Typer(
    help="Live training of a classifier made of magnetic tunnel junctions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
COMMANDS: tuple[Callable[..., None], ...] = (
    *(train, classify, check, sweep, shift, switching_map),
    *(runs, show, follow, stop, resume, rerun, recover, redetect),
    *(figures, baselines, export, doctor, simulate),
)
for command in COMMANDS:
    app.command("map" if command is switching_map else None)(command)
app.add_typer(vowels, name="vowels", no_args_is_help=True)


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
