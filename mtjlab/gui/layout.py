"""Where docks lie until somebody moves them, on a large screen and on a small one."""

from collections.abc import Mapping

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QMainWindow

from mtjlab.gui.docks import Dock
from mtjlab.procedures.kinds import KINDS

ACROSS, DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
SMALL_PX = 900
"""Height of a window below which more docks share a place."""

MEASURED = ("Log", "Bench", "Chain")
"""To the front with any measurement."""
REFERENCES = "Resistance curves"
"""What shows them while they are measured."""
FIRST = ("Switching map", "Resistance curves", "Control currents", "Confusion", "Recognition")
"""To the front before there is a run."""


def arrange(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """Chain and training on the left, the map in the middle, what is learnt on the right."""
    is_small = window.height() < SMALL_PX
    for dock in docks.values():
        if dock.parent() is window:  # a dock that was never added counts as floating
            window.removeDockWidget(dock)  # all at once in a column, they would make the window higher than the screen
            if dock.isFloating():  # Qt takes as long for those that are not
                dock.setFloating(False)
    left = docks["Training" if is_small else "Chain"]
    middle, right = docks["Switching map"], docks["Recognition"]
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, left)
    window.splitDockWidget(left, middle, ACROSS)
    window.splitDockWidget(middle, right, ACROSS)
    window.splitDockWidget(middle, docks["Resistance curves"], DOWN)
    window.splitDockWidget(right, docks["Control currents"], DOWN)
    tabs = [docks[name] for name in ("Training", "Measure", "Manual", "Runs", "Queue")]
    _together(window, middle, *(docks[name] for name in ("Critical inputs", "Voltages", "Wiring")))
    _together(window, docks["Resistance curves"], docks["Comparison"], docks["Mean dwells"])
    if is_small:
        _together(window, right, docks["Chain"], docks["Confusion"])
    else:
        window.splitDockWidget(left, docks["Training"], DOWN)
        window.splitDockWidget(docks["Control currents"], docks["Confusion"], DOWN)
    _together(window, *tabs)
    _together(window, right, docks["Log"])
    _together(window, docks["Control currents"], docks["Bench"])
    nowhere = Qt.DockWidgetArea.NoDockWidgetArea
    _together(window, middle, *(dock for dock in docks.values() if window.dockWidgetArea(dock) == nowhere))
    for dock in docks.values():
        dock.show()
    _size(window, docks, is_small)
    docks["Training"].raise_()
    for name in FIRST:
        docks[name].raise_()


def bring_forward(docks: Mapping[str, Dock], procedure: str, has_references: bool) -> None:
    """Of docks that share a place, those to the front that have something to show of such a run.

    Later ones lie over earlier ones where a small screen has them share a place. Before it ``has_references`` they are
    measured.
    """
    kind = KINDS.get(procedure)
    front = (*MEASURED, *kind.view_titles) if kind and not kind.learns else kind.view_titles if kind else ()
    for name in front if has_references else (*front, REFERENCES):
        docks[name].raise_()


def show_results(window: QMainWindow, docks: Mapping[str, Dock], procedure: str) -> None:
    """Once references are known, bring to the front what takes their place."""
    kind, beside = KINDS.get(procedure), window.tabifiedDockWidgets(docks[REFERENCES])
    for name in kind.view_titles if kind else ():
        if docks[name] in beside:
            docks[name].raise_()


def _together(window: QMainWindow, first: Dock, *others: Dock) -> None:
    for other in others:
        window.tabifyDockWidget(first, other)


def _size(window: QMainWindow, docks: Mapping[str, Dock], is_small: bool) -> None:
    width, height = window.width(), window.height()
    columns = [docks[name] for name in ("Training", "Switching map", "Recognition")]
    window.resizeDocks(columns, [int(share * width) for share in (0.25, 0.45, 0.3)], ACROSS)
    rows = [("Switching map", 0.62), ("Resistance curves", 0.38)]
    rows += [("Recognition", 0.36), ("Control currents", 0.34)]
    rows += [] if is_small else [("Confusion", 0.3), ("Chain", 0.45), ("Training", 0.55)]
    window.resizeDocks([docks[name] for name, _ in rows], [int(share * height) for _, share in rows], DOWN)
