"""Ask a bench that is turned by hand for other currents."""

from pathlib import Path
from typing import Annotated

import typer

from mtjlab import experiment
from mtjlab.cli.common import Run, Runs, messages
from mtjlab.cli.numbers import decimal_option, typed_row
from mtjlab.errors import RefusedError
from mtjlab.requests import Wish
from mtjlab.runs.finding import find_run


def ask(
    run: Run,
    controls: Annotated[
        str | None, typer.Option(help="Control currents in uA, one for each junction, as -500,-460,-520.")
    ] = None,
    input_ua: Annotated[float | None, decimal_option("--input", told="Input in uA.")] = None,
    runs: Runs = Path("runs"),
) -> None:
    """Ask a bench that is held by `mtjlab live` for other currents; its engine grants or refuses them."""
    if controls is None and input_ua is None:
        raise RefusedError("Nothing was asked for. Give --input, --controls, or both.")
    row = typed_row(controls, "--controls") if controls else None
    folder = find_run(run, runs)
    experiment.ask_held(folder, Wish(row, input_ua))
    messages.print(f"{folder}: asked. What came of it stands in its log: `mtjlab show`")
