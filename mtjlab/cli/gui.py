"""``mtjlab gui``: open the window."""

from pathlib import Path

import click
from click.exceptions import Exit

from mtjlab.cli.options import PATH, runs_option


@click.command()
@click.argument("run", type=PATH, required=False, help="Run to open: its folder, its id, or last.")
@runs_option()
def gui(run: Path | None, runs: Path) -> None:
    """Open the window: train, watch, stop, replay and compare runs without a terminal."""
    from mtjlab.gui.qt_check import demand_window  # noqa: PLC0415  without Qt

    demand_window()
    from mtjlab.gui.application import open_window  # noqa: PLC0415  Qt: slow to import

    raise Exit(open_window(runs, run))
