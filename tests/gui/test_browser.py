"""The list of runs: notes, exports, settings of every procedure, room for its columns."""

from pathlib import Path
from shutil import copytree

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QAction, QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from mtjlab import experiment
from mtjlab.config import SweepSettings
from mtjlab.gui.panels.browser.actions import context_menu
from mtjlab.gui.panels.browser.runs_model import COLUMNS
from mtjlab.gui.window import MainWindow
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.shift.plan import ShiftOptions, ShiftPlan
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.runs.notes import notes_of, write_notes
from mtjlab.store import run_id
from tests.gui.windows import SHORT_PLAN, Opening, click, place, wait
from tests.support.asking import (
    CheckRequest,
    MeasuringRequest,
    TokensAsked,
    prepare_check,
    prepare_classify,
    prepare_measuring,
)

ROW = (-460.0, -380.0, -560.0)
SHORT = SweepSettings(input_step_ua=20.0, repetitions=2)


@pytest.fixture
def runs(trained: Path, tmp_path: Path) -> Path:
    """A folder with one run in it, of our own."""
    copytree(trained, tmp_path / "runs" / trained.parent.name / trained.name)
    return tmp_path / "runs"


def listing(qtbot: QtBot, open_window: Opening, runs: Path, count: int = 1) -> MainWindow:
    window = open_window(runs)
    wait(qtbot, lambda: window.browser.model.rowCount() == count)
    window.docks["Runs"].raise_()
    return window


def select(qtbot: QtBot, window: MainWindow, procedure: str) -> Path:
    (row,) = (row for row, run in enumerate(window.browser.model.runs) if run.procedure == procedure)
    index = window.browser.shown.mapFromSource(window.browser.model.index(row, 0))
    window.browser.table.selectRow(index.row())
    return window.browser.model.runs[row].folder


