"""The sources of many replicas: control currents that are held, and inputs, in lockstep."""

import numpy as np

from mtjlab.arrays import BoolArray, FloatArray
from mtjlab.bench import UA_PER_A
from mtjlab.replicas.chain import ReplicaChain
from mtjlab.replicas.moves import Limits, Moves


class Sources:
    """N sources of each of R chains, within ``limits``; everything is done in the replicas ``where`` [R] alone."""

    def __init__(self, chain: ReplicaChain, limits: Limits, settle_s: float) -> None:
        self.chain, self.limits = chain, limits
        self._settle_s = settle_s
        self._held_ua = np.zeros(chain.currents_a.shape)

    @property
    def controls_ua(self) -> FloatArray:
        """Control currents [R, N] held now."""
        controls_ua: FloatArray = np.cumsum(self._held_ua, axis=1)
        return controls_ua

    def plan(self, target_ua: FloatArray) -> Moves:
        """Moves from the source currents held now to others [R, N]."""
        return self.limits.moves(self._held_ua, target_ua)

    def go(self, moves: Moves, where: BoolArray, then_up: BoolArray | None = None) -> None:
        """Move the control currents, and let the sources settle after each group of settings.

        Where an input goes up next, ``then_up`` [R], settings up settle with it (``Bench.execute``).
        """
        waits = moves.settles if then_up is None else moves.settles & ~(moves.last & moves.ends_with_ups & then_up)
        for currents_ua, settles, waited in zip(moves.currents_ua, moves.settles, waits, strict=True):
            if (here := settles & where).any():
                self._carry(currents_ua, here)
                self.wait(self._settle_s, here & waited)
        self._held_ua = np.where(where[:, np.newaxis], moves.target_ua, self._held_ua)

    def set_input(self, inputs_ua: FloatArray, where: BoolArray) -> None:
        """Set inputs [R], and let the sources settle."""
        sources_ua = self._held_ua.copy()
        sources_ua[:, 0] += inputs_ua
        self._carry(np.cumsum(sources_ua, axis=1), where)
        self.wait(self._settle_s, where)

    def wait(self, duration_s: float, where: BoolArray) -> None:
        """Let time pass."""
        self.chain.advance(np.where(where, duration_s, 0.0))

    def _carry(self, currents_ua: FloatArray, where: BoolArray) -> None:
        self.chain.carry(currents_ua / UA_PER_A, where)
