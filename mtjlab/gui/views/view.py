"""Base class of the views of a run."""

from collections.abc import Iterable

from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.picture import Picture
from mtjlab.tables.labels import labels
from mtjlab.vowels.hillenbrand import SURROGATE


class View(Picture):
    """A picture of a snapshot. A hidden view draws nothing until it is shown."""

    def __init__(self, theme: Theme, empty: str) -> None:
        super().__init__(theme, empty)
        self._snapshot: Snapshot | None = None

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Draw ``snapshot``, now or as soon as the view is visible; None for no run."""
        self._snapshot = snapshot
        self._is_late = True
        self._catch_up()

    def data(self) -> list[Row]:
        """Numbers shown, as a table."""
        if self._snapshot is None or self.is_empty:
            return []
        run, labelled = {"Run": self._snapshot.info.run_id}, self._labels(self._snapshot)
        return [{**run, **row, **labelled} for row in self.tabulate(self._snapshot)]

    @property
    def origin(self) -> str:
        """Identity of the run, and whether it was simulated."""
        if self._snapshot is None:
            return ""
        started = self._snapshot.state.started
        return f"{self._snapshot.info.run_id}{', SIMULATED' if started and started.bench.simulated else ''}"

    @staticmethod
    def _labels(snapshot: Snapshot) -> Row:
        """Whether the run is simulated, as in exported tables."""
        started = snapshot.state.started
        if started is None:
            return {}
        columns = labels(started.bench.simulated, started.data == SURROGATE if started.data else None)
        return {column.name: column.value(None) for column in columns}

    @staticmethod
    def tabulate(snapshot: Snapshot) -> Iterable[Row]:
        """Numbers shown of ``snapshot``, as rows of a table."""
        return ()

    def prepare(self, junctions: int) -> None:
        """Create in advance what is slow to create when first drawn."""

    def redraw(self) -> None:
        """Redraw the snapshot."""
        self.show_content(self._snapshot is not None and self.draw(self._snapshot))

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw; return False if ``snapshot`` contains nothing to draw."""
        raise NotImplementedError
