"""Resistance loops against the magnetic field (the paper's Fig. S2): coercive field, loop shift, resistances, TMR.

At a small probing current the field tilts the barriers as the current does elsewhere: rate = f0 exp(-E), where E falls
linearly with the field over the few tenths of a mT in which a junction switches. On a ramp of the field, switching
fields then have Gumbel's distribution, whose mean and spread are estimated by maximum likelihood on the hazard between
readings. Sources: Kurkijarvi, Phys. Rev. B 6, 832 (1972); Sharrock, J. Appl. Phys. 76, 6413 (1994), for the field.

With H_up and H_down the mean switching fields of the rising and of the falling leg at the ramp that was driven:

    coercive field = (H_up - H_down) / 2        loop shift = (H_up + H_down) / 2

Both depend on the ramp rate, as every switching field does. A probing current moves the whole loop; loops are taken at
several of them, by default of both signs, and H_up and H_down are means over these: those at their mean current.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from mtjlab.analysis.density import Density
from mtjlab.analysis.field_legs import Course, FieldLeg, FieldPassage, field_passage, places, shows_two_states
from mtjlab.analysis.likelihood import Evidence, log_likelihood
from mtjlab.analysis.posterior import LEVEL, SPREADS_UA, posterior
from mtjlab.analysis.switching_law import REFERENCE_RAMP_UA_PER_S
from mtjlab.arrays import FloatArray
from mtjlab.counted import counted
from mtjlab.domain import Interval

_UNITS_PER_MT = 20.0
"""The likelihood of switching currents counts the field in units in which spreads are as large as those in uA."""
_BEYOND_UNITS = 3 * SPREADS_UA.high_ua
_NODES = 401
"""Nodes of the widest range of means; others have the same step."""
_SPREADS = 48


@dataclass(frozen=True, slots=True)
class Measured:
    """A number and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LoopEstimate:
    """Loop of one junction; ``reason`` says why it is not determined, and all else is None then.

    Fields in mT; resistances in kohm at the probing currents, ``tmr`` = R_AP / R_P - 1 as a fraction. Spreads are
    standard deviations of switching fields. ``prefers_parallel``: P at high fields, otherwise AP. ``legs``: rising and
    falling legs that were taken.
    """

    junction: int
    ramp_mt_per_s: float
    legs: int
    coercive_mt: Measured | None = None
    shift_mt: Measured | None = None
    up_mt: Measured | None = None
    down_mt: Measured | None = None
    up_spread_mt: Measured | None = None
    down_spread_mt: Measured | None = None
    r_p_kohm: Measured | None = None
    r_ap_kohm: Measured | None = None
    tmr: Measured | None = None
    prefers_parallel: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Means:
    """Mean switching field of one direction: its density, its value of greatest likelihood, and the spread; in mT."""

    density: Density
    value: float
    spread: Measured

    @property
    def measured(self) -> Measured:
        """The mean and its interval."""
        return Measured(self.value, *self.density.interval)


def loop_estimate(legs: Sequence[FieldLeg], junction: int, aperture_s: float) -> LoopEstimate:
    """What legs of complete resistance loops, at least one, tell of one junction."""
    ramp_mt_per_s = float(np.median([leg.ramp_mt_per_s for leg in legs]))
    same = [leg for leg in legs if not shows_two_states(leg, junction)]
    if same:
        reason = (
            f"its voltage was the same in the lowest and in the highest field in {len(same)} of "
            f"{counted(len(legs), 'leg')}. Sweep farther, or raise the probing current."
        )
        return LoopEstimate(junction, ramp_mt_per_s, len(legs), reason=reason)
    up, down = (
        _means([leg for leg in legs if leg.rising == rising], junction, aperture_s, ramp_mt_per_s)
        for rising in (True, False)
    )
    return LoopEstimate(
        junction,
        ramp_mt_per_s,
        len(legs),
        Measured((up.value - down.value) / 2, *up.density.plus(down.density.negative()).over(2.0).interval),
        Measured((up.value + down.value) / 2, *up.density.plus(down.density).over(2.0).interval),
        up.measured,
        down.measured,
        up.spread,
        down.spread,
        *_resistances(legs, junction),
    )


def _means(legs: Sequence[FieldLeg], junction: int, aperture_s: float, ramp_mt_per_s: float) -> _Means:
    """Mean over the probing currents of the mean switching field; one spread holds for all of them.

    For each spread, the density of the mean of means is the convolution of their likelihoods; these are added up with a
    prior that is flat in the means and in the logarithm of the spread. The value is that of greatest likelihood, or
    the median where the likelihood has no top, as where all switches fell into one step.
    """
    pace = ramp_mt_per_s * _UNITS_PER_MT / REFERENCE_RAMP_UA_PER_S
    by_current: dict[float, list[FieldPassage]] = {}
    for leg in legs:
        passage = field_passage(leg, junction, aperture_s)
        by_current.setdefault(round(float(leg.currents_ua[junction]), 3), []).append(passage)
    groups = [_evidence(passages, legs[0].rising, pace) for passages in by_current.values()]
    found = [posterior(evidence, _bounds(evidence)) for evidence in groups]
    low, high = min(one.spreads_ua[0] for one in found), max(one.spreads_ua[-1] for one in found)
    spreads = np.geomspace(low, high, _SPREADS)
    step = max(float(np.ptp(one.means_ua)) for one in found) / (_NODES - 1)
    nodes = [np.arange(one.means_ua[0], one.means_ua[-1] + step, step) for one in found]
    logs = [log_likelihood(evidence, of, spreads) for evidence, of in zip(groups, nodes, strict=True)]
    columns = [_convolved([np.exp(one[:, k] - one.max()) for one in logs]) for k in range(_SPREADS)]
    of_means = Density(sum(float(of[0]) for of in nodes), step, np.sum(columns, axis=0)).over(len(groups))
    of_spread = Density(float(np.log(low)), float(np.log(high / low)) / (_SPREADS - 1), np.sum(columns, axis=1))
    low_spread, high_spread = (float(np.exp(end)) for end in of_spread.interval)
    best = int(np.argmax(np.sum([one.max(axis=0) for one in logs], axis=0)))
    has_top = 0 < best < _SPREADS - 1 and low_spread <= spreads[best] <= high_spread
    most_likely = float(np.mean([of[np.argmax(one[:, best])] for of, one in zip(nodes, logs, strict=True)]))
    spread = float(spreads[best]) if has_top else float(np.exp(of_spread.quantile(0.5)))
    return _Means(
        of_means.over(_UNITS_PER_MT),
        (most_likely if has_top else of_means.quantile(0.5)) / _UNITS_PER_MT,
        Measured(*(one / _UNITS_PER_MT for one in (spread, low_spread, high_spread))),
    )


