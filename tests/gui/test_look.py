"""Another theme and another size of text: at once, for everything that is seen, and for the rest when it is seen."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PyQt5.QtGui import QFontMetrics
from PyQt5.QtWidgets import QAction, QApplication, QMenu, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.text_size import MOST_PT, USUAL_PT
from mtjlab.gui.look.theme import DARK, LIGHT, apply_theme
from mtjlab.gui.views.axis import APART_PX, TickLabel, apart
from mtjlab.gui.window import MainWindow
from tests.gui.windows import Opening, opened, wait

LAPTOP = 1366, 768
STYLED = QEvent.Type.StyleChange


@pytest.fixture(autouse=True)
def _look(qapp: QApplication) -> Iterator[None]:
    font = qapp.font()
    yield
    qapp.setFont(font)
    apply_theme(qapp, DARK)


class Counter(QObject):
    """Counts the widgets that are styled again: a style sheet of the application would have all of them styled."""

    def __init__(self) -> None:
        super().__init__()
        self.styled: list[QObject] = []

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802  Qt's name
        if event is not None and watched is not None and event.type() == STYLED and isinstance(watched, QWidget):
            self.styled.append(watched)
        return False


@pytest.fixture
def counter(qapp: QApplication) -> Iterator[Counter]:
    counting = Counter()
    qapp.installEventFilter(counting)
    yield counting
    qapp.removeEventFilter(counting)


def entries(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inside = action.menu()
        if inside is not None:
            yield from entries(inside)
        elif not action.isSeparator():
            yield action


def choose(window: MainWindow, text: str) -> None:
    menus = [sure(action.menu()) for action in sure(window.menuBar()).actions()]
    next(one for menu in menus for one in entries(menu) if one.text().replace("&", "") == text).trigger()


def settle(qtbot: QtBot, window: MainWindow) -> None:
    QApplication.processEvents()
    wait(qtbot, lambda: not window.draw_queue.is_busy)


def test_a_change_of_the_look_styles_no_widget_again(qtbot: QtBot, open_window: Opening, counter: Counter) -> None:
    """What that costs is the time in which no emergency stop is heard: 1 ms for each of some thousand widgets."""
    window = open_window()
    settle(qtbot, window)
    counter.styled.clear()
    for text in ("Light", "Larger text", "Dark", "Usual text size"):
        choose(window, text)
        settle(qtbot, window)
    few = {window.band.stop}
    assert set(counter.styled) <= few


def test_views_in_sight_are_dressed_one_by_one_and_others_when_they_are_raised(
    qtbot: QtBot, open_window: Opening, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(qtbot, open_window(trained.parents[1]))
    settle(qtbot, window)
    dressed: list[str] = []
    for view in window.views.values():
        restyle = view.restyle
        monkeypatch.setattr(view, "restyle", lambda view=view, restyle=restyle: (dressed.append(view.title), restyle()))
    choose(window, "Light")
    assert dressed == []  # the window answers before each of them
    settle(qtbot, window)
    assert set(dressed) == {view.title for view in window.views.values() if view.is_in_view}
    hidden = next(view for view in window.views.values() if not view.is_in_view)
    window.docks[hidden.title].raise_()
    wait(qtbot, lambda: hidden.title in dressed)
    assert hidden.theme is LIGHT


def test_titles_of_stacked_docks_are_whole_on_a_laptop(qtbot: QtBot, qapp: QApplication, open_window: Opening) -> None:
    window = open_window()
    window.change_text(round(USUAL_PT - qapp.font().pointSizeF()))
    window.resize(*LAPTOP)
    settle(qtbot, window)
    window.display.arrange()
    window.docks["Queue"].show_badge("4!")
    settle(qtbot, window)
    stacks = [bar for bar in window.docking.findChildren(QTabBar) if bar.count() and bar.isVisible()]
    assert len(stacks) > 3
    for bar in stacks:
        assert bar.elideMode() == Qt.TextElideMode.ElideNone
        assert bar.rect().contains(bar.tabRect(bar.count() - 1)), [bar.tabText(n) for n in range(bar.count())]


def test_titles_of_stacked_docks_are_whole_in_large_text(qtbot: QtBot, open_window: Opening) -> None:
    """Those without room are scrolled to."""
    window = open_window()
    window.resize(*LAPTOP)
    window.change_text(20)
    settle(qtbot, window)
    for bar in (bar for bar in window.docking.findChildren(QTabBar) if bar.count()):
        assert bar.elideMode() == Qt.TextElideMode.ElideNone
        for place in range(bar.count()):
            needed = QFontMetrics(bar.font()).horizontalAdvance(bar.tabText(place))
            assert bar.tabRect(place).width() >= needed


def test_every_menu_fits_on_a_laptop_in_the_largest_text(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    window.change_text(20)
    assert QApplication.font().pointSizeF() == MOST_PT
    settle(qtbot, window)
    menus = sure(window.menuBar()).findChildren(QMenu)
    assert len(menus) > 5
    assert [menu.title() for menu in menus if menu.sizeHint().height() > LAPTOP[1]] == []


def test_every_action_is_in_one_place_of_the_menus(common_window: MainWindow) -> None:
    menus = [sure(action.menu()) for action in sure(common_window.menuBar()).actions()]
    texts = [action.text().replace("&", "") for menu in menus for action in entries(menu)]
    assert sorted(texts) == sorted(set(texts))


places = st.floats(0, 400)
widths = st.floats(1, 80)


@given(st.lists(st.tuples(places, widths), min_size=1, max_size=20), st.booleans())
def test_labels_of_ticks_never_touch(labels: list[tuple[float, float]], is_across: bool) -> None:
    shown: list[TickLabel] = [
        (QRectF(at, 0, size, 12) if is_across else QRectF(0, at, 12, size), 0, str(n))
        for n, (at, size) in enumerate(labels)
    ]
    kept = apart(shown, is_across)
    assert shown[0] in kept
    ends = [(rect.left(), rect.right()) if is_across else (rect.top(), rect.bottom()) for rect, _, _ in kept]
    for (_, end), (start, _) in pairwise(ends):
        assert start - end >= (APART_PX if is_across else 0)


def test_labels_of_ticks_with_room_are_all_drawn() -> None:
    shown: list[TickLabel] = [(QRectF(50 * n, 0, 40, 12), 0, str(n)) for n in range(5)]
    assert apart(shown, is_across=True) == shown


def brightest(menu: QMenu, action: QAction) -> int:
    """Lightness of the letters of an entry, on a dark ground."""
    place = menu.actionGeometry(action)
    image = menu.grab(place).toImage()
    return max(image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height()))


def test_entries_of_menus_that_cannot_be_chosen_are_fainter_than_others(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    usual, disabled = sure(menu.addAction("MMMM")), sure(menu.addAction("MMMM"))
    disabled.setEnabled(False)
    menu.ensurePolished()
    menu.adjustSize()
    assert brightest(menu, disabled) < brightest(menu, usual) - 40


def test_a_dock_floats_by_its_button_alone_and_says_how_it_is_docked_again(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    dock = window.docks["Chain"]
    dock.raise_()
    qtbot.mouseDClick(dock.name, Qt.MouseButton.LeftButton)
    assert not dock.isFloating()
    before = dock.mapToGlobal(QPoint(0, 0))
    qtbot.mouseClick(dock.float, Qt.MouseButton.LeftButton)
    assert dock.isFloating()
    assert dock.mapToGlobal(QPoint(0, 0)) != before
    assert dock.float.text() == "dock again"
    qtbot.mouseClick(dock.float, Qt.MouseButton.LeftButton)
    assert not dock.isFloating()
    assert dock.is_in_front
    assert dock.float.text() != "dock again"


def test_docks_that_larger_text_made_wider_are_as_before_when_it_is_smaller_again(
    qtbot: QtBot, open_window: Opening
) -> None:
    window = open_window()
    window.resize(*LAPTOP)
    settle(qtbot, window)
    window.display.arrange()
    settle(qtbot, window)
    for text in ("Larger text", "Usual text size"):
        choose(window, text)
        settle(qtbot, window)
    docks = [window.docks[name] for name in ("Training", "Switching map", "Recognition")]
    widths = [dock.width() for dock in docks]
    for _ in range(4):
        choose(window, "Larger text")
        settle(qtbot, window)
    assert [dock.width() for dock in docks] != widths
    assert "two stacks" in window.notices.text
    choose(window, "Usual text size")
    settle(qtbot, window)
    assert [dock.width() for dock in docks] == widths
