"""Events are read as this version writes them, whatever version wrote the journal."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from mtjlab.config.section import Section
from mtjlab.events import ControlsPlanned, CurveTaken, Event, JunctionsMeasured, SweepPoint
from mtjlab.gui.run.snapshot_builder import SnapshotBuilder
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.reading import EventFollower, Translation, read_events
from mtjlab.store import read_lines
from tests.golden.runs import RUNS
from tests.support.measurements import measured, staircase

HELD_UA = (-500.0, -460.0, -520.0)
SWEEP = SweepPlan(controls_ua=HELD_UA, staircase=staircase(1))
SHIFT = ShiftPlan(controls_ua=HELD_UA, by_ua=(-20.0, 20.0), staircase=staircase(1))
MAP = MapPlan(controls_ua=(HELD_UA, HELD_UA), staircase=staircase(1), way="curves")
OLD_WITH_CURVES = [name for name in RUNS if name.partition("/")[2].startswith(("sweep", "shift", "map-curves"))]
REFERENCE_POINTS = 2 * 181


def as_older_versions_wrote(event: Event) -> Event:
    match event:
        case SweepPoint():
            return replace(event, purpose=None)
        case ControlsPlanned(series=int(series)):
            return replace(event, step=series, series=None)
        case _:
            return event


def demand_purposes(events: Iterable[Event]) -> None:
    """References are swept until they are known, then curves, each under the control currents of its series."""
    known, series, curves = False, None, 0
    for event in events:
        known = known or isinstance(event, JunctionsMeasured)
        if isinstance(event, ControlsPlanned):
            series = event.series
            assert event.step == 0
        if isinstance(event, SweepPoint):
            assert event.purpose == ("curve" if known else "reference")
        if isinstance(event, CurveTaken):
            curves += 1
            assert event.series == series
    assert curves


@pytest.mark.parametrize("asked", [SWEEP, SHIFT, MAP], ids=lambda asked: asked.procedure)
def test_a_point_says_what_it_is_for_and_controls_which_curves_they_are_for(tmp_path: Path, asked: Section) -> None:
    events = list(read_events(measured(tmp_path / "run", asked)))
    demand_purposes(events)
    translation = Translation()
    told = [now for event in events for now in translation.of(as_older_versions_wrote(event))]
    assert told == events


@pytest.mark.parametrize("name", OLD_WITH_CURVES)
def test_it_is_inferred_where_an_older_version_did_not_say(name: str) -> None:
    demand_purposes(read_events(RUNS[name]))
    follower = EventFollower(RUNS[name])
    assert [event for _ in range(2) for event in follower.news()] == list(read_events(RUNS[name]))


def test_references_and_the_first_curve_are_two_sweeps_to_those_who_look_on(tmp_path: Path) -> None:
    """Both are repetition 0 of series 0 where each is swept once."""
    folder = measured(tmp_path / "run", SWEEP, until=(SweepPoint, REFERENCE_POINTS + 20))
    builder = SnapshotBuilder(folder)
    builder.take(list(read_lines(folder)))
    (repetition,) = builder.snapshot.sweep.repetitions
    assert len(repetition.inputs_ua) == 20
    assert builder.snapshot.sweep.controls_ua == HELD_UA
