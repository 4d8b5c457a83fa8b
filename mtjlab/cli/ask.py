"""``mtjlab ask``: request other currents from a bench held by ``mtjlab live``."""

from pathlib import Path

import click

from mtjlab.cli.common import messages
from mtjlab.cli.numbers import typed_row
from mtjlab.cli.options import RUN, number_option, runs_option
from mtjlab.errors import RefusedError
from mtjlab.requests import ManualRequest
from mtjlab.runs.finding import find_run
from mtjlab.runs.opened import await_answer, send_manual_request


@click.command()
@RUN
@click.option("--controls", help="Control currents in uA, one for each junction, such as -500,-460.5,-520.")
@number_option("--input", "input_ua", help_text="Input current in uA.")
@runs_option()
def ask(run: Path, controls: str | None, input_ua: float | None, runs: Path) -> None:
    """Request other currents from a bench held by `mtjlab live`; its engine accepts or refuses them."""
    if controls is None and input_ua is None:
        raise RefusedError("Nothing was requested. Give --input, --controls, or both.")
    row = typed_row(controls, "--controls") if controls else None
    folder = find_run(run, runs)
    answer = await_answer(folder, send_manual_request(folder, ManualRequest(row, input_ua)))
    if answer is None:
        messages.print(f"{folder}: request sent, but not answered yet. `mtjlab show` lists whether it was accepted")
    elif answer.is_granted:
        messages.print(f"{folder}: {answer.sentence}")
    else:
        raise RefusedError(f"{folder}: {answer.sentence}")
