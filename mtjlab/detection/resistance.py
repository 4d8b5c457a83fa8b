"""The resistance law of a junction: voltage against current in either state, odd in the current."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from mtjlab.domain import Interval

if TYPE_CHECKING:
    from mtjlab.arrays import FloatArray

Real = TypeVar("Real", float, "FloatArray")

OneOrEach: TypeAlias = "FloatArray | float"

LARGEST_TMR = 8.0
"""From this TMR at zero bias on, one current may have three antiparallel voltages."""

_LAST_STEP_V = 1e-7
"""Newton's method converges quadratically: after a step this small the error is below 1e-13 V."""


@dataclass(frozen=True, slots=True)
class ResistanceLaw:
    """Bias-dependent resistance of a tunnel junction, fitted or nominal.

    G_P(V) = (1 + c V^2) / R_P and TMR(V) = TMR0 / (1 + (V / V_half)^2); parallel I = G_P V, antiparallel
    I = G_P V / (1 + TMR). Sources: Brinkman, Dynes & Rowell, J. Appl. Phys. 41, 1915 (1970) for the parabola; the
    roll-off of the TMR is the usual empirical one. ``bias_per_v2`` is c. Raises ValueError for values that leave the
    voltage of a current undefined.
    """

    r_p_ohm: float
    tmr: float
    half_bias_mv: float
    bias_per_v2: float

    def __post_init__(self) -> None:
        if not (self.r_p_ohm > 0 and self.half_bias_mv > 0 and self.bias_per_v2 >= 0 and 0 < self.tmr < LARGEST_TMR):
            raise ValueError(
                f"no junction has {self}: R_P and V_half > 0, c >= 0, 0 < TMR < {LARGEST_TMR:.0%} are needed"
            )

    def voltages_mv(self, current_ua: float) -> tuple[float, float]:
        """Voltages (parallel, antiparallel) at ``current_ua``."""
        ohmic_v = abs(current_ua) * self.r_p_ohm * 1e-6
        mv = 1e3 if current_ua > 0 else -1e3
        return mv * self._voltage_v(ohmic_v, 0.0), mv * self._voltage_v(ohmic_v, self.tmr)

    def voltages_trace_mv(self, currents_ua: "FloatArray") -> "tuple[FloatArray, FloatArray]":
        """Voltages (parallel, antiparallel) at every current of an array of any shape."""
        import numpy as np  # noqa: PLC0415  whoever only reads laws needs none of it

        ohmic_v = np.abs(currents_ua) * (self.r_p_ohm * 1e-6)
        mv = np.copysign(1e3, currents_ua)
        return mv * self._voltage_trace_v(ohmic_v, 0.0), mv * self._voltage_trace_v(ohmic_v, self.tmr)

    def conduction(self, voltage_mv: Real, tmr: Real) -> tuple[Real, Real]:
        """Current in uA and slope dI/dV in uA/mV of the branch with ``tmr``: 0 the parallel, ``self.tmr`` the other."""
        v = voltage_mv * 1e-3
        per_half = (v / (self.half_bias_mv * 1e-3)) ** 2
        ratio = 1 + tmr / (1 + per_half)
        current_ua = 1e6 / self.r_p_ohm * v * (1 + self.bias_per_v2 * v**2) / ratio
        relative_growth = (1 + 3 * self.bias_per_v2 * v**2) / (1 + self.bias_per_v2 * v**2)
        relative_growth = relative_growth + 2 * (ratio - 1) / ratio * per_half / (1 + per_half)
        slope = 1e3 / self.r_p_ohm * (1 + self.bias_per_v2 * v**2) / ratio * relative_growth
        return current_ua, slope

    def current_interval(self, voltage_mv: float) -> Interval:
        """Junction currents at which the antiparallel voltage, the larger one, stays within +-``voltage_mv``."""
        bound_ua, _ = self.conduction(voltage_mv, self.tmr)
        return Interval(-bound_ua, bound_ua)

    def _voltage_v(self, ohmic_v: float, tmr: float) -> float:
        """Voltage of the branch with ``tmr`` at ``ohmic_v`` = I R_P >= 0."""
        v, step, per_half_v2 = ohmic_v * (1 + tmr), 1.0, self._per_half_v2
        while step > _LAST_STEP_V:
            step = _newton_step(v, ohmic_v, tmr, self.bias_per_v2, per_half_v2)
            v -= step
        return v

    def _voltage_trace_v(self, ohmic_v: "FloatArray", tmr: float) -> "FloatArray":
        return branch_voltages_v(ohmic_v, tmr, self.bias_per_v2, self._per_half_v2)

    @property
    def _per_half_v2(self) -> float:
        return 1e6 / self.half_bias_mv**2


def branch_voltages_v(
    ohmic_v: "FloatArray",
    tmr: "OneOrEach",
    bias_per_v2: "OneOrEach",
    per_half_v2: "OneOrEach",
) -> "FloatArray":
    """Voltages of branches with ``tmr`` at ``ohmic_v`` = I R_P >= 0; ``per_half_v2`` is 1 / V_half^2."""
    v: FloatArray = ohmic_v * (1 + tmr)
    while True:
        step = _newton_step(v, ohmic_v, tmr, bias_per_v2, per_half_v2)
        v = v - step
        if not (step > _LAST_STEP_V).any():
            break
    return v


def _newton_step(v: Any, ohmic_v: Any, tmr: Any, c: Any, h: Any) -> Any:
    """What Newton's method takes off ``v`` on V (1 + cV^2)(1 + hV^2) = I R_P (1 + TMR0 + hV^2), h = 1/V_half^2.

    Left minus right is convex above its root, and V = I R_P (1 + TMR0) lies above it: from there the steps are
    positive and never overshoot.
    """
    square = v * v
    quintic = c * h * square * square
    cubic = (c + h) * square
    excess = v * (1 + cubic + quintic) - ohmic_v * (1 + tmr + h * square)
    return excess / (1 + 3 * cubic + 5 * quintic - 2 * h * ohmic_v * v)
