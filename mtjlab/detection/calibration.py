"""From an up-and-down sweep of one junction to its reference levels, knowing nothing of the junction beforehand.

The hysteresis gives a first guess of the state at every point; then the resistance law is fitted to both branches and
the switch of each leg found anew with the fitted levels, until nothing changes.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy

from mtjlab.arrays import BoolArray, FloatArray
from mtjlab.detection.hysteresis import (
    CLEAR_D,
    SHORT_OHM,
    JunctionSweep,
    antiparallel_by_hysteresis,
    refuse_open_or_short,
    sample_noise_mv,
)
from mtjlab.detection.references import JunctionReference, ReferenceFitError, SwitchPoints
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import Interval

_STRAY_SHARE, _STRAY_D = 0.25, 5.0
"""A sample farther from the level of its state, in jumps and in standard deviations, is not on its branch."""
_MOST_STRAYS = 0.05
"""Share of the samples of a leg; a switch in the middle of an aperture makes one or two of them."""
_MOST_RESIDUAL, _MOST_RESIDUAL_D = 0.03, 3.0
"""The law fails if it is farther from the samples, in median jumps and in standard deviations."""
_MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class JunctionCalibration:
    """What a sweep says of one junction: its reference, and where it switched in each repetition."""

    reference: JunctionReference
    switch_points: tuple[SwitchPoints, ...]


def calibrate(sweep: JunctionSweep) -> JunctionCalibration:
    """Fit the reference of a junction to its sweep and find where it switched in each repetition.

    Raises ReferenceFitError where the junction is open or short, does not switch, does not reset or does not follow the
    resistance law.
    """
    refuse_open_or_short(sweep)
    reference, branches = _settled_fit(sweep, sample_noise_mv(sweep))
    _refuse_bad_fit(sweep, reference, branches)
    return JunctionCalibration(reference, _switch_points(sweep, reference))


class _Branches(NamedTuple):
    """Which points [T] are antiparallel, and which samples [T, S] are on the branch of their point."""

    antiparallel: BoolArray
    fits: BoolArray

    def steady(self) -> BoolArray:
        """Samples on their branch whose point is not beside a switch: an aperture there may hold both states."""
        switches = self.antiparallel[1:] != self.antiparallel[:-1]
        beside = np.concatenate([[False], switches]) | np.concatenate([switches, [False]])
        steady: BoolArray = self.fits & ~beside[:, None]
        return steady


def _settled_fit(sweep: JunctionSweep, noise_mv: float) -> tuple[JunctionReference, _Branches]:
    antiparallel, telling = antiparallel_by_hysteresis(sweep, noise_mv)
    branches = _Branches(antiparallel, np.repeat(telling[:, None], sweep.voltages_mv.shape[1], axis=1))
    for _ in range(_MOST_ROUNDS):
        on_both = [np.any(branches.steady()[state]) for state in (branches.antiparallel, ~branches.antiparallel)]
        if not all(on_both):
            break
        reference = _fit(sweep, branches, noise_mv)
        before, branches = branches, _branches(sweep, reference)
        if all(map(np.array_equal, before, branches)):
            return reference, branches
    raise _misfit(sweep.label, "its samples do not settle on two branches")


def _fit(sweep: JunctionSweep, branches: _Branches, noise_mv: float) -> JunctionReference:
    """The reference that is closest in voltage to the steady samples of both branches.

    The law gives the current of a voltage in closed form; divided by dI/dV its error is one of voltage.
    """
    points, samples = np.nonzero(branches.steady())
    currents_ua, voltages_mv = sweep.currents_ua[points], sweep.voltages_mv[points, samples]
    antiparallel = branches.antiparallel[points]
    of_tmr = antiparallel.astype(float)

    def errors_mv(parameters: FloatArray) -> FloatArray:
        law, offset_mv = _unpack(parameters)
        fitted_ua, slope = law.conduction(voltages_mv - offset_mv, law.tmr * of_tmr)
        return (fitted_ua - currents_ua) / slope

    flowing = currents_ua != 0
    moderate_ohm = 1e3 * float(np.median(np.abs(voltages_mv[flowing] / currents_ua[flowing]))) if any(flowing) else 0.0
    if moderate_ohm < SHORT_OHM:  # and yet not over the whole sweep
        raise _misfit(sweep.label, "most of it shows no resistance, as with an output that has been switched off")
    fit = scipy.optimize.least_squares(
        errors_mv,
        x0=[moderate_ohm, 0.5, 500.0, 0.1, 0.0],
        bounds=([1.0, 0.0, 50.0, 0.0, -np.inf], [np.inf, 7.0, 5000.0, np.inf, np.inf]),
        x_scale=[moderate_ohm, 1.0, 500.0, 0.1, 1.0],
    )
    law, offset_mv = _unpack(fit.x)
    residual_mv = float(np.sqrt(np.mean(fit.fun**2)))
    covered_p, covered_ap = _span(currents_ua[~antiparallel]), _span(currents_ua[antiparallel])
    return JunctionReference(law, offset_mv, noise_mv, residual_mv, covered_p, covered_ap)


def _unpack(parameters: FloatArray) -> tuple[ResistanceLaw, float]:
    r_p_ohm, tmr, half_bias_mv, bias_per_v2, offset_mv = parameters.tolist()
    return ResistanceLaw(r_p_ohm, tmr, half_bias_mv, bias_per_v2), offset_mv


def _span(currents_ua: FloatArray) -> Interval:
    return Interval(float(np.min(currents_ua)), float(np.max(currents_ua)))


def _branches(sweep: JunctionSweep, reference: JunctionReference) -> _Branches:
    """Every leg parted at its switch, and every sample compared with the level of its part."""
    evidence = _evidence_for_first_state(sweep, reference)
    antiparallel = np.concatenate(
        [
            (np.arange(leg.stop - leg.start) < _peak(evidence[leg])[0]) == sweep.rising[leg.start]
            for legs in sweep.repetitions()
            for leg in legs
        ]
    )
    parallel_mv, antiparallel_mv = reference.levels_trace_mv(sweep.currents_ua)
    level_mv = np.where(antiparallel, antiparallel_mv, parallel_mv)
    stray_mv = np.maximum(_STRAY_SHARE * np.abs(antiparallel_mv - parallel_mv), _STRAY_D * reference.noise_mv)
    return _Branches(antiparallel, np.abs(sweep.voltages_mv - level_mv[:, None]) < stray_mv[:, None])


def _evidence_for_first_state(sweep: JunctionSweep, reference: JunctionReference) -> FloatArray:
    """Evidence [T] of the last sample of each point for AP on a rising leg, for P on a falling one.

    For AP it is (V - V_P)^2 - (V - V_AP)^2, for P the opposite, and no more than a sample right on its level gives.
    """
    parallel_mv, antiparallel_mv = reference.levels_trace_mv(sweep.currents_ua)
    last_mv, most = sweep.voltages_mv[:, -1], (antiparallel_mv - parallel_mv) ** 2
    for_antiparallel = np.clip((last_mv - parallel_mv) ** 2 - (last_mv - antiparallel_mv) ** 2, -most, most)
    return np.where(sweep.rising, for_antiparallel, -for_antiparallel)


def _peak(evidence: FloatArray) -> tuple[int, int]:
    """Fewest and most points of a leg before its switch: where the running sum of the evidence peaks.

    They differ by points without evidence, as at zero current.
    """
    running = np.cumsum([0.0, *evidence])
    peaks = np.flatnonzero(running == running.max())
    return int(peaks[0]), int(peaks[-1])


def _switch_points(sweep: JunctionSweep, reference: JunctionReference) -> tuple[SwitchPoints, ...]:
    evidence = _evidence_for_first_state(sweep, reference)
    return tuple(
        SwitchPoints(*(_switch_ua(sweep, evidence, leg, repetition) for leg in legs))
        for repetition, legs in enumerate(sweep.repetitions(), start=1)
    )


def _switch_ua(sweep: JunctionSweep, evidence: FloatArray, leg: slice, repetition: int) -> float:
    """Midway between the last point of ``leg`` before the switch and the first after it."""
    currents_ua, rising = sweep.currents_ua[leg], sweep.rising[leg.start]
    fewest, most = _peak(evidence[leg])
    if fewest == 0 or most == len(currents_ua):
        stuck = "antiparallel" if rising == (fewest > 0) else "parallel"
        raise ReferenceFitError(
            f"{sweep.label} stayed {stuck} from {currents_ua[0]:.6g} to {currents_ua[-1]:.6g} uA on the "
            f"{'rising' if rising else 'falling'} leg of repetition {repetition}. Take more negative control currents "
            "if it does not reset at the bottom of the sweep, higher inputs if it does not switch below its top, and "
            "check the field."
        )
    return float(currents_ua[fewest - 1] + currents_ua[most]) / 2


def _refuse_bad_fit(sweep: JunctionSweep, reference: JunctionReference, branches: _Branches) -> None:
    parallel_mv, antiparallel_mv = reference.levels_trace_mv(sweep.currents_ua)
    jump_mv = float(np.median(np.abs(antiparallel_mv - parallel_mv)))
    residual_mv, noise_mv = reference.residual_mv, reference.noise_mv
    strays = max(float(np.mean(~branches.fits[leg])) for legs in sweep.repetitions() for leg in legs)
    if jump_mv < CLEAR_D * noise_mv:
        raise ReferenceFitError(
            f"{sweep.label} jumps by {jump_mv:.3g} mV, only {jump_mv / noise_mv:.2g} times the noise of one sample. At "
            f"least {CLEAR_D:g} times is needed: read with a longer aperture, or find the noise."
        )
    if strays > _MOST_STRAYS:
        raise _misfit(sweep.label, f"{strays:.0%} of the samples of a leg lie on neither branch")
    if residual_mv > max(_MOST_RESIDUAL * jump_mv, _MOST_RESIDUAL_D * noise_mv):
        raise _misfit(
            sweep.label,
            f"its samples lie {residual_mv:.3g} mV off, which is {residual_mv / noise_mv:.3g} times the noise and "
            f"{residual_mv / jump_mv:.1%} of the jump",
        )


def _misfit(label: str, seen: str) -> ReferenceFitError:
    return ReferenceFitError(
        f"{label} does not follow the resistance law: {seen}. Look at its resistance curve for a partial state, "
        "telegraph noise, drift or a bad contact, then sweep again."
    )
