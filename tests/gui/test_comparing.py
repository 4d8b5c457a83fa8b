"""Runs of a kind beside each other, by clicking: thresholds, maps, anything that has numbers; a chip against date."""

import re
from collections.abc import Callable
from pathlib import Path

import pyqtgraph as pg
import pytest
from PyQt5.QtWidgets import QApplication, QMenu, QTabWidget
from pytestqt.qtbot import QtBot

from mtjlab.comparison import Comparison, Curve, Panel
from mtjlab.errors import RefusedError
from mtjlab.experiment import DEFAULT_BENCH, execute
from mtjlab.gui.look.tables import TextTable
from mtjlab.gui.look.theme import LIGHT, THEMES
from mtjlab.gui.panels.browser.actions import context_menu
from mtjlab.gui.views.comparison import ComparisonView
from mtjlab.gui.views.regions_item import RegionsItem
from mtjlab.gui.window import MainWindow
from mtjlab.procedures.switching_map.comparison import AGREE, boundaries_of
from mtjlab.runs.comparing import compared, critical_currents_by_date
from mtjlab.runs.opened import run_of
from tests.gui.windows import Opening, click, select, wait
from tests.support.asking import MeasuringRequest, TrainingRequest, prepare_measuring, prepare_training
from tests.support.made_runs import MADE, adaptive_asked, made_measurement, plan_in, sweep_asked
from tests.support.trainings import write_plan


def compared_by_clicking(qtbot: QtBot, window: MainWindow, count: int) -> ComparisonView:
    select(qtbot, window)
    wait(qtbot, lambda: window.browser.shown.rowCount() == count)
    window.browser.table.selectAll()
    click(qtbot, window.browser.buttons["compare"])
    wait(qtbot, lambda: window.comparison.comparison is not None)
    assert window.comparison.isVisible()
    return window.comparison


def symbols(plot: pg.PlotWidget) -> list[str | None]:
    return [item.opts["symbol"] for item in plot.getPlotItem().listDataItems()]


def regions(plot: pg.PlotWidget) -> list[RegionsItem]:
    return [item for item in plot.getPlotItem().items if isinstance(item, RegionsItem)]


def test_thresholds_of_sweeps_are_compared(qtbot: QtBot, open_window: Opening, tmp_path: Path) -> None:
    runs = [made_measurement(tmp_path, sweep_asked(repetitions)) for repetitions in (2, 3)]
    view = compared_by_clicking(qtbot, open_window(tmp_path), 2)
    assert view.comparison is not None
    assert [panel.title for panel in view.comparison.panels] == ["critical current AP → P", "critical current P → AP"]
    assert [len(curve.x) for curve in view.comparison.panels[0].curves] == [3, 3]
    assert None not in symbols(view.plots[0])
    labels = {
        f"{run.parent.name}/{run.name} (number of sweeps {n}, SIMULATED)" for run, n in zip(runs, (2, 3), strict=True)
    }
    assert {row["Of"] for row in view.data() if "Of" in row} == labels
    assert view.origin == "; ".join(sorted(labels))
    table = view.findChild(TextTable)
    assert table is not None
    quantities = [table.item(row, 0).text() for row in range(table.rowCount())]
    assert "series 1, AP → P, J2, critical current (µA)" in quantities
    assert "series 1, P → AP, J3, spread, 95 % interval, upper end (µA)" in quantities
    assert not any("_" in quantity or " ua" in quantity for quantity in quantities)
    assert table.columnCount() == 4  # with the difference
    assert view.findChild(QTabWidget).count() == 2


