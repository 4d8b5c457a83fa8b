"""Replicas of a simulated chain: states, clocks and time of R chains of N junctions at once.

The course of each is that of ``instruments.simulated.physics``: a clock of Exp(1) spends rate x time, so that switching
is exact for any currents and durations, several switches in one of them included.
"""

from collections.abc import Sequence

import numpy as np

from instruments.simulated.junction import ATTEMPT_RATE_PER_S, REFERENCE_FIELD_T, JunctionModel
from instruments.simulated.physics import stream_of_junction
from mtjlab.arrays import BoolArray, FloatArray, IntArray
from mtjlab.detection.resistance import branch_voltages_v
from mtjlab.replicas.streams import Streams

S_PER_H = 3600.0


class ReplicaChain:
    """R chains, each with its own models [R][N], field and seed; antiparallel and without current at time 0.

    ``antiparallel`` [R, N] are the states, ``currents_a`` [R, N] the currents, ``time_s`` [R] the bench times.
    """

    def __init__(
        self, models: Sequence[Sequence[JunctionModel]], fields_t: Sequence[float], seeds: Sequence[int]
    ) -> None:
        def of_each(key: str) -> FloatArray:
            return np.array([[getattr(model, key) for model in chain] for chain in models])

        laws = [[model.switching_law() for model in chain] for chain in models]
        self._per_a = np.array([[law.sensitivity_per_a for law in chain] for chain in laws])
        self._up_a = np.array([[law.intrinsic_up_a for law in chain] for chain in laws])
        self._down_a = np.array([[law.intrinsic_down_a for law in chain] for chain in laws])
        self._drift_a_per_h, self._growth_per_h = of_each("critical_drift_a_per_h"), of_each("resistance_drift_per_h")
        off_t = np.array(fields_t)[:, np.newaxis] - REFERENCE_FIELD_T
        self._field_a = -off_t * of_each("critical_shift_a_per_t")
        self._is_drifting = bool(self._drift_a_per_h.any())
        self._r_p_ohm, self._tmr0, self._leads_ohm = map(of_each, ("resistance_p_ohm", "tmr0", "lead_resistance_ohm"))
        self._curvature, self._per_half_v2 = of_each("curvature_per_v2"), of_each("half_voltage_v") ** -2.0
        self._streams = Streams([stream_of_junction(k, seed) for seed in seeds for k in range(self._per_a.shape[1])])
        self._shift_a = self._field_a
        self.time_s = np.zeros(len(seeds))
        self.currents_a: FloatArray = np.zeros(self._per_a.shape)
        self._clock = self._streams.exponentials(np.arange(self._per_a.size)).reshape(self._per_a.shape)
        self.antiparallel = of_each("critical_current_up_a") + self._shift_a >= 0.0
        self._rate_per_s = self._rates_per_s().reshape(self._clock.shape)

    def carry(self, currents_a: FloatArray, where: BoolArray) -> None:
        """Carry currents [R, N] from now on, in the chains ``where`` [R]."""
        self.currents_a = np.where(where[:, np.newaxis], currents_a, self.currents_a)
        if self._is_drifting:
            self._set_conditions(self.time_s)
        self._rate_per_s = self._rates_per_s().reshape(self._clock.shape)

    def advance(self, dt_s: FloatArray) -> FloatArray:
        """Let ``dt_s`` [R] pass in each chain; the part of it [R, N] that each junction spent antiparallel."""
        if self._is_drifting:
            self._set_conditions(self.time_s + dt_s / 2.0)
            self._rate_per_s = self._rates_per_s().reshape(self._clock.shape)
        self.time_s = self.time_s + dt_s
        lasting_s = np.broadcast_to(dt_s[:, np.newaxis], self._clock.shape)
        spent = self._rate_per_s * lasting_s
        switching = spent > self._clock
        antiparallel_s = lasting_s * self.antiparallel
        if switching.any():
            at = np.flatnonzero(switching)
            spent.flat[at] = 0.0
            antiparallel_s.flat[at] = self._switch(at, lasting_s.flat[at])
        self._clock -= spent
        return antiparallel_s

    def _switch(self, at: IntArray, left_s: FloatArray) -> FloatArray:
        """Let ``left_s`` pass for the junctions ``at``, each of which switches at least once; antiparallel time."""
        clock, rate, state = self._clock.reshape(-1), self._rate_per_s.reshape(-1), self.antiparallel.reshape(-1)
        antiparallel_s, left_s = np.zeros(len(at)), left_s.copy()
        switching = np.arange(len(at))
        while len(switching):
            here = at[switching]
            lifetime_s = np.minimum(clock[here] / rate[here], left_s[switching])
            left_s[switching] -= lifetime_s
            antiparallel_s[switching] += lifetime_s * state[here]
            clock[here] = self._streams.exponentials(here)
            state[here] = ~state[here]
            rate[here] = self._rates_per_s(here)
            switching = switching[rate[here] * left_s[switching] > clock[here]]
        clock[at] -= rate[at] * left_s
        antiparallel_s += left_s * state[at]
        return antiparallel_s

    def _rates_per_s(self, at: IntArray | slice = slice(None)) -> FloatArray:
        """Rates of leaving the present states (``SwitchingLaw.rate_per_s``), of the junctions ``at`` or of all."""
        tilted_a = self.currents_a.reshape(-1)[at] - self._shift_a.reshape(-1)[at]
        up_a, down_a = self._up_a.reshape(-1)[at], self._down_a.reshape(-1)[at]
        left_a = np.where(self.antiparallel.reshape(-1)[at], up_a - tilted_a, tilted_a - down_a)
        rates: FloatArray = ATTEMPT_RATE_PER_S * np.exp(-self._per_a.reshape(-1)[at] * np.maximum(left_a, 0.0))
        return rates

    def _set_conditions(self, time_s: FloatArray) -> None:
        self._shift_a = self._field_a + self._drift_a_per_h * (time_s / S_PER_H)[:, np.newaxis]

    @property
    def is_steady(self) -> bool:
        """Whether resistances do not drift."""
        return not self._growth_per_h.any()

    def levels_v(self, at: IntArray, currents_a: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Voltages with leads of the junctions ``at`` in both states (parallel, antiparallel), carrying currents."""
        ohmic_v = np.abs(currents_a) * self._r_p_ohm.reshape(-1)[at]
        tmr0, curvature, per_half_v2, leads_ohm = (
            of.reshape(-1)[at] for of in (self._tmr0, self._curvature, self._per_half_v2, self._leads_ohm)
        )
        parallel_v, antiparallel_v = (
            np.copysign(branch_voltages_v(ohmic_v, tmr, curvature, per_half_v2), currents_a) + currents_a * leads_ohm
            for tmr in (0.0, tmr0)
        )
        return parallel_v, antiparallel_v
