"""A run against the field on simulated instruments: real drivers of sources, voltmeters, supply and gaussmeter."""

from pathlib import Path

import pytest

from mtjlab import experiment
from mtjlab.events import FieldPlanned, FieldSet, RunEnded, WentSafe
from mtjlab.procedures.field.events import LoopPoint
from mtjlab.reading import read_events
from mtjlab.supplied_configs import CONFIGS
from tests.support.asking import MeasuringRequest, prepare_measuring
from tests.support.made_runs import field_asked, plan_in


def test_loops_and_slopes_are_those_of_the_chip_and_the_field_is_ramped_to_zero_at_the_end(tmp_path: Path) -> None:
    request = MeasuringRequest(CONFIGS / "field.toml", plan_in(tmp_path), simulate=True, speed=60.0)
    run = experiment.execute(prepare_measuring(request, field_asked()), tmp_path / "runs").folder
    events = list(read_events(run))
    moves = [event for event in events if isinstance(event, FieldPlanned)]
    assert all(max(map(abs, move.currents_ua)) <= move.most_ua + 1e-6 for move in moves)
    points = [event for event in events if isinstance(event, LoopPoint)]
    gaussmeter = [event.gaussmeter_mt for event in events if isinstance(event, FieldSet) and event.is_step]
    assert [point.field_mt for point in points] == gaussmeter
    result = experiment.result_of(run)
    for one, shift_mt in zip(result["junctions"], (10.2, -4.3, 8.8), strict=True):
        assert one["shift_mt"]["value"] == pytest.approx(shift_mt, abs=1.5)
        assert one["tmr"]["value"] == pytest.approx(1.183, abs=0.02)
    for slope in result["slopes"]:
        assert slope["critical_shift_ua_per_mt"]["value"] == pytest.approx(20.0, abs=8.0)
    safe, off, end = events[-3:]
    assert isinstance(safe, WentSafe)
    assert isinstance(off, FieldSet)
    assert off.field_mt == 0.0
    assert isinstance(end, RunEnded)
