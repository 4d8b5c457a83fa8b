"""A run again: gone on with from wherever it was interrupted, or repeated."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mtjlab.cli.run_story import show_story
from mtjlab.console import PlainConsole
from mtjlab.errors import RefusedError
from mtjlab.events import Event, EventLost, Progress, RunStarted, TakenOver
from mtjlab.experiment import Request, execute, prepare_rerun, prepare_resume, recover, result_of, story
from mtjlab.experiment.resuming import take_over
from mtjlab.procedures.handing_over import HandedOver
from mtjlab.reading import read_events
from mtjlab.runs.listing import list_runs
from mtjlab.runs.opened import watched
from mtjlab.store import JOURNAL, REQUEST, STOP, read_request, run_id, write_request
from tests.support.any_value import places, values, with_value
from tests.support.asking import CheckRequest, TrainingRequest, prepare_check, prepare_training
from tests.support.journals import (
    BEGIN,
    TRAINING,
    UNFINISHED,
    Damage,
    abandoned,
    alive,
    cut_after,
    damages,
    folded,
    run_folder,
    taken_over,
    tried,
)
from tests.support.trainings import TABLE, tokens_of, write_plan


def events_of(folder: Path) -> list[Event]:
    return list(read_events(folder))


def resumed(folder: Path, runs: Path) -> Path:
    return execute(prepare_resume(folder), runs).folder


def rerun(folder: Path, runs: Path) -> Path:
    prepared = prepare_rerun(folder)
    assert isinstance(prepared, Request)
    return execute(prepared, runs).folder


def but_the_run(events: list[Event]) -> list[Event]:
    """Events but for the id of their run."""
    return [replace(event, run="") if isinstance(event, RunStarted) else event for event in events]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training that nobody interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    request = TrainingRequest(plan=write_plan(folder))
    return abandoned(execute(prepare_training(request), folder / "runs").folder)


@dataclass(frozen=True)
class Interrupted:
    """After event ``n`` of the whole run; and the run that went on with it."""

    n: int
    parent: HandedOver
    child: Path


@pytest.fixture(scope="module")
def interrupted(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Interrupted]:
    """A run killed after each event of the whole one; where the same is taken over, one child stands for all."""
    folder, children = tmp_path_factory.mktemp("interrupted"), dict[int | None, Path]()
    runs = []
    for n in range(len(events_of(whole))):
        prepared = prepare_resume(cut_after(whole, n, folder / f"{n}"))
        assert prepared.parent
        taken_n = prepared.parent.by.taken_n
        if taken_n not in children:
            children[taken_n] = execute(prepared, folder / "runs").folder
        runs.append(Interrupted(n, prepared.parent, children[taken_n]))
    return runs


def test_interrupted_anywhere_a_run_goes_on_with_the_tokens_that_it_would_have_presented(
    whole: Path, interrupted: list[Interrupted]
) -> None:
    events = events_of(whole)
    told = {child: tokens_of(events_of(child)) for child in {run.child for run in interrupted}}
    for run in interrupted:
        complete = 0 if run.parent.by.taken_n is None else run.parent.by.taken_n + 1
        assert run.parent.by.last_n == run.n - 1
        assert told[run.child] == tokens_of(events[complete:]), f"interrupted after {run.n} events"


def test_what_is_complete_is_taken_over_and_nothing_else(whole: Path, interrupted: list[Interrupted]) -> None:
    events, last = events_of(whole), None
    for run in interrupted:
        if run.n and events[run.n - 1].type in ("tokens-encoded", "step-trained", "recognition-measured"):
            last = run.n - 1
        assert run.parent.by.taken_n == last
        before = folded(events[: last + 1]).progress if last else Progress()
        assert folded(taken_over(run.parent)).progress == before


def test_a_child_is_complete_of_itself(whole: Path, interrupted: list[Interrupted]) -> None:
    """Steps and rates count from the first run's start, and the encoding is the one of the first run."""
    first = folded(read_events(whole))
    for run in {run.child: run for run in interrupted}.values():
        state, told = folded(read_events(run.child)), result_of(run.child)
        assert (told["status"], told["steps"], len(told["recognition_by_step"])) == ("finished", 2, 3)
        assert [measured.step for measured in state.recognition] == [0, 1, 2]
        assert len(state.controls_by_step) == 3
        assert state.encoded == first.encoded or run.parent.by.taken_n is None


