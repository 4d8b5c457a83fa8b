"""Events on the wire: every kind of event comes back as it went, and nothing else passes for one."""

import json
from dataclasses import replace

import pytest
from journals import TRAINING
from miswired import MISWIRED
from samples import STARTED

from mtjlab.benches import open_bench
from mtjlab.config import PlanConfig, SimulatedBenchConfig, SweepSettings, TrainingSettings
from mtjlab.events import (
    ClockJumped,
    Continued,
    Event,
    EventLost,
    LookedAgain,
    Parent,
    Presented,
    PresentedGlance,
    Progress,
    Suspended,
    to_json,
)
from mtjlab.events.codec import decoded
from mtjlab.procedures.safe import go_safe
from mtjlab.procedures.training import TrainingPlan, train
from mtjlab.reading import from_json
from mtjlab.run_state import fold
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split

NO_EVENT = r"no event is called|Expected|missing required|malformed|Invalid"


@pytest.fixture(scope="module")
def run() -> list[Event]:
    config = PlanConfig(sweep=SweepSettings(repetitions=1), training=TrainingSettings(steps=1))
    bench = open_bench(SimulatedBenchConfig(), 0)
    plan = TrainingPlan(config, surrogate(), split(surrogate(), 0))
    return [STARTED, *train(bench, plan), *go_safe(bench)]


def test_every_event_of_a_training_comes_back_as_it_went(run: list[Event]) -> None:
    assert [from_json(to_json(event)) for event in run] == run


RESUMED = replace(STARTED, parent=Parent("2026-11-22/0007-train", 14, 12, fold(TRAINING).progress))


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


def test_a_glance_tells_what_came_of_a_presentation(run: list[Event]) -> None:
    presented = [event for event in run if isinstance(event, Presented)]
    for event, glance in ((event, decoded(PresentedGlance, to_json(event))) for event in presented):
        assert (glance.step, glance.token, glance.configuration) == (event.step, event.token, event.configuration)
        assert [one.reset for one in glance.outcomes] == [one.reset for one in event.outcomes]


def test_no_other_event_passes_for_a_presentation(run: list[Event]) -> None:
    with pytest.raises(ValueError, match=NO_EVENT):
        decoded(PresentedGlance, to_json(run[0]))


def test_an_old_check_without_explanations_is_read() -> None:
    old = json.loads(to_json(MISWIRED))
    del old["explanations"], old["quick_look"]
    assert from_json(json.dumps(old).encode()) == replace(MISWIRED, explanations=(), quick_look="")
    assert from_json(to_json(MISWIRED)) == MISWIRED
