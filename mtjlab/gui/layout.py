"""Default layouts of the docks: for a large and a small screen, and for large text on a small one."""

from collections.abc import Mapping

from PyQt5.QtCore import QByteArray, QSize, Qt
from PyQt5.QtWidgets import QMainWindow

from mtjlab.gui.docks import Dock
from mtjlab.gui.look.text_size import scale
from mtjlab.procedures.kinds import KINDS

ACROSS, DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
SMALL_PX = 900
"""Height at the usual size of text below which more docks are stacked as tabs."""
COMPACT_PX = 380
"""The same below which there are two stacks: what starts runs, and what shows them."""

PANELS = ("Training", "Measure", "Manual", "Runs", "Queue")
MEASURED = ("Log", "Bench", "Chain")
"""Raised for any measurement."""
REFERENCES = "Resistance curves"
"""Dock that shows the references while they are measured."""
FIRST = ("Switching map", "Resistance curves", "Control currents", "Confusion", "Recognition")
"""Raised before there is a run."""


def arrange(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """Arrange chain and training on the left, the map in the middle, results of a training on the right."""
    is_small = window.height() / scale() < SMALL_PX
    for dock in docks.values():
        if dock.parent() is window:  # a dock that was never added counts as floating
            window.removeDockWidget(dock)  # in one column they would make the window higher than the screen
            if dock.isFloating():  # setFloating is slow even if nothing changes
                dock.setFloating(False)
    if is_compact(window):
        _arrange_two_stacks(window, docks)
    else:
        _arrange_columns(window, docks, is_small)
    docks["Training"].raise_()
    for name in FIRST:
        docks[name].raise_()


def is_compact(window: QMainWindow) -> bool:
    """Whether text is so large that docks below each other would be slivers."""
    return window.height() / scale() < COMPACT_PX


def _arrange_two_stacks(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """What starts runs on the left, all views on the right; the map is in front."""
    left, right = docks["Training"], docks["Switching map"]
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, left)
    window.splitDockWidget(left, right, ACROSS)
    _stack(window, left, *(docks[name] for name in PANELS[1:]))
    _stack(window, right, *(dock for name, dock in docks.items() if name not in PANELS and dock is not right))
    for dock in docks.values():
        dock.show()
    window.resizeDocks([left, right], [int(share * window.width()) for share in (0.4, 0.6)], ACROSS)


def _arrange_columns(window: QMainWindow, docks: Mapping[str, Dock], is_small: bool) -> None:
    left = docks["Training" if is_small else "Chain"]
    middle, right = docks["Switching map"], docks["Recognition"]
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, left)
    window.splitDockWidget(left, middle, ACROSS)
    window.splitDockWidget(middle, right, ACROSS)
    window.splitDockWidget(middle, docks["Resistance curves"], DOWN)
    window.splitDockWidget(right, docks["Control currents"], DOWN)
    tabs = [docks[name] for name in PANELS]
    _stack(window, middle, *(docks[name] for name in ("Critical inputs", "Loops", "Comparison")))
    _stack(window, docks["Resistance curves"], docks["Voltages"], docks["Mean dwells"], docks["Energy"], docks["Field"])
    if is_small:
        _stack(window, right, docks["Chain"], docks["Confusion"])
    else:
        window.splitDockWidget(left, docks["Training"], DOWN)
        window.splitDockWidget(docks["Control currents"], docks["Confusion"], DOWN)
    _stack(window, *tabs)
    _stack(window, right, docks["Log"])
    _stack(window, docks["Control currents"], docks["Bench"], docks["Wiring"])
    nowhere = Qt.DockWidgetArea.NoDockWidgetArea
    _stack(window, middle, *(dock for dock in docks.values() if window.dockWidgetArea(dock) == nowhere))
    for dock in docks.values():
        dock.show()
    _size(window, docks, is_small)


