"""The streams of random numbers of simulated junctions and voltmeters, drawn for many at once.

Stream ``name`` gives what ``random.Random(name)`` gives: both are the Mersenne Twister, with 53 bits of each number. So
a replica meets the very noise of the simulated bench of its seed.
"""

from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.random import MT19937, RandomState

from mtjlab.arrays import FloatArray, IntArray

_BLOCK = 512
"""Numbers that are made at a time; even, since a pair of them makes a pair of normal ones."""


class Streams:
    """One stream for each name, and the place [S] at which each of them is."""

    def __init__(self, names: Sequence[str]) -> None:
        self._twisters = [_twister(name) for name in names]
        self._block = np.empty((len(names), _BLOCK))
        self._end = np.zeros(len(names), dtype=np.int64)
        self.places = np.zeros(len(names), dtype=np.int64)

    def exponentials(self, rows: IntArray) -> FloatArray:
        """The next number of Exp(1) of each of the streams ``rows``, all different."""
        uniforms = self._uniforms(rows, self.places[rows])
        self.places[rows] += 1
        drawn: FloatArray = -np.log(1.0 - uniforms)
        return drawn

    def normals(self, rows: IntArray, places: IntArray) -> FloatArray:
        """The standard normal number at the places of the streams ``rows``; none may lie before an earlier request."""
        first = places & ~1
        return _normals(self._uniforms(rows, first), self._uniforms(rows, first + 1), places & 1)

    def first_normals(self, count: int) -> FloatArray:
        """The first normal numbers [S, count] of every stream, an even number of them; the places are behind them."""
        uniforms = np.array([twister.random_sample(count) for twister in self._twisters])
        self._end += count
        self.places += count
        pairs = uniforms.reshape(len(uniforms), -1, 2)
        both = [_normals(pairs[..., 0], pairs[..., 1], np.array(odd)) for odd in (0, 1)]
        return np.stack(both, axis=-1).reshape(uniforms.shape)

    def _uniforms(self, rows: IntArray, places: IntArray) -> FloatArray:
        for row, place in zip(*(of[places >= self._end[rows]].tolist() for of in (rows, places)), strict=True):
            while place >= self._end[row]:
                self._block[row] = self._twisters[row].random_sample(_BLOCK)
                self._end[row] += _BLOCK
        found: FloatArray = self._block[rows, places - self._end[rows] + _BLOCK]
        return found


def _normals(one: FloatArray, other: FloatArray, odd: IntArray) -> FloatArray:
    """Both of the normal numbers that ``random.gauss`` makes of two uniform ones.

    Source: Box and Muller, Ann. Math. Stat. 29, 610 (1958).
    """
    angle, radius = 2.0 * np.pi * one, np.sqrt(-2.0 * np.log(1.0 - other))
    made: FloatArray = np.where(odd, np.sin(angle), np.cos(angle)) * radius
    return made


def _twister(name: str) -> RandomState:
    _, state, _ = Random(name).getstate()
    twister = RandomState(MT19937(0))
    twister.set_state(("MT19937", np.array(state[:-1], dtype=np.uint32), state[-1], 0, 0.0))
    return twister
