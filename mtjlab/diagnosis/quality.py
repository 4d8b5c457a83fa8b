"""What each part is like in figures: resistance, noise, offset, range, settling, room to the compliance."""

from collections.abc import Callable, Iterator
from math import log
from statistics import median
from typing import TypeAlias

import numpy as np

from mtjlab.diagnosis.expected import Expected
from mtjlab.diagnosis.finding import Finding, Kind, Part, caution, mistake
from mtjlab.diagnosis.fit import Fit
from mtjlab.diagnosis.measured import NOISE_SHARE, SETTLED_WITHIN, Measured
from mtjlab.domain import junction_label

Grade: TypeAlias = Callable[[Part, int, Kind, str, str], Finding]

WORTH_A_WORD = 1 / 8
"""Of the jump between the states: with more noise than this, readings have to be averaged."""
COARSE = 30.0
"""A range this many times what it has to hold throws digits away."""
USUAL, POSSIBLE = 1.3, 2.0
"""Resistances over, or under, the nominal of the nearer state."""
ALIKE = 1.25
SETTLING_ROOM = 1.2


def junction_ohm(fit: Fit, junction: int) -> float | None:
    """Resistance of a junction at the probe current, leads included, if any voltmeter tells it."""
    known_ohm = fit.ohm[junction][np.isfinite(fit.ohm[junction])]
    return float(np.median(known_ohm)) if known_ohm.size and junction not in fit.rig.shorts else None


def nearer_state(expected: Expected, junction: int, ohm: float) -> tuple[str, float]:
    """The state whose nominal resistance is nearer, and the resistance over that."""
    states = (("parallel", expected.parallel_ohm[junction]), ("antiparallel", expected.antiparallel_ohm[junction]))
    name, nominal_ohm = min(states, key=lambda state: abs(log(ohm / state[1])))
    return name, ohm / nominal_ohm


def reset_mv(expected: Expected, fit: Fit, junctions: range) -> float:
    """Voltage of ``junctions`` at reset: more than nominal where they were measured to have more resistance."""
    whole_mv = 0.0
    for j in junctions:
        ohm = junction_ohm(fit, j)
        ratio = nearer_state(expected, j, ohm)[1] if ohm else 1.0
        whole_mv += expected.reset_mv[j] * (ratio if 1.0 < ratio < POSSIBLE else 1.0)
    return whole_mv


def junction_findings(expected: Expected, fit: Fit) -> Iterator[Finding]:
    """Resistances that junctions should not have, and those that do not match their neighbours."""
    known = {j: ohm for j in range(expected.junctions) if (ohm := junction_ohm(fit, j)) is not None}
    ratios = {j: nearer_state(expected, j, ohm)[1] for j, ohm in known.items()}
    for j, ratio in ratios.items():
        if not _within(ratio, USUAL) and j not in fit.rig.unsteady:
            yield _implausible(expected, j, known[j])
    usual = median(ratios.values()) if len(ratios) > 2 else 1.0
    for j, ratio in ratios.items():
        if _within(ratio, USUAL) and not _within(ratio / usual, ALIKE):
            yield caution(
                "junction",
                j,
                "unequal",
                f"{ratio / usual - 1:+.0%} against the other junctions of this chip",
                "Look at its contacts, unless this chip is known for it.",
            )


def _implausible(expected: Expected, junction: int, ohm: float) -> Finding:
    low_ohm, high_ohm = expected.parallel_ohm[junction], expected.antiparallel_ohm[junction]
    return caution(
        "junction",
        junction,
        "resistance",
        f"{ohm:.0f} ohm, where {low_ohm:.0f} (parallel) or {high_ohm:.0f} (antiparallel) is nominal, with leads",
        "Check its contacts and what else hangs on its pads, or correct [device] in the bench file.",
    )


def _within(ratio: float, factor: float) -> bool:
    return 1 / factor <= ratio <= factor


