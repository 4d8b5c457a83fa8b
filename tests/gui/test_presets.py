"""Values of a form: defaults, those of the last run, presets, plan files; and what a form starts from."""

from collections.abc import Sequence
from pathlib import Path
from shutil import copytree

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QAction, QMenu
from pytestqt.qtbot import QtBot

from mtjlab.config import read_plan
from mtjlab.errors import RefusedError
from mtjlab.gui.look.qt import sure
from mtjlab.gui.window import MainWindow
from mtjlab.procedures.kinds import KINDS
from mtjlab.store import read_request
from mtjlab.text import read_toml
from tests.gui.windows import Opening, Scripted, click, enter, fill, is_over, shown, status, wait


@pytest.fixture
def window(open_window: Opening) -> MainWindow:
    return open_window()


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def action(menu: QMenu, text: str) -> QAction:
    """An entry of a menu that is filled when it opens."""
    menu.aboutToShow.emit()
    return next(action for action in menu.actions() if action.text() == text)


def chosen(menu: QMenu, text: str) -> None:
    """The entry is chosen."""
    entry = action(menu, text)
    assert entry.isEnabled()
    entry.trigger()


def refusal(raised: Sequence[tuple[object, BaseException, object]]) -> str:
    """Why what was clicked is refused: the message of one sentence that the window shows."""
    ((_, error, _),) = raised
    assert isinstance(error, RefusedError)
    return str(error)


def value(window: MainWindow, key: str) -> object:
    return window.measuring.form.editors[key].value


def test_a_preset_is_kept_under_a_name_and_there_the_next_time(
    qtbot: QtBot, window: MainWindow, prompts: Scripted, open_window: Opening
) -> None:
    enter(qtbot, window.measuring.form, "staircase.repetitions", "7")
    prompts.answers.append("quick / 7.5 µA")
    chosen(window.measuring.values.menu_of_values, "Save as preset ...")
    enter(qtbot, window.measuring.form, "staircase.repetitions", "9")
    chosen(window.measuring.values.menu_of_values, "quick / 7.5 µA")
    assert value(window, "staircase.repetitions") == 7
    window.close()
    again = open_window().measuring.values
    chosen(again.menu_of_values, "quick / 7.5 µA")
    again.menu_of_values.aboutToShow.emit()
    (delete,) = (entry.menu() for entry in again.menu_of_values.actions() if entry.text() == "Delete preset")
    sure(delete).actions()[0].trigger()
    again.menu_of_values.aboutToShow.emit()
    assert "quick / 7.5 µA" not in texts(again.menu_of_values)


@pytest.mark.parametrize("name", [".last used", "con", "COM1", "a/b", "..", "%41", "Straße & <b>", "a" * 150])
def test_a_preset_may_have_any_name_and_is_no_other_file(
    qtbot: QtBot, window: MainWindow, prompts: Scripted, tmp_path: Path, name: str
) -> None:
    button = window.measuring.values
    enter(qtbot, window.measuring.form, "staircase.repetitions", "7")
    prompts.answers.append(name)
    chosen(button.menu_of_values, "Save as preset ...")
    enter(qtbot, window.measuring.form, "staircase.repetitions", "9")
    chosen(button.menu_of_values, name.replace("&", "&&"))
    assert value(window, "staircase.repetitions") == 7
    (file,) = (tmp_path / "presets").rglob("*.toml")
    assert file.parent == tmp_path / "presets" / "sweep"
    assert file.stem.casefold() not in ("con", "com1")
    assert not action(button.menu_of_values, "Values of the last run").isEnabled()


