"""The guide and the list of keys are complete."""

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QAction
from pytestqt.qtbot import QtBot

from mtjlab.gui.help import guide, keys
from mtjlab.gui.panels.browser.actions import ACTIONS
from mtjlab.guide import topics
from tests.gui.windows import Opening


def test_the_guide_names_every_part_of_the_window(open_window: Opening) -> None:
    text = topics()[0].text
    window = open_window()
    assert [title for title in window.docks if title.lower() not in text.lower()] == []
    assert [button.name for button in ACTIONS if button.name not in text] == []


def test_every_page_of_the_guide_is_a_click_away(qtbot: QtBot, open_window: Opening) -> None:
    page = guide(open_window())
    qtbot.addWidget(page)
    page.show()
    for place, topic in enumerate(topics()):
        qtbot.mouseClick(page.tabs, Qt.MouseButton.LeftButton, pos=page.tabs.tabRect(place).center())
        assert page.text.toPlainText().startswith(topic.title)


def test_every_key_of_a_menu_is_listed(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    actions = window.findChildren(QAction)
    page = keys(actions, window)
    qtbot.addWidget(page)
    listed = page.text.toPlainText()
    wanted = [key.toString() for action in actions for key in action.shortcuts()]
    assert len(wanted) > 10
    assert [key for key in wanted if key not in listed] == []
