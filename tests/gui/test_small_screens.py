"""Emergency stop, Start and Stop lie whole on the screen, whatever its size, the letters, the bench and the theme."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt5.QtCore import QPoint, QRect, QSettings, Qt
from PyQt5.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mtjlab.gui.layout import arrange
from mtjlab.gui.look import screens
from mtjlab.gui.look.theme import THEMES
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
