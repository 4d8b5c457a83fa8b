"""Ordered scales: each class has a level on an input, and the features are projected such that levels are in order.

A scale is a row of levels, one per class, as integers from 0 without gaps. The quality of a projection is a smooth
measure, the overlap of Gaussians: counting the errors of some 200 tokens would prefer another scale for every split.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import scipy
from numpy.typing import NDArray

from mtjlab.arrays import FloatArray
from mtjlab.vowels.data_set import Token

LevelArray: TypeAlias = NDArray[np.int64]

SHRINKAGE = 0.3
"""Share of the features' variances added to their covariance, so that a fit to few tokens generalises."""
CONSTANT = 1e-12
"""Relative variation up to which a feature is constant: it is only rounding."""
NEGLIGIBLE = 1e-12
"""Variance, relative to the largest, below which a combination of features is constant: it is only rounding."""
LEAST_LEVEL = 1e-6
"""Distance in levels that rounding can produce: classes this close coincide."""


@dataclass(frozen=True)
class ClassMoments:
    """First and second moments of C classes over F standardised features, with equal weights of the classes.

    ``means`` [C, F] are relative to the mean of all classes, ``covariance`` [F, F] is pooled within the classes;
    ``centre`` and ``scale`` [F] standardise: (features - centre) / scale. The scale of a constant feature is infinite.
    """

    means: FloatArray
    covariance: FloatArray
    centre: FloatArray
    scale: FloatArray

    @cached_property
    def inverse(self) -> FloatArray:
        """Inverse [F, F] of the covariance of all tokens, with SHRINKAGE of the within-class variances added."""
        within = self.covariance
        shrunk = within + SHRINKAGE * np.diag(np.diag(within))
        total = shrunk + self.means.T @ self.means / len(self.means)
        return np.asarray(np.linalg.pinv(total, NEGLIGIBLE, hermitian=True), dtype=np.float64)


def class_moments(tokens: Sequence[Token], classes: Sequence[str]) -> ClassMoments:
    """Moments of ``tokens``, in the order of ``classes``, corrected for the degrees of freedom of the class means."""
    features = np.array([token.features for token in tokens])
    of_class = np.array([classes.index(token.label) for token in tokens])
    scale = features.std(axis=0)
    scale[np.ptp(features, axis=0) <= CONSTANT * np.abs(features).max(axis=0)] = np.inf
    raw_means = np.array([features[of_class == c].mean(axis=0) for c in range(len(classes))])
    centre = raw_means.mean(axis=0)
    within = (features - raw_means[of_class]) / scale
    covariance = within.T @ within / max(1, len(tokens) - len(classes))
    return ClassMoments((raw_means - centre) / scale, covariance, centre, scale)


def project(levels: LevelArray, moments: ClassMoments) -> FloatArray:
    """Weights [n, F] of the standardised features that predict each of ``levels`` [n, C], minus its mean.

    Least squares, with SHRINKAGE of the within-class variances added to the diagonal.
    """
    targets = levels - levels.mean(axis=1, keepdims=True)
    weights: FloatArray = targets @ moments.means @ moments.inverse / len(moments.means)
    return weights


def boundaries(levels: LevelArray, positions: FloatArray) -> FloatArray:
    """Boundaries [n, K] between successive ``levels`` [n, C] of classes at ``positions`` [n, C].

    Each is midway between the nearest classes of neighbouring levels; NaN if a scale has no such level.
    """
    shape = len(levels), int(levels.max(initial=0)) + 1
    last, first = np.full(shape, -np.inf), np.full(shape, np.inf)
    places = _places(levels, shape[1])
    np.maximum.at(last.reshape(-1), places, positions.ravel())
    np.minimum.at(first.reshape(-1), places, positions.ravel())
    low, high = last[:, :-1], first[:, 1:]
    edges: FloatArray = (np.where(np.isfinite(low) & np.isfinite(high), low, np.nan) + high) / 2
    return edges


def overlaps(levels: LevelArray, moments: ClassMoments) -> FloatArray:
    """Overlap of the classes on each of ``levels`` [n, C]: sum of tail probabilities beyond their levels; [n].

    Infinite if a scale has a gap or only one level.
    """
    ndtr = scipy.special.ndtr
    weights = project(levels, moments)
    positions = weights @ moments.means.T
    variance = np.einsum("nf,fg,ng->n", weights, moments.covariance, weights)
    spread = np.sqrt(np.maximum(variance, LEAST_LEVEL**2))[:, np.newaxis]
    edges = boundaries(levels, positions)
    beyond = np.full((len(levels), 1), np.inf)
    below = np.take_along_axis(np.hstack([-beyond, edges]), levels, axis=1)
    above = np.take_along_axis(np.hstack([np.where(np.isnan(edges), np.inf, edges), beyond]), levels, axis=1)
    tails = ndtr((below - positions) / spread) + ndtr((positions - above) / spread)
    return np.where(contiguous(levels), tails.sum(axis=1), np.inf)


def contiguous(levels: LevelArray) -> NDArray[np.bool_]:
    """Whether each of ``levels`` [n, C] has at least two levels and no gap; [n]."""
    top = levels.max(axis=1)
    is_taken = np.zeros((len(levels), int(top.max(initial=0)) + 1), dtype=np.bool_)
    is_taken.reshape(-1)[_places(levels, is_taken.shape[1])] = True
    return np.asarray((top > 0) & (is_taken.sum(axis=1) == top + 1), dtype=np.bool_)


def _places(levels: LevelArray, count: int) -> LevelArray:
    """Where each of ``levels`` [n, C] stands in a flat table [n, count]."""
    places: LevelArray = (levels + count * np.arange(len(levels))[:, np.newaxis]).ravel()
    return places


def canonical(levels: LevelArray) -> LevelArray:
    """Each of ``levels`` [n, C] or its mirror image (top level minus level), whichever is first in lexical order.

    A mirror image is the same scale with the weights' sign reversed.
    """
    mirrored = levels.max(axis=1, keepdims=True) - levels
    difference = levels - mirrored
    first = np.argmax(difference != 0, axis=1)
    comes_first = np.take_along_axis(difference, first[:, np.newaxis], axis=1) <= 0
    return np.where(comes_first, levels, mirrored)
