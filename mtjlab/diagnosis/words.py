"""Mistakes of wiring in words: what they look like, what to do, and where to look first."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from mtjlab.counted import word_for
from mtjlab.diagnosis.expected import Expected
from mtjlab.diagnosis.finding import Explanation, Finding, Kind, caution, mistake
from mtjlab.diagnosis.fit import Fit
from mtjlab.diagnosis.measured import Measured
from mtjlab.diagnosis.mistakes import Mistake, mistakes_of
from mtjlab.domain import junction_label, junction_labels

CORRECT = "or correct the addresses in the bench file."
SMALL_GAIN = 0.03
"""A gain that is off by less is worth knowing, and no mistake of wiring."""
PUZZLING = 10.0
"""Expected errors by which an answer may miss what explains all others."""

Words = tuple[str, str]
"""What was measured, and what to do."""


def findings_of(fit: Fit, expected: Expected, measured: Measured) -> Iterator[Finding]:
    """A finding for each mistake of the rig of ``fit``."""
    for one in mistakes_of(fit.rig, expected):
        text, remedy = WORDS[one.kind](one, fit, expected, measured)
        grade = caution if _is_minor(one, fit) else mistake
        yield grade(one.part, one.positions, one.kind, text, remedy)


def explanation_of(fit: Fit, expected: Expected, measured: Measured) -> Explanation:
    """All mistakes of the rig of ``fit`` as one explanation of what was measured."""
    found = list(findings_of(fit, expected, measured))
    return Explanation(
        part="; ".join(one.role for one in found),
        kind="; ".join(one.kind for one in found),
        mistake="; ".join(one.measured for one in found),
        misfit=round(fit.misfit, 2),
        remedy=" ".join(one.remedy for one in found),
    )


def puzzling(fit: Fit, measured: Measured) -> Iterator[Finding]:
    """Voltmeters with answers that the likeliest explanation leaves over."""
    left = np.nan_to_num(np.abs(fit.left_ohm))
    for m in np.flatnonzero((left > PUZZLING * measured.error_ohm).any(axis=1)).tolist():
        row = ", ".join(str(round(ohm)) if np.isfinite(ohm) else "?" for ohm in measured.known_ohm[m].tolist())
        grade = mistake if left[m].max() > measured.zero_ohm[m] else caution
        yield grade(
            "voltmeter",
            m,
            "puzzling",
            f"answers the sources by {row} ohm, up to {left[m].max():.0f} ohm from what any few mistakes explain",
            "Check both its leads. If junctions may have switched meanwhile, run the check again.",
        )


def quick_look(explanations: Sequence[tuple[Mistake, ...]]) -> str:
    """The easiest look that tells one explanation from the rest; empty if there is but one."""
    apart = [one for mistakes in explanations for one in mistakes if not all(one in other for other in explanations)]
    if not apart:
        return ""
    easiest = min(apart, key=lambda one: list(LOOKS).index(one.kind))
    return LOOKS[easiest.kind].format(role=_role(easiest), label=junction_labels(easiest.positions))


LOOKS: dict[Kind, str] = {
    "unsteady": "Run the check again: a junction that switched during it will respond differently the second time.",
    "swapped": "Follow the cables of {role} to the chain: each on its own node, or not?",
    "misplaced": "Follow the cable of {role} to the chain: is it at {label}?",
    "silent": "Follow both leads of {role} to the chain: is each of them on?",
    "reversed": "Look at the two leads of {role}: is each on its side?",
    "open-lead": "Follow the cable of {role} to the chain: is it on?",
    "dead": "Look at the output cable of {role}: is it plugged in?",
    "gain": "Measure the current of {role} with an ammeter, or swap it with another.",
    "chain-silent": "Look whether the chain is still shorted.",
    "short": "Look at the pads of {label} under the microscope: is there a bridge?",
    "open": "Look at the contacts of {label}: are both on?",
}
"""The easiest first."""


def _role(one: Mistake) -> str:
    return Finding(one.part, one.positions, "mistake", one.kind, "").role


def _is_minor(one: Mistake, fit: Fit) -> bool:
    return one.kind == "unsteady" or (one.kind == "gain" and abs(_gain(one, fit) - 1.0) < SMALL_GAIN)


def _gain(one: Mistake, fit: Fit) -> float:
    order = [*(("source", k) for k in sorted(fit.rig.weak)), *(("voltmeter", m) for m in sorted(fit.rig.off_scale))]
    return float(fit.gains[order.index((one.part, one.positions[0]))])


def _swapped(one: Mistake, _fit: Fit, expected: Expected, _measured: Measured) -> Words:
    if one.with_meter:
        text = "swapped, with their voltmeters: each feeds and measures at the other's node"
        return text, f"Swap their cables, {CORRECT}"
    return f"swapped: each {_does(one, expected)} the other's junction", f"Swap their leads, {CORRECT}"


def _misplaced(one: Mistake, _fit: Fit, expected: Expected, _measured: Measured) -> Words:
    here = junction_label(one.positions[0])
    if isinstance(one.place, tuple):
        plus, minus = one.place
        over = junction_labels(range(min(plus, minus), max(plus, minus)))
        wrong_way = " the wrong way round" if plus > minus else ""
        return f"measures {over}{wrong_way} instead of {here}", f"Put both its leads where they belong, {CORRECT}"
    there = junction_label(one.place)
    and_meter = ", and its voltmeter measures there" if one.with_meter else ""
    text = f"{_does(one, expected)} {there} instead of {here}{and_meter}"
    return text, f"Move its lead from {there} to {here}, {CORRECT}"


def _does(one: Mistake, expected: Expected) -> str:
    if one.part == "source":
        return "feeds the top of"
    return "measures from the top of" if expected.to_ground else "measures"


def _reversed(one: Mistake, *_: object) -> Words:
    text = "it pulls where it should push" if one.part == "source" else "it answers with the wrong sign"
    return f"reversed{', with its voltmeter' if one.with_meter else ''}: {text}", "Swap its two leads."


def _gain_off(one: Mistake, fit: Fit, *_: object) -> Words:
    share = f"{_gain(one, fit):.1%}"
    if one.part == "source":
        text = f"delivers {share} of the current that it says: one factor at every junction below it"
        return text, "Check its range, and what else takes its current: a leak, a second ground, a wrong calibration."
    text = f"shows {share} of the voltage: one factor for every source"
    return text, "Check its range, its filter and its scale, and compare it with another voltmeter on one node."


def _dead(one: Mistake, _fit: Fit, expected: Expected, _measured: Measured) -> Words:
    and_meter = ", and as a voltmeter it answers nothing" if one.with_meter else ""
    text = f"takes {expected.probe_ua:.6g} uA without a complaint, but no voltmeter answers{and_meter}"
    return text, "Check its output cable, and the fuse or relay of its output."


def _silent(one: Mistake, *_: object) -> Words:
    label = junction_label(one.positions[0])
    return "not connected: it answers no source", f"Check that both its leads are on, one at each side of {label}."


def _off(*_: object) -> Words:
    text = "its output is off, though it was switched on"
    return text, "Look at its front panel for an interlock or a protection that tripped."


def _open_lead(*_: object) -> Words:
    text = "drives into nothing, though the chain carries the other sources"
    return text, "Check its cable and its contact to the chain."


def _stuck(one: Mistake, _fit: Fit, _expected: Expected, measured: Measured) -> Words:
    text = f"reads {measured.offset_mv[one.positions[0]]:.6g} mV to the last digit, whatever flows"
    return text, "Check that its input is connected and that no hold or filter is on; then switch it off and on."


def _short(one: Mistake, _fit: Fit, _expected: Expected, measured: Measured) -> Words:
    label = junction_label(one.positions[0])
    text = f"short: less than {measured.zero_ohm[one.positions[0]]:.3g} ohm"
    return text, f"Look for a bridge between the pads of {label}, then at the leads of its voltmeter."


def _chain_silent(_one: Mistake, _fit: Fit, _expected: Expected, measured: Measured) -> Words:
    text = f"no voltmeter answers any source by more than {max(measured.zero_ohm):.3g} ohm, no source is limited"
    remedy = "Take the short off the chain if it is still in; then check that sources and voltmeters are connected."
    return text, remedy


def _open(one: Mistake, _fit: Fit, _expected: Expected, measured: Measured) -> Words:
    limited, label = sorted(measured.limited), junction_label(one.positions[0])
    text = f"open: the current of {word_for(len(limited), 'source')} {junction_labels(limited)} finds no way to ground"
    return text, f"Check both contacts of {label} and the way from there to ground."


def _unsteady(one: Mistake, fit: Fit, *_: object) -> Words:
    ohm = fit.ohm[one.positions[0]]
    text = f"{np.nanmin(ohm):.0f} to {np.nanmax(ohm):.0f} ohm while one source after another was moved"
    return text, "It may have switched, or has a loose contact: run the check again."


WORDS: dict[Kind, Callable[[Mistake, Fit, Expected, Measured], Words]] = {
    "swapped": _swapped,
    "misplaced": _misplaced,
    "reversed": _reversed,
    "gain": _gain_off,
    "dead": _dead,
    "silent": _silent,
    "output-off": _off,
    "open-lead": _open_lead,
    "stuck": _stuck,
    "short": _short,
    "chain-silent": _chain_silent,
    "open": _open,
    "unsteady": _unsteady,
}