def _convolved(columns: Sequence[FloatArray]) -> FloatArray:
    result = np.ones(1)
    for column in columns:
        result = np.convolve(result, column)
    return result


def _evidence(passages: Sequence[FieldPassage], rising: bool, pace: float) -> Evidence:
    """In units of field, and in a time in which the reference ramp of the likelihood is that of the loops."""
    longest = max(len(one.switched_in.fields_mt) for one in passages)
    survived = [_scaled(one.survived, pace) for one in passages]
    switched_in = [_scaled(one.switched_in, pace, longest) for one in passages]
    return Evidence(
        rising,
        (np.concatenate([at for at, _ in survived])[np.newaxis], np.concatenate([s for _, s in survived])[np.newaxis]),
        (np.stack([at for at, _ in switched_in]), np.stack([s for _, s in switched_in])),
        np.ones(len(passages)),
    )


def _scaled(course: Course, pace: float, length: int = 0) -> tuple[FloatArray, FloatArray]:
    """Fields in units and durations of a course, filled up to ``length`` with no time at its last field."""
    missing = max(0, length - len(course.fields_mt))
    fields = np.pad(course.fields_mt, (0, missing), mode="edge") if missing else course.fields_mt
    return fields * _UNITS_PER_MT, np.pad(course.durations_s, (0, missing)) * pace


def _bounds(evidence: Evidence) -> Interval:
    """Where a mean could lie: around the switches that were seen."""
    fields = evidence.switched_in[0]
    return Interval(float(fields.min()) - _BEYOND_UNITS, float(fields.max()) + _BEYOND_UNITS)


def _resistances(legs: Sequence[FieldLeg], junction: int) -> tuple[Measured, Measured, Measured, bool]:
    """R_P, R_AP and TMR from voltages against probing currents, and whether P is the state at high fields.

    With several probing currents an offset of the voltmeter is found too; with a single one it counts as resistance.
    Each leg counts once in each state, so that drifts from leg to leg widen the intervals.
    """
    rows = [row for leg in legs for row in _levels(leg, junction)]
    currents_ua, voltages_mv, is_high, readings = np.array(rows).T
    columns = [currents_ua * (1 - is_high), currents_ua * is_high]
    if len(set(np.round(currents_ua, 3))) > 1:
        columns.append(np.ones_like(currents_ua))
    design = np.stack(columns, axis=1)
    normal = np.linalg.inv(design.T * readings @ design)
    found = normal @ (design.T * readings) @ voltages_mv
    freedom = max(len(rows) - len(found), 1)
    covariance = normal * float(readings @ (voltages_mv - design @ found) ** 2) / freedom
    half = float(scipy.special.stdtrit(freedom, (1 + LEVEL) / 2))
    p, ap = (1, 0) if abs(found[1]) < abs(found[0]) else (0, 1)
    tmr = float(found[ap] / found[p]) - 1
    gradient = np.zeros(len(found))
    gradient[ap], gradient[p] = 1 / found[p], -found[ap] / found[p] ** 2
    errors = *np.sqrt(np.diag(covariance))[[p, ap]], float(np.sqrt(gradient @ covariance @ gradient))
    values = float(found[p]), float(found[ap]), tmr
    r_p, r_ap, of_tmr = (
        Measured(value, value - half * float(error), value + half * float(error))
        for value, error in zip(values, errors, strict=True)
    )
    return r_p, r_ap, of_tmr, p == 1


def _levels(leg: FieldLeg, junction: int) -> list[tuple[float, float, float, float]]:
    """Current, mean voltage, 1 for the state at high fields, and number of readings, of each state that a leg shows.

    A junction may have switched during a reading: the last before and the first after a switch do not count.
    """
    is_high = places(leg, junction) > 0.5
    changes = np.concatenate([[False], is_high[1:] != is_high[:-1], [False]])
    counts = ~(changes[:-1] | changes[1:])
    voltages_mv = leg.voltages_mv[:, :, junction].mean(axis=1)
    current_ua = float(leg.currents_ua[junction])
    of_states = ((0.0, counts & ~is_high), (1.0, counts & is_high))
    return [
        (current_ua, float(voltages_mv[is_in].mean()), state, float(np.count_nonzero(is_in)))
        for state, is_in in of_states
        if is_in.any()
    ]
