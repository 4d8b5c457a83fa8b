"""What limits a training before it begins: the share that an encoding can recognise, expected from training tokens.

Each fifth of them is left out in turn, the rest is fitted, and what was left out is counted: with thresholds exactly on
the boundaries, without spread, and with a linear discriminant on all features.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mtjlab.arrays import BoolArray, FloatArray, IntArray
from mtjlab.encoding.assignment import can_be_proven
from mtjlab.encoding.discriminant import discriminate
from mtjlab.encoding.encode import partition_of
from mtjlab.encoding.joint import refitted
from mtjlab.encoding.partition import Partition, one_each
from mtjlab.encoding.scales import ClassMoments, class_moments
from mtjlab.errors import RefusedError
from mtjlab.vowels.data_set import Token

FOLDS = 5
MOST_CELLS, MOST_CLASSES = 4**3, 16
"""Beyond these a fit takes longer than anybody waits for an estimate."""

WORTH_AN_INPUT = 0.01
"""Share that a linear discriminant recognises beyond the encoding, for which another input is looked at."""

Recognise = Callable[[ClassMoments, FloatArray], IntArray]


@dataclass(frozen=True, slots=True)
class Ceilings:
    """Shares of new tokens that are expected to be recognised; None where it would take long to know.

    ``encoding``: by ``inputs`` and the table of the plan; ``joint``: by a class for every configuration, if that is not
    the table of the plan; ``more_inputs``: so by one input more, if the data holds more than the encoding can reach;
    ``discriminant``: by a linear one on all features.
    """

    inputs: int
    encoding: float | None
    joint: float | None
    more_inputs: float | None
    discriminant: float | None


@lru_cache(maxsize=8)
def ceilings(train: tuple[Token, ...], junctions: int, inputs: int, seed: int, jointly: bool) -> Ceilings:
    """What limits a training with the tokens ``train``: for a chain of ``junctions`` and this number of inputs."""
    known = _Known.of(train)

    def share(count: int, jointly: bool) -> float | None:
        return known.share_of_encoding(junctions, count, seed, jointly)

    encoding, joint = share(inputs, jointly), None if jointly else share(inputs, jointly=True)
    discriminant = known.share(discriminate)
    reached = max(encoding or 0.0, joint or 0.0)
    holds_more = discriminant is not None and discriminant - reached > WORTH_AN_INPUT
    return Ceilings(inputs, encoding, joint, share(inputs + 1, jointly=True) if holds_more else None, discriminant)


@dataclass(frozen=True, slots=True)
class _Known:
    """Tokens with their classes, and the fold in which each is left out."""

    tokens: Sequence[Token]
    classes: list[str]
    features: FloatArray
    of_class: IntArray
    fold: IntArray

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> "_Known":
        classes = sorted({token.label for token in tokens})
        of_class = np.array([classes.index(token.label) for token in tokens])
        seen = [0] * len(classes)
        fold = []
        for c in of_class:
            fold.append(seen[c] % FOLDS)
            seen[c] += 1
        features = np.array([token.features for token in tokens])
        return cls(tokens, classes, features, of_class, np.array(fold))

    def share(self, recognise: Recognise) -> float | None:
        """Share recognised of the tokens left out; None if a class has too few, or its rest tells nothing."""
        if np.bincount(self.of_class).min() < 2:
            return None
        right = np.zeros(len(self.tokens), dtype=bool)
        try:
            for left_out in self._folds():
                kept = [token for token, out in zip(self.tokens, left_out, strict=True) if not out]
                found = recognise(class_moments(kept, self.classes), self.features[left_out])
                right[left_out] = found == self.of_class[left_out]
        except RefusedError:
            return None
        return float(right.mean())

    def share_of_encoding(self, junctions: int, inputs: int, seed: int, jointly: bool) -> float | None:
        """Share recognised by an encoding, fitted to all tokens and then again to those of each fold."""
        classes = len(self.classes)
        is_quick = jointly or can_be_proven(classes, junctions + 1, inputs)
        if not is_quick or (junctions + 1) ** inputs > MOST_CELLS or classes > MOST_CLASSES:
            return None
        try:
            whole, _ = partition_of(class_moments(self.tokens, self.classes), junctions, inputs, seed, jointly)
        except RefusedError:
            return None
        return self.share(lambda moments, left_out: _again(whole, moments, junctions, jointly).recognise(left_out))

    def _folds(self) -> list[BoolArray]:
        return [self.fold == k for k in range(int(self.fold.max()) + 1)]


def _again(whole: Partition, moments: ClassMoments, junctions: int, jointly: bool) -> Partition:
    """The same partition for other tokens."""
    if jointly:
        return refitted(whole, moments, junctions + 1)
    return one_each(np.array([levels for _, levels in whole.cells]).T, moments)