def test_maps_show_where_they_differ(qtbot: QtBot, open_window: Opening, tmp_path: Path) -> None:
    moved = adaptive_asked()
    made_measurement(tmp_path, moved)
    (first, second), wider = moved.controls_ua, (-400.0, -380.0, -560.0)
    made_measurement(tmp_path, moved.model_copy(update={"controls_ua": (first, wider)}))
    view = compared_by_clicking(qtbot, open_window(tmp_path), 2)
    assert view.comparison is not None
    plane, by = view.comparison.panels
    assert plane.patches
    assert all(" → " in patch.label for patch in plane.patches)
    assert len(regions(view.plots[0])) == 1
    (moves,) = by.curves
    distance_ua = wider[0] - second[0]
    assert moves.y[3] == pytest.approx(-distance_ua, abs=25)
    assert all(abs(ua) < 25 for place, ua in enumerate(moves.y) if place != 3)
    assert by.ticks[3] == "B J1"


def test_maps_that_agree_are_said_to_agree(tmp_path: Path) -> None:
    """Two measurements of one chip: nothing is marked that lies within the intervals of both."""
    requests = [MeasuringRequest(DEFAULT_BENCH, plan_in(tmp_path), seed=seed) for seed in (1, 2)]
    maps = [execute(prepare_measuring(request, adaptive_asked()), tmp_path).folder for request in requests]
    first, last = (boundaries_of(run_of(folder)) for folder in maps)
    flat = [list(zip(*rows, strict=True)) for rows in zip(first, last, strict=True)]
    assert any(one != other for row in flat for one, other in row)
    plane, by = compared(maps).panels
    assert (plane.title, plane.patches) == (AGREE, ())
    (moves,) = by.curves
    assert all(half > 0 for half in moves.half)
    same, _ = compared([maps[0], maps[0]]).panels
    assert (same.title, same.patches) == (AGREE, ())


def test_trainings_show_recognition_and_thresholds(tmp_path: Path) -> None:
    trainings = [MADE["train"](tmp_path) for _ in range(2)]
    recognition, by_time, up, down = compared(trainings).panels
    assert recognition.x_label == "training step"
    assert [curve.y for curve in by_time.curves] == [curve.y for curve in recognition.curves]
    assert all(list(curve.x) == sorted(curve.x) and curve.x[0] > 0 for curve in by_time.curves)
    assert (up.title, down.title) == ("critical current AP → P", "critical current P → AP")
    measured = run_of(trainings[1]).state.measured
    assert measured is not None
    assert up.curves[1].y == measured.critical.up_ua
    assert all(len(curve.half) == len(curve.y) == 3 for curve in (*up.curves, *down.curves))


def test_settings_are_named_in_the_words_of_the_forms(tmp_path: Path) -> None:
    runs = []
    for n in (1, 2):
        request = TrainingRequest(plan=write_plan(tmp_path, n))
        runs.append(execute(prepare_training(request), tmp_path).folder)
    remarks = compared(runs).remarks
    assert [remark.split(", ")[0] for remark in remarks] == ["training steps 1", "training steps 2"]


@pytest.mark.parametrize("made", MADE)
def test_any_two_runs_of_a_kind_are_compared(qtbot: QtBot, tmp_path: Path, made: str) -> None:
    folders = [MADE[made](folder) for folder in (tmp_path / "a", tmp_path / "b") if folder.mkdir() is None]
    comparison = compared(folders)
    assert len(comparison.names) == 2
    view = ComparisonView(LIGHT)
    qtbot.addWidget(view)
    view.show_comparison(comparison)
    assert not view.is_empty
    assert len(view.plots) == len(comparison.panels)
    for theme in THEMES.values():
        view.apply_theme(theme)
        view.resize(500, 300)
        assert not view.grab().isNull()
    panels = {panel.title: panel for panel in comparison.panels}
    for panel in panels.values():
        assert {curve.of for curve in panel.curves} <= {0, 1}


def test_runs_of_different_kinds_are_not_compared(qtbot: QtBot, open_window: Opening, tmp_path: Path) -> None:
    folders = [MADE["sweep"](tmp_path), MADE["check"](tmp_path)]
    with pytest.raises(RefusedError, match="Runs of sweep and check cannot be compared"):
        compared(folders)
    window = open_window(tmp_path)
    select(qtbot, window)
    wait(qtbot, lambda: window.browser.shown.rowCount() == 2)
    window.browser.table.selectAll()
    assert not window.browser.buttons["compare"].isEnabled()


