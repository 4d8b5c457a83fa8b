"""Looks at the junctions: until every verdict repeats, and until all are reset or the error names which are not."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from mtjlab.detection.flips import Flips
from mtjlab.domain import Reading, Verdict
from mtjlab.events import ResetFailed, ResetVerified
from mtjlab.procedures.look import Look, NotResetError, Observer
from tests.support.equipment import drive
from tests.support.tiny_measurements import CONFIG, bench_of, calibrated

AP, P, UNDECIDED = Verdict.AP, Verdict.P, Verdict.UNDECIDED


def observer_at(controls_ua: Sequence[float], input_ua: float = 0.0) -> Observer:
    bench = bench_of()
    bench.execute(bench.plan(controls_ua))
    bench.apply(input_ua)
    return Observer.of(bench, calibrated(), CONFIG)


def seen(observer: Observer) -> tuple[Look, list[Reading]]:
    readings: list[Reading] = []
    return observer.look(readings), readings


def test_one_reading_is_enough_where_its_samples_agree() -> None:
    look, readings = seen(observer_at((-500.0, -500.0, -500.0), 560.0))
    assert (look.verdicts, look.switched, look.flips) == ((AP, P, AP), 1, Flips())
    assert [len(reading.samples_mv) for reading in readings] == [2]


def test_a_junction_in_the_dead_band_is_undecided_and_nothing_is_counted() -> None:
    look, readings = seen(observer_at((-500.0, -500.0, -500.0), 505.0))
    assert look.verdicts == (UNDECIDED,) * 3
    assert look.switched is None
    assert len(readings) == 1


def test_reset_junctions_are_recognised_at_the_first_look() -> None:
    (verified,), reading = drive(observer_at((-500.0, -500.0, -500.0)).demand_reset())
    assert isinstance(verified, ResetVerified)
    assert (verified.attempt, verified.verdicts, verified.readings[-1]) == (1, (AP,) * 3, reading)


def test_a_junction_that_stays_parallel_is_named_with_its_control_current_after_all_looks() -> None:
    """J2 has switched, and switches back only at -347 uA."""
    observer = observer_at((-500.0, -200.0, -500.0), 250.0)
    observer.bench.idle()
    events = []
    with pytest.raises(NotResetError, match=r"J2 \(P at a control current of -200 uA\)\. Lower the control currents"):
        events.extend(observer.demand_reset())
    assert [type(event) for event in events] == [ResetFailed] * 3
    assert [event.attempt for event in events if isinstance(event, ResetFailed)] == [1, 2, 3]
    waits_s = [later.t_s - earlier.t_s for earlier, later in pairwise(events)]
    assert all(wait >= CONFIG.presentation.dwell_s for wait in waits_s)
