"""What a run hands over to the one that resumes it: lines after its first, for every kind that can be resumed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from mtjlab import experiment
from mtjlab.events import CurveTaken, Event, Presented, TakenOver
from mtjlab.experiment import prepare_resume, story
from mtjlab.gui.run.snapshot_builder import SnapshotBuilder
from mtjlab.notebook.runs import read
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained
from mtjlab.reading import read_events
from mtjlab.run_status import status_report
from mtjlab.runs.listing import list_runs
from mtjlab.store import Line, read_lines, span_s
from tests.support.asking import MeasuringRequest, TokensAsked, prepare_classify
from tests.support.journals import abandoned, cut_after, folded
from tests.support.made_runs import MADE, Maker, made_training, plan_in

FIRST_LINE_BYTES = 3000
"""Of a run that resumes another: references of three junctions, but nothing that grows with what was measured."""
PIECES = (CurveTaken, Probed, Presented, StepTrained, RecognitionMeasured)


def classification(folder: Path) -> Path:
    """Of every token of a training, twice."""
    (folder / "of").mkdir()
    request = MeasuringRequest(experiment.DEFAULT_BENCH, plan_in(folder))
    prepared = prepare_classify(made_training(folder / "of"), request, TokensAsked(times=2))
    return experiment.execute(prepared, folder).folder


KINDS: dict[str, Maker] = {
    **{kind: MADE[kind] for kind in ("train", "sweep", "shift", "curves-map", "raster-map", "adaptive-map")},
    "classify": classification,
}


def resumed(folder: Path, runs: Path) -> Path:
    return experiment.execute(prepare_resume(folder), runs).folder


def count(run: Path) -> int:
    return sum(1 for _ in read_lines(run))


def own(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if not line.is_taken]


@dataclass(frozen=True)
class Chain:
    """A whole run; one that went on with nearly all of it; and one that went on with nearly all of that."""

    whole: Path
    child: Path
    grandchild: Path

    def pieces(self, run: Path) -> Counter[type[Event]]:
        state = folded(read_events(run))
        return Counter({kind: state.record.number(kind) for kind in PIECES})


@pytest.fixture(scope="module", params=KINDS)
def chain(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    folder = tmp_path_factory.mktemp(request.param)
    whole = KINDS[request.param](folder)
    child = resumed(cut_after(whole, count(whole) - 5, folder / "cut" / "0001-parent"), folder / "children")
    cut = cut_after(child, count(child) - 4, folder / "cut" / "0002-child")
    return Chain(whole, child, resumed(cut, folder / "grandchildren"))


def test_the_first_line_is_small_and_what_was_taken_over_follows_it(chain: Chain) -> None:
    for run in (chain.child, chain.grandchild):
        first, *lines = read_lines(run)
        started = next(read_events(run))
        assert first.length < FIRST_LINE_BYTES
        taken = started.parent.handed_over  # type: ignore[attr-defined]
        assert taken > 0
        assert [line.is_taken for line in lines] == [True] * taken + [False] * (len(lines) - taken)


def test_each_of_them_is_finished_and_complete_of_itself(chain: Chain) -> None:
    whole = chain.pieces(chain.whole)
    for run in (chain.child, chain.grandchild):
        assert status_report(run).status == "finished"
        told = chain.pieces(run)
        for kind in (CurveTaken, StepTrained, RecognitionMeasured):
            assert told[kind] == whole[kind], kind
        assert names_in(run) == names_in(chain.whole)


def names_in(run: Path) -> set[str]:
    """Of what was presented for a map or a classification."""
    state = folded(read_events(run))
    return {presented.token.name for presented in state.mapped + state.shown}


def test_the_grandchild_begins_with_all_that_the_child_had_taken_over(chain: Chain) -> None:
    child, grandchild = (
        [event.event for event in read_events(run) if isinstance(event, TakenOver)]
        for run in (chain.child, chain.grandchild)
    )
    assert grandchild[: len(child)] == child


def test_what_is_exported_and_shown_holds_what_was_taken_over(chain: Chain) -> None:
    presented = [
        event.event if isinstance(event, TakenOver) else event
        for event in read_events(chain.grandchild)
        if isinstance(event, Presented) or (isinstance(event, TakenOver) and isinstance(event.event, Presented))
    ]
    frames = read(chain.grandchild).to_dataframe()
    if presented:
        assert list(frames["presentations"]["Token"]) == [one.token.name for one in presented]
        assert len(frames["readings"]) == sum(
            len(reading.samples_mv)
            for one in presented
            for outcome in one.outcomes
            for reading in (*outcome.readings, *outcome.reset_readings)
        )
    window = SnapshotBuilder(chain.grandchild)
    window.take(list(read_lines(chain.grandchild)))
    of_maps = [one for one in presented if one.purpose in ("map", "classify")]
    assert [one.token for one in window.snapshot.token_results] == [one.token for one in of_maps]
    assert vars(window.state)["_number"] == vars(folded(read_events(chain.grandchild)).record)["_number"]


def test_neither_its_story_nor_its_times_are_of_what_was_taken_over(chain: Chain) -> None:
    lines = list(read_lines(chain.grandchild))
    sentences = {event.sentence for event in read_events(chain.grandchild) if not isinstance(event, TakenOver)}
    told = story(chain.grandchild)
    assert {text for _, text in told.history} <= sentences
    assert span_s(chain.grandchild) <= (lines[-1].at - lines[0].at).total_seconds() + 0.001


def test_it_is_listed_with_what_it_came_to(chain: Chain) -> None:
    whole, child = (list_runs(run)[0] for run in (chain.whole, chain.grandchild))
    assert child.parent == "cut/0002-child"
    assert (child.step, child.status_report.status) == (whole.step, "finished")
    assert (child.recognition is None) == (whole.recognition is None)


def test_of_a_crashed_one_that_took_over_and_did_no_more_nothing_is_lost(chain: Chain, tmp_path: Path) -> None:
    lines = list(read_lines(chain.child))
    taken = len(lines) - len(own(lines))
    begun = cut_after(chain.child, 1 + taken, tmp_path / "2026-11-23" / "0003-begun")
    handed = prepare_resume(abandoned(begun)).parent
    assert handed is not None
    assert [TakenOver(event) for event in handed.events] == list(read_events(begun))[1:]
