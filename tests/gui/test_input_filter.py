"""The emergency stop acts above everything that can be open: by either key, and by the mouse on its button."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt5 import sip
from PyQt5.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QTimer
from PyQt5.QtGui import QKeyEvent, QMouseEvent
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QAction,
    QApplication,
    QDialog,
    QInputDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.gui import dialogs as dialogs_module
from mtjlab.gui.dialogs import Dialogs, FileChooser, NumberQuestion, whole_text
from mtjlab.gui.engines.files import CONFIGS
from mtjlab.gui.engines.questions import answers_for, may_disconnect
from mtjlab.gui.window import MainWindow
from mtjlab.runs.memory import remember_bench
from tests.gui.windows import wait

GUI = Path(dialogs_module.__file__).parent
INSTRUMENTS = CONFIGS / "keithley-6221-2182a.toml"

F12 = (Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier)
CTRL_SHIFT_E = (Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def by_key(key: tuple[int, int]) -> Callable[[QtBot, MainWindow], None]:
    """To whatever has the keyboard."""

    def press(qtbot: QtBot, window: MainWindow) -> None:
        has_keys = QApplication.activePopupWidget() or QApplication.focusWidget() or QApplication.activeWindow()
        qtbot.keyClick(has_keys or window, *key)

    return press


def by_mouse(qtbot: QtBot, window: MainWindow) -> None:
    """On the button of the main window, at the level of the system's windows where Qt would stop a modal dialog."""
    button, handle = window.band.stop, window.windowHandle()
    assert handle is not None
    at = button.mapTo(window, button.rect().center())
    qtbot.mouseClick(handle, Qt.MouseButton.LeftButton, pos=at)


WAYS = {"F12": by_key(F12), "Ctrl+Shift+E": by_key(CTRL_SHIFT_E), "mouse": by_mouse}


@pytest.fixture(params=WAYS)
def stop(request: pytest.FixtureRequest) -> Callable[[QtBot, MainWindow], None]:
    return WAYS[request.param]


@pytest.fixture
def window(common_window: MainWindow) -> Iterator[MainWindow]:
    """A window that asks in real dialogs, and has not been touched."""
    window = common_window
    window.resize(780, 700)  # the screen that tests have is a small one
    window.prompts = window.commands._prompts = Dialogs(window)
    for part in (window._context.offers, window.training, window.training.values):
        part._prompts = window.prompts  # type: ignore[attr-defined]
    for dock in window.docks.values():
        if hasattr(dock, "_prompts"):
            dock._prompts = window.prompts
    window.activateWindow()
    asked = window.training.form.content
    yield window
    window.training.fill(asked)
    window.display.arrange()
    window.queue.put_in_order(())  # else it would ask when it is closed
    window.queue.release()


