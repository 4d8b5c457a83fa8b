"""One simulated magnetic tunnel junction: how it resists and how readily it switches. Frozen parameters, pure laws.

Positive current favours the parallel state P (low resistance), negative current the antiparallel state AP (high).
"""

from dataclasses import dataclass
from math import copysign, exp, inf, log, pi, sqrt
from typing import Literal, TypeAlias

JunctionState: TypeAlias = Literal["P", "AP"]

ATTEMPT_RATE_PER_S = 1e9
REFERENCE_RAMP_A_PER_S = 100e-6
REFERENCE_FIELD_T = 6e-3
LEAST_STABILITY = 15.0
BACK_HOPPING_BEYOND_A = 40e-6
EULER_GAMMA = 0.5772156649015329


@dataclass(frozen=True, slots=True)
class SwitchingLaw:
    """Thermally activated switching over barriers that the current tilts, in units of the thermal energy.

    rate = f0 exp(-E) with f0 = 1e9 /s, E(AP->P) = s (Ic_up - I)+ and E(P->AP) = s (I - Ic_down)+. Sources: Neel-Brown;
    Koch, Katine and Sun, Phys. Rev. Lett. 92, 088302 (2004); Li and Zhang, Phys. Rev. B 69, 134416 (2004).
    """

    sensitivity_per_a: float
    intrinsic_up_a: float
    intrinsic_down_a: float

    @classmethod
    def from_ramp(cls, mean_up_a: float, mean_down_a: float, spread_a: float) -> "SwitchingLaw":
        """The law whose thresholds have these means and this standard deviation on the reference ramp.

        A ramp at rate r switches AP -> P at a current of Gumbel's distribution with standard deviation pi / (sqrt(6) s)
        and mean Ic_up - (ln(f0 / (s r)) + gamma) / s; P -> AP is its mirror image.
        Source: Kurkijarvi, Phys. Rev. B 6, 832 (1972).
        """
        sensitivity = pi / (sqrt(6.0) * spread_a)
        lead = (log(ATTEMPT_RATE_PER_S / (sensitivity * REFERENCE_RAMP_A_PER_S)) + EULER_GAMMA) / sensitivity
        return cls(sensitivity, mean_up_a + lead, mean_down_a - lead)

    @property
    def stability(self) -> float:
        """Thermal stability Delta: the barrier, in thermal energies, at the current where both states are equal."""
        return self.sensitivity_per_a * (self.intrinsic_up_a - self.intrinsic_down_a) / 2.0

    def rate_per_s(self, state: JunctionState, current_a: float) -> float:
        """Switching events per second out of ``state`` at a constant current; the mean lifetime is its inverse."""
        distance_a = self.intrinsic_up_a - current_a if state == "AP" else current_a - self.intrinsic_down_a
        return (
            ATTEMPT_RATE_PER_S * exp(-self.sensitivity_per_a * distance_a) if distance_a > 0.0 else ATTEMPT_RATE_PER_S
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JunctionModel:
    """Parameters of one simulated junction.

    ``critical_current_up_a`` (AP -> P) and ``critical_current_down_a`` (P -> AP) are the mean currents at which it
    switches on a continuous ramp of 100 uA/s in a field of 6 mT, ``critical_spread_a`` the standard deviation of both.
    A field H moves both by -``critical_shift_a_per_t`` (H - 6 mT), time by ``critical_drift_a_per_h``.
    ``resistance_p_ohm`` and ``tmr0`` (1.2 is 120 %) hold at zero bias; ``half_voltage_v`` halves the magnetoresistance;
    ``curvature_per_v2`` is c below. ``resistance_drift_per_h`` is relative. ``lead_resistance_ohm`` is in series.
    With a ``back_hopping_rate_per_s`` the junction leaves either state at that rate wherever the current is more than
    40 uA beyond its AP -> P threshold.

    The bias dependence, with G_P = (1 + c V^2) / R_P and TMR(V) = TMR0 / (1 + (V / V_half)^2), is I = G_P V in P and
    I = G_P V / (1 + TMR) in AP. Source of G_P: Brinkman, Dynes and Rowell, J. Appl. Phys. 41, 1915 (1970).

    Raises ValueError for parameters outside the model, among them a thermal stability below 15: such a junction is
    superparamagnetic, and has no critical current to speak of.
    """

    critical_current_up_a: float
    critical_current_down_a: float
    critical_spread_a: float = 4.3e-6
    critical_shift_a_per_t: float = 0.02
    critical_drift_a_per_h: float = 0.0
    resistance_p_ohm: float = 1100.0
    tmr0: float = 1.2
    half_voltage_v: float = 0.5
    curvature_per_v2: float = 0.1
    resistance_drift_per_h: float = 0.0
    lead_resistance_ohm: float = 0.0
    back_hopping_rate_per_s: float = 0.0

    def __post_init__(self) -> None:
        for name in ("critical_spread_a", "resistance_p_ohm", "half_voltage_v"):
            if not 0.0 < getattr(self, name) < inf:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)}")
        for name in ("curvature_per_v2", "lead_resistance_ohm", "back_hopping_rate_per_s"):
            if not 0.0 <= getattr(self, name) < inf:
                raise ValueError(f"{name} must be zero or positive, not {getattr(self, name)}")
        if not 0.0 <= self.tmr0 <= 8.0:
            raise ValueError(f"tmr0 must be between 0 and 8 (a fraction: 1.2 is 120 %), not {self.tmr0}")
        stability = self.switching_law().stability
        if not stability >= LEAST_STABILITY:
            raise ValueError(
                f"thermal stability {stability:.1f} is below {LEAST_STABILITY:g}, the junction would be"
                " superparamagnetic: move critical_current_up_a and critical_current_down_a apart"
                " or change critical_spread_a"
            )

    def switching_law(self) -> SwitchingLaw:
        """The switching law in the reference field, before any drift."""
        return SwitchingLaw.from_ramp(self.critical_current_up_a, self.critical_current_down_a, self.critical_spread_a)

    def hops_at(self, current_a: float) -> bool:
        """Whether a junction that back-hops does so at this current (in the reference field, before any drift)."""
        return current_a > self.critical_current_up_a + BACK_HOPPING_BEYOND_A

    def current_a(self, state: JunctionState, voltage_v: float) -> float:
        """Current at a voltage across the junction proper, without its leads."""
        squared = voltage_v * voltage_v
        tmr = self.tmr0 / (1.0 + squared / self.half_voltage_v**2) if state == "AP" else 0.0
        return voltage_v * (1.0 + self.curvature_per_v2 * squared) / (self.resistance_p_ohm * (1.0 + tmr))

    def voltage_v(self, state: JunctionState, current_a: float) -> float:
        """Voltage across the junction proper at a current: the inverse of ``current_a``, to some 1e-15 of its value.

        The current rises with the voltage everywhere, so the root is unique. Newton's steps are taken within a
        bracket that every step narrows. Raises ArithmeticError for a current that is not finite.
        """
        curvature, inverse_half = self.curvature_per_v2, 1.0 / self.half_voltage_v**2
        tmr0 = self.tmr0 if state == "AP" else 0.0
        bias = abs(current_a) * self.resistance_p_ohm
        low, high = 0.0, bias * (1.0 + tmr0)
        voltage = bias * (1.0 + tmr0 / (1.0 + bias * bias * inverse_half))
        for _ in range(200):
            squared = voltage * voltage
            bell = 1.0 / (1.0 + squared * inverse_half)
            rise = 1.0 / (1.0 + tmr0 * bell)
            parabola = 1.0 + curvature * squared
            excess = voltage * parabola * rise - bias
            roll_off = parabola * 2.0 * tmr0 * squared * inverse_half * bell * bell * rise
            slope = rise * (1.0 + 3.0 * curvature * squared + roll_off)
            step = excess / slope
            if abs(step) <= 1e-9 * voltage:  # convergence is quadratic: what this last step leaves is rounding
                return copysign(voltage - step, current_a)
            if excess > 0.0:
                high = voltage
            else:
                low = voltage
            voltage -= step
            if not low < voltage < high:
                voltage = (low + high) / 2.0
        raise ArithmeticError(f"no voltage belongs to a current of {current_a} A")
