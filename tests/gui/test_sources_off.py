"""Outputs that a run may have left on are said by the window, and a button takes the bench down."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mtjlab.benches.factory import open_bench
from mtjlab.benches.simulators import redirected, simulated
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.domain import BenchDescription
from mtjlab.events import Event
from mtjlab.gui.engines.engines import safe_text
from mtjlab.run_status import status_report
from tests.gui.windows import Opening, click, wait
from tests.support.commands import ACROSS, RealBench
from tests.support.journals import BEGIN, run_folder
from tests.support.samples import STARTED

REAL = BenchDescription("three", "instruments", simulated=False, junctions=3)


@pytest.fixture
def left_on(tmp_path: Path) -> Iterator[Path]:
    """A bench file, of instruments that look real, whose sources are on."""
    config = read_bench(ACROSS)
    assert isinstance(config, InstrumentBenchConfig)
    with simulated(config, tmp_path / "log.jsonl", seed=0, linger_s=None) as running:
        real = RealBench(redirected(config, running), running, tmp_path / "log.jsonl")
        bench = open_bench(real.config)
        bench.connect()
        bench.go_safe()
        bench.switch_on()
        bench.execute(bench.plan((-300.0, -280.0, -320.0)))
        bench.close()
        yield real.write(tmp_path / "my-bench.toml")


@pytest.fixture
def lost(left_on: Path, tmp_path: Path) -> Path:
    """A run on these instruments that said nothing of its end, nor did its guardian."""
    events: list[Event] = [replace(STARTED, bench=REAL), *BEGIN[1:], *BEGIN[1:]]
    asked = {"bench": read_bench(left_on).model_dump(mode="json", exclude_none=True)}
    return run_folder(tmp_path / "runs" / "2026-11-23" / "0001-train", events, asked, bench_file=str(left_on))


def test_the_window_says_which_run_may_have_left_outputs_on_and_a_button_takes_them_down(
    qtbot: QtBot, open_window: Opening, left_on: Path, lost: Path
) -> None:
    window = open_window()
    wait(qtbot, lambda: "0001-train: crashed" in window.notices.text)
    assert "outputs may still be ON" in window.notices.text
    assert not window.band.safe.isVisible(), "what is simulated in process has no sources"
    window.band.choose(left_on)
    click(qtbot, window.band.safe)
    wait(qtbot, lambda: "all sources at zero" in window.notices.text)
    assert "(found on: source J1 at -300 uA, source J2 at 20 uA, source J3 at -40 uA)" in window.notices.text
    assert not status_report(lost).may_be_on
    wait(qtbot, lambda: not any(run.status_report.may_be_on for run in window.browser.model.runs))


def test_what_cannot_be_taken_down_is_said(qtbot: QtBot, open_window: Opening, tmp_path: Path) -> None:
    window = open_window()
    dead = tmp_path / "dead.toml"
    text = ACROSS.read_text(encoding="utf-8")
    dead.write_text(text.replace("GPIB0::", "TCPIP0::127.0.0.1::").replace("::INSTR", "::SOCKET"), encoding="utf-8")
    window.band.choose(dead)
    click(qtbot, window.band.safe)
    wait(qtbot, lambda: "NOT SAFE" in window.notices.text)


def test_what_is_no_answer_of_the_command_is_shown_as_it_is() -> None:
    assert safe_text("mtjlab: something else") == "mtjlab: something else"
    assert safe_text("") == ""
