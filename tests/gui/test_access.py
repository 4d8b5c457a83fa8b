"""The window without a mouse, with larger text, and for eyes that do not tell red from green."""

from collections.abc import Iterator
from itertools import product

import pyqtgraph as pg
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mtjlab.domain import SwitchingConfiguration
from mtjlab.gui.look.tables import TextTable
from mtjlab.gui.look.theme import ON_REAL, ON_SIMULATED, REAL, SIMULATED, THEMES, Theme, contrast
from mtjlab.gui.views.confusion_cells import RIGHT, WRONG
from mtjlab.gui.views.map_parts import colour_of
from mtjlab.gui.views.plots import apply_plot_theme, plot
from mtjlab.gui.window import MainWindow
from mtjlab.run_status import status_report
from mtjlab.runs.finding import run_folders
from tests.gui.windows import Opening, fill, is_over, shown, status, wait

MOST_TABS = 60
"""More than a person would press."""
CONTROL = Qt.KeyboardModifier.ControlModifier
VISIBLE, APART = 3.0, 1.1
"""Contrast of what must be seen (WCAG 2), and of neighbours that are also separated by a line."""


@pytest.fixture(autouse=True)
def _font(qapp: QApplication) -> Iterator[None]:
    before = qapp.font()
    yield
    qapp.setFont(before)


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget() or QApplication.activeWindow(), key, modifier)


def tab_to(qtbot: QtBot, window: MainWindow, target: QWidget) -> None:
    """Press Tab until ``target`` has the keyboard; wherever it goes it can be seen."""
    for _ in range(MOST_TABS):
        press(qtbot, Qt.Key.Key_Tab)
        here = QApplication.focusWidget()
        assert here is not None
        assert window.focus_marker.marked is here
        assert not here.visibleRegion().isEmpty(), here.objectName()
        if here is target:
            return
    raise AssertionError(f"{target.objectName()} is out of reach of {MOST_TABS} tabs")


