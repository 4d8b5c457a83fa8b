"""``mtjlab stop``: stop a run, wherever it was started."""

from pathlib import Path

import click

from mtjlab.cli.common import messages
from mtjlab.cli.options import RUN, runs_option
from mtjlab.runs.finding import find_run
from mtjlab.runs.opened import can_be_resumed
from mtjlab.runs.watching import ask_to_stop


@click.command()
@RUN
@runs_option()
@click.option("--now", is_flag=True, help="Stop at once, not at the next safe point.")
def stop(run: Path, runs: Path, now: bool) -> None:
    """Stop a run at its next safe point, with all sources at zero."""
    folder = find_run(run, runs)
    doubt = ask_to_stop(folder, now, by="`mtjlab stop`")
    when = "now" if now else "at its next safe point"
    remedy = "; `mtjlab resume` resumes it" if can_be_resumed(folder) else ""
    text = f"stop requested {when}. {doubt}" if doubt else f"will stop {when}{remedy}"
    messages.print(f"{folder}: {text}")
