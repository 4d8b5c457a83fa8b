"""Figures that are drawn in processes of their own: they hold no bench, and outlive the window."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from mtjlab.drawing import DrawingProgress, draw_behind, drawing_progress
from mtjlab.figures.named import ALL
from mtjlab.gui.activity import Activity
from mtjlab.store import FIGURES, run_id

LOOK_MS = 250
Requested: TypeAlias = tuple[str, ...] | None
"""Figures that the operator requested; None if their run has them drawn by itself."""


class Drawings(QObject):
    """Follows drawings by the progress in their run folders.

    ``drawn`` gives a run whose figures were drawn, and the names of those that were requested one by one; ``failed`` a
    text on figures that were not. Of a run without data for a figure nothing is said, unless the operator requested its
    figures.
    """

    drawn = pyqtSignal(Path, tuple)
    failed = pyqtSignal(str)
    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._followed: dict[Path, Requested] = {}
        self._progress: dict[Path, DrawingProgress] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    @property
    def activities(self) -> tuple[Activity, ...]:
        """A drawing each."""
        return tuple(map(self._activity, self._progress.items()))

    def draw(self, folder: Path, selection: Sequence[str] = ALL) -> None:
        """Draw figures of the run in ``folder``."""
        draw_behind(folder, selection)
        before = self._followed.get(folder) or ()
        self._watch(folder, (*before, *selection))

    def follow(self, folder: Path) -> None:
        """Follow the drawing that the engine of the run in ``folder`` has started, if it has."""
        self._watch(folder, None)

    def cancel(self, folder: Path) -> None:
        """End a drawing; figures drawn so far stay."""
        if (progress := self._progress.get(folder)) is not None:
            self._forget(folder)
            progress.cancel()

    def end(self) -> None:
        """Stop following; the drawings go on."""
        self._timer.stop()

    def _watch(self, folder: Path, requested: Requested) -> None:
        self._followed[folder] = self._followed.get(folder) if requested is None else requested
        self._timer.start(LOOK_MS)
        self._look()

    def _look(self) -> None:
        before = dict(self._progress)
        for folder in list(self._followed):
            progress = drawing_progress(folder)
            if progress is not None and progress.is_active and not progress.why:
                self._progress[folder] = progress
            else:
                self._end(folder, progress)
        if self._progress != before:
            self.changed.emit()

    def _end(self, folder: Path, progress: DrawingProgress | None) -> None:
        requested = self._followed[folder]
        self._forget(folder)
        again = "The run is complete; its figures can be drawn again."
        if progress is not None:
            self.failed.emit(f"{run_id(folder)}: not all figures were drawn. {progress.why or again}")
        elif any((folder / FIGURES).glob("*.svg")):
            if requested is not None:
                self.drawn.emit(folder, tuple(name for name in requested if name not in ALL))
        elif requested is not None:
            self.failed.emit(f"{run_id(folder)}: it has no data to draw.")

    def _forget(self, folder: Path) -> None:
        del self._followed[folder]
        self._progress.pop(folder, None)
        if not self._followed:
            self._timer.stop()
        self.changed.emit()

    def _activity(self, drawing: tuple[Path, DrawingProgress]) -> Activity:
        folder, progress = drawing
        share = progress.drawn / progress.of if progress.of else None
        text = f"Drawing the figures of {run_id(folder)}"
        return Activity(text, progress.text, share, partial(self.cancel, folder))
