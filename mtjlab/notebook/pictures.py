"""Figures of a run that goes on, drawn again and again in the cell that carries it out."""

from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

from mtjlab.errors import RefusedError
from mtjlab.events import Event, RunEnded, RunStarted
from mtjlab.runs.opened import run_of

PICTURES_EVERY_S = 5.0
PICTURES_SHARE = 10.0
"""Times as long as a picture takes nothing else is drawn: a run is not held up by its pictures."""


class Pictures:
    """Draws a figure of a run in the cell that carries it out, again and again, from what its folder holds."""

    def __init__(self, name: str, runs: Path) -> None:
        """It needs IPython. Raises RefusedError without."""
        try:
            self._display = import_module("IPython.display").display
        except ImportError as error:
            raise RefusedError("show needs a notebook: IPython is not installed. Leave it out.") from error
        self._name, self._runs = name, runs
        self._folder: Path | None = None
        self._handle: Any = None
        self._next_s = 0.0

    def see(self, event: Event) -> None:
        """Draw, if the last picture is old enough."""
        if isinstance(event, RunStarted):
            self._folder = self._runs / event.run
        if self._folder is None or (monotonic() < self._next_s and not isinstance(event, RunEnded)):
            return
        began_s = monotonic()
        run = run_of(self._folder)
        found = next((figure for name, figure in run.kind.figures(run) if name == self._name), None)
        if found is not None and self._handle is None:
            self._handle = self._display(found, display_id=True)
        elif found is not None:
            self._handle.update(found)
        now_s = monotonic()
        self._next_s = now_s + max(PICTURES_EVERY_S, PICTURES_SHARE * (now_s - began_s))
