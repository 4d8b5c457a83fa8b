"""Tokens and tables of classes of many replicas, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.arrays import BoolArray, FloatArray, IntArray
from mtjlab.events import TokensEncoded
from mtjlab.replicas.presenting import NONE

_NO_CLASS = -2
"""Of a configuration; no token has it."""


@dataclass(frozen=True, slots=True, eq=False)
class TokenArrays:
    """T tokens of each of R replicas: ``inputs_ua`` [T, R, M], ``classes`` [T, R], subset and presence [T, R].

    ``class_of`` [R, (N+1)^M]: class of each configuration, by the number that its counts make.
    """

    inputs_ua: FloatArray
    classes: IntArray
    in_train: BoolArray
    present: BoolArray
    class_of: IntArray
    levels: int

    @classmethod
    def of(cls, encoded: Sequence[TokensEncoded | None], junctions: int, inputs: int) -> "TokenArrays":
        """Arrays of the tokens of replicas; of None there is no token."""
        shape = max([len(one.tokens) for one in encoded if one is not None], default=0), len(encoded)
        levels = junctions + 1
        inputs_ua, classes = np.zeros((*shape, inputs)), np.zeros(shape, dtype=np.int64)
        in_train, present = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        class_of = np.full((len(encoded), levels**inputs), _NO_CLASS)
        for r, one in enumerate(encoded):
            if one is None:
                continue
            labels = {label: c for c, label in enumerate(sorted({token.label for token in one.tokens}))}
            count = len(one.tokens)
            inputs_ua[:count, r] = [token.inputs_ua for token in one.tokens]
            classes[:count, r] = [labels[token.label] for token in one.tokens]
            in_train[:count, r] = [token.subset == "train" for token in one.tokens]
            present[:count, r] = True
            for label, configuration in one.encoding.configurations:
                class_of[r, np.ravel_multi_index(configuration.counts, (levels,) * inputs)] = labels[label]
        return cls(inputs_ua, classes, in_train, present, class_of, levels)

    def recognised(self, t: int, counts: IntArray) -> BoolArray:
        """Whether token ``t`` of each replica is recognised by its numbers of switched junctions [R, M]."""
        known = (counts != NONE).all(axis=1)
        numbers = np.ravel_multi_index(tuple(np.where(known, counts.T, 0)), (self.levels,) * counts.shape[1])
        named = self.class_of[np.arange(len(counts)), numbers]
        return np.asarray(known & (named == self.classes[t]))
