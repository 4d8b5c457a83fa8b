"""Shows snapshots of a run in the views, and brings to the front the docks that show this kind of run."""

from collections.abc import Callable, Mapping
from functools import partial

from PyQt5.QtCore import QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QMainWindow

from mtjlab.gui.docks import Dock
from mtjlab.gui.draw_queue import DrawQueue
from mtjlab.gui.layout import REFERENCES, Layouts, raise_docks, show_results
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.playback import Playback
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.picture import Picture
from mtjlab.gui.views.view import View

PREPARE_MS = 50
STACKED = "In text of this size the docks lie in two stacks. Smaller text restores your layout."


class Display(QObject):
    """Draws what ``playback`` shows in ``views``, and ``others``, in the ``docks`` of ``docking``.

    Visible pictures are drawn one by one from ``draw_queue``, so that the window stays responsive. ``rearranged`` says
    why all docks have moved.
    """

    rearranged = pyqtSignal(str)

    def __init__(
        self,
        docking: QMainWindow,
        docks: Mapping[str, Dock],
        views: Mapping[str, View],
        others: tuple[Picture, ...],
        playback: Playback,
        draw_queue: DrawQueue,
    ) -> None:
        super().__init__(docking)
        self._docking, self._docks, self._views, self._others = docking, docks, views, others
        self._playback, self._queue = playback, draw_queue
        self._procedure, self._has_references = "", False
        self._layouts = Layouts(docking, docks)
        self.arrange()
        playback.shown.connect(self._draw)
        playback.shown.connect(self._raise_relevant_docks)

    def arrange(self) -> None:
        """Restore the default layout of the docks."""
        self._layouts.arrange()

    def raise_dock(self, title: str) -> None:
        """Show the dock of this title, and raise it."""
        self._docks[title].show()
        self._docks[title].raise_()

    def apply_theme(self, theme: Theme) -> None:
        """Dress the pictures in the colours of ``theme`` and in the size of the text."""
        for picture in (*self._views.values(), *self._others):
            dress = partial(picture.apply_theme, theme)
            if picture.is_in_view:
                self._queue.add((picture, "theme"), dress)
            else:
                dress()

    def change_text(self, change: Callable[[], object]) -> None:
        """Carry out a ``change`` of the size of the text; then adapt the layout of the docks to it."""
        self._layouts.keep()
        change()
        self._queue.add("layout", self._adapt)

    def _adapt(self) -> None:
        """One after the other, as Qt lays out between them what has asked for another size."""
        if self._layouts.adapt() and self._layouts.is_compact:
            self.rearranged.emit(STACKED)
        self._queue.add("sizes", self._layouts.resize)
        self._queue.add("sizes got", self._layouts.note)

    def expect_new_run(self) -> None:
        """Raise the docks of the run that is shown next, whatever is in front of them, also if its kind is the same."""
        self._procedure = ""

    def set_past(self, is_past: bool) -> None:
        """Veil the views while they show what is over."""
        for view in self._views.values():
            view.set_past(is_past)

    def prepare_soon(self, junctions: int) -> None:
        """Create the plots of visible views in a moment; those of a covered dock are created when it is raised."""
        preparing = QTimer(self)
        preparing.setSingleShot(True)
        preparing.timeout.connect(partial(self._prepare, junctions))
        preparing.start(PREPARE_MS)

    def _prepare(self, junctions: int) -> None:
        for view in self._views.values():
            if view.is_in_view:
                self._queue.add(view.title, partial(view.prepare, junctions))

    def _draw(self, snapshot: Snapshot | None) -> None:
        """Update the views; while a run is followed, visible ones are queued."""
        for view in self._views.values():
            if view.is_in_view and self._playback.place is None:
                self._queue.add(view, partial(view.show_snapshot, snapshot))
            else:
                view.show_snapshot(snapshot)

    def _raise_relevant_docks(self, snapshot: Snapshot | None) -> None:
        """Raise the docks for this kind of run when the kind changes, and again once references are known."""
        if snapshot is None or (started := snapshot.state.started) is None:
            return
        has_references = snapshot.state.measured is not None
        if started.procedure != self._procedure:
            raise_docks(self._docks, started.procedure, has_references)
        elif has_references and not self._has_references and self._views[REFERENCES].is_in_view:
            show_results(self._docking, self._docks, started.procedure)
        self._procedure, self._has_references = started.procedure, has_references