@pytest.fixture
def stops(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the emergency stop did, each time."""
    done: list[object] = []
    stop = window.engines.stop_everything

    def stop_and_note(shown: Path | None) -> None:
        done.append(shown)
        stop(shown)

    monkeypatch.setattr(window.engines, "stop_everything", stop_and_note)
    return done


def dialogs() -> list[QDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]


def while_open(
    qtbot: QtBot, open_it: Callable[[], object], act: Callable[[QDialog], None], kind: type[QDialog] = QDialog
) -> None:
    """Open a dialog of a ``kind``, act while it is open, close it and those after it.

    What fails in the event loop of the dialog fails the test.
    """
    failed: list[BaseException] = []
    acted: list[QDialog] = []

    def look() -> None:
        for dialog in reversed(dialogs()):
            if acted:
                dialog.reject()
            elif isinstance(dialog, kind):
                acted.append(dialog)
                try:
                    act(dialog)
                except BaseException as error:
                    failed.append(error)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(10)
    open_it()
    wait(qtbot, lambda: acted and not dialogs())
    timer.stop()
    if failed:
        raise failed[0]


def a_bench(is_known: bool) -> InstrumentBenchConfig:
    bench = read_bench(INSTRUMENTS)
    assert isinstance(bench, InstrumentBenchConfig)
    if is_known:
        remember_bench(bench)
    return bench


def trigger(window: MainWindow, text: str) -> None:
    next(action for action in window.findChildren(QAction) if action.text().replace("&", "") == text).trigger()


def close_with_a_queue(window: MainWindow) -> None:
    window.queue.hold("test")
    window.queue.add("a run", ["train"])
    window.close()
    window.queue.put_in_order(())


def ask_for_a_far_field(window: MainWindow) -> None:
    """The number is typed in the first dialog; the second is the one in question."""

    def answer() -> None:
        question = next((one for one in dialogs() if isinstance(one, NumberQuestion)), None)
        if question is None:
            QTimer.singleShot(20, answer)
            return
        question.field.setText("59")
        question.field.enter()

    QTimer.singleShot(0, answer)
    answers_for(a_bench(is_known=True), window.prompts)


def save_over(window: MainWindow, path: Path) -> Path | None:
    """A name that exists already is accepted in the chooser; the question comes then."""
    path.write_text("before")

    def answer() -> None:
        chooser = next((one for one in dialogs() if isinstance(one, FileChooser)), None)
        if chooser is None:
            QTimer.singleShot(5, answer)
        else:
            chooser.accept()

    QTimer.singleShot(0, answer)
    return window.prompts.save_as("Save", path, "Pictures (*.png)")


def choose_value(window: MainWindow, text: str) -> None:
    menu = window.training.values.menu_of_values
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == text).trigger()


def choose_folder_of_an_export(window: MainWindow) -> None:
    window.toolbox.open("export", window.runs).form.editors["out"]._choose()


DIALOGS: dict[tuple[str, str], Callable[[MainWindow], object]] = {
    ("choice", "'Close the window'"): close_with_a_queue,
    ("choice", "'New bench or chip'"): lambda window: answers_for(a_bench(is_known=False), window.prompts),
    ("choice", "kind.form.capitalize()"): lambda window: window.begin_first_day(),
    ("choice", "'Magnetic field'"): ask_for_a_far_field,
    ("choice", "'The bench is connected'"): lambda window: may_disconnect(window.prompts, "Check", lambda: True),
    ("choice", "'Replace a file'"): lambda window: save_over(window, window.runs.with_name("there.png")),
    ("number", "'Magnetic field'"): lambda window: answers_for(a_bench(is_known=True), window.prompts),
    ("save_as", "f'Save {self.picture.title.lower()}'"): lambda window: window.docks["Chain"].save.click(),  # type: ignore[attr-defined]
    ("save_as", "'Save as plan file'"): lambda window: choose_value(window, "Save as plan file ..."),
    ("text", "'Save as preset'"): lambda window: choose_value(window, "Save as preset ..."),
    ("folder", "title"): choose_folder_of_an_export,
    ("file", "title"): lambda window: window.training.form.editors["data.table"]._choose(),
    ("file", "'Load a plan file'"): lambda window: choose_value(window, "Load a plan file ..."),
    ("file", "'Request file'"): lambda window: trigger(window, "Start from a request file ..."),
    ("ToolDialog", "tool"): lambda window: trigger(window, "Check VISA and instruments ..."),
    ("KindDialog", "KINDS[name]"): lambda window: trigger(window, "Connect with ..."),
    ("folder", "'Folder of a run'"): lambda window: trigger(window, "Open a run ..."),
    ("file", "'Bench file'"): lambda window: trigger(window, "Choose a bench file ..."),
    ("Page", "'Guide'"): lambda window: trigger(window, "Guide"),
    ("Page", "'Keys'"): lambda window: trigger(window, "Keys"),
    ("Page", "'About mtjlab'"): lambda window: trigger(window, "About mtjlab"),
    ("Page", "title"): lambda window: whole_text(window, "Not connected", "no driver"),
    ("about_qt", ""): lambda window: trigger(window, "About Qt"),
}
"""Every dialog of the product: how it is opened in the source (a test compares), and how an operator comes to it."""


WINDOWS = ("Page", "ToolDialog", "KindDialog")


def opened_in_the_source() -> Iterator[tuple[str, str]]:
    """Every place in the window's source that opens a dialog, as DIALOGS names it."""
    methods = [name for name in vars(Dialogs) if not name.startswith("_")]
    for path in GUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods:
                owner = ast.unparse(node.func.value)
                if owner.endswith("prompts") or (owner == "self" and path.name == "dialogs.py"):
                    yield node.func.attr, ast.unparse(node.args[0])
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WINDOWS:
                yield node.func.id, ast.unparse(node.args[0])
            elif isinstance(node, ast.Name) and node.id == "about_qt":
                yield "about_qt", ""


def test_the_list_of_dialogs_is_complete() -> None:
    assert set(opened_in_the_source()) == set(DIALOGS)


def test_dialogs_are_opened_in_one_place_alone() -> None:
    makers = {"QMessageBox", "QFileDialog", "QInputDialog", "QDialog", "QErrorMessage", "QProgressDialog", "aboutQt"}
    named = [
        (path.name, name)
        for path in GUI.rglob("*.py")
        if path.name != "dialogs.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "name", ""))
        if name in makers
    ]
    assert named == []


@pytest.mark.parametrize("dialog", DIALOGS, ids=" ".join)
def test_the_emergency_stop_acts_above_every_dialog(
    qtbot: QtBot,
    window: MainWindow,
    stops: list[object],
    dialog: tuple[str, str],
) -> None:
    def act(_shown: QDialog) -> None:
        open_now = dialogs()
        assert QApplication.activeModalWidget() is None
        for way in WAYS.values():
            before = len(stops)
            way(qtbot, window)
            assert len(stops) == before + 1
            assert dialogs() == open_now
            assert not any(covers(one, window.band.stop) for one in open_now)

    kind = QMessageBox if dialog[0] == "choice" else QDialog
    while_open(qtbot, lambda: DIALOGS[dialog](window), act, kind)
    assert len(stops) == len(WAYS)
    assert not window.engines.running


ANSWERED = [one for one in DIALOGS if one[0] in ("choice", "number", "text", "save_as", "folder", "file")]


@pytest.mark.parametrize("dialog", ANSWERED, ids=" ".join)
def test_a_question_that_was_answered_does_not_stay_in_the_window(
    qtbot: QtBot, window: MainWindow, dialog: tuple[str, str]
) -> None:
    kinds = (QMessageBox, FileChooser, NumberQuestion, QInputDialog)
    while_open(qtbot, lambda: DIALOGS[dialog](window), lambda _shown: None)
    # A dialog opened below a handler of the window is deleted by the loop outside, which a test does not have.
    QCoreApplication.sendPostedEvents(None, QEvent.DeferredDelete)
    wait(qtbot, lambda: not any(window.findChildren(kind) for kind in kinds))


def covers(dialog: QDialog, button: QWidget) -> bool:
    corner = button.mapToGlobal(QPoint(0, 0))
    return dialog.frameGeometry().intersects(button.rect().translated(corner))


def test_a_dialog_that_qt_itself_opens_is_no_exception(
    qtbot: QtBot, window: MainWindow, stops: list[object], stop: Callable[[QtBot, MainWindow], None]
) -> None:
    while_open(qtbot, lambda: QMessageBox.warning(window, "Qt", "asks"), lambda _: stop(qtbot, window))
    assert len(stops) == 1


def test_it_acts_above_a_menu(
    qtbot: QtBot, window: MainWindow, stops: list[object], stop: Callable[[QtBot, MainWindow], None]
) -> None:
    menu = window.findChildren(QMenu)[0]
    menu.popup(window.mapToGlobal(QPoint(0, 30)))
    wait(qtbot, lambda: QApplication.activePopupWidget() is menu)
    stop(qtbot, window)
    assert len(stops) == 1
    menu.close()


@pytest.mark.parametrize("key", [F12, CTRL_SHIFT_E])
def test_it_acts_from_a_dock_that_floats(
    qtbot: QtBot, window: MainWindow, stops: list[object], key: tuple[int, int]
) -> None:
    dock = window.docks["Log"]
    dock.setFloating(True)
    qtbot.keyClick(dock.findChild(QLineEdit), *key)
    assert len(stops) == 1


def drag(widget: QWidget, to: QPoint) -> None:
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(to),
        Qt.MouseButton.NoButton,
        Qt.MouseButtons(Qt.MouseButton.LeftButton),
        Qt.KeyboardModifiers(Qt.KeyboardModifier.NoModifier),
    )
    QApplication.sendEvent(widget, move)


