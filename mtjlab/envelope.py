"""Allowed junction currents, from limits and resistance laws. Pure: also used before the bench is connected."""

from collections.abc import Sequence
from dataclasses import dataclass

from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import Interval, PerJunction, junction_label, source_currents_ua
from mtjlab.errors import LimitExceededError
from mtjlab.transitions import Transition, demand_inside, plan_transition

LIMIT_ROUNDING_UA = 1e-6
"""Tolerance for rounding errors of sums of source currents."""


@dataclass(frozen=True, slots=True)
class BenchLimits:
    """Junction current limits (uA), and predicted junction voltages (mV) that cause a warning or a refusal.

    ``pulse_refuse_mv``: the same during a pulse; None for the limit of constant currents.
    """

    current: Interval
    voltage_warn_mv: float
    voltage_refuse_mv: float
    pulse_refuse_mv: float | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Allowed currents (uA) of each junction, constant and in pulses, and those without a predicted high voltage."""

    limits: BenchLimits
    allowed_ua: tuple[Interval, ...]
    quiet_ua: tuple[Interval, ...]
    pulse_allowed_ua: tuple[Interval, ...]

    @classmethod
    def of(cls, limits: BenchLimits, laws: Sequence[ResistanceLaw]) -> "Envelope":
        """Envelope of the current limits and of the voltage limit on the antiparallel branch of ``laws``."""
        refuse_mv = limits.voltage_refuse_mv
        pulse_mv = refuse_mv if limits.pulse_refuse_mv is None else limits.pulse_refuse_mv
        return cls(
            limits,
            _allowed(limits.current, refuse_mv, laws),
            tuple(law.current_interval(limits.voltage_warn_mv) for law in laws),
            _allowed(limits.current, pulse_mv, laws),
        )

    def with_laws(self, laws: Sequence[ResistanceLaw]) -> "Envelope":
        """Same limits with measured resistance laws."""
        return Envelope.of(self.limits, laws)

    @property
    def junctions(self) -> int:
        """Number of junctions."""
        return len(self.allowed_ua)

    def plan(self, start_ua: Sequence[float], controls_ua: Sequence[float]) -> Transition:
        """Plan the transition at zero input from control currents ``start_ua`` to ``controls_ua``.

        Raises:
            LimitExceededError: a junction would leave its limits.
        """
        return self.plan_from(source_currents_ua(start_ua, 0.0), controls_ua)

    def plan_from(self, sources_ua: Sequence[float], controls_ua: Sequence[float]) -> Transition:
        """Same, from source currents."""
        return self.plan_between(sources_ua, source_currents_ua(controls_ua, 0.0))

    def plan_between(self, sources_ua: Sequence[float], target_ua: Sequence[float]) -> Transition:
        """Same, from and to source currents."""
        return plan_transition(sources_ua, target_ua, self.allowed_ua)

    def demand(self, currents_ua: PerJunction, what: str) -> None:
        """Check that the junction currents are allowed; ``what`` would cause them.

        Raises:
            LimitExceededError: a current is outside its limits.
        """
        _demand(currents_ua, self.allowed_ua, what)

    def demand_pulse(self, currents_ua: PerJunction, what: str) -> None:
        """Same, for currents that flow during a pulse."""
        _demand(currents_ua, self.pulse_allowed_ua, what)

    def cautions(self, currents_ua: Sequence[float]) -> tuple[str, ...]:
        """A caution for each junction whose predicted voltage at ``currents_ua`` is above the warning level."""
        return tuple(
            f"{junction_label(k)} is predicted above {self.limits.voltage_warn_mv:.6g} mV at {current:.6g} uA"
            for k, (current, quiet) in enumerate(zip(currents_ua, self.quiet_ua, strict=True))
            if current not in quiet
        )


def _allowed(current: Interval, refuse_mv: float, laws: Sequence[ResistanceLaw]) -> tuple[Interval, ...]:
    predicted = [law.current_interval(refuse_mv) for law in laws]
    return tuple(Interval(max(current.low_ua, p.low_ua), min(current.high_ua, p.high_ua)) for p in predicted)


def _demand(currents_ua: PerJunction, allowed: Sequence[Interval], what: str) -> None:
    try:
        demand_inside(currents_ua, allowed, LIMIT_ROUNDING_UA)
    except LimitExceededError as error:
        raise LimitExceededError(f"{what}: {error}") from error
