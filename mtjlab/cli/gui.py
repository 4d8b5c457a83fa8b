"""The window. Nothing is imported here that it does not need."""

from pathlib import Path
from typing import Annotated

import typer


def gui(
    run: Annotated[Path | None, typer.Argument(help="Run to open: its folder, its id, or last.")] = None,
    runs: Annotated[Path, typer.Option("--runs", help="Folder that holds the runs.")] = Path("runs"),
) -> None:
    """Open the window: train, watch, stop, replay and compare runs without a terminal."""
    from mtjlab.gui.application import open_window  # noqa: PLC0415  Qt: slow to import

    raise typer.Exit(open_window(runs, run))
