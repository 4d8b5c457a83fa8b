"""Pictures of a snapshot of a run."""

from collections.abc import Iterable

from PyQt5.QtGui import QShowEvent

from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.picture import Picture


class View(Picture):
    """A picture of a snapshot. Behind other pictures it draws nothing, and catches up when it is shown."""

    def __init__(self, theme: Theme, empty: str) -> None:
        super().__init__(theme, empty)
        self._snapshot: Snapshot | None = None
        self._is_late = self._is_covered = False

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Draw ``snapshot``, now or when this can be seen; None for no run at all."""
        self._snapshot = snapshot
        self._is_late = not self.is_seen
        if not self._is_late:
            self.draw_again()

    @property
    def is_seen(self) -> bool:
        """Whether somebody may see it: it is shown, and no other dock lies over it."""
        return self.isVisible() and not self._is_covered

    def cover(self, is_covered: bool) -> None:
        """Whether another dock lies over it. For Qt it is visible all the same."""
        self._is_covered = is_covered
        self._catch_up()

    def data(self) -> list[Row]:
        """What is shown, in numbers."""
        if self._snapshot is None or self.is_empty:
            return []
        return [{"Run": self._snapshot.info.run_id, **row} for row in self.tabulate(self._snapshot)]

    @property
    def origin(self) -> str:
        """The run, and whether it was simulated."""
        if self._snapshot is None:
            return ""
        started = self._snapshot.state.started
        return f"{self._snapshot.info.run_id}{', SIMULATED' if started and started.bench.simulated else ''}"

    @staticmethod
    def tabulate(snapshot: Snapshot) -> Iterable[Row]:
        """What is shown of a snapshot, in numbers."""
        return ()

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802  Qt's name
        """What came while this was hidden is drawn now."""
        super().showEvent(event)
        self._catch_up()

    def _catch_up(self) -> None:
        if self._is_late and self.is_seen:
            self._is_late = False
            self.draw_again()

    def prepare(self, junctions: int) -> None:
        """Do beforehand what takes long when something is drawn for the first time."""

    def draw_again(self) -> None:
        """Draw the snapshot once more."""
        self.show_content(self._snapshot is not None and self.draw(self._snapshot))

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw; False if there is nothing in ``snapshot`` that this shows."""
        raise NotImplementedError
