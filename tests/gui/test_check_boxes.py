"""Ticks are visible in each theme and on each colour of the band."""

from collections import Counter
from itertools import product

import pytest
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QApplication, QCheckBox, QStyle, QStyleOptionButton
from pytestqt.qtbot import QtBot

from mtjlab.config import InstrumentBenchConfig
from mtjlab.gui.engines.files import bench_files
from mtjlab.gui.look.buttons import CheckBox
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.theme import DARK, THEMES, Theme, apply_theme, contrast
from mtjlab.gui.panels.band import BenchBand

FRAME_PX = 3


def inside(box: QCheckBox) -> list[str]:
    """Colours within the frame of the indicator."""
    option = QStyleOptionButton()
    box.initStyleOption(option)
    rect = sure(box.style()).subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box)
    rect.adjust(FRAME_PX, FRAME_PX, -FRAME_PX, -FRAME_PX)
    top = box.window()
    rect.translate(box.mapTo(top, box.rect().topLeft()))
    picture = top.grab().toImage()
    across, down = range(rect.left(), rect.right() + 1), range(rect.top(), rect.bottom() + 1)
    return [QColor(picture.pixel(x, y)).name() for x, y in product(across, down)]


def tick_seen(box: QCheckBox) -> bool:
    """Whether a box shows a tick, neither empty nor a filled square."""
    box.setChecked(False)
    plain = inside(box)
    box.setChecked(True)
    ticked = inside(box)
    ((ground, _),) = Counter(ticked).most_common(1)
    share = sum(contrast(colour, ground) > 3 for colour in ticked) / len(ticked)
    return len(set(plain)) == 1 and 0.15 < share < 0.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_tick_is_visible(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    apply_theme(qapp, theme)
    box = CheckBox("problems only")
    qtbot.addWidget(box)
    box.show()
    assert tick_seen(box)
    apply_theme(qapp, DARK)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_tick_is_visible_on_the_band(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    apply_theme(qapp, theme)
    band = BenchBand()
    qtbot.addWidget(band)
    band.resize(1300, 60)
    band.show()
    band.choose(next(path for path, bench in bench_files().items() if isinstance(bench, InstrumentBenchConfig)))
    assert tick_seen(band.simulate)
    apply_theme(qapp, DARK)
