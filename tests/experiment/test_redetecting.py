"""A run judged again is a run of its own, which says from which it is derived and needs no bench."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import copytree

import pytest

from mtjlab import experiment
from mtjlab.config import DetectorSettings
from mtjlab.errors import RefusedError
from mtjlab.events import Event, Parent, Presented, RunEnded, RunStarted, Source
from mtjlab.experiment import detector_settings, redetect
from mtjlab.figures.style import origin
from mtjlab.procedures.dwell.events import DwellsMeasured, HoldsPlanned, JunctionsHeld
from mtjlab.reading import read_events
from mtjlab.run_status import status_report
from mtjlab.runs.opened import run_of
from mtjlab.store import JOURNAL, REQUEST, Journal, read_request, run_id
from tests.support.journals import folded
from tests.support.made_runs import MADE, raster_asked

Made = Callable[[str], Path]
SAME = DetectorSettings()
WIDE = DetectorSettings(dead_band_ua=60.0)
BLIND = DetectorSettings(dead_band_ua=1000.0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The folder of a run of this kind, made when it is asked for."""
    return cache(lambda kind: MADE[kind](tmp_path_factory.mktemp(kind)))


@pytest.mark.parametrize("kind", ["train", "sweep", "raster-map", "stopped-sweep", "dwell", "pulse"])
def test_with_the_settings_of_the_run_everything_is_told_as_it_was(made: Made, tmp_path: Path, kind: str) -> None:
    told = redetect(made(kind), SAME, tmp_path)
    before, now = (list(read_events(folder)) for folder in (made(kind), Path(told["run"])))
    assert now[1:-1] == before[1:-1]
    assert (told["verdicts_changed"], told["configurations_changed"], told["legs_changed"]) == (0, 0, 0)
    assert told["verdicts"] + told["legs"] > 0


def test_other_settings_change_verdicts_and_what_follows(made: Made, tmp_path: Path) -> None:
    told = redetect(made("train"), WIDE, tmp_path)
    before, now = (folded(read_events(folder)) for folder in (made("train"), Path(told["run"])))
    pairs = list(zip(*(shown(folder) for folder in (made("train"), Path(told["run"]))), strict=True))
    assert told["presentations"] == before.presentations
    assert told["configurations_changed"] == sum(old.configuration != new.configuration for old, new in pairs) > 0
    assert told["no_longer_decided"] == told["verdicts_changed"] > 0
    assert told["recognition"] == {
        "before": {"train": before.recognition[-1].train, "test": before.recognition[-1].test},
        "after": {"train": now.recognition[-1].train, "test": now.recognition[-1].test},
    }
    assert told["detector"]["before"]["dead_band_ua"] == 10
    assert told["detector"]["after"]["dead_band_ua"] == 60
    assert now.controls_by_step == before.controls_by_step


def test_states_that_one_sample_no_longer_tells_are_dwells_of_nobody(made: Made, tmp_path: Path) -> None:
    told = redetect(made("dwell"), BLIND, tmp_path)
    assert told["no_longer_decided"] == told["verdicts_changed"] == told["verdicts"] > 0
    events = list(read_events(Path(told["run"])))
    (planned,) = [event for event in events if isinstance(event, HoldsPlanned)]
    (measured,) = [event for event in events if isinstance(event, DwellsMeasured)]
    assert "the states of J1 cannot be told apart" in planned.sentence
    assert measured.dwells == ()
    assert any(isinstance(event, JunctionsHeld) for event in events)


def shown(folder: Path) -> list[Presented]:
    return [event for event in read_events(folder) if isinstance(event, Presented)]


def test_the_new_run_says_where_it_comes_from(made: Made, tmp_path: Path) -> None:
    folder = Path(redetect(made("train"), WIDE, tmp_path)["run"])
    started, request, parent = folded(read_events(folder)).started, read_request(folder), run_id(made("train"))
    assert started is not None
    assert (started.run, started.procedure) == (run_id(folder), "redetect")
    assert started.derived_from == Source(parent, "train")
    assert request["run"]["derived_from"] == parent
    assert request["plan"]["detector"]["dead_band_ua"] == 60
    assert request["measured_by"] == read_request(made("train"))["run"]
    assert request["bench"] == read_request(made("train"))["bench"]
    assert status_report(folder).status == "finished"
    assert f"REDETECTED: readings of run {parent}" in origin(started)
    told = experiment.result_of(folder)
    assert told["derived_from"] == parent
    assert told["reason"] == f"redetected: the readings of {parent}, judged again"
    assert any("judged again" in sentence for _, sentence in experiment.story(folder).history)


def test_what_was_judged_again_can_be_judged_again(made: Made, tmp_path: Path) -> None:
    wide = Path(redetect(made("sweep"), WIDE, tmp_path)["run"])
    assert detector_settings(wide, None, {}) == WIDE
    back = redetect(wide, SAME, tmp_path)
    assert list(read_events(Path(back["run"])))[1:-1] == list(read_events(made("sweep")))[1:-1]
    assert "series" in experiment.result_of(Path(back["run"]))