def source_findings(expected: Expected, measured: Measured, fit: Fit) -> Iterator[Finding]:
    """Sources that settle too slowly, or whose compliance does not let the junctions be reset."""
    for k, settling in enumerate(measured.settling):
        label = junction_label(k)
        if settling and k not in measured.limited and settling.left > SETTLED_WITHIN:
            took = f"{'about' if settling.seen_whole else 'more than'} {settling.took_s:.2g} s"
            yield mistake(
                "source",
                k,
                "settling",
                f"{settling.left:.0%} of a step is left after the {expected.settle_s:.6g} s of timing.settle_s; "
                f"settling takes {took}",
                f"Set timing.settle_s {'to' if settling.seen_whole else 'well above'} "
                f"{SETTLING_ROOM * settling.took_s:.2g}, or find out what slows it down.",
            )
        if expected.compliances_mv:
            below = range(k, expected.junctions)
            needed_mv, has_mv = reset_mv(expected, fit, below), expected.compliances_mv[k]
            if has_mv < needed_mv:
                yield _too_small(expected, below, has_mv)(
                    "source",
                    k,
                    "headroom",
                    f"compliance {_whole(has_mv)}, reset of this chip needs {_whole(needed_mv)}",
                    f"Raise sources.{label}.compliance_mv, or reset with less current.",
                )


def _too_small(expected: Expected, junctions: range, has_mv: float) -> Grade:
    """A mistake for any chip, or worth a word for one with more resistance than nominal."""
    return mistake if has_mv < sum(expected.reset_mv[j] for j in junctions) else caution


def voltmeter_findings(expected: Expected, measured: Measured, fit: Fit) -> Iterator[Finding]:
    """Voltmeters with too much noise or offset, or in a range that does not fit."""
    for m in range(expected.junctions):
        yield from _range_findings(expected, measured, fit, m)
        if m not in measured.stuck and not fit.rig.floats(m):
            yield from _noise_findings(expected, measured, m)


def _range_findings(expected: Expected, measured: Measured, fit: Fit, m: int) -> Iterator[Finding]:
    complaint, key = measured.complaints[m], f"voltmeters.{junction_label(m)}.range_mv"
    if expected.ranges_mv:
        range_mv, needed_mv = expected.ranges_mv[m], reset_mv(expected, fit, expected.below(m))
        if range_mv < needed_mv:
            over = f", and it gives no reading at {expected.probe_ua:.6g} uA already" if complaint else ""
            text = f"range {_whole(range_mv)}, reset of this chip needs {_whole(needed_mv)}{over}"
            grade = _too_small(expected, expected.below(m), range_mv)
            yield grade("voltmeter", m, "range", text, f"Set {key} to {needed_mv:.0f} or more.")
            return
        if range_mv > COARSE * needed_mv:
            text = f"range {_whole(range_mv)}, reset needs {_whole(needed_mv)}: most digits are lost"
            yield caution("voltmeter", m, "range", text, f"Set {key} to the next range above {needed_mv:.0f}.")
    if complaint and not measured.limited:
        yield mistake("voltmeter", m, "over-range", complaint, "Check its leads, then its range.")


def _noise_findings(expected: Expected, measured: Measured, m: int) -> Iterator[Finding]:
    """An offset that noise may have feigned is not worth a word beside it."""
    against = f"where the states of a junction differ by {expected.jump_mv:.3g} mV at {expected.probe_ua:.6g} uA"
    noise_mv, offset_mv = measured.noise_mv[m], measured.offset_mv[m]
    if noise_mv > WORTH_A_WORD * expected.jump_mv:
        yield (mistake if noise_mv > NOISE_SHARE * expected.jump_mv else caution)(
            "voltmeter",
            m,
            "noise",
            f"noise {noise_mv:.3g} mV a reading, {against}",
            "Look for a loose contact, a ground loop or a cable that picks up; or raise its nplc.",
        )
    elif abs(offset_mv) > WORTH_A_WORD * expected.jump_mv:
        yield (mistake if abs(offset_mv) > NOISE_SHARE * expected.jump_mv else caution)(
            "voltmeter",
            m,
            "offset",
            f"{offset_mv:+.3g} mV with all sources at zero, {against}",
            "Short its leads to see if it is its own; if not, look for another current into the chain.",
        )


def _whole(millivolts: float) -> str:
    return f"{millivolts:.0f} mV"
