"""Quick look for the cause of a deviation: move each source alone by a few uA, control currents held, no input."""

from collections.abc import Callable, Mapping

from mtjlab.bench import Bench
from mtjlab.detection.cause import Cause
from mtjlab.detection.causes import Answers, Move, answers, answers_alone, likely_cause, nearer_branch
from mtjlab.detection.deviation import Deviation, ExpectedVoltages
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import PerJunction, Reading, input_label, junction_currents_ua, junction_label, junction_labels
from mtjlab.errors import LimitExceededError
from mtjlab.events import CauseNamed, ProbePlanned, SourceMoved
from mtjlab.procedures.types import Procedure
from mtjlab.transitions import Transition

MOVE_UA = -10.0
"""Away from the currents that switch a junction in its reset state."""
SAMPLES = 20
DRIFTED_UA = 0.5
"""Drifts below this are not reported."""
ENOUGH_TO_COMPARE = 3
"""Junctions without references: with fewer, any of the sources may be the faulty one."""
CLEAR_SHARE = 0.05
"""Relative deviation above which the slope distinguishes an offset from a change of resistance."""


def cause_event(bench: Bench, reason: str, cause: Cause) -> CauseNamed:
    """Return the event that names the likely faulty part, and the observation that led to the quick look."""
    return CauseNamed(bench.time_s, reason, cause.part, cause.positions, cause.summary)


def quick_look(bench: Bench, references: tuple[JunctionReference, ...]) -> Procedure[Cause]:
    """Find the likely faulty part; the currents afterwards are those before.

    Raises:
        BenchFaultError: a source reads back another level than was set, or an instrument is lost.
    """
    before, moved = yield from _move_each(bench)
    return _of_chains(bench, moved, lambda span, moves: _cause(references[span], before.of(span, 0.0), moves))


def _cause(references: tuple[JunctionReference, ...], before: Reading, moved: Mapping[int, Move]) -> Cause:
    found = answers(references, moved)
    return likely_cause(found) or _of_junctions(references, before, found)


def _of_chains(bench: Bench, moved: Mapping[int, Move], cause: Callable[[slice, Mapping[int, Move]], Cause]) -> Cause:
    """The cause, or that of one of parallel chains: the first that no pause mends, or else the first that is known."""
    spans = bench.description.spans
    found = []
    for chain, span in enumerate(spans):
        here = {
            k - span.start: (before.of(span, 0.0), after.of(span, 0.0))
            for k, (before, after) in moved.items()
            if span.start <= k < span.stop
        }
        one = cause(span, here)
        found.append(one if len(spans) == 1 else one.of_chain(input_label(chain), span.start))
    return min(found, key=lambda one: (not one.is_lasting, not one.positions))


def quick_look_alone(bench: Bench, suspects: tuple[int, ...]) -> Procedure[Cause]:
    """Find the likely faulty part without references; ``suspects`` if sources and wiring are right.

    Raises:
        BenchFaultError: as ``quick_look``.
    """
    _, moved = yield from _move_each(bench)

    def cause(span: slice, moves: Mapping[int, Move]) -> Cause:
        here = tuple(k - span.start for k in suspects if span.start <= k < span.stop)
        return _cause_alone(span.stop - span.start, here, moves)

    return _of_chains(bench, moved, cause)


def _cause_alone(junctions: int, suspects: tuple[int, ...], moved: Mapping[int, Move]) -> Cause:
    cause = likely_cause(answers_alone(junctions, moved))
    if cause is not None and cause.part == "source" and junctions < ENOUGH_TO_COMPARE:
        every = tuple(range(junctions))
        sources = " or ".join(f"source {junction_label(k)}" for k in every)
        return Cause("source", every, f"{sources} delivers another current than is set")
    if cause is not None:
        return cause
    if not suspects:
        return Cause("unknown", (), "sources and wiring are right")
    summary = f"sources and wiring are right, so the cause is at {junction_labels(suspects)}: junction or voltmeter"
    if junctions == 1:
        summary = f"the cause is at {junction_labels(suspects)}: junction, voltmeter or source (indistinguishable here)"
    return Cause("junction", suspects, f"{summary}, or the field")


def _move_each(bench: Bench) -> Procedure[tuple[Reading, dict[int, Move]]]:
    """Read, and read again with each source moved alone, where the limits leave room for it.

    Each move is compared with a reading right before it, to minimise the effect of drift.
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
    """Transitions of a single move and back; None if the limits leave no room for it."""
    try:
        return bench.plan_there_and_back(_moved(bench.controls_ua, source, bench.description.tops))
    except LimitExceededError:
        return None


def _moved(controls_ua: PerJunction, source: int, tops: tuple[int, ...]) -> PerJunction:
    by_ua = junction_currents_ua([MOVE_UA if k == source else 0.0 for k in range(len(controls_ua))], tops)
    return tuple(control + by for control, by in zip(controls_ua, by_ua, strict=True))


def _of_junctions(references: tuple[JunctionReference, ...], before: Reading, found: Answers) -> Cause:
    """Cause among junctions, voltmeters and field, once sources and wiring are known to be right."""
    parallel = tuple(
        k
        for k, reference in enumerate(references)
        if nearer_branch(reference, before.currents_ua[k], before.mean_mv[k]) == 0
    )
    if parallel:
        summary = f"sources are right, and {junction_labels(parallel)} does not reset: its critical current has shifted"
        return Cause("junction", parallel, f"{summary}, on its own or with the field")
    off = ExpectedVoltages(references).deviations(before)
    shifted = tuple(one.junction for one in off if _is_offset(one, found.of_junctions[one.junction]))
    if shifted:
        summary = f"sources are right, and {junction_labels(shifted)} responds correctly: offset of its voltmeter"
        return Cause("voltmeter", shifted, summary)
    drifted = tuple(one.junction for one in off if one.is_beyond(DRIFTED_UA))
    if drifted:
        return Cause("junction", drifted, f"sources are right: {junction_labels(drifted)} drifted, or the voltmeter")
    summary = "sources, junctions and voltmeters respond correctly: critical currents have shifted, with the field"
    return Cause("field", (), f"{summary} or on their own")


def _is_offset(deviation: Deviation, answer: float) -> bool:
    """Whether a deviation is an offset: a changed resistance would change the response to a move by as much."""
    return deviation.share > CLEAR_SHARE and abs(answer - 1) < deviation.share / 2