def test_a_child_does_not_repeat_the_noise_of_its_parent(whole: Path, interrupted: list[Interrupted]) -> None:
    points = [
        [event for event in events_of(run) if event.type == "sweep-point"] for run in (whole, interrupted[3].child)
    ]
    assert points[0] != points[1]


@pytest.mark.parametrize("n", [1, 60, 85])
def test_a_run_that_was_stopped_goes_on_as_one_that_was_killed(whole: Path, tmp_path: Path, n: int) -> None:
    seen: list[Event] = []

    def stop(event: Event) -> None:
        seen.append(event)
        if len(seen) == n:
            next((tmp_path / "runs").glob("*/*")).joinpath(STOP).touch()

    plan = Path(read_request(whole)["run"]["plan_file"])
    stopped = execute(prepare_training(TrainingRequest(plan=plan)), tmp_path / "runs", [stop])
    assert stopped.ended.status == "stopped"
    child, events = resumed(stopped.folder, tmp_path / "more"), events_of(whole)
    taken_n = take_over(stopped.folder).by.taken_n
    assert tokens_of(events_of(child)) == tokens_of(events[0 if taken_n is None else taken_n + 1 :])


@given(first=st.integers(0, 120), second=st.integers(1, 100))
@settings(max_examples=3, phases=[Phase.generate])
def test_a_resumed_run_is_resumed_although_the_folder_of_its_parent_is_gone(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, first: int, second: int
) -> None:
    tmp_path, events = tmp_path_factory.mktemp("chain"), events_of(whole)
    parent = cut_after(whole, min(first, len(events) - 1), tmp_path / "parent")
    child = abandoned(resumed(parent, tmp_path / "children"))
    shutil.rmtree(parent)
    taken, own = begin_of(child)
    cut = cut_after(child, taken + min(second, own - 1), tmp_path / "cut")
    grandchild = resumed(cut, tmp_path / "grandchildren")
    before = _taken(events, parent_of(child)) + _taken(events_of(cut), parent_of(grandchild))
    assert before + tokens_of(events_of(grandchild)) == tokens_of(events)
    assert result_of(grandchild)["steps"] == 2
    assert [entry["step"] for entry in result_of(grandchild)["recognition_by_step"]] == [0, 1, 2]


def begin_of(folder: Path) -> tuple[int, int]:
    """How many events it begins with, those that it takes over included, and how many more there are."""
    events = events_of(folder)
    taken = 1 + sum(isinstance(event, TakenOver) for event in events)
    return taken, len(events) - taken


def parent_of(folder: Path) -> int | None:
    started = next(read_events(folder))
    assert isinstance(started, RunStarted)
    assert started.parent
    return started.parent.taken_n


def _taken(events: list[Event], taken_n: int | None) -> list[Any]:
    return [] if taken_n is None else tokens_of(events[: taken_n + 1])


def test_resuming_twice_gives_two_runs_of_the_same_events(whole: Path, tmp_path: Path) -> None:
    cut = cut_after(whole, 90, tmp_path / "cut")
    before = (cut / JOURNAL).read_bytes()
    one, two = resumed(cut, tmp_path / "runs"), resumed(cut, tmp_path / "runs")
    assert one != two
    assert but_the_run(events_of(one)) == but_the_run(events_of(two))
    assert (cut / JOURNAL).read_bytes() == before


