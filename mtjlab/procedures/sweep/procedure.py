"""Critical currents at given control currents."""

from collections.abc import Sequence

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.events import Event, JunctionsMeasured, SwitchingMeasured
from mtjlab.procedures.curves import CurvesPlan, measure_switching
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.types import Procedure


def sweep(
    bench: Bench,
    config: PlanConfig,
    plan: SweepPlan,
    calibrated: JunctionsMeasured | None = None,
    taken_over: Sequence[Event] = (),
) -> Procedure[SwitchingMeasured]:
    """Measure resistance curves at one set of control currents, and the critical currents from them.

    Raises:
        LimitExceededError: a curve would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    curves = CurvesPlan(config, plan.staircase, (plan.controls_ua,), plan.legs, calibrated)
    return (yield from measure_switching(bench, curves, taken_over))
