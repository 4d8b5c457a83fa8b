"""Emergency stop, Start and Stop lie whole on the screen, whatever its size, the letters, the bench and the theme."""

from collections.abc import Iterator
from pathlib import Path

import pyqtgraph as pg
import pytest
from PyQt5.QtCore import QPoint, QRect, QSettings, Qt
from PyQt5.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mtjlab.gui.activity import Activity
from mtjlab.gui.layout import PANELS, arrange
from mtjlab.gui.look import screens
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.text_size import USUAL_PT
from mtjlab.gui.look.theme import THEMES
from mtjlab.gui.views.picture import LEAST_EM
from mtjlab.gui.window import MainWindow
from tests.gui.windows import Opening, Scripted, opened, wait

SCREENS = {"small": QRect(0, 0, 1024, 700), "laptop": QRect(0, 28, 1366, 740), "large": QRect(0, 0, 1920, 1080)}
LARGE_PT = 18.0
LONG = "a bench whose name somebody made as long as could be, with all that is in it, and the room it stands in"


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> QRect:
    """The part of a screen that windows may take."""
    room = SCREENS[request.param]
    monkeypatch.setattr(screens, "available", lambda _window: room)
    return room


@pytest.fixture(params=[None, LARGE_PT], ids=["letters as they are", "large letters"])
def letters(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    before = qapp.font()
    if request.param:
        font = qapp.font()
        font.setPointSizeF(request.param)
        qapp.setFont(font)
    yield
    qapp.setFont(before)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "small.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def show(qtbot: QtBot, tmp_path: Path, prompts: Scripted, settings: QSettings) -> Iterator[object]:
    """Opens a window as the application does, in the size that it takes by itself."""
    made: list[MainWindow] = []

    def showing() -> MainWindow:
        window = MainWindow(tmp_path / "runs", settings, prompts)
        made.append(window)
        window.show()
        settle(qtbot, window)
        return window

    yield showing
    for window in made:
        window.queue.put_in_order(())
        window.close()
        window.deleteLater()


def settle(qtbot: QtBot, window: MainWindow) -> None:
    QApplication.sendPostedEvents()
    wait(qtbot, window.isVisible)
    QApplication.processEvents()


def place(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())


def assert_whole(widget: QWidget, room: QRect) -> None:
    """All of it is seen, and as large as its words need."""
    assert room.contains(place(widget)), (widget.text(), place(widget), room)  # type: ignore[attr-defined]
    hint = widget.sizeHint()
    assert widget.width() >= hint.width() or widget.width() >= widget.minimumSizeHint().width()
    assert not widget.visibleRegion().isEmpty()
    assert widget.visibleRegion().boundingRect() == widget.rect()


def assert_in_reach(window: MainWindow, room: QRect) -> None:
    assert room.contains(window.frameGeometry())
    for widget in (window.band.stop, window.band.connection, window.band.check, window.training.start):
        assert_whole(widget, room)


def test_every_bench_and_theme_leaves_them_on_the_screen(
    qtbot: QtBot, screen: QRect, letters: None, show: object
) -> None:
    window = show()  # type: ignore[operator]
    assert_in_reach(window, screen)
    for index in range(window.band.benches.count() - 1):
        window.band.choose(Path(window.band.benches.itemData(index)))
        for is_simulated in (True, False):
            window.band.simulate.setChecked(is_simulated)
            settle(qtbot, window)
            assert_in_reach(window, screen)
    for theme in THEMES.values():  # which differ in colours alone
        window.apply_theme(theme)
        settle(qtbot, window)
        assert_in_reach(window, screen)


def test_a_layout_of_a_larger_screen_comes_back_on_a_small_one(
    qtbot: QtBot, tmp_path: Path, prompts: Scripted, settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "available", lambda _window: QRect(0, 0, 3840, 2160))
    large = MainWindow(tmp_path / "runs", settings, prompts)
    large.move(2600, 1300)
    large.resize(1900, 1040)
    large.show()
    for name in ("Log", "Bench", "Wiring", "Voltages", "Critical inputs", "Runs"):  # side by side
        large.docking.splitDockWidget(large.docks["Recognition"], large.docks[name], Qt.Orientation.Horizontal)
    settle(qtbot, large)
    large.close()
    large.deleteLater()

    room = SCREENS["small"]
    monkeypatch.setattr(screens, "available", lambda _window: room)
    small = MainWindow(tmp_path / "runs", settings, prompts)
    small.show()
    settle(qtbot, small)
    assert room.contains(small.frameGeometry())
    assert_whole(small.band.stop, room)
    arrange(small.docking, small.docks)
    settle(qtbot, small)
    assert_in_reach(small, room)
    small.close()
    small.deleteLater()


def test_a_run_that_is_shown_leaves_its_stop_on_the_screen(qtbot: QtBot, open_window: Opening, trained: Path) -> None:
    window = opened(qtbot, open_window(trained.parents[1]))
    window.run_bar.why.setText(LONG)
    window.run_bar.about.setText(LONG)
    window.run_bar.stop.show()
    window.run_bar.progress.show()
    window.run_bar.left.setText("59 min left")
    window.run_bar.left.show()
    window.notices.notify("/" + "a-folder-with-a-long-name/" * 20)
    window.docks["Training"].raise_()
    for size in ((1920, 1080), (1366, 768), (1280, 720), (1024, 700)):
        window.resize(*size)
        settle(qtbot, window)
        assert (window.width(), window.height()) == size
        room = QRect(window.mapToGlobal(QPoint(0, 0)), window.size())
        for widget in (window.band.stop, window.run_bar.stop, window.training.start):
            assert_whole(widget, room)


def stacks_of(window: MainWindow) -> set[frozenset[str]]:
    """Titles of the docks that lie in one stack."""
    beside = window.docking.tabifiedDockWidgets
    return {frozenset(one.objectName() for one in (dock, *beside(dock))) for dock in window.docks.values()}


@pytest.fixture
def laptop(qtbot: QtBot, qapp: QApplication, open_window: Opening, trained: Path) -> Iterator[MainWindow]:
    """A finished training on a small screen, in the usual size of text."""
    font = qapp.font()
    window = opened(qtbot, open_window(trained.parents[1]))
    window.resize(1366, 768)
    window.change_text(round(USUAL_PT - qapp.font().pointSizeF()))
    settle(qtbot, window)
    window.display.arrange()
    settle(qtbot, window)
    yield window
    qapp.setFont(font)


def test_the_largest_text_leaves_plots_and_start_in_sight_and_smaller_text_the_layout_as_it_was(
    qtbot: QtBot, laptop: MainWindow
) -> None:
    laptop.docking.tabifyDockWidget(laptop.docks["Recognition"], laptop.docks["Wiring"])  # as somebody likes it
    before = stacks_of(laptop)
    laptop.change_text(20)
    wait(qtbot, lambda: not laptop.draw_queue.is_busy and len(stacks_of(laptop)) == 2)
    assert frozenset(PANELS) in stacks_of(laptop)
    laptop.docks["Training"].raise_()
    laptop.docks["Switching map"].raise_()
    settle(qtbot, laptop)
    room = QRect(laptop.mapToGlobal(QPoint(0, 0)), laptop.size())
    for widget in (laptop.band.stop, laptop.training.start):
        assert_whole(widget, room)
    (plot,) = laptop.views["Switching map"].findChildren(pg.PlotWidget)
    assert not sure(plot.viewport()).visibleRegion().isEmpty()
    assert plot.height() > 5 * plot.fontMetrics().height()
    laptop.change_text(0)
    laptop.change_text(round(USUAL_PT - QApplication.font().pointSizeF()))
    wait(qtbot, lambda: not laptop.draw_queue.is_busy and len(stacks_of(laptop)) > 2)
    assert stacks_of(laptop) == before


def test_a_picture_keeps_a_smallest_size_and_its_dock_scrolls_it(qtbot: QtBot, laptop: MainWindow) -> None:
    view, dock = laptop.views["Control currents"], laptop.docks["Control currents"]
    dock.raise_()
    laptop.docking.resizeDocks([dock], [10], Qt.Orientation.Vertical)
    settle(qtbot, laptop)
    em_px = view.fontMetrics().height()
    assert view.height() >= LEAST_EM[1] * em_px
    assert view.width() >= LEAST_EM[0] * em_px
    assert laptop.docking.height() <= laptop.height()


def test_the_state_of_the_field_and_the_count_of_figures_are_whole(
    qtbot: QtBot, laptop: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = Activity("Drawing figures of 2026-11-30/0001-classify on a bench", "drawing 5 of 22", 0.2, lambda: None)
    monkeypatch.setattr(laptop.status_bar.activity, "_activities", lambda: (long,))
    laptop.status_bar.activity.look()
    assert "5 of 22" in laptop.status_bar.activity.label.elided
    for by in (0, 4):
        laptop.change_text(by)
        for index in range(laptop.band.benches.count() - 1):
            laptop.band.choose(Path(laptop.band.benches.itemData(index)))
            settle(qtbot, laptop)
            for text, shown in zip(
                laptop.band.summary.text().splitlines()[1:], laptop.band.summary.elided.splitlines()[1:], strict=True
            ):
                assert shown == text
