"""Ask a bench that is turned by hand for other currents."""

from pathlib import Path

import click

from mtjlab.cli.common import messages
from mtjlab.cli.numbers import typed_row
from mtjlab.cli.options import RUN, number_option, runs_option
from mtjlab.errors import RefusedError
from mtjlab.requests import ManualRequest
from mtjlab.runs.finding import find_run
from mtjlab.runs.opened import send_manual_request


@click.command()
@RUN
@click.option("--controls", help="Control currents in uA, one for each junction, as -500,-460,-520.")
@number_option("--input", "input_ua", told="Input in uA.")
@runs_option()
def ask(run: Path, controls: str | None, input_ua: float | None, runs: Path) -> None:
    """Ask a bench that is held by `mtjlab live` for other currents; its engine grants or refuses them."""
    if controls is None and input_ua is None:
        raise RefusedError("Nothing was asked for. Give --input, --controls, or both.")
    row = typed_row(controls, "--controls") if controls else None
    folder = find_run(run, runs)
    send_manual_request(folder, ManualRequest(row, input_ua))
    messages.print(f"{folder}: asked. What came of it stands in its log: `mtjlab show`")
