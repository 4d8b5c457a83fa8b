"""Figures are drawn in a process of their own: it holds nothing, may end at any time, and can be repeated."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from mtjlab.cli.drawing import figures_if_any
from mtjlab.drawing import draw, draw_behind, draw_in_process, drawing_progress
from mtjlab.drawing.progress import PROGRESS
from mtjlab.errors import NothingToDrawError, RefusedError
from mtjlab.events import RunEnded
from mtjlab.figures.named import KEY
from mtjlab.figures.undrawn import undrawn
from mtjlab.run_status import status_report
from mtjlab.store import FIGURES, Journal
from tests.support.engines import PATIENCE_S, surrounded
from tests.support.made_runs import made_training, plan_in
from tests.support.samples import STARTED

WATCHED = [signal.SIGINT, signal.SIGTERM] if sys.platform != "win32" else [signal.SIGINT]


def wait_until(holds: Callable[[], bool]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end_s
        time.sleep(0.02)


def is_active(folder: Path) -> bool:
    progress = drawing_progress(folder)
    return progress is not None and progress.is_active


def figures_in(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / FIGURES).iterdir())


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_training(tmp_path_factory.mktemp("drawn"))


def test_whoever_waits_is_shown_how_far_it_has_come(training: Path) -> None:
    seen: list[tuple[int, int]] = []
    drawn = draw_in_process(training, lambda drawn, of: seen.append((drawn, of)))
    assert seen == [(n, len(drawn)) for n in range(len(drawn) + 1)]
    assert figures_in(training) == sorted(path.name for path in drawn)


def test_nobody_need_wait_and_a_drawing_that_is_killed_loses_nothing(training: Path) -> None:
    draw_behind(training)
    wait_until(lambda: (progress := drawing_progress(training)) is not None and progress.drawn > 0)
    progress = drawing_progress(training)
    assert progress is not None
    os.kill(progress.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    wait_until(lambda: not is_active(training))
    left = drawing_progress(training)
    assert left is not None
    assert left.of is not None
    assert 0 < left.drawn < left.of
    assert len(draw(training)) == left.of
    assert drawing_progress(training) is None


def test_key_figures_come_first_and_any_other_when_it_is_wanted(training: Path) -> None:
    shutil.rmtree(training / FIGURES)
    assert [path.name for path in draw(training, selection=KEY)] == ["overview.png", "overview.svg"]
    assert {"inputs", "recognition", "map-step-000"} < set(undrawn(training))
    assert [path.name for path in draw_in_process(training, lambda *_: None, ["inputs"])] == [
        "inputs.png",
        "inputs.svg",
    ]
    assert "inputs" not in undrawn(training)
    with pytest.raises(RefusedError, match=f"{training.name}: it has no figure 'input'"):
        draw_in_process(training, lambda *_: None, ["input"])
    (training / FIGURES / PROGRESS).unlink()


def test_a_drawing_is_cancelled_by_anybody_who_sees_its_progress(training: Path) -> None:
    draw_behind(training)
    progress = drawing_progress(training)
    assert progress is not None
    assert progress.is_active
    progress.cancel()
    wait_until(lambda: not is_active(training))


def test_a_run_without_data_has_no_figures_and_no_folder_of_them(tmp_path: Path) -> None:
    folder = tmp_path / "2026-11-23" / "0001-train"
    folder.mkdir(parents=True)
    with Journal(folder) as journal:
        journal.append(STARTED)
        journal.append(RunEnded("stopped", "by a test"))
    (folder / "run.toml").write_text('[run]\nprocedure = "train"\n')
    with pytest.raises(NothingToDrawError):
        draw(folder)
    with pytest.raises(RefusedError, match="nothing to draw yet"):
        draw_in_process(folder, lambda *_: None)
    assert not (folder / FIGURES).exists()


def test_what_prevents_a_drawing_is_said_in_its_progress(training: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise RefusedError("the disk is full")

    monkeypatch.setattr("mtjlab.figures.saving.save_figures", failing)
    with pytest.raises(RefusedError):
        draw(training)
    progress = drawing_progress(training)
    assert progress is not None
    assert progress.why == "the disk is full"
    (training / FIGURES / PROGRESS).unlink()


@pytest.mark.parametrize("number", WATCHED, ids=lambda number: number.name)
def test_a_signal_ends_the_drawing_alone(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def waiting(*_: object) -> list[Path]:
        os.kill(os.getpid(), number)
        raise AssertionError("it went on drawing")

    monkeypatch.setattr("mtjlab.cli.drawing.draw_in_process", waiting)
    before = signal.getsignal(number)
    assert figures_if_any(tmp_path, "wait", quiet=False) == []
    assert signal.getsignal(number) is before
    assert f"no figures: {number.name} interrupted their drawing" in " ".join(capsys.readouterr().err.split())


@pytest.mark.skipif(sys.platform == "win32", reason="a console program gets Ctrl-C with its whole group there")
def test_ctrl_c_while_figures_are_drawn_leaves_with_the_exit_code_of_the_run(tmp_path: Path) -> None:
    """At once, and with the drawing, even if that is suspended: it holds no stream that anybody waits for."""
    command = [sys.executable, "-m", "mtjlab", "train", "--plan", str(plan_in(tmp_path)), "--runs", str(tmp_path / "r")]
    engine = subprocess.Popen(command, env=surrounded(tmp_path), stderr=subprocess.PIPE, text=True)

    def is_drawing() -> bool:
        return any(is_active(folder) for folder in (tmp_path / "r").glob("*/*"))

    wait_until(is_drawing)
    [folder] = (tmp_path / "r").glob("*/*")
    progress = drawing_progress(folder)
    assert progress is not None
    psutil.Process(progress.pid).suspend()
    engine.send_signal(signal.SIGINT)
    assert engine.stderr is not None
    said = " ".join(engine.stderr.read().split())
    assert engine.wait(PATIENCE_S) == 0
    assert "interrupted their drawing. The run is sound" in said
    assert status_report(folder).status == "finished"
    wait_until(lambda: not is_active(folder))
