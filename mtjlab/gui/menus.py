"""Menus and their keyboard shortcuts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction, QActionGroup, QMenu, QMenuBar

from mtjlab.gui.look.qt import sure


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a menu: its label, its action, and its keys."""

    text: str
    do: Callable[[], object]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Exclusive entries; the one labelled ``chosen`` is checked at first."""

    entries: tuple[Entry, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Submenu:
    """A menu inside a menu, filled by ``fill`` whenever it is opened."""

    text: str
    fill: Callable[[QMenu], None]


@dataclass(frozen=True, slots=True)
class Group:
    """A menu inside a menu with entries that are always the same, so that their keys work at any time."""

    text: str
    entries: "tuple[Item, ...]"


SEPARATOR = None
"""Separator between groups of entries."""
Item = Entry | Choice | Submenu | Group | QAction | None


def add_menus(bar: QMenuBar, menus: Mapping[str, Iterable[Item]]) -> None:
    """Add ``menus`` to the ``bar``: entries by title."""
    for title, entries in menus.items():
        _fill(sure(bar.addMenu(title)), entries)


def _fill(menu: QMenu, entries: Iterable[Item]) -> None:
    for entry in entries:
        match entry:
            case Entry():
                menu.addAction(_action(entry, menu))
            case Choice():
                _add_choice(entry, menu)
            case Submenu():
                _add_submenu(entry, menu)
            case Group():
                _fill(sure(menu.addMenu(entry.text)), entry.entries)
            case QAction():
                menu.addAction(entry)
            case _:
                menu.addSeparator()


def _add_choice(choice: Choice, menu: QMenu) -> None:
    group = QActionGroup(menu)
    for entry in choice.entries:
        action = _action(entry, menu)
        group.addAction(action)
        action.setCheckable(True)
        action.setChecked(entry.text == choice.chosen)
        menu.addAction(action)


def _add_submenu(submenu: Submenu, menu: QMenu) -> None:
    inside = sure(menu.addMenu(submenu.text))

    def fill() -> None:
        inside.clear()
        submenu.fill(inside)

    inside.aboutToShow.connect(fill)


def _action(entry: Entry, menu: QMenu) -> QAction:
    action = QAction(entry.text, menu)
    action.setShortcuts([QKeySequence(key) for key in entry.keys])
    action.triggered.connect(partial(_do, entry.do))
    return action


def _do(do: Callable[[], object], _is_checked: bool) -> None:
    do()
