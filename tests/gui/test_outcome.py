"""After an emergency stop the window says whether the sources are at zero, and never that they are if nobody knows."""

from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from mtjlab.config import SimulatedBenchConfig, read_bench
from mtjlab.events import Event, RunEnded
from mtjlab.gui.engines.outcome import CHECK_BY_HAND, OutcomeMonitor, outcome
from mtjlab.gui.notices import Severity
from mtjlab.store import ACTING, SAFE_AGAIN, write_guardian_note
from tests.gui.windows import Opening, wait
from tests.support.commands import ACROSS
from tests.support.journals import TRAINING, UNFINISHED, run_folder

INSTRUMENTS: dict[str, Any] = {"bench": read_bench(ACROSS).model_dump(mode="json")}
IN_PROCESS: dict[str, Any] = {"bench": SimulatedBenchConfig().model_dump(mode="json")}


@pytest.mark.parametrize(
    ("events", "asked", "guardian", "told", "is_trouble"),
    [
        (TRAINING, INSTRUMENTS, (), "finished; all sources at zero, outputs off", False),
        (UNFINISHED, IN_PROCESS, (), "simulated in process", False),
        (
            UNFINISHED,
            INSTRUMENTS,
            (f"{ACTING}it hung", f"{SAFE_AGAIN}all at zero"),
            "gone safe by its guardian because it hung: all at zero",
            False,
        ),
        (UNFINISHED, INSTRUMENTS, (f"{ACTING}it hung", "NOT SAFE: J2 is silent"), "NOT SAFE: J2 is silent", True),
    ],
)
def test_what_became_of_a_run_is_told(
    tmp_path: Path, events: list[Event], asked: dict[str, Any], guardian: tuple[str, ...], told: str, is_trouble: bool
) -> None:
    folder = run_folder(tmp_path / "run", events, asked)
    for sentence in guardian:
        write_guardian_note(folder, sentence)
    known = outcome(folder)
    assert known is not None
    assert told in known.text
    assert known.may_be_on == is_trouble


@pytest.mark.parametrize("guardian", [(), (f"{ACTING}it hung",)])
def test_while_nobody_knows_nothing_is_told_and_then_that_nobody_knows(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, guardian: tuple[str, ...]
) -> None:
    folder = run_folder(tmp_path / "run", UNFINISHED, INSTRUMENTS)
    for sentence in guardian:
        write_guardian_note(folder, sentence)
    assert outcome(folder) is None
    monkeypatch.setattr("mtjlab.gui.engines.outcome.PATIENCE_S", 0.0)
    monitor = OutcomeMonitor()
    with qtbot.waitSignal(monitor.known) as told:
        monitor.watch(folder)
    assert "outputs may still be ON" in told.args[0].text
    assert "`mtjlab safe --bench" in told.args[0].text
    assert told.args[0].may_be_on


def test_a_run_that_failed_is_a_warning_and_one_that_was_stopped_a_note(
    qtbot: QtBot, open_window: Opening, tmp_path: Path
) -> None:
    window = open_window()
    severities = {"failed": Severity.WARNING, "stopped": Severity.NOTE}
    for n, (status, severity) in enumerate(severities.items(), start=1):
        end = RunEnded(status, "J2 does not answer")  # type: ignore[arg-type]
        folder = run_folder(tmp_path / "runs" / "2026-11-30" / f"000{n}-train", [*TRAINING[:-1], end], INSTRUMENTS)
        window._announcer.outcomes.watch(folder)
        wait(qtbot, lambda: "J2 does not answer" in window.notices.text and folder.name in window.notices.text)  # noqa: B023
        assert window.notices.latest is not None
        assert window.notices.latest.severity is severity


def test_a_folder_that_is_gone_tells_nothing_of_the_sources(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run", UNFINISHED, INSTRUMENTS)
    rmtree(folder)
    known = outcome(folder)
    assert known is not None
    assert CHECK_BY_HAND in known.text
    assert known.may_be_on
