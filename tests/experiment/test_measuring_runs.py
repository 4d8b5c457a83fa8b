"""Sweeps, shifts and maps as runs: asked, carried out into a folder, resumed from wherever they ended, repeated."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from mtjlab.cli.kind_command import as_asked
from mtjlab.config import SweepSettings
from mtjlab.config.section import Section
from mtjlab.errors import RefusedError
from mtjlab.events import CurveTaken, Event, Presented, RunStarted, SweepPoint
from mtjlab.experiment import (
    DEFAULT_BENCH,
    OnBench,
    Request,
    execute,
    prepare,
    prepare_rerun,
    prepare_resume,
    result_of,
)
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.reading import read_events
from mtjlab.store import STOP, read_request
from tests.support.asking import MeasuringRequest, prepare_measuring
from tests.support.journals import abandoned, cut_after, folded
from tests.support.tiny_measurements import COARSE, ONCE, SECOND_UA, START_UA, map_asked

FAR = SweepSettings(input_stop_ua=1300.0)
HIGH_J3_UA = (-500.0, -500.0, 0.0)
ASKED: dict[str, Section] = {
    "sweep": SweepPlan(controls_ua=SECOND_UA, staircase=COARSE),
    "shift": ShiftPlan(controls_ua=START_UA, by_ua=(-30.0, 30.0), staircase=ONCE),
    "curves": map_asked("curves"),
    "raster": map_asked("raster"),
    "adaptive": map_asked("adaptive"),
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan whose references are measured in a blink."""
    path = tmp_path_factory.mktemp("plan") / "plan.toml"
    path.write_text(tomli_w.dumps({"sweep": {"input_step_ua": 25.0, "repetitions": 1}}), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def runs(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One of each kind; all but the sweep with its calibration."""
    folder, found, calibration = tmp_path_factory.mktemp("runs"), dict[str, Path](), None
    for kind, asked in ASKED.items():
        request = MeasuringRequest(DEFAULT_BENCH, plan, calibration, seed=5)
        found[kind] = abandoned(execute(prepare_measuring(request, asked), folder).folder)
        calibration = calibration or next(found[kind].glob("calibration-*.json"))
    return found


def events_of(folder: Path) -> list[Event]:
    """Events, but for the id of their run."""
    return [replace(event, run="") if isinstance(event, RunStarted) else event for event in read_events(folder)]


def resumed(folder: Path, into: Path) -> Path:
    prepared = prepare_resume(folder)
    assert isinstance(prepared, Request)
    return execute(prepared, into).folder


def units(events: Sequence[Event]) -> list[Any]:
    """What was measured, but for the times."""
    told: list[Any] = []
    for event in events:
        match event:
            case CurveTaken():
                told.append((event.series, event.repetition))
            case Presented():
                told.append(event.token)
            case Probed():
                told.append(event.series)
            case _:
                pass
    return told


def points(events: Sequence[Event]) -> list[SweepPoint]:
    return [event for event in events if isinstance(event, SweepPoint)]


@pytest.mark.parametrize("kind", ASKED)
def test_a_run_says_what_was_asked_and_what_was_found(runs: dict[str, Path], kind: str) -> None:
    request, result, asked = read_request(runs[kind]), result_of(runs[kind]), ASKED[kind]
    assert request[asked.procedure] == asked.model_dump(mode="json")
    assert request["run"]["procedure"] == asked.procedure
    assert (result["status"], result["safe"]) == ("finished", True)
    assert result["readings"] > 0
    assert len(result["series"]) == {"sweep": 1, "shift": 7}.get(kind, 2)
    for series in result["series"]:
        for one, control_ua in zip(series["up"], series["control_currents_ua"], strict=True):
            if one["determined"]:
                assert one["critical_input_ua"] == pytest.approx(one["critical_current_ua"] - control_ua)
            else:
                assert kind == "raster"  # a few coarse cells
                assert one["reason"]


def test_only_a_sweep_leaves_a_calibration(runs: dict[str, Path]) -> None:
    made = {kind: [path.name for path in folder.glob("calibration-*")] for kind, folder in runs.items()}
    assert {kind for kind, names in made.items() if names} == {"sweep"}
    assert result_of(runs["sweep"])["calibration"] == str(runs["sweep"] / made["sweep"][0])


@pytest.mark.parametrize("kind", ASKED)
def test_with_a_calibration_no_references_are_measured(runs: dict[str, Path], kind: str) -> None:
    told, events = events_of(runs[kind]), {event.type for event in events_of(runs[kind])}
    assert ("calibration-taken" in events) == (kind != "sweep")
    of_curves = sum(len(curve.passages[0]) for curve in folded(told).curves) * 31
    assert len(points(told)) == of_curves + (2 * 37 if kind == "sweep" else 0)


@pytest.mark.parametrize("kind", ASKED)
def test_a_rerun_gives_the_same_events(runs: dict[str, Path], kind: str, tmp_path: Path) -> None:
    prepared = prepare_rerun(runs[kind])
    assert isinstance(prepared, Request)
    again = execute(prepared, tmp_path).folder
    assert events_of(again) == events_of(runs[kind])
    assert read_request(again)["run"]["rerun_of"] == read_request(runs[kind])["run"]["id"]


@pytest.mark.parametrize("kind", ASKED)
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_one_that_was_killed_goes_on_with_what_it_had(
    runs: dict[str, Path], kind: str, share: float, tmp_path: Path
) -> None:
    whole = events_of(runs[kind])
    n = int(share * len(whole))
    child = resumed(cut_after(runs[kind], n, tmp_path / "2026-11-23" / "0007-cut"), tmp_path / "runs")
    result, state = result_of(child), folded(read_events(child))
    before, after = units(whole[:n]), units(events_of(child))
    if kind == "adaptive":
        assert len(state.probes) == len(before) + len(after)
    else:
        assert before + after == units(whole)
    assert (result["status"], len(result["series"])) == ("finished", len(result_of(runs[kind])["series"]))
    assert read_request(child)["run"]["parent"] == "2026-11-23/0007-cut"


def test_a_resumed_one_is_repeated_with_what_it_took_over(runs: dict[str, Path], tmp_path: Path) -> None:
    child = resumed(cut_after(runs["raster"], 12, tmp_path / "cut"), tmp_path / "runs")
    prepared = prepare_rerun(child)
    assert isinstance(prepared, Request)
    assert events_of(execute(prepared, tmp_path / "runs").folder) == events_of(child)


def test_one_that_was_stopped_keeps_what_it_measured_and_says_so(plan: Path, tmp_path: Path) -> None:
    seen = []

    def stop_at_the_fifth(event: Event) -> None:
        seen.append(isinstance(event, Presented))
        if sum(seen) == 5:
            next(tmp_path.glob("*/*")).joinpath(STOP).touch()

    request = MeasuringRequest(DEFAULT_BENCH, plan)
    run = execute(prepare_measuring(request, ASKED["raster"]), tmp_path, [stop_at_the_fifth])
    assert run.ended.status == "stopped"
    result = result_of(run.folder)
    assert (result["status"], result["safe"], result["presentations"]) == ("stopped", True, 5)
    assert (result["series"], result["readings"]) == ([], None)
    child = result_of(resumed(run.folder, tmp_path))
    assert (child["status"], child["presentations"], len(child["series"])) == ("finished", 8, 2)


def test_what_was_not_determined_says_why(plan: Path, tmp_path: Path) -> None:
    asked = SweepPlan(controls_ua=START_UA, legs="up", staircase=SweepSettings(input_stop_ua=600.0, repetitions=2))
    run = execute(prepare_measuring(MeasuringRequest(DEFAULT_BENCH, plan), asked), tmp_path)
    (series,) = result_of(run.folder)["series"]
    assert [one["determined"] for one in series["up"]] == [False, True, False]
    assert "as far as 100 uA" in series["up"][0]["reason"]
    assert series["down"] == []


class TestRefused:
    """Before there is a run."""

    def complaint(self, asked: Section, tmp_path: Path, plan: Path, **request: Any) -> str:
        wishes = {"bench": DEFAULT_BENCH, "plan": plan, **request}
        with pytest.raises(RefusedError) as refused:
            execute(prepare_measuring(MeasuringRequest(**wishes), asked), tmp_path / "runs")
        assert not (tmp_path / "runs").exists()
        return str(refused.value)

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            (SweepPlan(controls_ua=START_UA, staircase=FAR), "-500, -500, -500 uA: J1 would carry 800 uA"),
            (ShiftPlan(controls_ua=START_UA, by_ua=(30.0, 400.0)), "-100, -500, -500 uA: J1 would carry 800 uA"),
            (map_asked("raster", controls_ua=(START_UA, HIGH_J3_UA)), "-500, -500, 0 uA: J3 would carry 900 uA"),
        ],
    )  # fmt: skip
    def test_what_would_leave_the_limits(self, asked: Section, told: str, tmp_path: Path, plan: Path) -> None:
        complaint = self.complaint(asked, tmp_path, plan)
        assert told in complaint
        assert "-750..750 uA" in complaint
        assert "Nothing was written" in complaint

    def test_with_a_calibration_too(self, runs: dict[str, Path], tmp_path: Path, plan: Path) -> None:
        asked = SweepPlan(controls_ua=START_UA, staircase=FAR)
        known = next(runs["sweep"].glob("calibration-*"))
        assert "J1 would carry 800 uA" in self.complaint(asked, tmp_path, plan, calibration=known)

    def test_loops_for_the_references_count(self, tmp_path: Path) -> None:
        far = tmp_path / "plan.toml"
        far.write_text("[sweep]\ninput_stop_ua = 1300\n", encoding="utf-8")
        assert "An input of 1300 uA" in self.complaint(ASKED["curves"], tmp_path, far)

    @pytest.mark.parametrize("row_ua", [(-500.0,) * 2, (-500.0,) * 4])
    def test_controls_that_are_not_one_for_each_junction(
        self, row_ua: tuple[float, ...], tmp_path: Path, plan: Path
    ) -> None:
        complaint = self.complaint(SweepPlan(controls_ua=row_ua), tmp_path, plan)
        assert f"{len(row_ua)} control current" in complaint
        assert "for the 3 junctions of bench 'three junctions'" in complaint

    def test_a_plan_whose_start_is_for_another_chain(self, tmp_path: Path) -> None:
        plan = tmp_path / "plan.toml"
        plan.write_text("[training]\nstart_control_ua = [[-500, -500], [-500, -500]]\n", encoding="utf-8")
        assert "training.start_control_ua" in self.complaint(ASKED["curves"], tmp_path, plan)


class TestControlsAsTheyWereTyped:
    """One row for all inputs, or one for each; one current for all junctions, or one for each."""

    def controls_of(self, text: str | None) -> tuple[tuple[float, ...], ...]:
        kind = KINDS["map"]
        return prepare(kind, as_asked(kind.options, {"controls_ua": text}), OnBench()).plan.controls_ua  # type: ignore[attr-defined,no-any-return]

    @pytest.mark.parametrize(
        ("text", "rows"),
        [
            (None, (START_UA, START_UA)),
            ("-480", ((-480.0,) * 3,) * 2),
            ("-460,-380,-560", (SECOND_UA, SECOND_UA)),
            (" -500 ; -460, -380, -560 ", (START_UA, SECOND_UA)),
        ],
    )
    def test_are_rows(self, text: str | None, rows: tuple[tuple[float, ...], ...]) -> None:
        assert self.controls_of(text) == rows

    @pytest.mark.parametrize("text", ["", "x", "-500,", "-500;-500;-500", "-500;;", "-500 -400 -300"])
    def test_or_are_refused_by_the_name_of_their_option(self, text: str) -> None:
        with pytest.raises(RefusedError, match="--controls"):
            self.controls_of(text)
