"""The guide and the list of keys are complete."""

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QAction, QApplication
from pytestqt.qtbot import QtBot

from mtjlab.gui.help import about, guide, keys, versions
from mtjlab.gui.look.qt import sure
from mtjlab.gui.panels.browser.actions import ACTIONS
from mtjlab.gui.window import MainWindow
from mtjlab.guide import topics


def test_the_guide_names_every_part_of_the_window(common_window: MainWindow) -> None:
    text = topics()[0].text
    assert [title for title in common_window.docks if title.lower() not in text.lower()] == []
    assert [button.name for button in ACTIONS if button.text not in text] == []


def test_every_page_of_the_guide_is_a_click_away(qtbot: QtBot, common_window: MainWindow) -> None:
    page = guide(common_window)
    qtbot.addWidget(page)
    page.show()
    for place, topic in enumerate(topics()):
        qtbot.mouseClick(page.tabs, Qt.MouseButton.LeftButton, pos=page.tabs.tabRect(place).center())
        assert page.text.toPlainText().startswith(topic.title)


def test_every_key_of_a_menu_is_listed(qtbot: QtBot, common_window: MainWindow) -> None:
    actions = common_window.findChildren(QAction)
    page = keys(actions, common_window)
    qtbot.addWidget(page)
    listed = page.text.toPlainText()
    wanted = [key.toString() for action in actions for key in action.shortcuts()]
    assert len(wanted) > 10
    assert [key for key in wanted if key not in listed] == []


def test_versions_and_licence_are_copied_for_a_report(qtbot: QtBot, common_window: MainWindow) -> None:
    page = about(common_window)
    qtbot.addWidget(page)
    page.show()
    qtbot.mouseClick(page.copy, Qt.MouseButton.LeftButton)
    copied = sure(QApplication.clipboard()).text().splitlines()
    assert "Licence: GPL-3.0-or-later" in copied
    assert [f"{name} {number}" for name, number in versions().items() if f"{name} {number}" not in copied] == []
    assert {"Python", "Qt", "PyQt5", "PyVISA"} <= set(versions())
