"""The simulated chain of junctions: currents in, states and voltages out, in its own time.

Exact and deterministic by seed. Plain floats: for one chain of a few junctions they beat arrays by far.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from math import inf, isfinite
from random import Random

from instruments.simulated.junction import REFERENCE_FIELD_T, JunctionModel, JunctionState

MOST_KEPT = 4096
"""Voltages of a junction that are kept: a training returns to the same currents again and again."""

FIELD_STEP = 0.1
"""Change of a barrier, in thermal energies, that a ramp of the field makes in one step."""


class _SwitchingJunction:
    """A junction with a state, which it leaves when its clock has run down.

    The clock is drawn from Exp(1) and spends rate x time. That is exact for any sequence of currents and durations,
    because the hazard spent until a switching event is Exp(1) whatever the course of the rate.
    """

    __slots__ = (
        "_clock",
        "_current_a",
        "_law",
        "_model",
        "_proper_voltage_v",
        "_rate_per_s",
        "_resistance_factor",
        "_rng",
        "_shift_a",
        "state",
    )

    def __init__(self, model: JunctionModel, rng: Random) -> None:
        self.become(model)
        self._rng = rng
        self._clock = rng.expovariate(1.0)
        self._current_a = 0.0
        self.state: JunctionState = "AP"

    def carry(self, current_a: float) -> None:
        """Carry this current from now on."""
        if current_a != self._current_a:
            self._current_a = current_a
            self._enter(self.state)

    def set_conditions(self, field_t: float, hours: float) -> None:
        """Be in this field, ``hours`` after the drift began."""
        model = self._model
        self._shift_a = (
            model.critical_drift_a_per_h * hours - (field_t - REFERENCE_FIELD_T) * model.critical_shift_a_per_t
        )
        self._resistance_factor = 1.0 + model.resistance_drift_per_h * hours
        self._enter(self.state)

    def become(self, model: JunctionModel) -> None:
        """Follow another model from now on; state and clock are kept. The conditions have to be set again."""
        self._model = model
        self._law = model.switching_law()
        self._proper_voltage_v = lru_cache(maxsize=MOST_KEPT)(model.voltage_v)

    def settle(self) -> None:
        """Take the state that the present current, held before time began, implies: AP wherever AP is stable."""
        critical_a = self._model.critical_current_up_a + self._shift_a
        self._enter("P" if self._current_a > critical_a else "AP")

    @property
    def time_to_switch_s(self) -> float:
        """How long it will stay in its state if nothing changes."""
        return self._clock / self._rate_per_s if self._rate_per_s else inf

    def advance(self, dt_s: float) -> float:
        """Let time pass; returns the part of it spent antiparallel, in s."""
        spent = self._rate_per_s * dt_s
        if spent > self._clock:
            return self._advance_and_switch(dt_s)
        self._clock -= spent
        return dt_s if self.state == "AP" else 0.0

    def _advance_and_switch(self, dt_s: float) -> float:
        antiparallel_s = 0.0
        while self._rate_per_s * dt_s > self._clock:
            lifetime_s = min(self._clock / self._rate_per_s, dt_s)
            dt_s -= lifetime_s
            if self.state == "AP":
                antiparallel_s += lifetime_s
            self._clock = self._rng.expovariate(1.0)
            self._enter("P" if self.state == "AP" else "AP")
        return antiparallel_s + self.advance(dt_s)

    def _enter(self, state: JunctionState) -> None:
        self.state = state
        self._rate_per_s = self._law.rate_per_s(state, self._current_a - self._shift_a)
        if self._model.back_hopping_rate_per_s and self._model.hops_at(self._current_a - self._shift_a):
            self._rate_per_s = self._model.back_hopping_rate_per_s

    def voltage_at_v(self, current_a: float) -> float:
        """Voltage with leads that another current would make in the present state."""
        return self._voltage_v(self.state, current_a)

    def voltage_v(self, antiparallel_share: float) -> float:
        """Voltage with leads, averaged over a time of which this share was spent antiparallel."""
        if antiparallel_share == 1.0:
            return self._voltage_v("AP", self._current_a)
        parallel_v = self._voltage_v("P", self._current_a)
        if antiparallel_share == 0.0:
            return parallel_v
        return parallel_v + antiparallel_share * (self._voltage_v("AP", self._current_a) - parallel_v)

    def _voltage_v(self, state: JunctionState, current_a: float) -> float:
        # The law knows current and resistance by their product alone, so a drifted resistance is a scaled current.
        proper_v = self._proper_voltage_v(state, current_a * self._resistance_factor)
        return proper_v + current_a * self._model.lead_resistance_ohm


class JunctionChain:
    """Junctions in series, with a current source feeding the top of each, the far end of the last one at ground.

    Starts at time 0 without current, every junction antiparallel unless zero current is past its AP -> P threshold.
    Junction k draws from a stream of its own, made of ``seed`` and k: more junctions leave the others' course as it is.
    Switching is exact for any sequence of currents and durations; where thresholds or resistances drift, each duration
    takes their value at its middle. ``tops`` are the first junctions of several chains in parallel, each with its last
    junction at ground.
    """

    def __init__(
        self,
        junctions: Sequence[JunctionModel],
        seed: int,
        field_t: float = REFERENCE_FIELD_T,
        tops: Sequence[int] = (0,),
    ) -> None:
        self._junctions = [
            _SwitchingJunction(model, Random(stream_of_junction(k, seed))) for k, model in enumerate(junctions)
        ]
        self.tops = tuple(tops)
        self.spans = tuple(slice(*ends) for ends in pairwise((*tops, len(junctions))))
        self._models = list(junctions)
        self._drifts = any(map(_drifts, junctions))
        self._time_s = 0.0
        self._field_t = field_t
        self._sources_a = self._currents_a = [0.0] * len(junctions)
        self._set_conditions(0.0)
        for junction in self._junctions:
            junction.settle()

    @property
    def time_s(self) -> float:
        """Time since the start, in s: the sum of all durations."""
        return self._time_s

    @property
    def states(self) -> tuple[JunctionState, ...]:
        """Present state of each junction."""
        return tuple(junction.state for junction in self._junctions)

    @property
    def junction_currents_a(self) -> tuple[float, ...]:
        """Present current through each junction, in A."""
        return tuple(self._currents_a)

    @property
    def junction_voltages_v(self) -> tuple[float, ...]:
        """Present voltage across each junction and its leads, in V."""
        return tuple([junction.voltage_v(junction.state == "AP") for junction in self._junctions])

    @property
    def models(self) -> tuple[JunctionModel, ...]:
        """Parameters that each junction follows now."""
        return tuple(self._models)

    @property
    def time_to_switch_s(self) -> float:
        """How long all junctions will stay in their states if nothing changes: known only to the simulator."""
        return min([junction.time_to_switch_s for junction in self._junctions])

    def voltage_at_v(self, k: int, current_a: float) -> float:
        """Voltage across junction ``k`` and its leads that this current would make in its present state, in V."""
        return self._junctions[k].voltage_at_v(current_a)

    def replace_junction(self, k: int, model: JunctionModel) -> None:
        """Let junction ``k`` follow another model from now on; its state is kept. Drifts count from time 0."""
        self._models[k] = model
        self._drifts = any(map(_drifts, self._models))
        self._junctions[k].become(model)
        self._set_conditions(self._time_s)

    @property
    def field_t(self) -> float:
        """Magnetic field along the easy axis, in T."""
        return self._field_t

    @field_t.setter
    def field_t(self, field_t: float) -> None:
        self._field_t = field_t
        self._set_conditions(self._time_s)

    @property
    def field_step_t(self) -> float:
        """Change of the field (T) within which the rate of no junction changes by more than a tenth.

        At the mean field of such a step the time until a junction switches is that of the changing field to 0.1 %.
        """
        shifts = [abs(model.critical_shift_a_per_t) * model.switching_law().sensitivity_per_a for model in self._models]
        return FIELD_STEP / max(shifts) if any(shifts) else inf

    def set_source(self, k: int, current_a: float) -> None:
        """Set the current of source ``k`` (0 feeds the top of the chain), leaving the others as they are."""
        if not 0 <= k < len(self._sources_a):
            raise ValueError(f"there is no source {k} in a chain of {len(self._sources_a)} junctions")
        self.set_sources([*self._sources_a[:k], current_a, *self._sources_a[k + 1 :]])

    def set_sources(self, currents_a: Sequence[float]) -> None:
        """Set all sources at once; a junction carries the sum of those from the top of its chain to its own.

        Raises ValueError unless there is one finite current for each junction.
        """
        if len(currents_a) != len(self._junctions) or not all(map(isfinite, currents_a)):
            raise ValueError(f"{len(self._junctions)} junctions need as many finite source currents, not {currents_a}")
        self._sources_a = list(currents_a)
        self._currents_a = [one for span in self.spans for one in accumulate(currents_a[span])]
        if self._drifts:
            self._set_conditions(self._time_s)
        for junction, current_a in zip(self._junctions, self._currents_a, strict=True):
            junction.carry(current_a)

    def advance(self, dt_s: float) -> None:
        """Let time pass at the present currents. Raises ValueError if it would run backwards."""
        self._advance(dt_s)

    def average_voltages_v(self, aperture_s: float) -> tuple[float, ...]:
        """Voltage across each junction and its leads averaged over the next ``aperture_s``, in V, without any noise.

        A junction that switches meanwhile gives the mean of its two voltages, weighted with the time spent in each
        state. Raises ValueError unless the aperture is positive.
        """
        if not aperture_s > 0.0:
            raise ValueError(f"an aperture must be positive, not {aperture_s} s")
        antiparallel_s = self._advance(aperture_s)
        junctions = zip(self._junctions, antiparallel_s, strict=True)
        return tuple([junction.voltage_v(part_s / aperture_s) for junction, part_s in junctions])

    def _advance(self, dt_s: float) -> list[float]:
        if not 0.0 <= dt_s < inf:
            raise ValueError(f"time cannot pass by {dt_s} s")
        if self._drifts:
            self._set_conditions(self._time_s + dt_s / 2.0)
        self._time_s += dt_s
        return [junction.advance(dt_s) for junction in self._junctions]

    def _set_conditions(self, time_s: float) -> None:
        hours = time_s / 3600.0
        for junction in self._junctions:
            junction.set_conditions(self._field_t, hours)


def stream_of_junction(k: int, seed: int) -> str:
    """Name of the stream of random numbers that junction ``k`` draws its clock from."""
    return f"junction {k} of seed {seed}"


def _drifts(model: JunctionModel) -> bool:
    return bool(model.critical_drift_a_per_h or model.resistance_drift_per_h)
