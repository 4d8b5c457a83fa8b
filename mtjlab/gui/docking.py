"""The area of the docks: larger than the screen if need be, with tabs that are never shortened."""

from PyQt5.QtCore import QChildEvent, Qt
from PyQt5.QtWidgets import QMainWindow, QScrollArea, QTabBar, QTabWidget


class Docking(QMainWindow):
    """A part of a window in which docks lie side by side or in stacks."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)

    def childEvent(self, event: QChildEvent | None) -> None:  # noqa: N802  Qt's name
        """Give the tabs of a stack, which Qt makes, their whole titles; those without room are scrolled to."""
        super().childEvent(event)
        if event is not None and event.polished() and isinstance(tabs := event.child(), QTabBar):
            tabs.setElideMode(Qt.TextElideMode.ElideNone)
            tabs.setUsesScrollButtons(True)


class DockingArea(QScrollArea):
    """Scrolls ``docking``: docks larger than the screen must not push anything off it."""

    def __init__(self, docking: Docking) -> None:
        super().__init__()
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(docking)