def test_a_resumed_run_names_its_parent(whole: Path, tmp_path: Path) -> None:
    cut = cut_after(whole, 90, tmp_path / "2026-11-23" / "0007-train")
    child = resumed(cut, tmp_path / "runs")
    assert read_request(child)["run"]["parent"] == "2026-11-23/0007-train"
    assert result_of(child)["parent"] == "2026-11-23/0007-train"


def test_a_run_that_had_not_begun_to_go_on_leaves_that_to_the_run_it_names(whole: Path, tmp_path: Path) -> None:
    cut = cut_after(whole, 90, tmp_path / "2026-11-23" / "0007-train")
    child = resumed(cut, tmp_path)
    never_begun = cut_after(child, 0, child.with_name("0099-train"))
    assert prepare_resume(never_begun).parent == take_over(cut)
    for n in range(1, begin_of(child)[0]):
        killed = cut_after(child, n, child.with_name(f"{n + 100:04}-train"))
        assert prepare_resume(killed).parent == take_over(cut)
        assert prepare_rerun(killed).parent == take_over(cut)
    begun = cut_after(child, begin_of(child)[0], child.with_name("0098-train"))
    shutil.rmtree(cut)
    with pytest.raises(RefusedError, match="had not begun to resume 2026-11-23/0007-train"):
        prepare_resume(never_begun)
    handed = prepare_resume(begun).parent
    assert handed
    assert handed.run == run_id(begun)
    assert [TakenOver(event) for event in handed.events] == events_of(child)[1 : begin_of(child)[0]]


class TestRerun:
    def test_it_gives_the_same_events(self, whole: Path, tmp_path: Path) -> None:
        again = rerun(whole, tmp_path)
        assert but_the_run(events_of(again)) == but_the_run(events_of(whole))
        assert read_request(again)["run"]["rerun_of"] == read_request(whole)["run"]["id"]

    def test_of_a_resumed_run_too_also_when_its_parent_is_gone(self, whole: Path, tmp_path: Path) -> None:
        cut = cut_after(whole, 90, tmp_path / "cut")
        child = resumed(cut, tmp_path / "runs")
        shutil.rmtree(cut)
        again = rerun(child, tmp_path / "runs")
        assert but_the_run(events_of(again)) == but_the_run(events_of(child))
        assert but_the_run(events_of(rerun(again, tmp_path / "runs"))) == but_the_run(events_of(child))

    def test_of_an_interrupted_run_it_is_whole(self, whole: Path, tmp_path: Path) -> None:
        again = rerun(cut_after(whole, 90, tmp_path / "cut"), tmp_path / "runs")
        assert but_the_run(events_of(again)) == but_the_run(events_of(whole))

    def test_a_check_is_repeated_too(self, tmp_path: Path) -> None:
        done = execute(prepare_check(CheckRequest(seed=5)), tmp_path).folder
        prepared = prepare_rerun(done)
        again = execute(prepared, tmp_path).folder
        assert but_the_run(events_of(again)) == but_the_run(events_of(done))


def changed(folder: Path, table: str, **values: Any) -> Path:
    asked = read_request(folder)
    write_request(folder, {**asked, table: {**asked.get(table, {}), **values}})
    return folder


