"""Snapshots equal the fold of the events, in memory that does not grow with their number."""

from collections.abc import Sized
from dataclasses import fields, replace
from itertools import cycle, islice
from pathlib import Path

import msgspec
import pytest

from mtjlab.errors import RefusedError
from mtjlab.events import Presented, ResetFailed
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.run.snapshot_builder import MAX_JUDGED, MAX_LOG_ENTRIES, SnapshotBuilder
from mtjlab.procedures.manual.events import JunctionsRead, RequestRefused
from mtjlab.procedures.training.events import RecognitionMeasured
from mtjlab.reading import read_events
from mtjlab.record import fold
from mtjlab.store import JOURNAL, Follower
from mtjlab.store.lines import format_line, parse_line
from tests.support.journals import ALL_AP, PRESENTED, READING, folded


def read(folder: Path, at_once: int = 300) -> SnapshotBuilder:
    builder, follower = SnapshotBuilder(folder), Follower(folder)
    while lines := follower.lines(at_once):
        builder.take(lines)
    return builder


@pytest.fixture(scope="module")
def builder(trained: Path) -> SnapshotBuilder:
    return read(trained)


@pytest.mark.parametrize("at_once", [1, 7, 10_000])
def test_the_state_is_the_fold_of_all_events_however_many_are_read_at_once(trained: Path, at_once: int) -> None:
    builder, whole = read(trained, at_once), folded(read_events(trained))
    assert vars(builder.state) == vars(fold(read_events(trained)))
    assert vars(builder.learnt) == vars(whole.learnt)


def test_answers_are_the_classes_last_recognised(trained: Path, builder: SnapshotBuilder) -> None:
    presented = [event for event in read_events(trained) if isinstance(event, Presented)]
    last = {event.token.name: event.recognised_as for event in presented if event.purpose == "recognition"}
    assert builder.snapshot.answers == last


def test_only_the_latest_readings_are_stored(builder: SnapshotBuilder) -> None:
    assert len(builder.snapshot.judged) == MAX_JUDGED
    latest = builder.snapshot.latest
    assert isinstance(latest, Presented)
    assert builder.snapshot.judged[-1].reading == latest.outcomes[-1].readings[-1]


def test_a_sweep_is_stored_as_measured(builder: SnapshotBuilder) -> None:
    (repetition,) = builder.snapshot.sweep.repetitions
    inputs_ua, resistances = repetition.leg(1, rising=True)
    assert (inputs_ua[0], inputs_ua[-1], len(inputs_ua)) == (0, 900, 91)
    assert resistances[0] > 1.3 > resistances[-1]
    assert builder.snapshot.sweep.controls_ua == (-500, -500, -500)


def test_an_earlier_step_is_reproduced(trained: Path, builder: SnapshotBuilder) -> None:
    then = builder.at_step(1)
    before: list[object] = []
    for event in read_events(trained):
        before.append(event)
        if isinstance(event, RecognitionMeasured) and event.step == 1:
            break
    was = folded(before)  # type: ignore[arg-type]
    assert (then.learnt.controls_by_step, then.learnt.recognition) == (was.controls_by_step, was.recognition)
    assert (then.state.tallies["presentations"], then.state.ended) == (was.presentations, None)
    assert then.lines == len(before)
    assert [entry.text for entry in then.log][-1].startswith("recognition at step 1")


def test_answers_of_a_step_belong_to_its_own_measurement(builder: SnapshotBuilder) -> None:
    for step, measured in enumerate(builder.learnt.recognition):
        answers, encoded = builder.at_step(step).answers, builder.learnt.encoded
        assert answers is not None
        assert encoded is not None
        right = [answers[token.name] == token.label for token in encoded.tokens if token.subset == "train"]
        assert sum(right) / len(right) == pytest.approx(measured.train)


def test_the_last_step_is_the_present_snapshot(builder: SnapshotBuilder) -> None:
    assert builder.at_step(2) == builder.at_step(99) == builder.snapshot


def test_the_pace_gives_the_remaining_time(builder: SnapshotBuilder) -> None:
    pace = builder.snapshot.pace
    assert pace is not None
    assert pace.share == 1.0
    assert pace.remaining_s == 0.0


def test_a_run_without_its_request_is_shown(trained: Path, tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes((trained / JOURNAL).read_bytes())
    snapshot: Snapshot = read(tmp_path).snapshot
    assert (snapshot.info.bench, snapshot.info.steps, snapshot.info.meter) == (None, None, None)
    assert snapshot.learnt.step == 2


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="no run folder"):
        read(tmp_path)


WHILE_IT_LASTS = [
    *[PRESENTED] * 6,
    *[replace(PRESENTED, purpose="recognition")] * 6,
    replace(PRESENTED, purpose="recognition", configuration=None, recognised_as=None),
    ResetFailed(1.0, 1, (READING,), ALL_AP),
    JunctionsRead((READING,), ALL_AP),
    RequestRefused(1.0, 1, "{}", "That cannot be."),
]
"""Events that recur in every step."""


def lengths(builder: SnapshotBuilder) -> dict[str, int]:
    """Lengths of everything that a builder holds."""
    (series,) = builder.snapshot.sweep.by_hand.series
    held = {**vars(builder), **vars(builder.snapshot.sweep), **vars(builder.state)}
    held |= {field.name: getattr(series, field.name) for field in fields(series)}
    return {name: len(thing) for name, thing in held.items() if isinstance(thing, Sized) and not isinstance(thing, str)}


def test_memory_does_not_grow_with_the_number_of_events(tmp_path: Path) -> None:
    builder, once = SnapshotBuilder(tmp_path), [parse_line(format_line(0, event)) for event in WHILE_IT_LASTS]
    lines = cycle(line for line in once if line is not None)
    for n in range(0, 50_000, 500):
        builder.take([msgspec.structs.replace(line, n=n + k) for k, line in enumerate(islice(lines, 500))])
        if n == 30_000:
            before = lengths(builder)
    assert builder.state.tallies["presentations"] > 40_000
    assert lengths(builder) == before
    assert max(before.values()) == MAX_LOG_ENTRIES
