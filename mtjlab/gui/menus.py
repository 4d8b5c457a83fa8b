"""Menus of the window: everything that can be done, with its key."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction, QActionGroup, QMenu, QWhatsThis

from mtjlab.gui.asking import about_qt
from mtjlab.gui.gate import EMERGENCY_KEYS
from mtjlab.gui.help import guide, keys
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.theme import THEMES

if TYPE_CHECKING:
    from mtjlab.gui.window import MainWindow


def add_menus(window: "MainWindow") -> None:
    """Fill the menu bar."""
    bar = sure(window.menuBar())
    _fill_file(window, sure(bar.addMenu("&File")))
    _fill_run(window, sure(bar.addMenu("&Run")))
    _fill_view(window, sure(bar.addMenu("&View")))
    _fill_help(window, sure(bar.addMenu("&Help")))


def _fill_file(window: "MainWindow", menu: QMenu) -> None:
    _add(menu, "&Open a run ...", window.ask_for_run, "Ctrl+O")
    _add(menu, "Choose a &bench file ...", window.ask_for_bench, "Ctrl+B")
    menu.addSeparator()
    _add(menu, "&Quit", window.close, "Ctrl+Q")


def _fill_run(window: "MainWindow", menu: QMenu) -> None:
    _add(menu, "&Start training", window.start_training, "Ctrl+R")
    _add(menu, "Start &measuring", window.start_measuring, "Ctrl+M")
    _add(menu, "Co&nnect, or disconnect", window.connect_or_disconnect, "Ctrl+N")
    _add(menu, "&Check wiring", window.start_check, "Ctrl+K")
    _add(menu, "Switch all sources &off", window.switch_off)
    _add(menu, "S&top the run that is shown", partial(window.stop_shown, False), "Ctrl+.")
    menu.addSeparator()
    _add(menu, "&Play its steps, or pause", window.run_bar.play.toggle, "Ctrl+P")
    _add(menu, "Step &back", partial(window.move_step, -1), "Ctrl+Left")
    _add(menu, "Step &forward", partial(window.move_step, 1), "Ctrl+Right")
    menu.addSeparator()
    _add(menu, "&EMERGENCY STOP of all runs", window.stop_everything, *EMERGENCY_KEYS)


def _fill_view(window: "MainWindow", menu: QMenu) -> None:
    group = QActionGroup(window)
    for name, theme in THEMES.items():
        action = _add(menu, f"&{name.capitalize()}", partial(window.dress, theme))
        action.setCheckable(True)
        action.setChecked(theme is window.theme)
        group.addAction(action)
    menu.addSeparator()
    _add(menu, "&Arrange as at first", window.arrange, "Ctrl+0")
    menu.addSeparator()
    for dock in window.docks.values():
        menu.addAction(dock.toggleViewAction())


def _fill_help(window: "MainWindow", menu: QMenu) -> None:
    _add(menu, "&Guide", lambda: guide(window).show(), "F1")
    _add(menu, "&Keys", lambda: keys(window.findChildren(QAction), window).show(), "Ctrl+H")
    _add(menu, "What is &this?", QWhatsThis.enterWhatsThisMode, "Shift+F1")
    menu.addSeparator()
    _add(menu, "About &Qt", about_qt)


def _do(do: Callable[[], object], _is_checked: bool) -> None:
    do()


def _add(menu: QMenu, text: str, do: Callable[[], object], *keys_of_it: str) -> QAction:
    action = QAction(text, menu)
    action.setShortcuts([QKeySequence(key) for key in keys_of_it])
    action.triggered.connect(partial(_do, do))
    menu.addAction(action)
    return action
