"""How control currents shift critical inputs: slopes, cross-talk between junctions, and whether it is a straight line.

The critical input of junction i is taken as a_i + sum_k b_ik I_Ck, fitted by weighted least squares over all settings
of the control currents that were measured. A chain that adds currents has b_ii = -1 and no cross-talk.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, norm

from mtjlab.analysis.critical import CriticalEstimate
from mtjlab.analysis.posterior import LEVEL
from mtjlab.detection.resistance import FloatArray
from mtjlab.domain import Interval, PerJunction
from mtjlab.errors import RefusedError


@dataclass(frozen=True, slots=True)
class MeasuredShift:
    """Critical inputs of all junctions under one setting of the control currents."""

    controls_ua: PerJunction
    critical: tuple[CriticalEstimate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ControlShift:
    """Slopes [N, N] of the critical input of junction i against the control current of junction k, with errors.

    Errors are standard deviations, from those of the critical inputs. A control current that was not varied has NaN in
    its column. ``offsets_ua`` [N] are critical inputs at no control current. ``chi2`` [N] are the weighted squares of
    the residuals over ``freedom`` degrees of freedom. ``curvatures_per_ua`` [N] are the coefficients of the square of
    the own control current, were it added to the fit; NaN where there are too few settings to tell.
    """

    slopes: FloatArray
    slope_errors: FloatArray
    offsets_ua: FloatArray
    chi2: FloatArray
    freedom: int
    curvatures_per_ua: FloatArray
    curvature_errors_per_ua: FloatArray

    def slope_interval(self, junction: int, control: int) -> Interval:
        """The central 95 % of a slope, in uA per uA."""
        half = float(norm.ppf((1 + LEVEL) / 2)) * float(self.slope_errors[junction, control])
        slope = float(self.slopes[junction, control])
        return Interval(slope - half, slope + half)

    @property
    def straight_p(self) -> FloatArray:
        """Probability [N] of residuals at least as large, were the line straight; NaN without degrees of freedom."""
        return np.asarray(chi2.sf(self.chi2, self.freedom)) if self.freedom else np.full(len(self.chi2), np.nan)

    @property
    def curvature_p(self) -> FloatArray:
        """Probability [N] of a curvature at least as large, were the line straight."""
        return 2 * np.asarray(norm.sf(np.abs(self.curvatures_per_ua / self.curvature_errors_per_ua)))


def control_shift(settings: Sequence[MeasuredShift]) -> ControlShift:
    """Fit all junctions to the settings of control currents that were measured.

    Raises:
        RefusedError: the settings do not tell the control currents that they vary apart.
    """
    controls_ua = np.array([setting.controls_ua for setting in settings])
    means_ua = np.array([[found.law.mean_ua for found in setting.critical] for setting in settings])
    errors_ua = np.array([[found.mean_error_ua for found in setting.critical] for setting in settings])
    varied = np.flatnonzero(np.ptp(controls_ua, axis=0) > 0)
    design = np.column_stack([np.ones(len(settings)), controls_ua[:, varied]])
    if not len(varied) or np.linalg.matrix_rank(design) < design.shape[1]:
        raise RefusedError(
            f"{len(settings)} settings do not tell the shift by each control current apart. Vary each of them alone, "
            "or measure more settings."
        )
    junctions = means_ua.shape[1]
    lines = [_fit(design, means_ua[:, i], errors_ua[:, i]) for i in range(junctions)]
    bent = [_curvature(design, controls_ua[:, i], means_ua[:, i], errors_ua[:, i]) for i in range(junctions)]
    slopes, slope_errors = np.full((2, junctions, junctions), np.nan)
    slopes[:, varied] = [values[1:] for values, _, _ in lines]
    slope_errors[:, varied] = [deviations[1:] for _, deviations, _ in lines]
    return ControlShift(
        slopes,
        slope_errors,
        np.array([values[0] for values, _, _ in lines]),
        np.array([squares for _, _, squares in lines]),
        len(settings) - design.shape[1],
        np.array([value for value, _ in bent]),
        np.array([deviation for _, deviation in bent]),
    )


def _fit(design: FloatArray, values: FloatArray, errors: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    """Coefficients, their standard deviations, and the weighted squares of the residuals."""
    weighted = design / errors[:, np.newaxis]
    inverse = np.linalg.pinv(weighted)
    coefficients = inverse @ (values / errors)
    residuals = (values - design @ coefficients) / errors
    return coefficients, np.sqrt(np.sum(inverse**2, axis=1)), float(residuals @ residuals)


def _curvature(design: FloatArray, own_ua: FloatArray, values: FloatArray, errors: FloatArray) -> tuple[float, float]:
    """Coefficient of the square of the own control current, taken from its mean, and its standard deviation."""
    squares = (own_ua - own_ua.mean()) ** 2
    bent = np.column_stack([design, squares / max(float(squares.max()), 1.0)])
    if np.linalg.matrix_rank(bent) < bent.shape[1]:
        return np.nan, np.nan
    coefficients, deviations, _ = _fit(bent, values, errors)
    return float(coefficients[-1]) / float(squares.max()), float(deviations[-1]) / float(squares.max())
