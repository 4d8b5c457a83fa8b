"""How far a run is, as the run bar says it: never more than there is, never less than before, at the end all of it."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mtjlab import experiment
from mtjlab.config import PlanConfig, SimulatedBenchConfig, SweepSettings
from mtjlab.events import Event
from mtjlab.gui.look.theme import DARK
from mtjlab.gui.panels.run_bar import RunBar
from mtjlab.gui.run.playback import Playback
from mtjlab.gui.run.snapshot_builder import SnapshotBuilder
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.store import Follower
from tests.gui.windows import Opening, wait
from tests.support.asking import MeasuringRequest, prepare_measuring
from tests.support.journals import PRESENTED, run_folder
from tests.support.made_runs import MADE, plan_in, stopper, sweep_asked
from tests.support.samples import STARTED


def told(folder: Path, at_once: int = 1) -> list[tuple[str, float]]:
    """What is said of how far a run is, and its share, each time after so many more lines."""
    builder, follower, said = SnapshotBuilder(folder), Follower(folder), []
    while lines := follower.lines(at_once):
        builder.take(lines)
        snapshot = builder.snapshot
        said.append((snapshot.progress_text, snapshot.pace.share if snapshot.pace else 0.0))
    return said


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
    ],
)
def test_a_run_of_which_all_is_known_ends_with_all_of_it(tmp_path: Path, kind: str, end: str, at_once: int) -> None:
    said = told(MADE[kind](tmp_path), at_once)
    assert said[-1][0] == end
    done, of = zip(*(counts(text) for text, _ in said), strict=True)
    assert set(of) == {done[-1]}
    assert all(before <= after for before, after in pairwise(done))
    assert all(before <= after for (_, before), (_, after) in pairwise(said))
    assert said[-1][1] in (0.0, 1.0)


def test_a_map_by_probes_says_how_many_are_expected_as_its_estimate_does(tmp_path: Path) -> None:
    said = told(MADE["adaptive-map"](tmp_path))
    assert re.fullmatch(r"0 probes of \d+ to \d+ expected", said[0][0])
    assert all(before <= after <= 1.0 for (_, before), (_, after) in pairwise(said))


def test_a_bench_by_hand_has_no_end_to_be_near_to(tmp_path: Path) -> None:
    assert all("look" in text for text, _ in told(MADE["by-hand"](tmp_path)))


def test_presentations_that_were_made_again_are_not_more_than_there_are(tmp_path: Path) -> None:
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
    said = [text for text, _ in told(folder)]
    assert len(again) > 1
    assert list(dict.fromkeys(said)) == [f"{k} of 4 presentations" for k in range(tokens + 1)]


def test_a_run_that_is_resumed_begins_where_the_other_ended(tmp_path: Path) -> None:
    request = MeasuringRequest(experiment.DEFAULT_BENCH, plan_in(tmp_path))
    first = prepare_measuring(request, sweep_asked(3))
    stopped = experiment.execute(first, tmp_path, [stopper(tmp_path, 74 + 74 + 20)]).folder
    assert told(stopped)[-1][0] == "1 of 3 curves"
    resumed = experiment.execute(experiment.prepare_resume(stopped), tmp_path).folder
    said = told(resumed)
    assert (said[1][0], said[-1][0]) == ("1 of 3 curves", "3 of 3 curves"), "after the line that was taken over"


def test_the_bar_says_that_references_are_measured_first(qtbot: QtBot, tmp_path: Path) -> None:
    folder = MADE["sweep"](tmp_path)
    bar, builder, follower, said = RunBar(Playback(), DARK), SnapshotBuilder(folder), Follower(folder), []
    qtbot.addWidget(bar)
    while lines := follower.lines(1):
        builder.take(lines)
        bar.show_snapshot(builder.snapshot)
        said.append(bar.step.text())
    assert list(dict.fromkeys(said))[:3] == ["references", "0 of 2 curves", "1 of 2 curves"]


def test_the_bar_shows_it_while_a_run_goes_on(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    window.training.fill({"sweep": {"input_step_ua": 25.0, "repetitions": 1}})
    window.measuring.form.editors["staircase.repetitions"].value = 1000
    seen: set[str] = set()
    window.playback.shown.connect(lambda _: seen.add(window.run_bar.step.text()))
    window.launcher.start_measuring()
    wait(qtbot, lambda: any(re.fullmatch(r"[1-9]\d* of 1000 curves", text) for text in seen))
    window.stop_shown(now=True)
    wait(qtbot, lambda: not window.engines.running)
    assert all(done <= of for done, of in (counts(text) for text in seen if "curves" in text))