def test_it_acts_while_a_row_of_the_queue_is_dragged(qtbot: QtBot, window: MainWindow, stops: list[object]) -> None:
    window.queue.hold("test")
    for name in "abc":
        window.queue.add(name, [name])
    window.docks["Queue"].raise_()
    rows = window.docks["Queue"].widget().list  # type: ignore[union-attr]
    wait(qtbot, lambda: rows.isVisible() and rows.visualItemRect(rows.item(2)).isValid())
    place = [rows.visualItemRect(rows.item(row)).center() for row in range(3)]
    qtbot.mousePress(rows.viewport(), Qt.MouseButton.LeftButton, pos=place[0])
    drag(rows.viewport(), place[1])
    qtbot.keyClick(rows, *F12)
    drag(rows.viewport(), place[2])
    qtbot.mouseRelease(rows.viewport(), Qt.MouseButton.LeftButton, pos=place[2])
    assert len(stops) == 1
    assert [one.text for one in window.queue.waiting] == ["b", "c", "a"]
    window.queue.put_in_order(())


def test_nothing_is_dragged_as_qt_drags_which_would_swallow_all_keys(qtbot: QtBot, window: MainWindow) -> None:
    chooser = FileChooser(window, "a file", Path())
    qtbot.addWidget(chooser)
    for view in (*window.findChildren(QAbstractItemView), *chooser.findChildren(QAbstractItemView)):
        assert not view.dragEnabled(), view


