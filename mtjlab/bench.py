"""The bench: the few verbs of the experiment over N sources and N voltmeters.

It alone converts uA to A, alone knows limits, alone plans transitions. What carries the currents is a rack: real
instruments, or junctions simulated in process. Procedures cannot tell which.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import (
    BenchDescription,
    Interval,
    PerJunction,
    Reading,
    junction_currents_ua,
    junction_label,
    source_currents_ua,
)
from mtjlab.errors import BenchFaultError, LimitExceededError
from mtjlab.transitions import SubStep, Transition, plan_transition

UA_PER_A = 1e6
MV_PER_V = 1e3
MV_DECIMALS = 9
UA_DECIMALS = 6
"""1 pV and 1 pA: far below what any meter and source resolve, so that rounding only takes off what arithmetic adds."""


class Rack(Protocol):
    """Sources and voltmeters in SI units, with one time. Every write is acknowledged before the next call returns."""

    @property
    def time_s(self) -> float:
        """Seconds since the rack was connected, by its own clock."""

    def write_source(self, source: int, current_a: float) -> None:
        """Set one source (0 feeds the top of the chain)."""

    def settle(self) -> None:
        """Wait until all sources stand at what was written."""

    def wait(self, duration_s: float) -> None:
        """Let time pass."""

    def read_voltages_v(self) -> Sequence[float]:
        """One sample of every junction's voltage, all averaged over the same aperture."""

    def switch_off(self) -> None:
        """Outputs off; called with all sources at zero."""

    def read_back_a(self) -> Sequence[float]:
        """What the sources deliver, by their own word."""


@dataclass(frozen=True, slots=True)
class BenchLimits:
    """Junction current limits (uA) and predicted junction voltages (mV) that are worth a warning or a refusal."""

    current: Interval
    voltage_warn_mv: float
    voltage_refuse_mv: float


