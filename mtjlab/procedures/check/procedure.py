"""Wiring check: move one source at a time by a few uA, and see which voltmeters respond."""

from contextlib import suppress

from mtjlab.bench import Bench
from mtjlab.diagnosis.diagnose import diagnose
from mtjlab.diagnosis.measured import Probe
from mtjlab.domain import PerJunction, Survey, junction_currents_ua
from mtjlab.errors import BenchFaultError, ComplianceFaultError
from mtjlab.events import ProbePlanned, SurveyTaken, WiringChecked
from mtjlab.procedures.check.plan import CheckPlan, Wiring
from mtjlab.procedures.types import Procedure
from mtjlab.transitions import Transition


def check(bench: Bench, wiring: Wiring) -> Procedure[WiringChecked]:
    """Look for wiring mistakes; all sources are at zero before and after.

    A source that reaches its compliance is a finding, not an error.

    Raises:
        LimitExceededError: a few uA are outside the limits of the bench.
        BenchFaultError: an instrument is lost.
    """
    plan, junctions, probe_ua = wiring.plan, bench.description.junctions, wiring.expected.probe_ua
    bench.hold(plan.hold_s)
    at_zero = yield from _survey(bench, plan, None, 0.0)
    probes = []
    for source in range(junctions):
        up, over, back = _there_and_back(bench, source, probe_ua)
        yield ProbePlanned(bench.time_s, source, (up, over, back))
        _move(bench, up)
        bench.hold(plan.hold_s)
        plus = yield from _survey(bench, plan, source, probe_ua)
        _move(bench, over)
        settling = yield from _survey(bench, plan, source, -probe_ua, settled=False)
        bench.hold(plan.hold_s)
        minus = yield from _survey(bench, plan, source, -probe_ua)
        _move(bench, back)
        bench.hold(plan.hold_s)
        probes.append(Probe(plus, settling, minus))
    diagnosis = diagnose(wiring.expected, at_zero, probes)
    checked = WiringChecked(
        bench.time_s,
        probe_ua,
        diagnosis.matrix_ohm,
        diagnosis.findings,
        diagnosis.explanations,
        diagnosis.quick_look,
    )
    yield checked
    return checked


def demand_right_wiring(bench: Bench, wiring: Wiring) -> Procedure[None]:
    """Check the wiring, and continue only if it is right.

    Raises:
        BenchFaultError: there are mistakes; the message names them.
    """
    checked = yield from check(bench, wiring)
    if checked.mistakes:
        mistakes = [f"{found.role}: {found.measured}. {found.remedy}" for found in checked.mistakes]
        mistakes += [f"Or {other.part}: {other.mistake}." for other in checked.explanations[1:]]
        raise BenchFaultError(
            " ".join(["The wiring is not right, so nothing else was started.", *mistakes, checked.quick_look]).rstrip()
        )


def _there_and_back(bench: Bench, source: int, probe_ua: float) -> tuple[Transition, Transition, Transition]:
    """Transitions from zero to plus, to minus, and back to zero, each a single write."""
    zero, plus, minus = (_controls_ua(bench, source, current) for current in (0.0, probe_ua, -probe_ua))
    return bench.plan(plus, zero), bench.plan(minus, plus), bench.plan(zero, minus)


def _controls_ua(bench: Bench, source: int, current_ua: float) -> PerJunction:
    """Control currents with ``source`` alone at ``current_ua``."""
    return junction_currents_ua([current_ua if k == source else 0.0 for k in range(bench.description.junctions)])


def _move(bench: Bench, transition: Transition) -> None:
    """Execute a transition; a source at its compliance is reported by the surveys instead."""
    with suppress(ComplianceFaultError):
        bench.execute(transition)


def _survey(
    bench: Bench, plan: CheckPlan, source: int | None, current_ua: float, settled: bool = True
) -> Procedure[Survey]:
    survey = bench.survey(plan.samples)
    yield SurveyTaken(source, current_ua, settled, survey)
    return survey