class TestRefused:
    def test_a_finished_run_is_not_resumed(self, whole: Path) -> None:
        with pytest.raises(RefusedError, match=r"is finished, so there is nothing to resume\. Repeat it"):
            prepare_resume(whole)

    def test_a_running_one_is_not(self, tmp_path: Path) -> None:
        with pytest.raises(RefusedError, match=r"the run is running, .*Stop it first: `mtjlab stop`"):
            prepare_resume(run_folder(tmp_path, UNFINISHED, **alive()))

    def test_a_check_is_not(self, tmp_path: Path) -> None:
        with pytest.raises(RefusedError, match="a run of check cannot be resumed"):
            prepare_resume(run_folder(tmp_path, BEGIN[:1], procedure="check"))

    def test_one_that_never_began_to_go_on_with_its_parent_is_not(self, whole: Path, tmp_path: Path) -> None:
        """All that the parent had would be lost."""
        child = resumed(cut_after(whole, 90, tmp_path / "2026-11-23" / "0007-train"), tmp_path / "runs")
        with pytest.raises(
            RefusedError,
            match=r"had not begun to resume 2026-11-23/0007-train, which is no longer in this folder of runs",
        ):
            prepare_resume(cut_after(child, 0, tmp_path / "killed"))

    @pytest.mark.parametrize("prepare", [prepare_resume, prepare_rerun])
    def test_what_can_not_be_done_again_is_not(self, tmp_path: Path, prepare: Callable[[Path], object]) -> None:
        with pytest.raises(RefusedError, match=r"run\.procedure is 'dance', unknown to this version"):
            prepare(run_folder(tmp_path, BEGIN[:1], procedure="dance"))

    @pytest.mark.parametrize("prepare", [prepare_resume, prepare_rerun])
    def test_other_data_than_the_run_learnt_are_named(
        self, whole: Path, tmp_path: Path, prepare: Callable[[Path], object]
    ) -> None:
        cut = cut_after(whole, 90, tmp_path / "cut")
        (tmp_path / "few.csv").write_text(TABLE.replace("0.3", "0.4", 1), encoding="utf-8")
        changed(cut, "data", source=str(tmp_path / "few.csv"))
        with pytest.raises(RefusedError, match=r"the data of the run \(few from .* is not the data found now \(few"):
            prepare(cut)

    @pytest.mark.parametrize("prepare", [prepare_resume, prepare_rerun])
    def test_data_that_are_gone_are_named(self, whole: Path, tmp_path: Path, prepare: Callable[[Path], object]) -> None:
        cut = changed(cut_after(whole, 90, tmp_path / "cut"), "data", source=str(tmp_path / "gone.csv"))
        with pytest.raises(RefusedError, match=r"the data of the run \(few from .*gone\.csv.* is not the data found"):
            prepare(cut)

    def test_a_damaged_journal_is_told_with_its_remedy(self, whole: Path, tmp_path: Path) -> None:
        cut = cut_after(whole, 90, tmp_path / "cut")
        (cut / JOURNAL).write_bytes((cut / JOURNAL).read_bytes().replace(b"sweep-point", b"sweep-joint", 1))
        with pytest.raises(RefusedError, match=r"line \d+ is damaged.*mtjlab recover"):
            prepare_resume(cut)

    @pytest.mark.parametrize("prepare", [prepare_resume, prepare_rerun])
    def test_a_damaged_request_is_told(self, whole: Path, tmp_path: Path, prepare: Callable[[Path], object]) -> None:
        cut = cut_after(whole, 90, tmp_path / "cut")
        (cut / REQUEST).write_bytes((cut / REQUEST).read_bytes().replace(b"steps = 2", b"steps = 9"))
        with pytest.raises(RefusedError, match=r"run\.toml: is damaged: its checksum does not match"):
            prepare(cut)

    @pytest.mark.parametrize("prepare", [prepare_resume, prepare_rerun])
    def test_what_is_no_run_is_not(self, tmp_path: Path, prepare: Callable[[Path], object]) -> None:
        with pytest.raises(RefusedError, match="Give the folder of a run"):
            prepare(tmp_path)


@given(data=st.data(), value=values)
@settings(max_examples=40)
def test_any_value_anywhere_in_what_was_asked_is_refused_or_taken(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, value: Any
) -> None:
    """Somebody edited ``run.toml``, and it has no checksum any more."""
    folder, asked = tmp_path_factory.mktemp("asked"), read_request(whole)
    place = data.draw(st.sampled_from(sorted(places(asked))))
    (folder / JOURNAL).write_bytes((whole / JOURNAL).read_bytes()[:20_000])
    (folder / REQUEST).write_text(tomli_w.dumps(with_value(asked, place, value)), encoding="utf-8")
    for read in (prepare_resume, prepare_rerun, list_runs, watched, story):
        tried(partial(read, folder))
    told, _ = tried(lambda: (result_of(folder), story(folder)))
    if told:
        show_story(*told, PlainConsole(file=StringIO()))


