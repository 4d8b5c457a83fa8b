"""By hand: the junctions are read again and again while a person turns control currents and input."""

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

News: TypeAlias = Callable[[], Sequence[ReceivedRequest]]
"""Gives what was asked for since it was called the last time."""

SOURCES_EVERY_S = 1.0
"""Bench time after which sources are asked again what they deliver: without references no voltage tells."""
EXAMPLE = '{"controls_ua": [-500, -500, -500], "input_ua": 300}'


def manual(
    bench: Bench, config: PlanConfig, plan: ManualPlan, news: News, measured: JunctionsMeasured | None = None
) -> Procedure[None]:
    """Read the junctions and grant what is asked for, until somebody stops it; all sources stand at zero at first.

    Without what was ``measured`` before there are no references: junctions are judged by the nominal law, marked so.

    Raises:
        BenchFaultError: an instrument is lost, or somebody else has switched an output off or changed a level.
    """
    if measured is not None:
        yield replace(measured, t_s=bench.time_s)
    observer = _observer(bench, config, measured)
    end_s = None if plan.for_s is None else bench.time_s + plan.for_s
    asked_s = bench.time_s
    while end_s is None or bench.time_s < end_s:
        if heard := news():
            yield from _hear(bench, heard)
        yield _look(bench, observer, config)
        if bench.time_s >= asked_s + SOURCES_EVERY_S:
            bench.demand_sources()
            asked_s = bench.time_s
        bench.rest(plan.every_s)


def _observer(bench: Bench, config: PlanConfig, measured: JunctionsMeasured | None) -> Observer | None:
    if measured is None:
        return None
    bench.predict_voltages_with([reference.law for reference in measured.references])
    return Observer(bench, measured.references, config.detector, config.presentation)


def _look(bench: Bench, observer: Observer | None, config: PlanConfig) -> JunctionsRead:
    if observer is None:
        reading = bench.read(config.detector.samples)
        nominal = judge_by_law(bench.nominal, reading.currents_ua, reading.mean_mv, config.detector)
        return JunctionsRead((reading,), nominal=nominal)
    readings, verdicts = observer.look_at_idle()
    return JunctionsRead(readings, verdicts)


def _hear(bench: Bench, heard: Sequence[ReceivedRequest]) -> Procedure[None]:
    """Of wishes that came together the later ones count."""
    for unclear in (one for one in heard if one.request is None):
        told = f"{unclear.text!r} cannot be understood. Write control currents, an input, or both, as {EXAMPLE}."
        yield RequestRefused(bench.time_s, unclear.number, unclear.text, told)
    clear = [(one, one.request) for one in heard if one.request is not None]
    if clear:
        yield from _grant(bench, clear[-1][0], _together([wish for _, wish in clear]))


def _grant(bench: Bench, last: ReceivedRequest, wish: ManualRequest) -> Procedure[None]:
    """Plan, say so, move; what cannot be granted moves nothing. Control currents move at zero input alone."""
    controls_ua = bench.controls_ua if wish.controls_ua is None else wish.controls_ua
    input_ua = bench.input_ua if wish.input_ua is None else wish.input_ua
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


def _together(wishes: Sequence[ManualRequest]) -> ManualRequest:
    controls = [wish.controls_ua for wish in wishes if wish.controls_ua is not None]
    inputs = [wish.input_ua for wish in wishes if wish.input_ua is not None]
    return ManualRequest(controls[-1] if controls else None, inputs[-1] if inputs else None)


def _demand_possible(bench: Bench, controls_ua: PerJunction, input_ua: float) -> None:
    junctions = bench.description.junctions
    if len(controls_ua) != junctions:
        raise LimitExceededError(
            f"{counted(len(controls_ua), 'control current')} for {counted(junctions, 'junction')}. Nothing was "
            "written. Give one for each."
        )
    demand_inside_limits(bench.envelope, bench.controls_ua, [controls_ua], [input_ua])