def test_notes_are_typed_kept_and_found(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = listing(qtbot, open_window, runs)
    folder, notes = select(qtbot, window, "train"), window.browser.details.notes
    qtbot.keyClicks(notes, "field drifted at noon")
    wait(qtbot, lambda: notes_of(folder) == "field drifted at noon")
    qtbot.keyClicks(notes, "!")
    window.browser.table.clearSelection()
    assert notes_of(folder) == "field drifted at noon!"
    assert not notes.isEnabled()
    window.browser.refresh()
    wait(qtbot, lambda: window.browser.model.runs[0].notes != "")
    qtbot.keyClicks(window.browser.search, "noon drifted")
    assert window.browser.shown.rowCount() == 1
    qtbot.keyClicks(window.browser.search, " midnight")
    assert window.browser.shown.rowCount() == 0


def test_the_list_does_not_move_between_two_clicks_on_it(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = listing(qtbot, open_window, runs)
    QApplication.processEvents()
    before = place(window.browser.table)
    select(qtbot, window, "train")
    QApplication.processEvents()
    assert window.browser.details.summary.isVisible()
    assert place(window.browser.table) == before


def test_notes_that_are_being_typed_are_not_lost_when_the_list_is_read_again(
    qtbot: QtBot, open_window: Opening, runs: Path
) -> None:
    window = listing(qtbot, open_window, runs)
    folder, notes = select(qtbot, window, "train"), window.browser.details.notes
    qtbot.keyClicks(notes, "half a senten")
    write_notes(folder, "somebody else")
    with qtbot.waitSignal(window.browser.listed):
        window.browser.refresh()
    assert notes.toPlainText() == "half a senten"
    window.close()
    assert notes_of(folder) == "half a senten"


@pytest.mark.parametrize(("kind", "ending"), [("csv", ".csv"), ("netcdf", ".nc"), ("pymeasure", ".csv")])
def test_a_run_is_exported_by_menu_and_the_place_is_told(
    qtbot: QtBot, open_window: Opening, runs: Path, kind: str, ending: str
) -> None:
    window = listing(qtbot, open_window, runs)
    folder = select(qtbot, window, "train")
    menu = window.browser.buttons["export"].menu()
    assert menu is not None
    next(entry for entry in menu.actions() if entry.text() == kind).trigger()
    wait(qtbot, lambda: "exported to" in window.notices.text)
    written = {path.suffix for path in (folder / "export").rglob("*")}
    assert ending in written
    assert str(folder / "export") in window.notices.text


def test_the_menu_of_a_run_offers_what_can_be_done_with_it(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = listing(qtbot, open_window, runs)
    select(qtbot, window, "train")
    done: list[str] = []
    menu = context_menu(window, window.browser.selected, done.append)
    can = {entry.text(): entry.isEnabled() for entry in menu.actions()}
    assert can["settings"]
    assert can["repeat"]
    assert not can["resume"]
    next(entry for entry in menu.actions() if entry.text() == "classify with it").trigger()
    assert done == ["classify with it"]
    window.browser.table.customContextMenuRequested.emit(QPoint(5, 5))
    wait(qtbot, lambda: any(menu.isVisible() for menu in window.browser.findChildren(QMenu)))


def measured(asked: SweepPlan | ShiftPlan | MapPlan, runs: Path) -> Path:
    """The folder of a run that was asked so."""
    plan = runs.with_name("plan.toml")
    plan.write_text(SHORT_PLAN, encoding="utf-8")
    request = MeasuringRequest(experiment.DEFAULT_BENCH, plan)
    return experiment.execute(prepare_measuring(request, asked), runs).folder


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("resistance curves", SweepPlan(controls_ua=ROW, staircase=SHORT)),
        ("shift", ShiftPlan(controls_ua=ROW, by_ua=(-40.0, 40.0), staircase=SHORT)),
        ("switching map", MapPlan(controls_ua=(ROW, ROW), way="curves", staircase=SHORT)),
    ],
)
def test_settings_of_a_measurement_fill_its_form(
    qtbot: QtBot, open_window: Opening, tmp_path: Path, kind: str, asked: SweepPlan | ShiftPlan | MapPlan
) -> None:
    measured(asked, tmp_path / "runs")
    window = listing(qtbot, open_window, tmp_path / "runs")
    select(qtbot, window, asked.procedure)
    click(qtbot, window.browser.buttons["settings"])
    assert window.measuring.kinds.currentText() == kind
    assert window.measuring.asked == KINDS[asked.procedure].options.model_validate(dict(asked))
    assert window.training.form.editors["sweep.repetitions"].value == 1
    assert window.measuring.isVisible()


def test_a_classification_is_asked_again_and_a_training_offers_its_network(
    qtbot: QtBot, open_window: Opening, runs: Path
) -> None:
    (training,) = runs.glob("*/*")
    prepared = prepare_classify(
        training,
        MeasuringRequest(experiment.DEFAULT_BENCH, experiment.DEFAULT_PLAN),
        TokensAsked(),
    )
    experiment.execute(prepared, runs)
    window = listing(qtbot, open_window, runs, 2)
    select(qtbot, window, "classify")
    click(qtbot, window.browser.buttons["settings"])
    assert window.measuring.kinds.currentText() == "classification"
    assert window.measuring.form.content["network"] == f"{training.parent.name}/{training.name}"
    assert window.measuring.form.content["times"] == 1
    select(qtbot, window, "train")
    window._actions.do("classify with it", [training])
    network = window.measuring.form.editors["network"].widget
    assert isinstance(network, QLineEdit)
    assert network.text() == str(training)


def test_settings_of_a_check_choose_its_bench(qtbot: QtBot, open_window: Opening, tmp_path: Path) -> None:
    bench = tmp_path / "mine.toml"
    bench.write_text('name = "mine"\n', encoding="utf-8")
    experiment.execute(prepare_check(CheckRequest(bench)), tmp_path / "runs")
    window = listing(qtbot, open_window, tmp_path / "runs")
    select(qtbot, window, "check")
    click(qtbot, window.browser.buttons["settings"])
    assert window.band.path == bench
    assert not window.band.simulate.isChecked()


def test_a_narrow_list_is_scrolled_to_every_column(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = listing(qtbot, open_window, runs)
    browser, table = window.browser, window.browser.table
    window.docks["Runs"].raise_()
    window.resize(1366, 768)
    assert shown_columns(window) == NAMES
    bar = table.horizontalScrollBar()
    assert bar is not None
    wait(qtbot, bar.isVisible)
    qtbot.keyClick(bar, Qt.Key.Key_End)
    last = len(NAMES) - 1
    viewport = table.viewport()
    assert viewport is not None
    assert table.columnViewportPosition(last) + table.columnWidth(last) <= viewport.width()
    select(qtbot, window, "train")
    assert "train on three junctions (SIMULATED)" in browser.details.summary.text()


def test_columns_grow_with_the_text(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = listing(qtbot, open_window, runs)
    before = window.browser.table.columnWidth(0)
    steps = window.text_size.steps
    window.change_text(4)
    assert window.browser.table.columnWidth(0) > before
    window.change_text(-4)
    assert abs(window.browser.table.columnWidth(0) - before) <= 2
    assert window.text_size.steps == steps


def test_a_measurement_that_was_entered_is_there_the_next_time(qtbot: QtBot, open_window: Opening) -> None:
    first = open_window()
    first.measuring.fill(KINDS["shift"], {"controls_ua": [-400.0, -410.0, -420.0], "by_ua": [-20.0, 20.0]})
    first.close()
    second = open_window()
    assert second.measuring.asked == ShiftOptions(controls_ua=(-400.0, -410.0, -420.0), by_ua=(-20.0, 20.0))


NAMES = [column.name for column in COLUMNS]


def entry(menu: QMenu, text: str) -> QAction:
    return next(one for one in menu.actions() if one.text() == text)


def test_chosen_columns_and_widths_are_there_the_next_time(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = listing(qtbot, open_window, runs)
    browser = window.browser
    for name in ("chip", "seed", "chip"):
        entry(browser.columns.menu(), name).trigger()
    browser.table.horizontalHeader().resizeSection(NAMES.index("status"), 123)  # type: ignore[union-attr]
    chosen = [name for name in NAMES if name != "seed"]
    assert shown_columns(window) == chosen
    window.close()
    again = listing(qtbot, open_window, runs)
    assert shown_columns(again) == chosen
    assert again.browser.table.columnWidth(NAMES.index("status")) == 123
    entry(again.browser.columns.menu(), "all columns").trigger()
    assert shown_columns(again) == NAMES


@pytest.mark.parametrize("saved", ["", "[]", "{}", '{"chosen": 3, "widths": 4}', '{"chosen": ["gone"], "widths": {}}'])
def test_columns_that_cannot_be_restored_are_all_columns(
    qtbot: QtBot, open_window: Opening, runs: Path, saved: str
) -> None:
    window = listing(qtbot, open_window, runs)
    before = shown_columns(window)
    window.browser.columns.restore(saved)
    assert shown_columns(window) == before


def test_a_row_says_what_was_requested_on_which_chip_and_how_long_it_took(
    qtbot: QtBot, open_window: Opening, runs: Path
) -> None:
    window = listing(qtbot, open_window, runs)
    [row] = window.browser.model.runs
    assert (row.chip, row.requested.split("; ")[0]) == ("simulated chip", "2 steps")
    assert row.duration_s is not None
    assert row.duration_s > 0


def test_the_headline_offers_the_actions_on_the_run_and_the_menu_of_recent_runs_opens_it_again(
    qtbot: QtBot, open_window: Opening, runs: Path
) -> None:
    [day] = runs.iterdir()
    [first] = day.iterdir()
    copytree(first, day / "0002-train")
    window = listing(qtbot, open_window, runs, count=2)
    folders = [first, day / "0002-train"]
    for folder in folders:
        window.playback.open(folder)
        wait(qtbot, lambda folder=folder: window._recent.folders[:1] == [folder])
    click(qtbot, window.run_bar.run_menu)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert entry(menu, "repeat").isEnabled()
    assert not entry(menu, "resume").isEnabled()
    entry(menu, "settings").trigger()
    menu.close()
    assert "Settings of" in window.notices.text
    assert "steps" in window.notices.text
    assert "bench simulated" in window.notices.text
    recent = QMenu()
    window._recent.fill(recent)
    assert recent.toolTipsVisible()
    assert str(folders[0]) in entry(recent, run_id(folders[0])).toolTip()
    entry(recent, run_id(folders[0])).trigger()
    wait(qtbot, lambda: window.playback.folder == folders[0])


def shown_columns(window: MainWindow) -> list[str]:
    table = window.browser.table
    return [name for index, name in enumerate(NAMES) if not table.isColumnHidden(index)]
