"""Figures are drawn behind: the bench is free for the next run at once, and the drawing can be cancelled."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from mtjlab.drawing.progress import by_process, remove_progress, write_progress
from mtjlab.figures.named import ALL
from mtjlab.figures.undrawn import write_undrawn
from mtjlab.gui.engines.drawings import Drawings
from mtjlab.store import FIGURES, make_folder
from tests.gui.windows import Opening, click, fill, select, wait


@pytest.fixture
def drawings(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Drawings:
    monkeypatch.setattr("mtjlab.gui.engines.drawings.draw_behind", lambda *_: None)
    return Drawings()


def test_a_drawing_is_followed_to_its_end(qtbot: QtBot, drawings: Drawings, tmp_path: Path) -> None:
    own = by_process(os.getpid())
    write_progress(tmp_path, own)
    drawings.draw(tmp_path)
    [activity] = drawings.activities
    assert (activity.detail, activity.share) == ("", None)
    write_progress(tmp_path, replace(own, drawn=5, of=22))
    wait(qtbot, lambda: [(one.detail, one.share) for one in drawings.activities] == [("5 of 22", 5 / 22)])
    (tmp_path / FIGURES / "overview.svg").touch()
    with qtbot.waitSignal(drawings.drawn):
        remove_progress(tmp_path)
    assert drawings.activities == ()


def test_nothing_is_said_of_a_run_without_data_unless_somebody_asked_for_its_figures(
    qtbot: QtBot, drawings: Drawings, tmp_path: Path
) -> None:
    said: list[str] = []
    drawings.failed.connect(said.append)
    drawings.follow(tmp_path)
    assert said == []
    drawings.draw(tmp_path)
    assert "has no data to draw" in said[0]


def test_a_figure_that_is_not_drawn_yet_is_drawn_when_its_name_is_clicked(
    qtbot: QtBot, open_window: Opening, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[Path, tuple[str, ...]]] = []
    monkeypatch.setattr("mtjlab.gui.engines.drawings.draw_behind", lambda *wanted: drawn.append(wanted))
    make_folder(trained / FIGURES)
    write_undrawn(trained, ["inputs", "maps"])
    window = open_window(trained.parents[1])
    select(qtbot, window)
    summary = window.browser.details.summary
    assert "more figures: <a href='inputs'" in summary.text()
    summary.linkActivated.emit("maps")
    click(qtbot, window.browser.buttons["figures"])
    assert drawn == [(trained, ("maps",)), (trained, ALL)]


def test_a_figure_that_was_clicked_is_opened_and_without_a_program_for_it_its_path_is_told(
    qtbot: QtBot, open_window: Opening, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    answers = [True, False, False]
    monkeypatch.setattr("mtjlab.gui.engines.drawings.draw_behind", lambda *_: None)
    monkeypatch.setattr(
        "mtjlab.gui.desktop.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile()) or answers.pop(0)
    )
    make_folder(trained / FIGURES)
    (trained / FIGURES / "inputs.svg").touch()
    window = open_window(trained.parents[1])
    select(qtbot, window)
    said: list[str] = []
    for do in (
        lambda: window.browser.details.figure_requested.emit("inputs"),
        lambda: window.browser.details.figure_requested.emit("inputs"),
        lambda: click(qtbot, window.browser.buttons["folder"]),
    ):
        with qtbot.captureExceptions() as raised:
            do()
        said += [str(error) for _, error, _ in raised]
    figure = trained / FIGURES / "inputs.png"
    assert opened == [str(figure), str(figure), str(trained)]
    assert said == [
        f"This desktop has no program that opens png files. It is here: {figure}",
        f"This desktop has no program that opens folders. It is here: {trained}",
    ]


@pytest.mark.parametrize("why", ["", "the disk is full"])
def test_a_drawing_that_ended_early_is_reported(qtbot: QtBot, drawings: Drawings, tmp_path: Path, why: str) -> None:
    said: list[str] = []
    drawings.failed.connect(said.append)
    make_folder(tmp_path / FIGURES)
    write_progress(tmp_path, replace(by_process(os.getpid()), pid=1 << 30, drawn=5, of=22, why=why))
    drawings.follow(tmp_path)
    assert "not all figures were drawn" in said[0]
    assert (why or "can be drawn again") in said[0]


def test_the_next_run_starts_while_the_figures_of_the_last_are_drawn_and_drawing_is_cancelled(
    qtbot: QtBot, open_window: Opening, trained: Path
) -> None:
    window = open_window(trained.parents[1])
    select(qtbot, window)
    click(qtbot, window.browser.buttons["figures"])
    wait(qtbot, lambda: len(window.drawings.activities) == 1)
    fill(window, steps=1)
    click(qtbot, window.training.start)
    [drawing] = window.drawings.activities
    assert drawing.text == f"Drawing the figures of {trained.parent.name}/{trained.name}"
    assert drawing.cancel is not None
    drawing.cancel()
    wait(qtbot, lambda: window.drawings.activities == () and not window.engines.running)
    assert "figures" not in window.notices.text.lower()
