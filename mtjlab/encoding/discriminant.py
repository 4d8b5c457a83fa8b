"""Linear discriminant on all features: what can be recognised of the data, whatever the number of inputs."""

import numpy as np

from mtjlab.arrays import FloatArray, IntArray
from mtjlab.encoding.scales import NEGLIGIBLE, ClassMoments


def discriminate(moments: ClassMoments, features: FloatArray) -> IntArray:
    """Index of the most probable class of each of ``features`` [n, F]: Gaussian classes of one covariance."""
    standardised = (features - moments.centre) / moments.scale
    weights = moments.means @ np.linalg.pinv(moments.covariance, NEGLIGIBLE, hermitian=True)
    found: IntArray = (standardised @ weights.T - (weights * moments.means).sum(axis=1) / 2).argmax(axis=1)
    return found


def discriminant_size(classes: int, features: int) -> int:
    """Number of its parameters: a weight for each feature, and a constant, of every class."""
    return classes * (features + 1)
