"""Which sources and voltmeters are reversed, from the signs of the matrix alone."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from mtjlab.diagnosis.measured import FloatArray

CONTRADICTION = 3
"""An entry with a sign that nothing explains weighs as much as so many mistakes."""


@dataclass(frozen=True, slots=True)
class Reversal:
    """Sources and voltmeters whose leads are swapped."""

    sources: frozenset[int]
    meters: frozenset[int]

    def upright(self, matrix: FloatArray) -> FloatArray:
        """``matrix[meter, source]`` as it would be without them."""
        flip = np.ones_like(matrix)
        flip[sorted(self.meters), :] *= -1.0
        flip[:, sorted(self.sources)] *= -1.0
        upright: FloatArray = matrix * flip
        return upright


def find_reversals(signs: FloatArray) -> tuple[Reversal, ...]:
    """The fewest reversals that explain ``signs[meter, source]`` (-1, 0, +1); several if that many do equally well.

    All sources and all voltmeters reversed look like none: hence the fewest.
    """
    found: dict[Reversal, float] = {}
    for polarity in product((1.0, -1.0), repeat=signs.shape[1]):
        votes = signs @ np.array(polarity)
        contradictions = float(np.sum(np.abs(signs)) - np.sum(np.abs(votes))) / 2.0
        reversal = Reversal(
            frozenset(k for k, sign in enumerate(polarity) if sign < 0),
            frozenset(int(m) for m in np.flatnonzero(votes < 0)),
        )
        found[reversal] = CONTRADICTION * contradictions + len(reversal.sources) + len(reversal.meters)
    fewest = min(found.values())
    return tuple(reversal for reversal, mistakes in found.items() if mistakes == fewest)
