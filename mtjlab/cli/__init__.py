"""The command line: a face of the experiment; it decides nothing."""

import sys

import typer

from mtjlab.cli.gui import gui
from mtjlab.cli.streams import lasting_streams
from mtjlab.errors import BenchFaultError, RefusedError


def main() -> None:
    """Run the command line; a user's mistake ends in a sentence and exit code 2, never in a traceback."""
    with lasting_streams():
        _run()


def _run() -> None:
    try:
        _app()()
    except (RefusedError, BenchFaultError) as error:
        from mtjlab.cli.common import FAULT, REFUSED, messages  # noqa: PLC0415

        messages.print(f"mtjlab: {error}", style="red")
        sys.exit(REFUSED if isinstance(error, RefusedError) else FAULT)


def _app() -> typer.Typer:
    """All commands; only the window where it is asked for: its process starts fast and knows no instrument."""
    if sys.argv[1:2] != ["gui"]:
        from mtjlab.cli.commands import app  # noqa: PLC0415

        return app
    alone = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    alone.callback()(lambda: None)  # so that its name stays a word of the command line
    alone.command()(gui)
    return alone