@given(damage=damages("cut", "byte", "line", "newline"))
@settings(max_examples=30)
def test_whatever_becomes_of_a_journal_what_was_written_is_taken_over_or_it_is_refused_and_recovered(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, damage: Damage
) -> None:
    folder, events = tmp_path_factory.mktemp("damaged"), events_of(whole)[:-2]
    cut = cut_after(whole, len(events), folder / "cut")
    (cut / JOURNAL).write_bytes(damage.done_to((cut / JOURNAL).read_bytes()))
    kept = (cut / JOURNAL).read_bytes().count(b"\n")
    prepared, complaint = tried(lambda: prepare_resume(cut))
    recovered, nothing_to_do = tried(lambda: recover(cut, folder / "runs")[0])
    if prepared and prepared.parent:
        assert prepared.parent.by.last_n == kept - 1
        taken = 0 if prepared.parent.by.taken_n is None else prepared.parent.by.taken_n + 1
        assert folded(taken_over(prepared.parent)).progress == folded(events[:taken]).progress or not taken
        assert "the journal is intact" in nothing_to_do
    else:
        assert "is damaged" in complaint
        assert recovered
        left = events_of(recovered)
        assert [event for event in left if not isinstance(event, EventLost)] == [e for e in events if e in left]


class TestOfARecoveredRun:
    def recovered(self, folder: Path, runs: Path, *lost: str) -> Path:
        """The journal without the first event of each of these types."""
        for kind in lost:
            content = (folder / JOURNAL).read_bytes()
            (folder / JOURNAL).write_bytes(content.replace(f'"type":"{kind}"'.encode(), b'"type":"?"', 1))
        return abandoned(recover(folder, runs)[0])

    def test_it_goes_on_although_an_event_is_lost(self, whole: Path, tmp_path: Path) -> None:
        events = events_of(whole)
        found = self.recovered(cut_after(whole, 92, tmp_path / "cut"), tmp_path / "runs", "sweep-point", "presented")
        assert sum(isinstance(event, EventLost) for event in events_of(found)) == 2
        child, taken_n = resumed(found, tmp_path / "runs"), take_over(found).by.taken_n
        assert taken_n is not None
        assert tokens_of(events_of(child)) == tokens_of(events[taken_n + 1 :])
        assert result_of(child)["steps"] == 2

    def test_a_lost_step_is_not_counted_twice(self, whole: Path, tmp_path: Path) -> None:
        found = self.recovered(cut_after(whole, 100, tmp_path / "cut"), tmp_path / "runs", "step-trained")
        child = resumed(found, tmp_path / "runs")
        assert [entry["step"] for entry in result_of(child)["recognition_by_step"]] == [0, 1, 2]
        assert len(folded(read_events(child)).controls_by_step) == 3

    @pytest.mark.parametrize("lost", ["tokens-encoded", "run-started"])
    def test_where_the_beginning_is_lost_nothing_is_made_up(self, whole: Path, tmp_path: Path, lost: str) -> None:
        cut = cut_after(whole, 100, tmp_path / "cut")
        if lost == "run-started":
            cut = cut_after(abandoned(resumed(cut, tmp_path / "children")), 90, tmp_path / "child")
        found = self.recovered(cut, tmp_path / "runs", lost)
        prepared, complaint = tried(lambda: prepare_resume(found))
        assert prepared is None
        assert "holds no complete step to resume from. `mtjlab rerun` repeats it" in complaint


def test_what_a_run_hands_over_is_what_its_fold_says(tmp_path: Path) -> None:
    run_folder(tmp_path / "run", TRAINING)
    parent = take_over(tmp_path / "run")
    assert (parent.by.last_n, parent.by.taken_n) == (len(TRAINING) - 1, 12)
    assert folded(taken_over(parent)).progress == folded(TRAINING).progress
