"""Ordered scales: each class has a level on an input, and the features are projected such that levels are in order.

A scale is a row of levels, one per class, as integers from 0 without gaps. The quality of a projection is a smooth
measure, the overlap of Gaussians: counting the errors of some 200 tokens would prefer another scale for every split.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class ClassMoments:
    """First and second moments of C classes over F standardised features, with equal weights of the classes.

    ``means`` [C, F] are relative to the mean of all classes, ``covariance`` [F, F] is pooled within the classes;
    ``centre`` and ``scale`` [F] standardise: (features - centre) / scale. The scale of a constant feature is infinite.
    """

    means: FloatArray
    covariance: FloatArray
    centre: FloatArray
    scale: FloatArray


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
    means, within = moments.means, moments.covariance
    shrunk = within + SHRINKAGE * np.diag(np.diag(within))
    total = shrunk + means.T @ means / len(means)
    targets = levels - levels.mean(axis=1, keepdims=True)
    weights: FloatArray = targets @ means @ np.linalg.pinv(total, NEGLIGIBLE, hermitian=True) / len(means)
    return weights


def boundaries(levels: LevelArray, positions: FloatArray) -> FloatArray:
    """Boundaries [n, K] between successive ``levels`` [n, C] of classes at ``positions`` [n, C].

    Each is midway between the nearest classes of neighbouring levels; NaN if a scale has no such level.
    """
    columns = []
    for below in range(int(levels.max())):
        low = np.where(levels == below, positions, -np.inf).max(axis=1)
        high = np.where(levels == below + 1, positions, np.inf).min(axis=1)
        columns.append((np.where(np.isfinite(low) & np.isfinite(high), low, np.nan) + high) / 2)
    return np.stack(columns, axis=1)


def overlaps(levels: LevelArray, moments: ClassMoments) -> FloatArray:
    """Overlap of the classes on each of ``levels`` [n, C]: sum of tail probabilities beyond their levels; [n].

    Infinite if a scale has a gap or only one level.
    """
    ndtr = scipy.special.ndtr
    weights = project(levels, moments)
    positions = weights @ moments.means.T
    variance = np.einsum("nf,fg,ng->n", weights, moments.covariance, weights)
    spread = np.sqrt(np.maximum(variance, LEAST_LEVEL**2))
    edges = boundaries(levels, positions)
    total = np.zeros(len(levels))
    for below in range(edges.shape[1]):
        beyond = (positions - edges[:, [below]]) / spread[:, np.newaxis]
        tails = np.where(levels == below, ndtr(beyond), 0.0) + np.where(levels == below + 1, ndtr(-beyond), 0.0)
        total += np.where(levels.max(axis=1) > below, tails.sum(axis=1), 0.0)
    return np.where(contiguous(levels), total, np.inf)


def contiguous(levels: LevelArray) -> NDArray[np.bool_]:
    """Whether each of ``levels`` [n, C] has at least two levels and no gap; [n]."""
    top = levels.max(axis=1)
    complete = top > 0
    for level in range(int(top.max(initial=0))):
        complete &= (top < level) | (levels == level).any(axis=1)
    return np.asarray(complete, dtype=np.bool_)


def canonical(levels: LevelArray) -> LevelArray:
    """Each of ``levels`` [n, C] or its mirror image (top level minus level), whichever is first in lexical order.

    A mirror image is the same scale with the weights' sign reversed.
    """
    mirrored = levels.max(axis=1, keepdims=True) - levels
    difference = levels - mirrored
    first = np.argmax(difference != 0, axis=1)
    comes_first = np.take_along_axis(difference, first[:, np.newaxis], axis=1) <= 0
    return np.where(comes_first, levels, mirrored)
