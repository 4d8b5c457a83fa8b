"""Manual operation: read the junctions continuously while a person sets control currents and input."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.counted import counted
from mtjlab.detection.detector import judge_by_law
from mtjlab.domain import PerJunction
from mtjlab.errors import LimitExceededError
from mtjlab.events import JunctionsMeasured
from mtjlab.procedures.limits import demand_inside_limits
from mtjlab.procedures.look import Observer
from mtjlab.procedures.manual.events import JunctionsRead, RequestPlanned, RequestRefused
from mtjlab.procedures.manual.plan import ManualPlan
from mtjlab.procedures.types import Procedure
from mtjlab.requests import ManualRequest, ReceivedRequest

NewRequests: TypeAlias = Callable[[], Sequence[ReceivedRequest]]
"""Returns the requests received since its last call."""

SOURCES_EVERY_S = 1.0
"""Bench time between readbacks of the sources: without references, no voltage shows a change."""
EXAMPLE = '{"controls_ua": [-500, -500, -500], "input_ua": 300}'


def manual(
    bench: Bench,
    config: PlanConfig,
    plan: ManualPlan,
    new_requests: NewRequests,
    measured: JunctionsMeasured | None = None,
) -> Procedure[None]:
    """Read the junctions and carry out requests until stopped; all sources are at zero at the start.

    Without references, ``measured`` before, junctions are judged by the nominal resistance law, and marked so.

    Raises:
        BenchFaultError: an instrument is lost, or somebody else switched an output off or changed a level.
    """
    if measured is not None:
        yield replace(measured, t_s=bench.time_s)
    observer = _observer(bench, config, measured)
    end_s = None if plan.for_s is None else bench.time_s + plan.for_s
    checked_s = bench.time_s
    while end_s is None or bench.time_s < end_s:
        if received := new_requests():
            yield from _handle(bench, received)
        yield _look(bench, observer, config)
        if bench.time_s >= checked_s + SOURCES_EVERY_S:
            bench.demand_sources()
            checked_s = bench.time_s
        bench.rest(plan.every_s)


def _observer(bench: Bench, config: PlanConfig, measured: JunctionsMeasured | None) -> Observer | None:
    if measured is None:
        return None
    bench.predict_voltages_with([reference.law for reference in measured.references])
    return Observer.of(bench, measured, config)


def _look(bench: Bench, observer: Observer | None, config: PlanConfig) -> JunctionsRead:
    if observer is None:
        reading = bench.read(config.detector.samples)
        nominal = judge_by_law(bench.nominal, reading.currents_ua, reading.mean_mv, config.detector)
        return JunctionsRead((reading,), nominal=nominal)
    readings, verdicts = observer.look_at_idle()
    return JunctionsRead(readings, verdicts)


def _handle(bench: Bench, received: Sequence[ReceivedRequest]) -> Procedure[None]:
    """Refuse invalid requests, and carry out the others together; later values replace earlier ones."""
    for invalid in (one for one in received if one.request is None):
        reason = f"{invalid.text!r} cannot be understood. Write control currents, an input, or both, as {EXAMPLE}."
        yield RequestRefused(bench.time_s, invalid.number, invalid.text, reason)
    valid = [(one, one.request) for one in received if one.request is not None]
    if valid:
        yield from _carry_out(bench, valid[-1][0], _combined([request for _, request in valid]))


def _carry_out(bench: Bench, last: ReceivedRequest, request: ManualRequest) -> Procedure[None]:
    """Plan a change, yield it, and make it; a refused one changes nothing. Controls change at zero input only."""
    controls_ua = bench.controls_ua if request.controls_ua is None else request.controls_ua
    input_ua = bench.input_ua if request.input_ua is None else request.input_ua
    try:
        _demand_possible(bench, controls_ua, input_ua)
        transition = bench.plan(controls_ua)
    except LimitExceededError as error:
        yield RequestRefused(bench.time_s, last.number, last.text, str(error))
        return
    moves = transition if transition.sub_steps else None
    cautions = bench.envelope.cautions(tuple(control + input_ua for control in controls_ua))
    yield RequestPlanned(bench.time_s, last.number, controls_ua, input_ua, moves, cautions)
    if moves:
        bench.idle()
        bench.execute(moves)
    bench.apply(input_ua)


def _combined(requests: Sequence[ManualRequest]) -> ManualRequest:
    controls = [request.controls_ua for request in requests if request.controls_ua is not None]
    inputs = [request.input_ua for request in requests if request.input_ua is not None]
    return ManualRequest(controls[-1] if controls else None, inputs[-1] if inputs else None)


def _demand_possible(bench: Bench, controls_ua: PerJunction, input_ua: float) -> None:
    junctions = bench.description.junctions
    if len(controls_ua) != junctions:
        raise LimitExceededError(
            f"{counted(len(controls_ua), 'control current')} for {counted(junctions, 'junction')}. Nothing was "
            "written. Give one for each."
        )
    demand_inside_limits(bench.envelope, bench.controls_ua, [controls_ua], [input_ua])