def test_a_run_that_was_stopped_is_judged_as_far_as_it_came(made: Made, tmp_path: Path) -> None:
    folder = Path(redetect(made("stopped-sweep"), SAME, tmp_path)["run"])
    ended = folded(read_events(folder)).ended
    assert ended == RunEnded(
        "finished", f"redetected: the readings of {run_id(made('stopped-sweep'))}, which is stopped, judged again"
    )


def test_figures_of_a_map_that_was_judged_again_are_those_of_a_map(made: Made, tmp_path: Path) -> None:
    run = run_of(Path(redetect(made("raster-map"), SAME, tmp_path)["run"]))
    assert run.plan == raster_asked()
    assert "switching-map" in {one.name for one in run.kind.figures(run)}


class TestSettings:
    def test_are_those_of_the_run_but_for_what_is_wanted(self, made: Made) -> None:
        assert detector_settings(made("train"), None, {"dead_band_ua": None, "weak_d": 12.0}) == DetectorSettings(
            weak_d=12
        )

    def test_are_those_of_a_plan_if_one_is_given(self, made: Made, tmp_path: Path) -> None:
        plan = tmp_path / "other.toml"
        plan.write_text("[detector]\ndead_band_ua = 25\n", encoding="utf-8")
        assert detector_settings(made("train"), plan, {"rereads": 1}) == DetectorSettings(dead_band_ua=25, rereads=1)

    def test_out_of_range_are_refused_by_name(self, made: Made) -> None:
        with pytest.raises(RefusedError, match="dead_band_ua"):
            detector_settings(made("train"), None, {"dead_band_ua": -1.0})


class TestRefusals:
    @pytest.mark.parametrize("kind", ["check", "by-hand"])
    def test_a_run_without_verdicts_has_nothing_to_judge(self, made: Made, tmp_path: Path, kind: str) -> None:
        with pytest.raises(RefusedError, match="has no verdicts"):
            redetect(made(kind), SAME, tmp_path / "new")
        assert not (tmp_path / "new").exists()

    def test_a_run_that_goes_on_is_left_alone(self, made: Made, tmp_path: Path) -> None:
        running = without_end(made("sweep"), tmp_path)
        with pytest.raises(RefusedError, match="the run is in progress"):
            redetect(running, SAME, tmp_path)

    def test_a_measurement_that_went_on_with_another_is_not_mixed_with_it(self, made: Made, tmp_path: Path) -> None:
        first, *others = read_events(made("sweep"))
        assert isinstance(first, RunStarted)
        resumed = replace(first, parent=Parent("2026-11-23/0001-sweep", 9, 9, folded(others).progress))
        folder = journal_of(tmp_path / "2026-11-23" / "0002-sweep", [resumed, *others], made("sweep"))
        with pytest.raises(RefusedError, match="continued with measurements of 2026-11-23/0001-sweep"):
            redetect(folder, SAME, tmp_path / "new")
        assert not (tmp_path / "new").exists()

    def test_a_damaged_journal_leaves_no_run_behind(self, made: Made, tmp_path: Path) -> None:
        damaged = copytree(made("train"), tmp_path / "2026-11-23" / "0001-train")
        lines = (damaged / JOURNAL).read_bytes().splitlines(keepends=True)
        lines[50] = lines[50].replace(b"1", b"2", 1)
        (damaged / JOURNAL).write_bytes(b"".join(lines))
        with pytest.raises(RefusedError, match="line 51 is damaged"):
            redetect(damaged, SAME, tmp_path / "new")
        assert list((tmp_path / "new").glob("*/*")) == []


def without_end(run: Path, folder: Path) -> Path:
    """The run as if this process were still at it."""
    events = [event for event in read_events(run) if not isinstance(event, RunEnded)]
    return journal_of(folder / "2026-11-23" / "0003-sweep", events, run)


def journal_of(folder: Path, events: Iterable[Event], request_of: Path) -> Path:
    folder.mkdir(parents=True)
    with Journal(folder) as journal:
        for event in events:
            journal.append(event)
    (folder / REQUEST).write_bytes((request_of / REQUEST).read_bytes())
    return folder


def test_a_resumed_training_keeps_its_steps_but_not_the_rates_it_took_over(made: Made, tmp_path: Path) -> None:
    first, *others = read_events(made("train"))
    assert isinstance(first, RunStarted)
    whole = folded([first, *others])
    resumed = replace(first, parent=Parent("2026-11-23/0001-train", 9, 9, whole.progress))
    folder = journal_of(tmp_path / "2026-11-23" / "0002-train", [resumed, *others[-2:]], made("train"))
    state = folded(read_events(Path(redetect(folder, SAME, tmp_path)["run"])))
    assert state.controls_by_step == whole.controls_by_step
    assert state.encoded == whole.encoded
    assert not state.recognition
    assert state.presentations == 0