def test_a_run_with_one_point_has_a_marker(qtbot: QtBot) -> None:
    view = ComparisonView(LIGHT)
    qtbot.addWidget(view)
    panel = Panel("recognition", "step", "rate (%)", (Curve(0, (0.0,), (44.0,)), Curve(1, (0.0, 1.0), (44.0, 60.0))))
    view.show_comparison(Comparison("train", ("one", "two"), ("", ""), (panel,)))
    one, two = symbols(view.plots[0])
    assert one is not None
    assert two is not None
    assert one != two


def test_the_critical_currents_of_a_chip_are_drawn_against_date(
    qtbot: QtBot, open_window: Opening, tmp_path: Path, qapp: QApplication
) -> None:
    for name in ("sweep", "sweep", "train", "check"):
        MADE[name](tmp_path)
    other = tmp_path / "other.toml"
    other.write_text('kind = "simulated"\n[device]\nname = "another"\n')
    request = MeasuringRequest(other, plan_in(tmp_path))
    execute(prepare_measuring(request, sweep_asked()), tmp_path)

    window = open_window(tmp_path)
    select(qtbot, window, row=1)
    wait(qtbot, lambda: window.browser.shown.rowCount() == 5)
    chosen: Callable[[str], None] = window.browser._do
    menu: QMenu = context_menu(window, window.browser.selected, chosen)
    (action,) = (one for one in menu.actions() if one.text() == "critical currents")
    assert action.isEnabled()
    action.trigger()
    wait(qtbot, lambda: window.comparison.comparison is not None)
    comparison = window.comparison.comparison
    assert comparison is not None
    assert comparison.names == ("J1", "J2", "J3")
    up, down = comparison.panels
    assert up.x_is_date
    assert down.x_is_date
    assert [len(curve.x) for curve in up.curves] == [3, 3, 3]  # not of the check, not of the other chip
    assert list(up.curves[0].x) == sorted(up.curves[0].x)
    assert None not in symbols(window.comparison.plots[0])


def test_a_chip_that_was_never_measured_is_refused(tmp_path: Path) -> None:
    folder = MADE["check"](tmp_path)
    with pytest.raises(RefusedError, match="Measure curves first"):
        critical_currents_by_date(tmp_path, folder)


def test_settings_that_do_not_apply_to_a_kind_are_not_named(tmp_path: Path) -> None:
    """A map by pulses has a plan with boundaries nearer to each other; a map has no classes."""
    folders = [MADE["adaptive-map"](folder) for folder in (tmp_path / "a", tmp_path / "b") if folder.mkdir() is None]
    file = folders[1] / "run.toml"
    _checksum, _, text = file.read_text(encoding="utf-8").partition("\n")
    assert "boundary_spacing_ua = 120.0" in text
    text = text.replace("boundary_spacing_ua = 120.0", "boundary_spacing_ua = 75.0").replace("steps = 80", "steps = 8")
    file.write_text(text.replace("rereads = 3", "rereads = 4"), encoding="utf-8")
    assert [remark.split(", ") for remark in compared(folders).remarks] == [
        ["repeated readings 3", "SIMULATED"],
        ["repeated readings 4", "SIMULATED"],
    ]


def test_more_settings_than_there_is_room_for_are_counted(tmp_path: Path) -> None:
    folders = [MADE["sweep"](folder) for folder in (tmp_path / "a", tmp_path / "b") if folder.mkdir() is None]
    file = folders[1] / "run.toml"
    _checksum, _, text = file.read_text(encoding="utf-8").partition("\n")
    for key, other in (("dead_band_ua", 11), ("weak_d", 9), ("most_samples", 65), ("rereads", 4), ("attempts", 7)):
        text, count = re.subn(rf"^{key} = (\d+)", f"{key} = {other}", text, flags=re.MULTILINE)
        assert count == 1
    file.write_text(text, encoding="utf-8")
    assert compared(folders).remarks[1].endswith("maximum samples 65, and 2 more, SIMULATED")