class Bench:
    """N junctions in series. Control currents move only at zero input; an input moves source 1 alone."""

    def __init__(self, rack: Rack, description: BenchDescription, limits: BenchLimits, nominal: ResistanceLaw) -> None:
        """Take over ``rack``, its sources at zero; predict voltages from ``nominal`` until junctions are measured."""
        self.description = description
        self.limits = limits
        self._rack = rack
        self._held_ua: PerJunction = (0.0,) * description.junctions  # source currents without the input
        self._input_ua = 0.0
        self.predict_voltages_with([nominal] * description.junctions)

    @property
    def time_s(self) -> float:
        """Bench time in seconds."""
        return self._rack.time_s

    @property
    def input_ua(self) -> float:
        """The input that is applied now."""
        return self._input_ua

    @property
    def controls_ua(self) -> PerJunction:
        """Control currents that are held now."""
        return junction_currents_ua(self._held_ua)

    @property
    def currents_ua(self) -> PerJunction:
        """Junction currents that flow now."""
        return self._currents_ua(self._input_ua)

    @property
    def allowed_ua(self) -> tuple[Interval, ...]:
        """Junction currents inside both the current limits and the predicted voltage limit, for each junction."""
        return self._allowed

    def predict_voltages_with(self, laws: Sequence[ResistanceLaw]) -> None:
        """From now on predict junction voltages with the antiparallel branch of ``laws``."""
        current, refuse_mv = self.limits.current, self.limits.voltage_refuse_mv
        predicted = [law.current_interval(refuse_mv) for law in laws]
        self._allowed = tuple(
            Interval(max(current.low_ua, p.low_ua), min(current.high_ua, p.high_ua)) for p in predicted
        )
        self._warned = tuple(law.current_interval(self.limits.voltage_warn_mv) for law in laws)

    def cautions(self, currents_ua: Sequence[float]) -> tuple[str, ...]:
        """A sentence for each junction whose predicted voltage at ``currents_ua`` is above the warning level."""
        return tuple(
            f"{junction_label(k)} is predicted above {self.limits.voltage_warn_mv:.6g} mV at {current:.6g} uA"
            for k, (current, quiet) in enumerate(zip(currents_ua, self._warned, strict=True))
            if current not in quiet
        )

    def plan(self, controls_ua: Sequence[float], start_ua: Sequence[float] | None = None) -> Transition:
        """The transition at zero input to other control currents, from ``start_ua`` or from what is held now.

        Nothing is written.

        Raises:
            LimitExceededError: a junction would leave its limits.
        """
        start = self._held_ua if start_ua is None else source_currents_ua(start_ua, 0.0)
        return plan_transition(start, source_currents_ua(controls_ua, 0.0), self._allowed)

    def execute(self, transition: Transition) -> None:
        """Carry out a planned transition.

        Raises:
            BenchFaultError: an input is applied, or the bench is not where the plan starts; nothing was written.
        """
        if self._input_ua != 0.0 or transition.start_ua != self._held_ua:
            raise BenchFaultError(
                f"A transition planned from sources at {transition.start_ua} uA and no input met {self._held_ua} uA "
                f"with an input of {self._input_ua:.6g} uA. Nothing was written: controls move only as planned."
            )
        for step in transition.sub_steps:
            self._write_sub_step(step)
        self._held_ua = transition.target_ua

    def apply(self, input_ua: float) -> None:
        """Apply an input: move source 1 alone, then settle.

        Raises:
            LimitExceededError: a junction would leave its limits; nothing was written.
        """
        top_ua = self._held_ua[0] + input_ua
        for k, (current, allowed) in enumerate(zip(self._currents_ua(input_ua), self._allowed, strict=True)):
            if not allowed.low_ua <= current <= allowed.high_ua:
                raise LimitExceededError(
                    f"an input of {input_ua:.6g} uA would put {current:.6g} uA through {junction_label(k)}, outside "
                    f"its limits {allowed.low_ua:.6g}..{allowed.high_ua:.6g} uA (of current, or of predicted voltage). "
                    "Nothing was written. Ask for less, or change [limits]."
                )
        self._rack.write_source(0, top_ua / UA_PER_A)
        self._input_ua = input_ua
        self._rack.settle()

    def idle(self) -> None:
        """Input to zero, control currents held."""
        self.apply(0.0)

    def hold(self, duration_s: float) -> None:
        """Let time pass at the present currents."""
        self._rack.wait(duration_s)

    def read(self, samples: int) -> Reading:
        """Voltages of all junctions at the present currents."""
        rack = self._rack
        taken = tuple(
            tuple([round(volts * MV_PER_V, MV_DECIMALS) for volts in rack.read_voltages_v()]) for _ in range(samples)
        )
        currents_ua = tuple([round(current, UA_DECIMALS) for current in self.currents_ua])
        return Reading(rack.time_s, self._input_ua, currents_ua, taken)

    def go_safe(self) -> PerJunction:
        """Ramp all sources to zero, switch outputs off, and return what the sources then say they deliver (uA).

        Raises:
            BenchFaultError: a source still says it delivers a current.
        """
        self._rack.write_source(0, self._held_ua[0] / UA_PER_A)
        self._input_ua = 0.0
        self._rack.settle()
        self.execute(self._way_to_zero())
        self._rack.switch_off()
        delivered = tuple(current * UA_PER_A for current in self._rack.read_back_a())
        if any(delivered):
            raise BenchFaultError(
                f"after the ramp to zero the sources still say {delivered} uA. Switch them off by hand before you "
                "touch the junctions."
            )
        return delivered

    def _way_to_zero(self) -> Transition:
        zero = (0.0,) * self.description.junctions
        try:
            return plan_transition(self._held_ua, zero, self._allowed)
        except LimitExceededError:  # Zero is safer than where we are, whatever lies between.
            anywhere = (Interval(-math.inf, math.inf),) * self.description.junctions
            return plan_transition(self._held_ua, zero, anywhere)

    def _write_sub_step(self, step: SubStep) -> None:
        for group in (step.downs, step.ups):
            for write in group:
                self._rack.write_source(write.source, write.current_ua / UA_PER_A)
            if group:
                self._rack.settle()

    def _currents_ua(self, input_ua: float) -> PerJunction:
        return junction_currents_ua((self._held_ua[0] + input_ua, *self._held_ua[1:]))
