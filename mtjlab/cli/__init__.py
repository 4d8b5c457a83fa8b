"""The command line of mtjlab."""

import os
import sys

import click

from mtjlab.cli.commands import mtjlab
from mtjlab.cli.streams import lasting_streams
from mtjlab.errors import BenchFaultError, RefusedError

INTERRUPTED = 130
"""Exit code after Ctrl-C or end of input outside a run, as in shells."""


def main() -> None:
    """Run the command line; an operator's mistake gives a message and exit code 2, never a traceback."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads take longer to start than they save
    with lasting_streams():
        sys.exit(_code())


def _code() -> int:
    """Run the command and return its exit code."""
    try:
        return mtjlab.main(prog_name="mtjlab", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    except (RefusedError, BenchFaultError) as error:
        from mtjlab.cli.common import FAULT, REFUSED, messages  # noqa: PLC0415

        messages.print(f"mtjlab: {error}", style="red")
        return REFUSED if isinstance(error, RefusedError) else FAULT
