"""Presentations of many replicas at once: inputs held and read, as ``procedures.inputs.HeldInputs`` applies them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.arrays import BoolArray, FloatArray, IntArray
from mtjlab.config import PlanConfig
from mtjlab.detection.detector import VerdictCodes
from mtjlab.domain import ControlCurrents, CriticalCurrents
from mtjlab.replicas.looks import AP, Looks, P
from mtjlab.replicas.moves import Moves, reading_inputs_ua, sources_ua
from mtjlab.replicas.sources import Sources

NONE = -1
"""Number of switched junctions where there is none, as a junction was not decided."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What one input did in each replica: verdicts of the junctions, and for how long it was applied.

    ``codes`` [R, N] at the input, ``switched`` [R] (or NONE), ``reset`` [R], ``held_s`` [R].
    """

    codes: VerdictCodes
    switched: IntArray
    reset: BoolArray
    held_s: FloatArray


class Going:
    """Replicas ``now`` [R] that take the usual course; the others are left to the event engine, for a reason each."""

    def __init__(self, replicas: int) -> None:
        self.now = np.ones(replicas, dtype=bool)
        self.left: dict[int, str] = {}

    def leave(self, which: BoolArray, why: str) -> None:
        """Leave the replicas ``which`` [R], which stand still from now on."""
        for r in np.flatnonzero(which & self.now).tolist():
            self.leave_one(r, why)

    def leave_one(self, r: int, why: str) -> None:
        """Leave replica ``r``."""
        self.left.setdefault(r, why)
        self.now[r] = False

    @property
    def each(self) -> list[int]:
        """Those that take the usual course."""
        return np.flatnonzero(self.now).tolist()


class Held:
    """Held inputs of R replicas whose junctions have been measured."""

    def __init__(
        self, sources: Sources, looks: Looks, config: PlanConfig, going: Going, critical: Sequence[CriticalCurrents]
    ) -> None:
        self._sources, self._chain, self._looks = sources, sources.chain, looks
        self._config, self._going = config, going
        self._ways: list[Moves] = []
        self.know(critical)

    def know(self, critical: Sequence[CriticalCurrents]) -> None:
        """Use critical currents of each replica from now on."""
        self._critical_ua = (np.array([one.up_ua for one in critical]), np.array([one.down_ua for one in critical]))

    def arrive(self, controls: Sequence[ControlCurrents]) -> None:
        """Plan the ways between the inputs, and move to the control currents of the last one."""
        rows_ua = [sources_ua(controls, j) for j in range(len(controls[0].by_input_ua))]
        arrival = self._sources.plan(rows_ua[-1])
        pairs = zip([rows_ua[-1], *rows_ua[:-1]], rows_ua, strict=True)
        self._ways = [self._sources.limits.moves(*pair) for pair in pairs]
        for moves in (arrival, *self._ways):
            self._going.leave(~moves.possible, "control currents are outside the limits")
        self._sources.go(arrival, self._going.now)

    def demand_reset(self) -> None:
        """Read all junctions at zero input; those of a replica are antiparallel, or it is left."""
        reset = (self._looks.look(self._going.now) == AP).all(axis=1)
        self._going.leave(~reset, "a junction was not reset at zero input")

    def apply(self, j: int, inputs_ua: FloatArray, where: BoolArray) -> Outcomes:
        """Go to the control currents of input j, hold ``inputs_ua`` [R], read, and reset; in ``where`` [R]."""
        sources, chain = self._sources, self._chain
        sources.go(self._ways[j], where, then_up=inputs_ua > 0.0)
        began_s = chain.time_s
        sources.set_input(inputs_ua, where)
        sources.wait(self._config.presentation.dwell_s, where)
        read_at_ua = reading_inputs_ua(sources.controls_ua, inputs_ua, self._critical_ua, self._config.detector)
        lowered, lowered_s = where & (read_at_ua < inputs_ua), chain.time_s
        if lowered.any():
            sources.set_input(read_at_ua, lowered)
        codes = self._looks.look(where)
        read_s = chain.time_s - self._looks.aperture_s / 2
        sources.set_input(np.zeros(len(where)), where)
        reset = (self._looks.look(where) == AP).all(axis=1)
        self._going.leave(where & ~reset, "a junction was not reset")
        decided = ((codes == P) | (codes == AP)).all(axis=1)
        switched = np.where(decided, (codes == P).sum(axis=1), NONE)
        return Outcomes(codes, switched, reset, np.round(np.where(lowered, lowered_s, read_s) - began_s, 6))

    def present(self, inputs_ua: FloatArray, where: BoolArray) -> IntArray:
        """Numbers of junctions switched [R, M] by tokens [R, M]; NONE wherever a token gives no configuration.

        Such a token is presented again, as often as the settings allow. Where limits forbid an input, none is applied.
        """
        found = np.full(inputs_ua.shape, NONE)
        where = where & self._going.now
        for _ in range(self._config.presentation.attempts):
            switched = []
            for j, of_input_ua in enumerate(inputs_ua.T):
                outcome = self.apply(j, of_input_ua, where)
                where = where & outcome.reset
                switched.append(outcome.switched)
            counts = np.stack(switched, axis=1)
            complete = where & (counts != NONE).all(axis=1)
            found[complete] = counts[complete]
            where = where & ~complete
            if not where.any():
                break
        return found

    def allows(self, inputs_ua: FloatArray) -> BoolArray:
        """Whether the limits of each replica allow all inputs of tokens [R, M]."""
        each = [
            self._sources.limits.allow(np.cumsum(way.target_ua, axis=1) + of_input_ua[:, np.newaxis], rounding_ua=0.0)
            for way, of_input_ua in zip(self._ways, inputs_ua.T, strict=True)
        ]
        return np.asarray(np.all(each, axis=0))
