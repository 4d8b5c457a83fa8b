"""The command line: a face of the experiment; it decides nothing."""

import gc
import os
import sys

from mtjlab.cli.commands import app_for
from mtjlab.cli.streams import lasting_streams
from mtjlab.errors import BenchFaultError, RefusedError


def main() -> None:
    """Run the command line; a user's mistake ends in a sentence and exit code 2, never in a traceback."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads take longer to start than they ever save here
    gc.disable()  # nothing of what is loaded now ever goes
    with lasting_streams():
        _run()


def _run() -> None:
    try:
        app = app_for(sys.argv[1:])
        gc.freeze()
        gc.enable()
        app()
    except (RefusedError, BenchFaultError) as error:
        from mtjlab.cli.common import FAULT, REFUSED, messages  # noqa: PLC0415

        messages.print(f"mtjlab: {error}", style="red")
        sys.exit(REFUSED if isinstance(error, RefusedError) else FAULT)
