"""Progress in the run bar: it never exceeds the total, never decreases, and ends at the total."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PyQt5.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mtjlab import experiment
from mtjlab.config import PlanConfig, SimulatedBenchConfig, SweepSettings
from mtjlab.events import Event
from mtjlab.gui.look.theme import DARK
from mtjlab.gui.panels.run_bar import RunBar
from mtjlab.gui.run.playback import Playback
from mtjlab.gui.run.snapshot_builder import SnapshotBuilder
from mtjlab.procedures.manual.events import JunctionsRead
from mtjlab.procedures.manual.plan import ManualPlan
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.store import Follower
from tests.gui.windows import Opening, wait
from tests.support.asking import MeasuringRequest, prepare_live, prepare_measuring
from tests.support.journals import PRESENTED, run_folder
from tests.support.made_runs import MADE, plan_in, stopper, sweep_asked
from tests.support.samples import STARTED


def progress(folder: Path, at_once: int = 1) -> list[tuple[str, float]]:
    """Progress text and share of a run, after every ``at_once`` lines."""
    builder, follower, texts = SnapshotBuilder(folder), Follower(folder), []
    while lines := follower.lines(at_once):
        builder.take(lines)
        snapshot = builder.snapshot
        texts.append((snapshot.progress_text, snapshot.pace.share if snapshot.pace else 0.0))
    return texts


def counts(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


@pytest.mark.parametrize("at_once", [1, 10_000])
@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("sweep", "2 of 2 curves"),
        ("shift", "7 of 7 curves"),
        ("curves-map", "4 of 4 curves"),
        ("raster-map", "50 of 50 presentations"),
        ("train", "33 of 33 presentations"),
        ("check", "3 of 3 sources"),
        ("by-hand", "1 of 1 second"),
    ],
)
def test_a_run_of_known_length_ends_at_its_total(tmp_path: Path, kind: str, end: str, at_once: int) -> None:
    texts = progress(MADE[kind](tmp_path), at_once)
    assert texts[-1][0] == end
    done, of = zip(*(counts(text) for text, _ in texts), strict=True)
    assert set(of) == {done[-1]}
    assert all(before <= after for before, after in pairwise(done))
    assert all(before <= after for (_, before), (_, after) in pairwise(texts))
    assert texts[-1][1] in (0.0, 1.0)


def test_a_map_by_probes_shows_the_expected_number_of_its_estimate(tmp_path: Path) -> None:
    texts = progress(MADE["adaptive-map"](tmp_path))
    assert re.fullmatch(r"0 probes of \d+ to \d+ expected", texts[0][0])
    assert all(before <= after <= 1.0 for (_, before), (_, after) in pairwise(texts))


def test_a_manual_bench_that_is_held_until_stopped_has_no_total(tmp_path: Path) -> None:
    request = MeasuringRequest(experiment.DEFAULT_BENCH, plan_in(tmp_path))
    held = prepare_live(request, ManualPlan(every_s=0.02))
    run = experiment.execute(held, tmp_path, [stopper(tmp_path, 3, JunctionsRead)])
    texts = progress(run.folder)
    assert all(re.fullmatch(r"\d+ readings?", text) for text, _ in texts)
    assert counts(texts[-1][0]) == [3]


def test_repeated_presentations_are_not_counted_twice(tmp_path: Path) -> None:
    plan, tokens = PlanConfig(), 4
    asked = MapPlan(
        controls_ua=((-500.0,) * 3,) * 2, way="raster", cell_ua=900.0, times=tokens, staircase=SweepSettings()
    )
    attempt = replace(PRESENTED, purpose="map", configuration=None, recognised_as=None)
    again: list[Event] = [replace(attempt, attempt=1 + k) for k in range(plan.presentation.attempts)]
    tables = {"bench": SimulatedBenchConfig(), "plan": plan, "map": asked}
    folder = run_folder(
        tmp_path / "run",
        [replace(STARTED, procedure="map"), *again * tokens],
        {name: table.model_dump(mode="json", exclude_none=True) for name, table in tables.items()},
        procedure="map",
    )
    texts = [text for text, _ in progress(folder)]
    assert len(again) > 1
    assert list(dict.fromkeys(texts)) == [f"{k} of 4 presentations" for k in range(tokens + 1)]


def test_a_resumed_run_starts_where_the_first_ended(tmp_path: Path) -> None:
    request = MeasuringRequest(experiment.DEFAULT_BENCH, plan_in(tmp_path))
    first = prepare_measuring(request, sweep_asked(3))
    stopped = experiment.execute(first, tmp_path, [stopper(tmp_path, 74 + 74 + 20)]).folder
    assert progress(stopped)[-1][0] == "1 of 3 curves"
    resumed = experiment.execute(experiment.prepare_resume(stopped), tmp_path).folder
    texts = progress(resumed)
    assert (texts[1][0], texts[-1][0]) == ("1 of 3 curves", "3 of 3 curves"), "after the line that was taken over"


def test_the_bar_shows_that_references_are_measured_first(qtbot: QtBot, tmp_path: Path) -> None:
    folder = MADE["sweep"](tmp_path)
    bar, builder, follower, texts = RunBar(Playback(), DARK, QWidget()), SnapshotBuilder(folder), Follower(folder), []
    qtbot.addWidget(bar)
    while lines := follower.lines(1):
        builder.take(lines)
        bar.show_snapshot(builder.snapshot)
        texts.append(bar.so_far)
    assert list(dict.fromkeys(texts))[:3] == ["references", "0 of 2 curves", "1 of 2 curves"]


def test_the_bar_shows_progress_while_a_run_lasts(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    window.training.fill({"sweep": {"input_step_ua": 25.0, "repetitions": 1}})
    window.measuring.form.editors["staircase.repetitions"].value = 1000
    seen: set[str] = set()
    window.playback.shown.connect(lambda _: seen.add(window.run_bar.so_far))
    window.launcher.start_measuring()
    wait(qtbot, lambda: any(re.fullmatch(r"[1-9]\d* of 1000 curves", text) for text in seen))
    assert window.run_bar.so_far in window.run_bar.why.text()
    window.stop_shown(now=True)
    wait(qtbot, lambda: not window.engines.running)
    assert all(done <= of for done, of in (counts(text) for text in seen if "curves" in text))
