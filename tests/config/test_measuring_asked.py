"""What may be asked of a measurement."""

import pytest
from pydantic import ValidationError

from mtjlab.config import SweepSettings
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.switching_map.plan import MapPlan

ROW = (-500.0,) * 3


def test_each_procedure_has_its_table() -> None:
    tables = {
        name: kind.plan.model_fields["procedure"].default
        for name, kind in KINDS.items()
        if "procedure" in kind.plan.model_fields
    }
    names = "sweep", "shift", "map", "live", "dwell", "pulse", "field", "compare-chip"
    assert tables == {name: name for name in names}


def test_the_papers_map_is_of_160_curves_in_28_960_readings() -> None:
    asked = MapPlan(controls_ua=(ROW, ROW), way="curves")
    staircase = asked.staircase
    points = (staircase.input_stop_ua - staircase.input_start_ua) / staircase.input_step_ua + 1
    assert (2 * staircase.repetitions, 2 * staircase.repetitions * points) == (160, 28_960)


@pytest.mark.parametrize("by_ua", [(30.0,), (0.0, 30.0), (30.0, 30.0), (float("nan"), 30.0)])
def test_control_currents_are_moved_by_two_different_amounts_at_least(by_ua: tuple[float, ...]) -> None:
    with pytest.raises(ValidationError, match="by_ua"):
        ShiftPlan(controls_ua=ROW, by_ua=by_ua)


@pytest.mark.parametrize(
    "wishes",
    [
        {"controls_ua": (ROW,)},
        {"controls_ua": (ROW, ROW, ROW)},
        {"way": "sideways"},
        {"cell_ua": 901.0},
        {"cell_ua": 0.0},
        {"times": 0},
        {"width_ua": 0.0},
        {"most_probes": 0},
        {"cells_ua": 5.0},
    ],
)
def test_a_map_that_makes_no_sense_is_refused(wishes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MapPlan.model_validate({"controls_ua": (ROW, ROW), **wishes})


def test_legs_are_loops_or_rise_or_fall() -> None:
    assert SweepPlan(controls_ua=ROW).legs == "loop"
    with pytest.raises(ValidationError, match="legs"):
        SweepPlan.model_validate({"controls_ua": ROW, "legs": "sideways", "staircase": SweepSettings()})
