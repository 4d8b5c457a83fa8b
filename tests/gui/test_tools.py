"""Tools by clicking: their options are forms, their commands run as processes, what they make is shown."""

import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from PyQt5.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from mtjlab.gui.engines.tools import BY_COMMAND
from mtjlab.gui.panels.tool_dialog import ToolDialog
from mtjlab.gui.window import MainWindow
from mtjlab.store import JOURNAL, read_request
from tests.gui.windows import Opening, Scripted, click, enter, is_over, shown, wait

Open = Callable[..., ToolDialog]


@pytest.fixture
def run(trained: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "runs" / trained.parent.name / trained.name
    copytree(trained, folder)
    return folder


@pytest.fixture
def window(open_window: Opening) -> MainWindow:
    return open_window()


def started(qtbot: QtBot, dialog: ToolDialog) -> str:
    """The tool is started, and has ended: its output."""
    click(qtbot, dialog.start)
    wait(qtbot, lambda: not dialog.stop.isEnabled())
    return dialog.output.toPlainText()


def test_a_run_is_judged_again_with_other_settings_and_shown(qtbot: QtBot, window: MainWindow, run: Path) -> None:
    dialog = window.toolbox.open("redetect", run)
    enter(qtbot, dialog.form, "weak_d", "9")
    text = started(qtbot, dialog)
    assert "verdicts changed" in text
    wait(qtbot, lambda: is_over(window))
    assert shown(window).name.endswith("-redetect")


def test_settings_out_of_range_are_told_at_their_field_and_nothing_starts(
    qtbot: QtBot, window: MainWindow, run: Path
) -> None:
    dialog = window.toolbox.open("redetect", run)
    enter(qtbot, dialog.form, "samples", "1")
    assert "greater than or equal to 2" in dialog.form.editors["samples"].complaint
    assert not dialog.start.isEnabled()


def test_a_run_is_exported_in_a_format_to_a_folder(
    qtbot: QtBot, window: MainWindow, run: Path, prompts: Scripted, tmp_path: Path
) -> None:
    dialog = window.toolbox.open("export", run)
    choice, folder = dialog.form.editors["to"].widget, dialog.form.editors["out"].widget
    assert isinstance(choice, QComboBox)
    assert isinstance(folder, QLineEdit)
    qtbot.keyClicks(choice, "pymeasure")
    prompts.answers.append(tmp_path / "there")
    dialog.form.editors["out"]._choose()
    assert folder.text() == str(tmp_path / "there")
    text = started(qtbot, dialog)
    assert {Path(line) for line in text.splitlines()} == set((tmp_path / "there").iterdir())


def test_a_damaged_run_is_recovered_and_shown(qtbot: QtBot, window: MainWindow, run: Path) -> None:
    lines = (run / JOURNAL).read_bytes().splitlines(keepends=True)
    (run / JOURNAL).write_bytes(b"".join([*lines[:5], b"damaged\n", *lines[6:]]))
    text = started(qtbot, window.toolbox.open("recover", run))
    assert f"saved: {len(lines) - 1}" in text
    wait(qtbot, lambda: window.playback.folder not in (None, run))


def test_what_is_refused_is_told_in_the_words_of_the_command(qtbot: QtBot, window: MainWindow, run: Path) -> None:
    assert "the journal is intact" in started(qtbot, window.toolbox.open("recover", run))


def test_supplied_configurations_are_copied(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    dialog = window.toolbox.open("configs copy")
    enter(qtbot, dialog.form, "to", str(tmp_path / "mine.toml"))
    assert "copied" in started(qtbot, dialog)
    assert (tmp_path / "mine.toml").is_file()


def test_simulated_instruments_go_on_until_they_are_stopped(
    qtbot: QtBot, window: MainWindow, instruments: Path, tmp_path: Path
) -> None:
    window.band.choose(instruments)
    dialog = window.toolbox.open("simulate")
    enter(qtbot, dialog.form, "log", str(tmp_path / "log.jsonl"))
    click(qtbot, dialog.start)
    wait(qtbot, lambda: "control port" in dialog.output.toPlainText())
    click(qtbot, dialog.stop)
    wait(qtbot, lambda: not dialog.stop.isEnabled())


def test_what_a_tool_does_is_seen_at_once_and_can_be_cancelled(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtjlab.gui.engines.engine.PROGRAM", (sys.executable, "-c", "import time; time.sleep(600)"))
    dialog = window.toolbox.open("doctor")
    click(qtbot, dialog.start)
    assert dialog.activity.text == "Check VISA and instruments ... 0 s"
    assert dialog.stop.text() == "Cancel"
    click(qtbot, dialog.stop)
    wait(qtbot, lambda: dialog.output.toPlainText() == "Stopped.")
    assert dialog.activity.text == ""
    assert dialog.start.isEnabled()


def test_every_tool_is_in_the_menu_and_opens(window: MainWindow, run: Path) -> None:
    for command, tool in BY_COMMAND.items():
        dialog = window.toolbox.open(command, run if tool.needs == "run" else None)
        assert dialog.isVisible()
        assert dialog.windowTitle() == tool.title
        dialog.close()


def test_a_request_file_is_started(qtbot: QtBot, window: MainWindow, prompts: Scripted, tmp_path: Path) -> None:
    request = tmp_path / "sweep.toml"
    request.write_text(
        '[run]\nprocedure = "sweep"\n[sweep.staircase]\ninput_step_ua = 25\nrepetitions = 1\n', encoding="utf-8"
    )
    prompts.answers.append(request)
    window.start_request_file()
    wait(qtbot, lambda: is_over(window))
    assert shown(window).name.endswith("-sweep")


def test_a_wiring_check_is_rehearsed_with_a_simulated_fault(
    qtbot: QtBot, window: MainWindow, instruments: Path
) -> None:
    window.band.choose(instruments)
    window.band.simulate.setChecked(True)
    dialog = window.open_options("check", "Check wiring with")
    enter(qtbot, dialog.form, "run.faults", "voltmeter J2:no-reply@0")
    click(qtbot, dialog.start)
    wait(qtbot, lambda: is_over(window))
    assert read_request(shown(window))["bench"]["simulation"]["faults"] == ["voltmeter J2:no-reply@0"]


def test_a_bench_is_connected_with_options(qtbot: QtBot, window: MainWindow) -> None:
    dialog = window.open_options("live", "Connect with")
    enter(qtbot, dialog.form, "every_s", "0.5")
    click(qtbot, dialog.start)
    wait(qtbot, lambda: window.engines.held)
    wait(qtbot, lambda: window.playback.folder == window.engines.held)
    assert read_request(shown(window))["live"]["every_s"] == 0.5
    click(qtbot, window.band.connection)
    wait(qtbot, lambda: not window.engines.holding)


def test_the_scale_of_chains_is_computed_for_the_limits_of_the_selected_bench(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    dialog = window.toolbox.open("scale")
    for key, text in (("junctions", "4"), ("spacing_ua", "60, 120"), ("figure", str(tmp_path / "scale.svg"))):
        enter(qtbot, dialog.form, key, text)
    text = started(qtbot, dialog)
    assert "EXPECTED, not measured" in text
    assert "limits.junction_current_max_ua = 750" in text
    assert [line.split()[:3] for line in text.splitlines() if line.startswith("4 ")] == [
        ["4", "2", "60"],
        ["4", "2", "120"],
    ]
    assert (tmp_path / "scale.svg").exists()