class Layouts:
    """Keeps a layout for large text and one for other text; each is as the operator left it.

    Docks that larger text has made wider or higher are as before when it is smaller again.
    """

    def __init__(self, window: QMainWindow, docks: Mapping[str, Dock]) -> None:
        self._window, self._docks = window, docks
        self._is_compact = False
        self._kept: dict[bool, QByteArray] = {}
        self._wanted: dict[bool, dict[str, QSize]] = {}
        self._got: dict[str, QSize] = {}
        """Sizes of docks as the operator left them, and as the size of the text then allowed."""

    def arrange(self) -> None:
        """Restore the default layout for this size of the text."""
        self._is_compact = is_compact(self._window)
        self._wanted.pop(self._is_compact, None)
        arrange(self._window, self._docks)

    def keep(self) -> None:
        """Remember the layout as it is, before another size of text moves anything."""
        self._kept[self._is_compact] = self._window.saveState()
        before = self._wanted.get(self._is_compact, {})
        self._wanted[self._is_compact] = {
            name: before.get(name, size) if self._got.get(name) == size else size for name, size in self._sizes.items()
        }

    def adapt(self) -> bool:
        """Change to the other layout if the size of the text has become one for it; return whether it has."""
        if (now := is_compact(self._window)) is self._is_compact:
            return False
        self._is_compact = now
        if now in self._kept:
            self._window.restoreState(self._kept[now])
        else:
            self.arrange()
        return True

    @property
    def is_compact(self) -> bool:
        """Whether docks lie in two stacks."""
        return self._is_compact

    def resize(self) -> None:
        """Give the docks the sizes that the operator has given them, as far as this size of the text allows."""
        if wanted := self._wanted.get(self._is_compact):
            docks = [self._docks[name] for name in wanted]
            self._window.resizeDocks(docks, [size.width() for size in wanted.values()], ACROSS)
            self._window.resizeDocks(docks, [size.height() for size in wanted.values()], DOWN)

    def note(self) -> None:
        """Note the sizes that the docks have got: what differs from them later is a wish of the operator."""
        self._got = self._sizes

    @property
    def _sizes(self) -> dict[str, QSize]:
        """Sizes of the docks that are in sight."""
        docks = self._docks.items()
        return {name: dock.size() for name, dock in docks if dock.is_in_front and not dock.isFloating()}


def raise_docks(docks: Mapping[str, Dock], procedure: str, has_references: bool) -> None:
    """Raise the docks that show data of this kind of run.

    If a small screen stacks them, the last one is in front. Until ``has_references``, the references are measured.
    """
    kind = KINDS.get(procedure)
    front = (*MEASURED, *kind.view_titles) if kind and not kind.needs_data_set else kind.view_titles if kind else ()
    for name in front if has_references else (*front, REFERENCES):
        docks[name].raise_()


def show_results(window: QMainWindow, docks: Mapping[str, Dock], procedure: str) -> None:
    """Raise the docks that replace the references once these are known."""
    kind, beside = KINDS.get(procedure), window.tabifiedDockWidgets(docks[REFERENCES])
    for name in kind.view_titles if kind else ():
        if docks[name] in beside:
            docks[name].raise_()


def _stack(window: QMainWindow, first: Dock, *others: Dock) -> None:
    for other in others:
        window.tabifyDockWidget(first, other)


def _size(window: QMainWindow, docks: Mapping[str, Dock], is_small: bool) -> None:
    width, height = window.width(), window.height()
    columns = [docks[name] for name in ("Training", "Switching map", "Recognition")]
    window.resizeDocks(columns, [int(share * width) for share in (0.25, 0.46, 0.29)], ACROSS)
    above = 0.57 if is_small else 0.62  # a table of six mean dwells fits below
    rows = [("Switching map", above), ("Resistance curves", 1 - above)]
    rows += [("Recognition", 0.36), ("Control currents", 0.34)]
    rows += [] if is_small else [("Confusion", 0.3), ("Chain", 0.45), ("Training", 0.55)]
    window.resizeDocks([docks[name] for name, _ in rows], [int(share * height) for _, share in rows], DOWN)
