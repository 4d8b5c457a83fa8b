"""Allowed junction currents, from limits and resistance laws. Pure: also used before the bench is connected."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mtjlab.config import BenchConfig, Device
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import (
    ONE_CHAIN,
    AllowedInterval,
    Interval,
    PerJunction,
    chain_tops,
    junction_label,
    source_currents_ua,
)
from mtjlab.errors import LimitExceededError, RefusedError
from mtjlab.transitions import Transition, demand_inside, plan_transition

LIMIT_ROUNDING_UA = 1e-6
"""Tolerance for rounding errors of sums of source currents."""


@dataclass(frozen=True, slots=True)
class BenchLimits:
    """Junction current limits (uA), and predicted junction voltages (mV) that cause a warning or a refusal.

    ``pulse_refuse_mv``: the same during a pulse; None for the limit of constant currents. ``pulse_min_s``: shortest
    pulse that is defined at the junctions, and what sets it. ``file`` is the bench file that sets them, if it is to be
    named when one of them is exceeded.
    """

    current: Interval
    voltage_warn_mv: float
    voltage_refuse_mv: float
    pulse_refuse_mv: float | None = None
    file: str = ""
    pulse_min_s: float = 0.0
    pulse_min_set_by: str = ""

    @classmethod
    def of(cls, config: BenchConfig, file: str = "") -> "BenchLimits":
        """The limits in a bench file."""
        limits = config.limits
        return cls(
            Interval(limits.junction_current_min_ua, limits.junction_current_max_ua),
            limits.junction_voltage_warn_mv,
            limits.junction_voltage_refuse_mv,
            limits.pulse_voltage_refuse_mv,
            file,
            config.shortest_pulse_s,
            config.shortest_pulse_set_by,
        )

    def demand_width(self, width_s: float) -> None:
        """Check that a pulse of this duration is defined at the junctions.

        Raises:
            RefusedError: it is too short.
        """
        demand_width(width_s, self.pulse_min_s, f"{self.pulse_min_set_by}{f' in {self.file}' if self.file else ''}")

    def allowed(self, law: ResistanceLaw) -> Interval:
        """Constant currents that a junction with ``law`` is allowed, with the key that sets each end."""
        return self._allowed(law, self.voltage_refuse_mv, "junction_voltage_refuse_mv")

    def allowed_in_pulse(self, law: ResistanceLaw) -> Interval:
        """The same during a pulse."""
        if self.pulse_refuse_mv is None:
            return self.allowed(law)
        return self._allowed(law, self.pulse_refuse_mv, "pulse_voltage_refuse_mv")

    def _allowed(self, law: ResistanceLaw, refuse_mv: float, key: str) -> Interval:
        predicted, where = law.current_interval(refuse_mv), f" of {self.file}" if self.file else ""
        voltage = f"limits.{key} = {refuse_mv:.6g}{where}, by the predicted voltage"
        low, high = self.current.low_ua, self.current.high_ua
        return AllowedInterval(
            max(low, predicted.low_ua),
            min(high, predicted.high_ua),
            voltage if predicted.low_ua > low else f"limits.junction_current_min_ua = {low:.6g}{where}",
            voltage if predicted.high_ua < high else f"limits.junction_current_max_ua = {high:.6g}{where}",
        )


def demand_width(width_s: float, shortest_s: float, set_by: str) -> None:
    """Raise RefusedError if a pulse is shorter than the shortest, which ``set_by`` sets."""
    if width_s < shortest_s:
        raise RefusedError(
            f"A pulse of {width_s:.3g} s is too short for this bench, minimum {shortest_s:.3g} s (set by {set_by}). "
            "Give longer pulses."
        )


def nominal_law(device: Device) -> ResistanceLaw:
    """Resistance law of a nominal junction of the chip, which predicts voltages until the chip is measured."""
    return ResistanceLaw(
        r_p_ohm=device.resistance_parallel_ohm,
        tmr=device.tmr_percent / 100,
        half_bias_mv=device.half_bias_mv,
        bias_per_v2=device.bias_conductance_per_v2,
    )


@dataclass(frozen=True, slots=True)
class Envelope:
    """Allowed currents (uA) of each junction, constant and in pulses, and those without a predicted high voltage."""

    limits: BenchLimits
    allowed_ua: tuple[Interval, ...]
    quiet_ua: tuple[Interval, ...]
    pulse_allowed_ua: tuple[Interval, ...]
    tops: tuple[int, ...] = ONE_CHAIN
    """Index of the source at the top of each chain."""

    @classmethod
    def of(cls, limits: BenchLimits, laws: Sequence[ResistanceLaw], tops: tuple[int, ...] = ONE_CHAIN) -> "Envelope":
        """Envelope of the current limits and of the voltage limit on the antiparallel branch of ``laws``."""
        return cls(
            limits,
            tuple(map(limits.allowed, laws)),
            tuple(law.current_interval(limits.voltage_warn_mv) for law in laws),
            tuple(map(limits.allowed_in_pulse, laws)),
            tops,
        )

    @classmethod
    def of_bench(cls, config: BenchConfig, file: Path) -> "Envelope":
        """Envelope of the bench in ``file`` before its chip is measured."""
        laws = [nominal_law(config.device)] * config.junctions
        return cls.of(BenchLimits.of(config, file.name), laws, chain_tops(config.chain_sizes))

    def with_laws(self, laws: Sequence[ResistanceLaw]) -> "Envelope":
        """Same limits with measured resistance laws."""
        return Envelope.of(self.limits, laws, self.tops)

    @property
    def junctions(self) -> int:
        """Number of junctions."""
        return len(self.allowed_ua)

    def plan(self, start_ua: Sequence[float], controls_ua: Sequence[float]) -> Transition:
        """Plan the transition at zero input from control currents ``start_ua`` to ``controls_ua``.

        Raises:
            LimitExceededError: a junction would leave its limits.
        """
        return self.plan_from(source_currents_ua(start_ua, 0.0, self.tops), controls_ua)

    def plan_from(self, sources_ua: Sequence[float], controls_ua: Sequence[float]) -> Transition:
        """Same, from source currents."""
        return self.plan_between(sources_ua, source_currents_ua(controls_ua, 0.0, self.tops))

    def plan_between(
        self, sources_ua: Sequence[float], target_ua: Sequence[float], within: Sequence[Interval] | None = None
    ) -> Transition:
        """Same, from and to source currents; with junction currents also ``within`` others."""
        if within is None:
            return plan_transition(sources_ua, target_ua, self.allowed_ua, self.tops)
        both = [
            Interval(max(one.low_ua, other.low_ua), min(one.high_ua, other.high_ua))
            for one, other in zip(self.allowed_ua, within, strict=True)
        ]
        return plan_transition(sources_ua, target_ua, both, self.tops)

    def demand(self, currents_ua: PerJunction, what: str) -> None:
        """Check that the junction currents are allowed; ``what`` would cause them.

        Raises:
            LimitExceededError: a current is outside its limits.
        """
        self._demand(currents_ua, self.allowed_ua, what)

    def demand_pulse(self, currents_ua: PerJunction, what: str) -> None:
        """Same, for currents that flow during a pulse."""
        self._demand(currents_ua, self.pulse_allowed_ua, what)

    def cautions(self, currents_ua: Sequence[float]) -> tuple[str, ...]:
        """A caution for each junction whose predicted voltage at ``currents_ua`` is above the warning level."""
        warn_mv = self.limits.voltage_warn_mv
        return tuple(
            f"{junction_label(k, self.tops)} is predicted above {warn_mv:.6g} mV at {current:.6g} uA"
            for k, (current, quiet) in enumerate(zip(currents_ua, self.quiet_ua, strict=True))
            if current not in quiet
        )

    def _demand(self, currents_ua: PerJunction, allowed: Sequence[Interval], what: str) -> None:
        try:
            demand_inside(currents_ua, allowed, LIMIT_ROUNDING_UA, self.tops)
        except LimitExceededError as error:
            raise LimitExceededError(f"{what}: {error}") from error


def demand_field(field_mt: float, largest_mt: float) -> None:
    """Raise LimitExceededError for a field beyond the largest of a bench; 0 means that nothing sets it."""
    if abs(field_mt) > largest_mt:
        limit = (
            f"its supply makes up to {largest_mt:.6g} mT" if largest_mt else "no supply sets the field of this bench"
        )
        raise LimitExceededError(
            f"A field of {field_mt:.6g} mT was requested, but {limit}. Nothing was set. Ask for less, or see [field] "
            "in the bench file."
        )
