"""From surveys to a verdict on every part of the bench."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.diagnosis.expected import Expected
from mtjlab.diagnosis.finding import Explanation, Finding, Matrix, Part, caution
from mtjlab.diagnosis.fit import Fit
from mtjlab.diagnosis.measured import Measured, Probe, measure
from mtjlab.diagnosis.mistakes import mistakes_of
from mtjlab.diagnosis.quality import (
    junction_findings,
    junction_ohm,
    nearer_state,
    reset_mv,
    source_findings,
    voltmeter_findings,
)
from mtjlab.diagnosis.search import search
from mtjlab.diagnosis.words import explanation_of, findings_of, puzzling, quick_look
from mtjlab.domain import Survey, junction_labels

PARTS = ("chain", "source", "junction", "voltmeter")
UNTESTED = "not tested: nothing that works reaches it"
UNTOLD = "not tested: the responses do not distinguish its resistance from others"
UNSETTLED = "not tested: a source had not settled"
OTHERS = 3
"""So many explanations at most stand beside the likeliest."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``matrix_ohm[meter][source]``: None where a voltmeter gave no reading. One finding at least for every part.

    ``explanations``: what explains the matrix, if anything is wrong: the likeliest first, then what the matrix cannot
    tell from it. ``quick_look``: what to look at to decide between them.
    """

    matrix_ohm: Matrix
    findings: tuple[Finding, ...]
    explanations: tuple[Explanation, ...] = ()
    quick_look: str = ""


def diagnose(expected: Expected, at_zero: Survey, probes: Sequence[Probe]) -> Diagnosis:
    """What is wrong with a bench, from a survey with all sources at zero and a probe with each source."""
    measured = measure(expected, at_zero, probes)
    likeliest, *others = _distinct(search(expected, measured), expected)
    found = sorted(_found(expected, measured, likeliest), key=lambda one: (PARTS.index(one.part), one.positions[:1]))
    explained = () if measured.unsettled or not mistakes_of(likeliest.rig, expected) else (likeliest, *others[:OTHERS])
    return Diagnosis(
        _listed(measured),
        tuple(found),
        tuple(explanation_of(fit, expected, measured) for fit in explained),
        quick_look([mistakes_of(fit.rig, expected) for fit in explained]),
    )


def _distinct(fits: Sequence[Fit], expected: Expected) -> list[Fit]:
    """Without those that differ from a likelier one only in whether a voltmeter shares the mistake of its source."""
    distinct: dict[object, Fit] = {}
    for fit in fits:
        distinct.setdefault(tuple(one.name for one in mistakes_of(fit.rig, expected)), fit)
    return list(distinct.values())


def _found(expected: Expected, measured: Measured, fit: Fit) -> Iterator[Finding]:
    worth_saying = [*source_findings(expected, measured, fit)]
    if not measured.unsettled:
        worth_saying += findings_of(fit, expected, measured)
        worth_saying += puzzling(fit, measured)
        worth_saying += junction_findings(expected, fit)
        worth_saying += voltmeter_findings(expected, measured, fit)
    yield from worth_saying
    spoken_of = {(finding.part, position) for finding in worth_saying for position in finding.positions}
    for finding in _plain_findings(expected, measured, fit):
        if (finding.part, *finding.positions) not in spoken_of:
            yield finding


def _listed(measured: Measured) -> Matrix:
    return tuple(
        tuple(round(ohm, 3) if np.isfinite(ohm) else None for ohm in row) for row in measured.matrix_ohm.tolist()
    )


def _plain_findings(expected: Expected, measured: Measured, fit: Fit) -> Iterator[Finding]:
    """What was measured of every part, whatever else was found of it."""
    for k in range(expected.junctions):
        if measured.unsettled:
            parts: tuple[Part, ...] = ("source", "junction", "voltmeter")
            yield from (caution(part, k, "untested", UNSETTLED, "") for part in parts)
            continue
        yield _source(expected, measured, fit, k)
        yield _junction(expected, fit, k)
        yield _voltmeter(expected, measured, fit, k)


def _source(expected: Expected, measured: Measured, fit: Fit, k: int) -> Finding:
    moved = np.flatnonzero(measured.strong[:, k])
    settling = measured.settling[k]
    if not moved.size or settling is None or k in measured.limited:
        return caution("source", k, "untested", UNTESTED, "")
    facts = [f"answered by {junction_labels([int(m) for m in moved])}", f"settled within {settling.took_s:.3g} s"]
    if expected.compliances_mv:
        spare_mv = expected.compliances_mv[k] - reset_mv(expected, fit, range(k, expected.junctions))
        facts.append(f"{spare_mv:.0f} mV to spare at reset")
    return Finding("source", (k,), "ok", "right", ", ".join(facts))


def _junction(expected: Expected, fit: Fit, j: int) -> Finding:
    ohm = junction_ohm(fit, j)
    if ohm is None:
        return caution("junction", j, "untested", UNTOLD, "")
    state, _ = nearer_state(expected, j, ohm)
    return Finding("junction", (j,), "ok", "right", f"{ohm:.0f} ohm with leads, {state}")


def _voltmeter(expected: Expected, measured: Measured, fit: Fit, m: int) -> Finding:
    if fit.rig.floats(m) or not measured.answers[m].any():
        return caution("voltmeter", m, "untested", UNTESTED, "")
    text = f"noise {measured.noise_mv[m]:.3f} mV, offset {measured.offset_mv[m]:+.3f} mV"
    if expected.ranges_mv:
        needed_mv = reset_mv(expected, fit, expected.below(m))
        text += f", range {expected.ranges_mv[m]:.0f} mV, reset {needed_mv:.0f} mV"
    return Finding("voltmeter", (m,), "ok", "right", text)