@pytest.mark.parametrize(("name", "why"), [("\ud800", "is not text"), (500 * "a", "is too long")])
def test_a_name_that_no_file_can_have_is_refused(
    qtbot: QtBot, window: MainWindow, prompts: Scripted, tmp_path: Path, name: str, why: str
) -> None:
    prompts.answers.append(name)
    with qtbot.captureExceptions() as raised:
        chosen(window.measuring.values.menu_of_values, "Save as preset ...")
    assert why in refusal(raised)
    assert not list((tmp_path / "presets").rglob("*.toml"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('controls_ua = ["a", 1]', "controls_ua: must be numbers (it is ['a', 1])"),
        ("controls_ua = [[1], 2]", "controls_ua: must be numbers"),
        ("controls_ua = 2026-11-30", "controls_ua: must be numbers"),
        ("[controls_ua]\nx = 1", "controls_ua: must be numbers"),
        ("staircase = 5", "staircase: must be a table (it is 5)"),
        ("[staircase]\nrepetitions = [1, 2]", "staircase.repetitions: must be a number (it is [1, 2])"),
        ("[staircase]\nrepetitions = 1" + 400 * "0", "staircase.repetitions: must be a number"),
        ("[run]\ncalibration = 7", "run.calibration: must be a text (it is 7)"),
        ("legs = true", "legs: must be a text (it is True)"),
        ("legs", "is not valid TOML"),
    ],
)
def test_a_preset_that_no_form_can_show_is_refused_with_file_and_key(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, content: str, why: str
) -> None:
    file = tmp_path / "presets" / "sweep" / "odd.toml"
    file.parent.mkdir(parents=True)
    file.write_text(content, encoding="utf-8")
    enter(qtbot, window.measuring.form, "staircase.repetitions", "7")
    with qtbot.captureExceptions() as raised:
        chosen(window.measuring.values.menu_of_values, "odd")
    assert refusal(raised).startswith(f"{file}: ")
    assert why in refusal(raised)
    assert value(window, "staircase.repetitions") == 7


def test_a_preset_keeps_what_is_typed_and_not_valid_as_it_is(
    qtbot: QtBot, window: MainWindow, prompts: Scripted
) -> None:
    enter(qtbot, window.measuring.form, "controls_ua", "1, x, 3")
    typed = value(window, "controls_ua")
    assert "1, x, 3" in str(typed)
    prompts.answers.append("unfinished")
    for entry in ("Save as preset ...", "Defaults", "unfinished"):
        chosen(window.measuring.values.menu_of_values, entry)
    assert str(typed) in str(value(window, "controls_ua"))
    assert "not a valid number" in window.measuring.form.editors["controls_ua"].complaint


def test_values_of_the_last_run_are_filled_in(qtbot: QtBot, window: MainWindow) -> None:
    fill(window, steps=1)
    for key, text in (("staircase.input_step_ua", "25"), ("staircase.repetitions", "1")):
        enter(qtbot, window.measuring.form, key, text)
    click(qtbot, window.measuring.start)
    wait(qtbot, lambda: is_over(window))
    chosen(window.measuring.values.menu_of_values, "Defaults")
    assert value(window, "staircase.repetitions") == 20
    chosen(window.measuring.values.menu_of_values, "Values of the last run")
    assert (value(window, "staircase.repetitions"), value(window, "staircase.input_step_ua")) == (1, 25)


def test_a_field_is_reset_to_its_default_by_one_click(qtbot: QtBot, window: MainWindow) -> None:
    editor = window.measuring.form.editors["staircase.repetitions"]
    assert not editor.reset.isVisibleTo(window.measuring.form)
    enter(qtbot, window.measuring.form, "staircase.repetitions", "7")
    window.docks["Measure"].raise_()
    wait(qtbot, editor.reset.isVisible)
    qtbot.mouseClick(editor.reset, Qt.MouseButton.LeftButton)
    assert editor.value == 20
    assert not editor.reset.isVisible()


def test_an_empty_field_shows_its_default_and_counts_as_it(qtbot: QtBot, window: MainWindow) -> None:
    enter(qtbot, window.measuring.form, "staircase.repetitions", "7")
    line = window.measuring.form.editors["staircase.repetitions"].widget
    qtbot.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    assert line.placeholderText() == "20"  # type: ignore[union-attr]
    assert sure(window.measuring.asked).staircase.repetitions == 20  # type: ignore[attr-defined]


def test_no_field_of_any_form_leaves_open_what_nothing_entered_means(window: MainWindow) -> None:
    for kind in KINDS.values():
        if kind.form:
            for key, editor in window.measuring._form_of(kind).editors.items():
                shown_as = editor.field.shown(editor.default) or editor.field.shown_as.if_empty
                assert shown_as or editor.field.is_flag, f"{kind.name}: {key}"


