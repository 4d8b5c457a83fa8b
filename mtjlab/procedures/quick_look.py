"""A quick look for what is wrong: each source moved alone by a few uA, control currents held and no input."""

from mtjlab.bench import Bench
from mtjlab.detection.cause import Cause
from mtjlab.detection.causes import Answers, Move, answers, answers_alone, likely_cause, nearer_branch
from mtjlab.detection.deviation import Deviation, deviations
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import PerJunction, Reading, junction_currents_ua, junction_label, junction_labels
from mtjlab.errors import LimitExceededError
from mtjlab.events import CauseNamed, ProbePlanned, SourceMoved
from mtjlab.procedures.types import Procedure
from mtjlab.transitions import Transition

MOVE_UA = -10.0
"""Away from the currents that switch a junction that is reset."""
SAMPLES = 20
DRIFTED_UA = 0.5
"""Less is not worth naming."""
ENOUGH_TO_COMPARE = 3
"""Junctions without references: with fewer, each source may be the wrong one."""
CLEAR_SHARE = 0.05
"""From this deviation on the slope of a law tells an offset from a resistance."""


def cause_event(bench: Bench, reason: str, cause: Cause) -> CauseNamed:
    """The event that says which part is likely wrong, and what was seen before that was looked for."""
    return CauseNamed(bench.time_s, reason, cause.part, cause.positions, cause.summary)


def quick_look(bench: Bench, references: tuple[JunctionReference, ...]) -> Procedure[Cause]:
    """Tell which part is likely wrong; currents are as they were afterwards.

    Raises:
        BenchFaultError: a source says itself that it delivers something else than was set, or an instrument is lost.
    """
    before, moved = yield from _move_each(bench)
    found = answers(references, moved)
    return likely_cause(found) or _of_junctions(references, before, found)


def quick_look_alone(bench: Bench, suspects: tuple[int, ...]) -> Procedure[Cause]:
    """The same without references; if sources and wiring are right, it is ``suspects`` that could not be measured.

    Raises:
        BenchFaultError: as ``quick_look``.
    """
    _, moved = yield from _move_each(bench)
    junctions = bench.description.junctions
    cause = likely_cause(answers_alone(junctions, moved))
    if cause is not None and cause.part == "source" and junctions < ENOUGH_TO_COMPARE:
        every = tuple(range(junctions))
        sources = " or ".join(f"source {junction_label(k)}" for k in every)
        return Cause("source", every, f"{sources} delivers something else than is set")
    if cause is not None:
        return cause
    told = f"sources and wiring answer as they should, so it is {junction_labels(suspects)}: junction, or its voltmeter"
    if junctions == 1:
        told = (
            f"it is {junction_labels(suspects)}: junction, its voltmeter or its source, which nothing here tells apart"
        )
    return Cause("junction", suspects, f"{told}, or the field")


def _move_each(bench: Bench) -> Procedure[tuple[Reading, dict[int, Move]]]:
    """Read, and read again with each source moved alone, where limits leave room for it.

    Each move is compared with a reading right before it, so that a drift counts for as little as it can.
    """
    bench.demand_sources()
    first = bench.read(SAMPLES)
    moved: dict[int, Move] = {}
    for source in range(bench.description.junctions):
        ways = _there_and_back(bench, source)
        if ways is None:
            continue
        yield ProbePlanned(bench.time_s, source, ways)
        before = bench.read(SAMPLES) if moved else first
        bench.execute(ways[0])
        moved[source] = before, bench.read(SAMPLES)
        bench.execute(ways[1])
        yield SourceMoved(bench.time_s, source, *moved[source])
    return first, moved


def _there_and_back(bench: Bench, source: int) -> tuple[Transition, Transition] | None:
    """None where the limits leave no room: nothing is moved then."""
    try:
        return bench.plan_there_and_back(_moved(bench.controls_ua, source))
    except LimitExceededError:
        return None


def _moved(controls_ua: PerJunction, source: int) -> PerJunction:
    by_ua = junction_currents_ua([MOVE_UA if k == source else 0.0 for k in range(len(controls_ua))])
    return tuple(control + by for control, by in zip(controls_ua, by_ua, strict=True))


def _of_junctions(references: tuple[JunctionReference, ...], before: Reading, found: Answers) -> Cause:
    """Sources and wiring are right."""
    parallel = tuple(
        k
        for k, reference in enumerate(references)
        if nearer_branch(reference, before.currents_ua[k], before.mean_mv[k]) == 0
    )
    if parallel:
        told = f"sources are right, and {junction_labels(parallel)} does not reset: its critical current has moved"
        return Cause("junction", parallel, f"{told}, by itself or with the field")
    off = deviations(references, before)
    shifted = tuple(one.junction for one in off if _is_offset(one, found.of_junctions[one.junction]))
    if shifted:
        told = f"sources are right, and {junction_labels(shifted)} answers them as it should: offset of its voltmeter"
        return Cause("voltmeter", shifted, told)
    drifted = tuple(one.junction for one in off if one.is_beyond(DRIFTED_UA))
    if drifted:
        return Cause("junction", drifted, f"sources are right: {junction_labels(drifted)} drifted, or the voltmeter")
    told = "sources, junctions and voltmeters answer as they should: where junctions switch has moved, with the field"
    return Cause("field", (), f"{told} or by themselves")


def _is_offset(deviation: Deviation, answer: float) -> bool:
    """A junction that had changed its resistance would answer by as much more as it has moved."""
    return deviation.share > CLEAR_SHARE and abs(answer - 1) < deviation.share / 2
