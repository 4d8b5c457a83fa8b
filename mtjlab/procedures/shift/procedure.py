"""Critical currents with each control current moved in turn."""

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
    """Measure critical currents with each control current moved in turn.

    Raises:
        LimitExceededError: a curve would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    curves = CurvesPlan(config, plan.staircase, plan.rows_ua, "up", calibrated)
    return (yield from measure_switching(bench, curves, taken_over))
