"""Copies of views: images, vector drawings, numbers."""

import csv
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from mtjlab.domain import input_label, junction_label
from mtjlab.gui.dialogs import of_kind
from mtjlab.gui.docks import PictureDock
from mtjlab.gui.look.theme import DARK
from mtjlab.gui.run.snapshot_builder import SnapshotBuilder
from mtjlab.gui.views.chain import Chain
from mtjlab.gui.views.confusion import ConfusionMatrix
from mtjlab.gui.views.curves import ResistanceCurves
from mtjlab.gui.views.data import table_text
from mtjlab.gui.views.run_log import RunLog
from mtjlab.gui.views.switching_map import SwitchingMap
from mtjlab.gui.views.training_history import ControlCurrentHistory, RecognitionHistory
from mtjlab.gui.views.view import View
from mtjlab.gui.views.voltages import Voltages
from mtjlab.store import Follower
from tests.gui.windows import Scripted


@pytest.fixture(scope="module")
def builder(trained: Path) -> SnapshotBuilder:
    read = SnapshotBuilder(trained)
    read.take(Follower(trained).lines())
    return read


def shown(qtbot: QtBot, kind: type[View], builder: SnapshotBuilder) -> View:
    view = kind(DARK)  # type: ignore[call-arg]
    qtbot.addWidget(view)
    view.resize(500, 360)
    view.show()
    view.show_snapshot(builder.snapshot)
    return view


def test_numbers_of_a_training_are_those_measured(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    rates = shown(qtbot, RecognitionHistory, builder).data()
    assert [(row["Step"], row["Recognition test"]) for row in rates] == [
        (one.step, one.test) for one in builder.learnt.recognition
    ]
    controls = shown(qtbot, ControlCurrentHistory, builder).data()
    last = builder.learnt.controls_by_step[-1]
    labels = {"Simulated": True, "Surrogate data": True}
    assert controls[-1] == {"Run": builder.snapshot.info.run_id, "Step": 2, **labels} | {
        f"{input_label(j)} {junction_label(k)} control current (uA)": current_ua
        for j, row_ua in enumerate(last.by_input_ua)
        for k, current_ua in enumerate(row_ua)
    }


def test_numbers_of_the_other_views(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    tokens = shown(qtbot, SwitchingMap, builder).data()
    assert builder.learnt.encoded is not None
    assert [row["Token"] for row in tokens] == [token.name for token in builder.learnt.encoded.tokens]
    assert [row["Junction"] for row in shown(qtbot, Chain, builder).data()] == ["J1", "J2", "J3"]
    counts = shown(qtbot, ConfusionMatrix, builder).data()
    assert sum(row["Count"] for row in counts) == len(tokens)
    assert len(shown(qtbot, Voltages, builder).data()) == len(builder.snapshot.judged)
    assert {row["Direction"] for row in shown(qtbot, ResistanceCurves, builder).data()} == {"rising", "falling"}


def test_a_drawing_holds_no_pixels(qtbot: QtBot, builder: SnapshotBuilder, tmp_path: Path) -> None:
    shown(qtbot, SwitchingMap, builder).save(tmp_path / "map.svg")
    drawing = (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert drawing.count("<path") > 259
    assert "<image" not in drawing


def test_a_copy_says_which_run_it_shows_and_that_it_is_simulated(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    view = shown(qtbot, RecognitionHistory, builder)
    assert view.origin == f"{builder.snapshot.info.run_id}, SIMULATED"
    assert view.copy().height() > 2 * view.height()


def test_a_view_without_a_run_has_no_numbers(qtbot: QtBot) -> None:
    view = RecognitionHistory(DARK)
    qtbot.addWidget(view)
    view.show_snapshot(None)
    assert view.data() == []


def test_a_missing_value_is_an_empty_cell() -> None:
    assert table_text([{"a": 1, "b": float("nan")}, {"a": None, "c": "x"}], ";") == "a;b;c\n1;;\n;;x\n"


def test_a_picture_is_saved_as_a_drawing_and_as_numbers(qtbot: QtBot, builder: SnapshotBuilder, tmp_path: Path) -> None:
    prompts = Scripted([tmp_path / "rates.svg", tmp_path / "rates.csv"])
    view = shown(qtbot, RecognitionHistory, builder)
    dock = PictureDock(view, prompts)
    qtbot.addWidget(dock)
    for _ in range(2):
        qtbot.mouseClick(dock.save, Qt.MouseButton.LeftButton)
    assert "<svg" in (tmp_path / "rates.svg").read_text(encoding="utf-8")
    with (tmp_path / "rates.csv").open(encoding="utf-8") as file:
        assert [int(row["Step"]) for row in csv.DictReader(file)] == [0, 1, 2]
    qtbot.mouseClick(dock.copy_data, Qt.MouseButton.LeftButton)
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text().startswith("Run\tStep\tRecognition train\tRecognition test\tSimulated\tSurrogate data\n")


@pytest.mark.parametrize("name", ["no-such-folder/rates.png", "no-such-folder/rates.svg", "no-such-folder/rates.csv"])
def test_a_file_that_cannot_be_written_is_reported(
    qtbot: QtBot, builder: SnapshotBuilder, tmp_path: Path, name: str
) -> None:
    view = shown(qtbot, RecognitionHistory, builder)
    with pytest.raises(OSError, match="no-such-folder"):
        view.save(tmp_path / name)


@pytest.mark.parametrize(
    ("typed", "kind", "path"),
    [
        ("map.png", "Pictures (*.png)", "map.png"),
        ("map.png", "Numbers (*.csv)", "map.csv"),
        ("map", "Drawings (*.svg)", "map.svg"),
        ("map.csv", "Pictures (*.png)", "map.csv"),
    ],
)
def test_a_file_has_the_format_chosen_or_typed(typed: str, kind: str, path: str) -> None:
    assert of_kind(Path(typed), Path("map.png"), kind) == Path(path)


def test_rows_of_a_table_are_copied_for_a_spreadsheet(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    view = shown(qtbot, RunLog, builder)
    (table,) = view.findChildren(QTableView)
    table.selectRow(0)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == f"0:00:00\t{builder.snapshot.log[0].text}"


def test_the_log_stays_at_its_end_or_where_the_user_scrolled(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    view = RunLog(DARK)
    qtbot.addWidget(view)
    view.resize(400, 120)
    view.cover(True)
    view.show()
    view.show_snapshot(builder.snapshot)
    view.cover(False)
    (table,) = view.findChildren(QTableView)
    bar = table.verticalScrollBar()
    assert bar is not None
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(0)
    view.show_snapshot(builder.snapshot)
    assert bar.value() == 0