def test_a_plan_is_loaded_from_a_file_and_saved_as_one(
    qtbot: QtBot, window: MainWindow, prompts: Scripted, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('name = "mine"\n[training]\nsteps = 3\n', encoding="utf-8")
    prompts.answers += [plan, tmp_path / "saved.toml"]
    chosen(window.training.values.menu_of_values, "Load a plan file ...")
    enter(qtbot, window.training.form, "training.steps", "4")
    chosen(window.training.values.menu_of_values, "Save as plan file ...")
    saved = read_plan(tmp_path / "saved.toml")
    assert (saved.name, saved.training.steps) == ("mine", 4)


@pytest.mark.parametrize(
    ("way", "seen", "hidden"),
    [
        ("adaptive", ("width_ua", "most_probes"), ("cell_ua", "times", "staircase.repetitions")),
        ("raster", ("cell_ua", "times"), ("width_ua", "most_probes", "staircase.dwell_s")),
        ("curves", ("staircase.repetitions", "staircase.dwell_s"), ("width_ua", "cell_ua", "times")),
    ],
)
def test_fields_that_do_not_apply_are_hidden_and_do_not_count(
    qtbot: QtBot, window: MainWindow, way: str, seen: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    panel = window.measuring
    window.docks["Measure"].raise_()
    panel.kinds.setCurrentText("switching map")
    for key in ("cell_ua", "width_ua"):  # what is hidden may be wrong
        panel.form.editors["way"].value = "raster" if key == "cell_ua" else "adaptive"
        enter(qtbot, panel.form, key, "-1")
    panel.form.editors["way"].value = way
    wait(qtbot, panel.form.editors[seen[0]].widget.isVisible)
    assert all(panel.form.editors[key].widget.isVisibleTo(panel.form) for key in seen)
    assert not any(panel.form.editors[key].widget.isVisibleTo(panel.form) for key in hidden)
    for key in set(seen) & {"cell_ua", "width_ua"}:
        enter(qtbot, panel.form, key, "30")
    assert panel.form.complaints == {}


def test_a_training_is_chosen_for_a_classification_and_for_control_currents(
    qtbot: QtBot, open_window: Opening, trained: Path, tmp_path: Path
) -> None:
    run = tmp_path / "runs" / trained.parent.name / trained.name
    copytree(trained, run)
    window = open_window()
    wait(qtbot, lambda: window.browser.model.runs)
    rows = read_toml(run / "network.toml")["control_currents_ua"]
    panel = window.measuring
    panel.kinds.setCurrentText("classification")
    menu = sure(sure(panel.form.editors["network"].menu).menu())
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    assert panel.asked == KINDS["classify"].options(network=str(run))
    panel.kinds.setCurrentText("shift")
    menu = sure(sure(panel.form.editors["controls_ua"].menu).menu())
    menu.aboutToShow.emit()
    assert ["input A" in text or "input B" in text for text in texts(menu)] == [True, True]
    menu.actions()[1].trigger()
    assert panel.form.editors["controls_ua"].value == rows[1]


def test_a_training_starts_warm_from_a_calibration_that_is_chosen(qtbot: QtBot, window: MainWindow) -> None:
    fill(window, steps=1)
    panel, form = window.measuring, window.training.form
    for key, text in (("staircase.input_step_ua", "5"), ("staircase.repetitions", "10")):
        enter(qtbot, panel.form, key, text)
    click(qtbot, panel.start)
    wait(qtbot, lambda: is_over(window))
    (calibration,) = shown(window).glob("calibration-*.json")
    assert not form.editors["train.warm_start"].widget.isVisibleTo(form)
    menu = sure(sure(form.editors["run.calibration"].menu).menu())
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    assert form.editors["run.calibration"].value == str(calibration)
    assert form.editors["train.warm_start"].widget.isVisibleTo(form)
    form.editors["train.warm_start"].value = True
    before = shown(window)
    click(qtbot, window.training.start)
    wait(qtbot, lambda: shown(window) != before and is_over(window))
    assert status(window) == "finished"
    run = read_request(shown(window))["run"]
    assert (run["calibration"], run["warm_start"]) == (str(calibration), True)


def test_a_calibration_that_is_not_one_of_the_chip_is_told_at_its_field(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    enter(qtbot, window.measuring.form, "run.calibration", str(tmp_path / "gone.json"))
    assert "cannot be read" in window.measuring.form.editors["run.calibration"].complaint
    assert not window.measuring.start.isEnabled()