def test_a_press_on_selected_text_begins_no_drag(qtbot: QtBot, window: MainWindow) -> None:
    notes = window.browser.details.notes
    window.docks["Runs"].raise_()
    notes.setEnabled(True)
    notes.setPlainText("some words")
    notes.selectAll()
    inside = notes.cursorRect().center() - QPoint(10, 0)
    qtbot.mousePress(notes.viewport(), Qt.MouseButton.LeftButton, pos=inside)
    assert not notes.textCursor().hasSelection()
    qtbot.mouseRelease(notes.viewport(), Qt.MouseButton.LeftButton, pos=inside)
    notes.clear()


def test_a_question_keeps_everything_else_away(qtbot: QtBot, window: MainWindow, stops: list[object]) -> None:
    window.docks["Training"].raise_()
    before, dark = window.training.form.content, window.theme
    steps = window.training.form.editors["training.steps"].widget

    def act(dialog: QDialog) -> None:
        handle = window.windowHandle()
        assert handle is not None
        at = window.training.queue.mapTo(window, window.training.queue.rect().center())
        qtbot.mouseClick(handle, Qt.MouseButton.LeftButton, pos=at)
        qtbot.mouseClick(window.training.queue, Qt.MouseButton.LeftButton)
        qtbot.keyClicks(steps, "77")
        qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
        assert window.queue.waiting == ()
        assert window.training.form.content == before
        assert dialogs() == [dialog]
        field = dialog.findChild(QLineEdit)
        qtbot.keyClicks(field, "5.9")
        assert field.text() == "5.9"

    while_open(qtbot, lambda: window.prompts.number("Magnetic field", "What is it?", "mT"), act)
    qtbot.keyClicks(steps, "7")
    assert window.training.form.content != before
    assert window.theme is dark
    assert stops == []


def test_a_dialog_that_was_answered_does_not_end_amid_an_event(qtbot: QtBot, window: MainWindow) -> None:
    """As after exec(), which leaves the dialog to Python: the key that has answered it is let go of in its window."""
    box = QMessageBox(window)
    box.setModal(True)
    box.show()
    handle = box.windowHandle()
    sip.transferback(box)
    box.hide()
    del box
    released = QKeyEvent(
        QEvent.Type.KeyRelease, Qt.Key.Key_Return, Qt.KeyboardModifiers(Qt.KeyboardModifier.NoModifier)
    )
    for _ in range(2):
        QApplication.sendEvent(handle, released)
        assert not sip.isdeleted(handle)
    wait(qtbot, lambda: sip.isdeleted(handle))


