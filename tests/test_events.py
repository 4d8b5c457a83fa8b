"""Events on the wire: every kind of event comes back as it went, and nothing else passes for one."""

import json
from dataclasses import fields, replace

import numpy as np
import pytest

from mtjlab.analysis.estimates import CriticalEstimate, NotDetermined
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.benches import open_bench
from mtjlab.config import PlanConfig, SimulatedBenchConfig, SweepSettings, TrainingSettings
from mtjlab.domain import Interval
from mtjlab.events import (
    SHARED,
    ClockJumped,
    Continued,
    Event,
    EventLost,
    LookedAgain,
    Parent,
    Progress,
    SeriesMeasured,
    Suspended,
    to_json,
)
from mtjlab.events.codec import decoded, encoded
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.safe import go_safe
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.reading import from_json, vocabulary
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split
from tests.support.journals import TRAINING, folded
from tests.support.miswired import MISWIRED
from tests.support.samples import STARTED

NO_EVENT = r"no event is called|Expected|missing required|malformed|Invalid"


@pytest.fixture(scope="module")
def run() -> list[Event]:
    config = PlanConfig(sweep=SweepSettings(repetitions=1), training=TrainingSettings(steps=1))
    bench = open_bench(SimulatedBenchConfig(), 0)
    plan = TrainingPlan(config, surrogate(), split(surrogate(), 0))
    return [STARTED, *train(bench, plan), *go_safe(bench)]


def test_every_event_of_a_training_comes_back_as_it_went(run: list[Event]) -> None:
    assert [from_json(to_json(event)) for event in run] == run


RESUMED = replace(STARTED, parent=Parent("2026-11-22/0007-train", 14, 12, folded(TRAINING).progress))


@pytest.mark.parametrize(
    "event",
    [
        RESUMED,
        replace(STARTED, parent=Parent("2026-11-22/0007-train", -1, None, Progress())),
        Suspended(1.0, "the field is out"),
        LookedAgain(61.0, 1, "the field is out"),
        Continued(90.5, 89.5),
        ClockJumped(-3600.0),
        ClockJumped(0.0, unwatched_s=12.5),
        EventLost(12),
    ],
    ids=lambda event: event.type,
)
def test_events_of_interrupted_runs_come_back_as_they_went(event: Event) -> None:
    assert from_json(to_json(event)) == event


def test_each_begins_with_its_type(run: list[Event]) -> None:
    for event in run:
        assert next(iter(json.loads(to_json(event)))) == "type"
        assert json.loads(to_json(event))["type"] == event.type


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"unheard-of"}',
        b'{"type":"went-safe","t_s":1.0}',
        b'{"type":"went-safe","t_s":"late","delivered_ua":[0]}',
        b'{"type":"went-safe","t_s":NaN,"delivered_ua":[0]}',
        b"[]",
    ],
)
def test_what_is_no_event_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=NO_EVENT):
        from_json(line)


def test_every_type_of_event_has_a_name_of_its_own_which_is_its_last_field() -> None:
    assert len(vocabulary()) == len({*SHARED, *(event for kind in KINDS.values() for event in kind.events)})
    assert {fields(kind)[-1].name for kind in SHARED} == {"type"}


def test_numbers_of_numpy_are_written_as_those_of_python() -> None:
    event = Continued(np.float64(90.5), np.float64(0.1))
    assert to_json(event) == b'{"type":"continued","t_s":90.5,"after_s":0.1}'
    assert from_json(to_json(event)) == event


def test_what_no_journal_can_hold_is_an_error_and_never_a_line() -> None:
    with pytest.raises(TypeError, match="object cannot be recorded in a journal"):
        to_json(Continued(90.5, object()))


def test_what_is_known_of_a_critical_current_comes_back_as_what_it_is() -> None:
    law = SwitchingLaw(110.0, 4.3)
    known = CriticalEstimate(law, Interval(109.0, 111.0), Interval(3.0, 6.0), 0.5, 0.7, 20, 20)
    series = SeriesMeasured((0.0, 0.0), (known, NotDetermined("it did not switch")), ())
    assert decoded(SeriesMeasured, encoded(series)) == series


def test_an_old_check_without_explanations_is_read() -> None:
    old = json.loads(to_json(MISWIRED))
    del old["explanations"], old["quick_look"]
    assert from_json(json.dumps(old).encode()) == replace(MISWIRED, explanations=(), quick_look="")
    assert from_json(to_json(MISWIRED)) == MISWIRED
