"""Whoever starts something reads at once what is waited for, until the run shows by itself what it does."""

from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from mtjlab.config import InstrumentBenchConfig, SimulatedBenchConfig, read_bench
from mtjlab.events import RunEnded
from mtjlab.gui.activity import Activity
from mtjlab.gui.engines.files import CONFIGS
from mtjlab.gui.panels.activity import ActivityLine, activity_of
from mtjlab.gui.run.snapshot import RunInfo, Snapshot
from mtjlab.run_status import status_report
from mtjlab.store import run_id
from tests.gui.windows import Opening, Scripted, click, fill, is_over, opened, select, take_instruments, wait
from tests.support.journals import TRAINING, run_folder

INSTRUMENTS = read_bench(CONFIGS / "keithley-6221-2182a.toml")


def test_the_engine_that_is_started_is_named_at_once_and_the_line_goes_when_the_run_shows_itself(
    qtbot: QtBot, open_window: Opening
) -> None:
    window = open_window()
    assert window.status_bar.activity.text == ""
    fill(window, steps=1)
    click(qtbot, window.training.start)
    assert window.status_bar.activity.text == "Starting training seven vowels: 1 step, seed 0, on simulated ... 0 s"
    wait(qtbot, lambda: is_over(window))
    wait(qtbot, lambda: not window.status_bar.activity.text)


def test_connecting_says_which_instruments_are_opened(
    qtbot: QtBot, open_window: Opening, prompts: Scripted, instruments: Path
) -> None:
    window = open_window()
    take_instruments(qtbot, window, prompts, instruments)
    seen: list[str] = []
    window.status_bar.activity.label.setText = seen.append  # type: ignore[method-assign, assignment]
    click(qtbot, window.band.connection)
    wait(qtbot, window.manual.start.isEnabled)
    assert seen[0].startswith("Starting manual control of six-instruments")
    wait(qtbot, lambda: not window.status_bar.activity.text)
    qtbot.keyClick(window, Qt.Key.Key_F12)


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("run-started", "Connecting source J1, source J2, source J3, voltmeter J1, voltmeter J2, voltmeter J3 of "),
        ("bench-connected", "Instruments connected; ramping outputs found on to zero"),
        ("field-set", "Field set; preparing instruments"),
        ("outputs-on", "Outputs on at zero; taking the first reading"),
        ("went-safe", "All sources at zero; closing the run"),
    ],
)
def test_a_run_without_readings_says_what_comes_next(last: str, told: str) -> None:
    assert activity_of(Snapshot(RunInfo(Path(), {}, bench=INSTRUMENTS), last=last)).startswith(told)


@pytest.mark.parametrize("last", ["", "sweep-point", "presented", "junctions-read", "probe-planned", "run-ended"])
def test_a_run_that_shows_what_it_does_needs_no_word(last: str) -> None:
    assert activity_of(Snapshot(RunInfo(Path(), {}, bench=INSTRUMENTS), last=last)) == ""


def test_a_bench_in_process_has_no_instruments_to_open() -> None:
    snapshot = Snapshot(RunInfo(Path(), {}, bench=SimulatedBenchConfig()), last="run-started")
    assert isinstance(INSTRUMENTS, InstrumentBenchConfig)
    assert activity_of(snapshot) == "Preparing the bench"


def test_the_seconds_begin_anew_with_what_is_waited_for(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    now_s, told = [0.0], ["Connecting source J1"]
    monkeypatch.setattr("mtjlab.gui.panels.activity.monotonic", lambda: now_s[0])
    line = ActivityLine(lambda: [Activity(told[0])])
    qtbot.addWidget(line)
    shown = []
    for at_s, what in (
        (0.0, "Connecting source J1"),
        (7.2, "Connecting source J1"),
        (8.0, "Exporting"),
        (11.0, "Exporting"),
    ):
        now_s[0], told[0] = at_s, what
        line.look()
        shown.append(line.text)
    line.end()
    assert shown == [
        "Connecting source J1 ... 0 s", "Connecting source J1 ... 7 s", "Exporting ... 0 s", "Exporting ... 3 s",
    ]  # fmt: skip


def test_work_is_cancelled_by_its_button_and_nothing_in_the_line_moves(qtbot: QtBot) -> None:
    doing: list[Activity] = []
    line = ActivityLine(lambda: doing)
    qtbot.addWidget(line)
    line.resize(700, line.sizeHint().height())
    line.show()
    places = line.cancel.geometry(), line.progress.geometry(), line.sizeHint()
    doing.append(Activity("Drawing the figures of 0001-train", "5 of 22", 5 / 22, doing.clear))
    doing.append(Activity("Reading 0002-train"))
    line.look()
    assert line.text == "Drawing the figures of 0001-train: 5 of 22 ... 0 s   (and 1 more)"
    assert line.progress.value() == 23
    assert "Reading 0002-train" in line.toolTip()
    assert (line.cancel.geometry(), line.progress.geometry(), line.sizeHint()) == places
    click(qtbot, line.cancel)
    assert doing == []
    assert line.text == ""
    assert not line.cancel.isVisible()
    line.end()


def test_an_export_that_is_cancelled_leaves_no_half_file(qtbot: QtBot, open_window: Opening, trained: Path) -> None:
    window = open_window(trained.parents[1])
    select(qtbot, window)
    window.launcher.export(trained, "netcdf")
    assert window.status_bar.activity.text.startswith(f"Exporting {run_id(trained)} as netcdf")
    click(qtbot, window.status_bar.activity.cancel)
    wait(qtbot, lambda: window.notices.text)
    assert window.notices.text.startswith("Cancelled: ")
    assert not list(trained.rglob("*.unfinished"))


def test_the_headline_of_an_old_run_says_how_it_left_its_sources(
    qtbot: QtBot, open_window: Opening, trained: Path
) -> None:
    window = opened(qtbot, open_window(trained.parents[1]))
    sentence = status_report(trained).sentence
    assert sentence == "finished; all sources at zero, outputs off"
    why = window.run_bar.why
    wait(qtbot, lambda: why.text() == sentence)
    for width in (1024, 1366):
        window.resize(width, 700)
        assert why.isVisible()
        assert why.width() > why.fontMetrics().horizontalAdvance(sentence)  # all of it is seen


def test_of_a_long_sentence_the_end_is_seen_that_tells_of_the_sources(
    qtbot: QtBot, open_window: Opening, tmp_path: Path
) -> None:
    failed = [*TRAINING[:-1], RunEnded("failed", 200 * "no answer. " + "Look.")]
    run_folder(tmp_path / "runs" / "2026-11-29" / "0001-train", failed)
    window = opened(qtbot, open_window(tmp_path / "runs"))
    why = window.run_bar.why
    wait(qtbot, lambda: why.text().startswith("failed: no answer."))
    assert why.text().endswith("Look. All sources at zero, outputs off")
    assert why.height() < 2 * why.fontMetrics().height()
    assert why.elided.startswith("failed: no answer.")
    assert why.elided.endswith("All sources at zero, outputs off")
    assert why.text()[-100:] in why.toolTip()
