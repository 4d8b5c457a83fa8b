"""Draw the figures of a run in this process."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from mtjlab.drawing.progress import DrawingProgress, by_process, remove_progress, write_progress
from mtjlab.errors import NothingToDrawError, RefusedError
from mtjlab.figures.named import ALL, selected
from mtjlab.figures.undrawn import write_undrawn
from mtjlab.procedures.kind import Run
from mtjlab.runs.opened import run_of


def draw(
    folder: Path, on_saved: Callable[[list[Path], int], None] | None = None, selection: Sequence[str] = ALL
) -> list[Path]:
    """Draw figures that the run in ``folder`` has data for, as PNG and SVG, into its ``figures``.

    ``selection`` is ``ALL``, ``KEY``, or their names. ``on_saved`` is called with the files drawn so far and their
    final number, first before any is drawn.

    Raises:
        NothingToDrawError: nothing was measured in it yet.
        RefusedError: ``folder`` is not a run folder, its journal is damaged, the run has no figure of a name, or the
            figures cannot be written.
    """
    try:
        run = run_of(folder)
    except RefusedError:
        remove_progress(folder)
        raise
    progress = by_process(os.getpid())
    _write(folder, progress)

    def report(saved: list[Path], of: int) -> None:
        _write(folder, replace(progress, drawn=len(saved), of=of))
        if on_saved is not None:
            on_saved(saved, of)

    try:
        saved = _draw(run, selection, report)
    except NothingToDrawError:
        remove_progress(folder)
        raise
    except Exception as error:
        _write(folder, replace(progress, why=str(error)))
        raise
    remove_progress(folder)
    return saved


def _draw(run: Run[Any], selection: Sequence[str], report: Callable[[list[Path], int], None]) -> list[Path]:
    from mtjlab.figures.saving import save_figures  # noqa: PLC0415  drawing is slow to import and not always wanted

    figures = run.figures() if run.started else []
    if run.started is None or not figures:
        raise NothingToDrawError(f"{run.folder}: it has no data to draw.")
    try:
        wanted = selected(figures, selection)
    except RefusedError as error:
        raise RefusedError(f"{run.folder}: {error}") from error
    saved = save_figures(run.folder, run.started, wanted, run.unfinished, report)
    with suppress(OSError):
        write_undrawn(run.folder, [one.name for one in figures])
    return saved


def _write(folder: Path, progress: DrawingProgress) -> None:
    with suppress(OSError):  # where the folder is not writable, saving a figure says so
        write_progress(folder, progress)
