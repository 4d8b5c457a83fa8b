"""Figures in a notebook: as pictures, redrawn while a run is in progress."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

from matplotlib.figure import Figure

from mtjlab.errors import RefusedError
from mtjlab.events import Event, RunEnded, RunStarted
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.saving import drawn, styled
from mtjlab.procedures.kind import Run
from mtjlab.runs.opened import run_of

PICTURES_EVERY_S = 5.0
PICTURES_SHARE = 10.0
"""Pause after a picture, in multiples of the time to draw it, so that pictures do not slow a run down."""


def figures_of(folder: Path) -> Iterator[tuple[str, Figure]]:
    """Yield name and figure of each figure of a run; IPython shows them as pictures.

    Raises:
        RefusedError: ``folder`` is no run folder, its journal is damaged, or nothing was measured in it yet.
    """
    run = run_of(folder)
    if run.started is not None:
        yield from _drawn(run, run.figures())


class Pictures:
    """Redraws a figure of a run in the cell that carries it out, from its folder."""

    def __init__(self, name: str, runs: Path) -> None:
        """Raises RefusedError if IPython is not installed."""
        try:
            self._display = import_module("IPython.display").display
        except ImportError as error:
            raise RefusedError("show needs a notebook: IPython is not installed. Leave it out.") from error
        self._name, self._runs = name, runs
        self._folder: Path | None = None
        self._handle: Any = None
        self._next_s = 0.0

    def see(self, event: Event) -> None:
        """Redraw, if the last picture is old enough."""
        if isinstance(event, RunStarted):
            self._folder = self._runs / event.run
        has_ended = isinstance(event, RunEnded)
        if self._folder is None or (monotonic() < self._next_s and not has_ended):
            return
        began_s = monotonic()
        figure, names = self._find(self._folder)
        if figure is not None:
            self._show(figure)
        elif has_ended:
            self._show(f"There is no figure {self._name!r} of this run. It has {', '.join(names) or 'none'}.")
        now_s = monotonic()
        self._next_s = now_s + max(PICTURES_EVERY_S, PICTURES_SHARE * (now_s - began_s))

    def _find(self, folder: Path) -> tuple[Figure | None, list[str]]:
        """The figure, if it can be drawn yet, and the names of all."""
        names: list[str] = []
        with suppress(RefusedError):  # nothing was measured yet
            run = run_of(folder)
            figures = run.figures() if run.started else []
            names = [one.name for one in figures]
            for _, figure in _drawn(run, [one for one in figures if one.name == self._name]):
                return figure, names
        return None, names

    def _show(self, content: Any) -> None:
        if self._handle is None:
            self._handle = self._display(content, display_id=True)
        else:
            self._handle.update(content)


def _drawn(run: Run[Any], figures: Iterable[NamedFigure]) -> Iterator[tuple[str, Figure]]:
    _show_as_pictures()
    if run.started is not None:
        yield from styled(run.started, figures, run.unfinished)


def _show_as_pictures() -> None:
    """Have IPython show figures as pictures; without its magic command for matplotlib it shows them as text."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return
    pictures = shell.display_formatter.formatters["image/png"]
    try:
        pictures.lookup_by_type(Figure)
    except KeyError:
        pictures.for_type(Figure, drawn)
