"""Where the boundaries between levels of an input part labelled tokens best, for thresholds that spread."""

from collections.abc import Sequence

import numpy as np
import scipy

from mtjlab.detection.resistance import FloatArray


def learnt_boundaries_ua(
    inputs_ua: Sequence[Sequence[float]], counts: Sequence[Sequence[int]], spread_ua: float
) -> tuple[tuple[float, ...], ...]:
    """Boundaries ``[input][level]``, from 0, in uA, that rise with the level.

    ``inputs_ua[token][input]`` are tokens of a training subset, ``counts[token][input]`` the junctions that each should
    switch. An encoding has its boundaries midway between class means. Here each is where the logistic loss of its
    distance to every token is least, on the scale of the spread of thresholds: what lies several spreads on the right
    side does not count, and what lies on the wrong side counts by its distance, so that no outlier rules.
    """
    return tuple(
        tuple(sorted(_best_boundary_ua(column_ua, levels > below, spread_ua) for below in range(levels.max())))
        for column_ua, levels in zip(np.array(inputs_ua).T, np.array(counts).T, strict=True)
    )


def _best_boundary_ua(inputs_ua: FloatArray, above: FloatArray, spread_ua: float) -> float:
    """The loss is convex, so there is one."""
    sign = np.where(above, 1.0, -1.0)

    def loss(boundary_ua: float) -> float:
        return float(np.logaddexp(0.0, -sign * (inputs_ua - boundary_ua) / spread_ua).sum())

    ends_ua = float(inputs_ua.min()), float(inputs_ua.max())
    return float(scipy.optimize.minimize_scalar(loss, bounds=ends_ua, method="bounded").x)
