"""The confusion matrix leaves room for its counts, and full names of the classes can be read, however long they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import QPointF, QRectF
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mtjlab.gui.look.theme import DARK
from mtjlab.gui.views.confusion import ClassKey
from mtjlab.gui.views.confusion_cells import GAP_PX, MAX_OF_WIDTH, Cells, Grid

PX = st.floats(1, 400)
ROUNDING_PX = 1e-9


@given(st.floats(60, 2000), st.floats(60, 1000), st.lists(PX, min_size=1, max_size=12), st.floats(8, 20))
def test_names_take_a_limited_share_of_the_widget(
    width: float, height: float, names_px: list[float], line_px: float
) -> None:
    columns_px = [*names_px, 40.0]
    grid = Grid.of((width, height), names_px, columns_px, line_px)
    title_px = line_px + GAP_PX
    assert grid.left <= MAX_OF_WIDTH * width + title_px + ROUNDING_PX
    assert grid.below <= line_px + title_px + ROUNDING_PX
    last = grid.cell(len(names_px) - 1, len(names_px))
    assert (last.right(), last.bottom()) == pytest.approx((width, height - grid.below))
    for row, column in ((0, 0), (len(names_px) - 1, len(names_px))):
        assert grid.at(grid.cell(row, column).center()) == (row, column)


@pytest.mark.parametrize("length", [2, 12, 23, 27, 200])
def test_counts_are_visible_and_tooltips_show_full_names(qtbot: QtBot, qapp: QApplication, length: int) -> None:
    classes = [f"{k}{'x' * (length - 2)}{k}" for k in range(6)]
    cells = Cells()
    qtbot.addWidget(cells)
    cells.resize(320, 150)
    cells.show_counts(DARK, ((classes[1], classes[2], 7), (classes[1], None, 2)), classes, [*classes, None])
    cells.show()
    grid = cells.grid
    assert grid.has_numbers == (length > 2)
    assert grid.cell_width >= 0.5 * 320 / 7
    assert grid.cell_height >= 0.5 * 150 / 6
    assert QRectF(cells.rect()).adjusted(0, 0, 1e-6, 1e-6).contains(grid.cell(5, 6))
    assert cells.cell_text(grid.cell(1, 2).center()) == f"{classes[1]}, recognised as {classes[2]}: 7 of 9"
    assert cells.cell_text(grid.cell(1, 6).center()) == f"{classes[1]}, recognised as (none): 2 of 9"
    assert cells.cell_text(QPointF(1, 1)) == "Rows: class presented; columns: recognised as"
    assert not cells.grab().isNull()


def test_names_of_27_letters_are_all_in_the_key_where_cells_have_no_room(qtbot: QtBot) -> None:
    classes = [f"class number {k} of the series" for k in range(6)]
    key = ClassKey()
    qtbot.addWidget(key)
    key.resize(410, 100)
    key.show_classes(classes)
    key.show()
    shown = key.text.text().replace("\N{NO-BREAK SPACE}", " ")
    assert all(f"<b>{number}</b> {name}" in shown for number, name in enumerate(classes, start=1))
    assert key.text.height() <= key.height()