def test_a_key_that_is_held_down_stops_once(qtbot: QtBot, window: MainWindow, stops: list[object]) -> None:
    qtbot.keyClick(window, *F12)
    qtbot.mouseClick(window.band.stop, Qt.MouseButton.LeftButton)
    assert len(stops) == 2
    qtbot.keyClick(window, Qt.Key.Key_E)
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert len(stops) == 2


def test_the_space_bar_on_the_button_stops(qtbot: QtBot, window: MainWindow, stops: list[object]) -> None:
    window.band.stop.setFocus()
    qtbot.keyClick(window.band.stop, Qt.Key.Key_Space)
    assert len(stops) == 1


def test_enter_and_esc_agree_to_nothing(qtbot: QtBot, window: MainWindow) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
        for answers in (("Yes", "No"), ("Leave", "Stop", "Do not close")):
            given: list[str] = []
            while_open(
                qtbot,
                lambda answers=answers, given=given: given.append(window.prompts.choice("?", "?", answers)),
                lambda dialog, key=key: qtbot.keyClick(dialog, key),
            )
            assert given == [answers[-1]]


def test_enter_agrees_to_nothing_even_where_another_answer_has_the_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    given: list[str] = []

    def act(dialog: QDialog) -> None:
        yes = next(button for button in dialog.findChildren(QPushButton) if button.text() == "Yes")
        yes.setFocus()
        qtbot.keyClick(yes, Qt.Key.Key_Return)

    while_open(qtbot, lambda: given.append(window.prompts.choice("?", "?", ("Yes", "No"))), act)
    assert given == ["No"]


@pytest.mark.parametrize(("typed", "number"), [("5.9", 5.9), ("5,9", 5.9), ("5.9 mT", 5.9), ("-0.5", -0.5)])
def test_a_number_is_asked_for_in_an_empty_field(qtbot: QtBot, window: MainWindow, typed: str, number: float) -> None:
    given: list[float | None] = []

    def act(dialog: QDialog) -> None:
        field = dialog.findChild(QLineEdit)
        assert field.text() == ""
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert dialog.isVisible()
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert not dialog.isVisible()

    while_open(qtbot, lambda: given.append(window.prompts.number("Field", "What?", "mT")), act)
    assert given == [number]


@pytest.mark.parametrize("typed", ["", "5.9.1", "1,234", "much", "nan"])
def test_what_is_no_number_is_refused_in_the_dialog(qtbot: QtBot, window: MainWindow, typed: str) -> None:
    given: list[float | None] = []

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, NumberQuestion)
        qtbot.keyClicks(dialog.field, typed)
        for button in dialog.buttons.buttons()[:1]:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert dialog.isVisible()
        assert dialog.field.reason.isVisible()
        assert dialog.field.text() == typed

    while_open(qtbot, lambda: given.append(window.prompts.number("Field", "What?", "mT")), act)
    assert given == [None]


def test_a_file_is_replaced_only_when_that_is_chosen(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "there.png"
    path.write_text("before")
    saved: list[Path | None] = []

    def act(question: QDialog) -> None:
        assert "there.png already exists" in question.text()
        qtbot.keyClick(question, Qt.Key.Key_Return)

    while_open(qtbot, lambda: saved.append(save_over(window, path)), act, QMessageBox)
    assert saved == [None]


def test_a_file_that_is_not_there_is_refused_in_the_chooser(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    given: list[Path | None] = []

    def act(chooser: QDialog) -> None:
        assert isinstance(chooser, FileChooser)
        line = chooser.findChild(QLineEdit)
        line.setText(str(tmp_path / "none.toml"))
        chooser.accept()
        assert chooser.isVisible()
        assert "none.toml does not exist" in chooser.refused.text()
        assert dialogs() == [chooser]

    while_open(qtbot, lambda: given.append(window.prompts.file("A file", tmp_path, "Benches (*.toml)")), act)
    assert given == [None]
