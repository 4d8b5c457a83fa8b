"""Where the junctions switch as one control current after another is moved."""

from collections.abc import Sequence

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.events import Event, JunctionsMeasured, SwitchingMeasured
from mtjlab.procedures.curves import CurvesPlan, measure_switching
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.types import Procedure


def shift(
    bench: Bench,
    config: PlanConfig,
    plan: ShiftPlan,
    calibrated: JunctionsMeasured | None = None,
    taken_over: Sequence[Event] = (),
) -> Procedure[SwitchingMeasured]:
    """Critical currents while one control current after another is moved.

    Raises:
        LimitExceededError: a curve would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    curves = CurvesPlan(config, plan.staircase, plan.rows_ua, "up", calibrated)
    return (yield from measure_switching(bench, curves, taken_over))
