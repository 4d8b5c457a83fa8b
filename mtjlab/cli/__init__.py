"""The command line: a face of the experiment; it decides nothing."""

import os
import sys

import click

from mtjlab.cli.commands import mtjlab
from mtjlab.cli.streams import lasting_streams
from mtjlab.errors import BenchFaultError, RefusedError

BROKEN_OFF = 130
"""Exit code after Ctrl-C or an end of input where no run could be stopped by it, as shells have it."""


def main() -> None:
    """Run the command line; a user's mistake ends in a sentence and exit code 2, never in a traceback."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads take longer to start than they ever save here
    with lasting_streams():
        sys.exit(_code())


def _code() -> int:
    """The exit code of the command that was typed."""
    try:
        return mtjlab.main(prog_name="mtjlab", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return BROKEN_OFF
    except (RefusedError, BenchFaultError) as error:
        from mtjlab.cli.common import FAULT, REFUSED, messages  # noqa: PLC0415

        messages.print(f"mtjlab: {error}", style="red")
        return REFUSED if isinstance(error, RefusedError) else FAULT
