"""The window's process: what it never imports, what does not end it, and how it stops everything else."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from PyQt5.QtCore import QTimer
from pytestqt.qtbot import QtBot

from mtjlab.errors import RefusedError
from mtjlab.events import RunEnded
from mtjlab.gui.engines.emergency import StopReport, stop_others
from mtjlab.gui.exceptions import message_of, show_exceptions
from mtjlab.gui.look.theme import THEMES, Theme, contrast
from mtjlab.palette import class_styles, junction_colours
from mtjlab.provenance import provenance
from mtjlab.run_status import status_report
from mtjlab.runs.finding import run_folders
from mtjlab.runs.watching import may_be_running
from mtjlab.store import EMERGENCY, Journal, write_request
from tests.gui.windows import PERSON, Opening
from tests.support.samples import STARTED

FORBIDDEN = (
    "instruments.driver",
    "instruments.connect",
    "pyvisa",
    "pymeasure",
    "mtjlab.benches",
    "mtjlab.experiment",
    "matplotlib",
)
OF_ENGINES = (
    "mtjlab.diagnosis.diagnose",
    "mtjlab.encoding.encode",
    "mtjlab.procedures.check.procedure",
    "mtjlab.procedures.training.procedure",
)
SLOW = ("scipy.linalg", "scipy.optimize", "scipy.special", "scipy.stats", "pandas", "sklearn", "xarray")


def test_the_window_imports_no_instrument_and_nothing_slow() -> None:
    program = "import sys, mtjlab.cli, mtjlab.gui.application; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert [name for name in (*FORBIDDEN, *OF_ENGINES, *SLOW) if name in done.stdout.split()] == []


def test_nor_does_it_after_a_training_and_an_emergency_stop(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text("[sweep]\ninput_step_ua = 25\nrepetitions = 1\n\n[training]\nsteps = 100000\n", encoding="utf-8")
    command = [sys.executable, str(PERSON), str(tmp_path / "runs"), str(plan)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [name for name in FORBIDDEN if name in done.stdout.split()] == []
    assert "mtjlab.gui.window" in done.stdout.split()
    assert [status_report(folder).status for folder in run_folders(tmp_path / "runs")] == ["stopped"]


def run(folder: Path, is_over: bool) -> Path:
    folder.mkdir(parents=True)
    write_request(folder, {"run": {**provenance(), "procedure": "train"}})
    with Journal(folder) as journal:
        journal.append(STARTED)
        if is_over:
            journal.append(RunEnded("finished", ""))
    return folder


def test_an_emergency_reaches_every_run_that_may_go_on_and_no_other(tmp_path: Path) -> None:
    going_on, over, known = (
        run(tmp_path / "2026-11-23" / name, is_over) for name, is_over in (("1", False), ("2", True), ("3", False))
    )
    assert stop_others([known], tmp_path) == StopReport(sent=(going_on,))
    assert (going_on / EMERGENCY).exists()
    assert not (over / EMERGENCY).exists()
    assert not (known / EMERGENCY).exists()


def test_a_run_that_cannot_be_understood_may_go_on(tmp_path: Path) -> None:
    folder = run(tmp_path / "2026-11-23" / "1", is_over=False)
    (folder / "run.toml").unlink()
    (folder / "events.jsonl").unlink()
    assert may_be_running(folder)


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the window says of exceptions that nobody caught."""
    said: list[str] = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    show_exceptions(said.append)
    return said


def test_an_exception_in_a_slot_is_shown_and_logged(
    qtbot: QtBot, hook: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("of all things")

    with qtbot.captureExceptions() as _, caplog.at_level(logging.ERROR, "mtjlab.gui"):
        show_exceptions(hook.append)
        QTimer.singleShot(0, fail)
        qtbot.waitUntil(lambda: bool(hook))
    assert "ZeroDivisionError: of all things" in hook[0]
    assert "Runs are not affected" in hook[0]
    assert "of all things" in caplog.text


def test_what_was_foreseen_speaks_for_itself() -> None:
    assert message_of(RefusedError("This cannot be. Do that.")) == "This cannot be. Do that."


def test_a_window_that_failed_in_a_slot_goes_on(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    with qtbot.captureExceptions():
        show_exceptions(window.notices.notify)
        QTimer.singleShot(0, lambda: window.docks["nowhere"])
        qtbot.waitUntil(lambda: "KeyError" in window.notices.text)
    assert window.isVisible()
    assert "KeyError" in window.status_bar.message.text()


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_letters_and_lines_of_a_theme_can_be_read(theme: Theme) -> None:
    for ground in (theme.window, theme.base, theme.button):
        assert contrast(theme.ink, ground) > 7
        assert contrast(theme.faint, ground) > 3
    colours = [style.colour for style in class_styles(list("abcdefg")).values()] + junction_colours(3)
    assert min(contrast(theme.readable(colour), theme.base) for colour in colours) >= 3
