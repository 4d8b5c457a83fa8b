"""Try every instrument: the link, voltmeters at zero current, then one source at a time with a few uA."""

from mtjlab.bench import Bench
from mtjlab.config import InstrumentBenchConfig
from mtjlab.domain import junction_currents_ua
from mtjlab.procedures.commission.events import Commissioned, MetersSampled, SourceStepped
from mtjlab.procedures.commission.measuring import TIMING_COUNTS, measured
from mtjlab.procedures.commission.plan import CommissionPlan
from mtjlab.procedures.kind import ProcedureContext
from mtjlab.procedures.types import Procedure

TIMINGS = 2


def commission(bench: Bench, context: ProcedureContext[CommissionPlan]) -> Procedure[Commissioned]:
    """Try every instrument; all sources are at zero before and after, and junctions never carry more than the probe.

    Raises:
        LimitExceededError: a few uA are outside the limits of the bench.
        BenchFaultError: an instrument is lost.
    """
    assert isinstance(context.bench, InstrumentBenchConfig)
    sampled, stepped = [], []
    for event in _tried(bench, context.plan):
        yield event
        if isinstance(event, MetersSampled):
            sampled.append(event)
        elif isinstance(event, SourceStepped):
            stepped.append(event)
    study = context.study_link()
    done = measured(bench.time_s, context.bench, context.config.detector, bench.nominal, sampled, stepped, study)
    yield done
    return done


def _tried(bench: Bench, plan: CommissionPlan) -> Procedure[None]:
    junctions = bench.description.junctions
    apertures_s = tuple(bench.integrate(None))
    for _ in range(TIMINGS * junctions):  # each reading listens to another meter first, and times that one
        for count in TIMING_COUNTS:
            yield MetersSampled(apertures_s, bench.survey(count))
    yield MetersSampled(apertures_s, bench.survey(plan.samples))
    for nplc in plan.nplcs:
        yield MetersSampled(tuple(bench.integrate(nplc)), bench.survey(plan.samples))
    apertures_s = tuple(bench.integrate(plan.step_nplc))
    zero = junction_currents_ua([0.0] * junctions)
    for source in range(junctions):
        levels = junction_currents_ua([plan.probe_ua if k == source else 0.0 for k in range(junctions)])
        up, back = bench.plan(levels, zero), bench.plan(zero, levels)
        for _ in range(plan.steps):
            bench.hold(plan.hold_s)
            began_s, set_s = bench.step(up)
            survey = bench.survey(plan.step_samples)
            bench.execute(back)
            yield SourceStepped(source, plan.probe_ua, began_s, set_s, apertures_s[source], survey)
    bench.integrate(None)