def test_the_whole_first_training_is_done_by_keys_alone(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    tab_to(qtbot, window, window.training.plans)  # from the first field of the window
    steps = window.training.form.editors["training.steps"].widget
    tab_to(qtbot, window, steps)
    qtbot.keyClicks(steps, "1")
    tab_to(qtbot, window, window.training.start)
    press(qtbot, Qt.Key.Key_Space)
    wait(qtbot, lambda: is_over(window))
    assert status(window) == "finished"
    assert window.playback.last_step == 1
    assert not window.views["Recognition"].is_empty

    press(qtbot, Qt.Key.Key_Left, CONTROL)
    assert window.playback.place == 0
    press(qtbot, Qt.Key.Key_4, CONTROL)
    wait(qtbot, lambda: window.browser.shown.rowCount() == 1)
    assert window.browser.isVisible()
    tab_to(qtbot, window, window.browser.table)
    press(qtbot, Qt.Key.Key_Space)
    assert [run.folder for run in window.browser.selected] == [shown(window)]
    tab_to(qtbot, window, window.browser.buttons["open"])
    press(qtbot, Qt.Key.Key_Space)
    wait(qtbot, lambda: window.playback.place is None and is_over(window))
    press(qtbot, Qt.Key.Key_Q, CONTROL)
    wait(qtbot, lambda: not window.isVisible())


def test_tab_leaves_every_panel(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    for number in range(1, 6):
        press(qtbot, Qt.Key(Qt.Key.Key_0 + number), CONTROL)
        panel = next(part for part in window.docks.values() if part.isAncestorOf(QApplication.focusWidget()))
        for _ in range(MOST_TABS):
            press(qtbot, Qt.Key.Key_Tab)
            if not panel.isAncestorOf(QApplication.focusWidget()):
                break
        else:
            raise AssertionError(f"{panel.windowTitle()} keeps the keyboard")


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_frame_of_the_keyboard_is_visible_on_every_ground(theme: Theme) -> None:
    for ground in (theme.window, theme.base, theme.button, REAL, SIMULATED):
        assert max(contrast(theme.ink, ground), contrast(theme.base, ground)) >= VISIBLE
    assert min(contrast(ON_REAL, REAL), contrast(ON_SIMULATED, SIMULATED)) >= VISIBLE


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_axes_and_their_ticks_are_visible(qapp: QApplication, theme: Theme) -> None:
    made = plot("x", "y")
    apply_plot_theme(made, theme)
    for side in ("bottom", "left"):
        axis = made.getPlotItem().getAxis(side)
        for drawn in (axis.pen(), axis.textPen()):
            assert contrast(drawn.color().name(), theme.base) >= VISIBLE
    made.close()


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_neighbouring_regions_of_a_map_are_told_apart(theme: Theme) -> None:
    colours = {counts: colour_of(SwitchingConfiguration(counts), 3, theme) for counts in product(range(4), repeat=2)}
    for (a, b), colour in colours.items():
        for neighbour in ((a + 1, b), (a, b + 1)):
            if neighbour in colours:
                assert contrast(colour, colours[neighbour]) >= APART, ((a, b), neighbour)
    assert min(contrast(colour, theme.ink) for colour in colours.values()) >= VISIBLE


def test_text_grows_and_shrinks_with_its_plots_and_stays_so(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()

    def sizes() -> list[float]:
        axis = window.views["Recognition"].findChild(pg.PlotWidget).getPlotItem().getAxis("bottom")
        table = window.views["Mean dwells"].findChild(TextTable)
        fonts = window.training.start.font(), axis.style["tickFont"], table.font(), window.band.words.fontInfo()
        return [font.pointSizeF() for font in fonts]

    usual = sizes()
    for _ in range(3):
        press(qtbot, Qt.Key.Key_Plus, CONTROL)
    wait(qtbot, lambda: not window.draw_queue.is_busy)
    larger = sizes()
    assert all(after > before for before, after in zip(usual, larger, strict=True))
    press(qtbot, Qt.Key.Key_Minus, CONTROL)
    wait(qtbot, lambda: not window.draw_queue.is_busy)
    assert all(before < between < after for before, between, after in zip(usual, sizes(), larger, strict=True))
    kept = window.text_size.steps
    window.close()
    window.text_size.set(0)
    assert open_window().text_size.steps == kept == 2


def test_text_stays_readable_and_finite(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    for key, step, bound in ((Qt.Key.Key_Minus, -1, 7.0), (Qt.Key.Key_Plus, 1, 18.0)):
        window.text_size.set(100 * step)
        window.text_size.set(window.text_size.steps - step)
        for _ in range(3):
            press(qtbot, key, CONTROL)
        assert QApplication.font().pointSizeF() == bound


def test_colours_of_right_and_wrong_are_not_red_and_green() -> None:
    right, wrong = QColor(RIGHT), QColor(WRONG)
    assert right.blue() > max(right.red(), right.green())
    assert min(wrong.red(), wrong.green()) > wrong.blue()
    assert contrast(RIGHT, WRONG) > 2


def test_one_more_press_after_a_start_presses_nothing(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    fill(window, steps=1)
    window.training.start.setFocus()
    for _ in range(2):
        press(qtbot, Qt.Key.Key_Space)
    assert QApplication.focusWidget() not in (window.training.queue, window.band.stop)
    assert window.queue.waiting == ()
    wait(qtbot, lambda: is_over(window))
    assert window.queue.running is None


def test_the_keyboard_never_comes_to_the_emergency_stop_which_has_keys_of_its_own(
    qtbot: QtBot, open_window: Opening
) -> None:
    window = open_window()
    window.band.check.setFocus()
    window.band.check.setEnabled(False)
    assert QApplication.focusWidget() is not window.band.stop
    press(qtbot, Qt.Key.Key_Space)
    assert window.engines.emergency_stops == 0
    press(qtbot, Qt.Key.Key_F12)
    assert window.engines.emergency_stops == 1


def test_stop_while_a_run_starts_is_for_that_run(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    window.training.start.click()
    assert window.engines.starting
    press(qtbot, Qt.Key.Key_Period, CONTROL)
    wait(qtbot, lambda: not window.engines.running)
    assert not window.engines.starting
    assert all(status_report(run).status != "finished" for run in run_folders(window.runs))
