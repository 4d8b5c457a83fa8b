"""Joint fit of projections, boundaries and table: every cell stands for its most probable class.

Classes are Gaussian clouds of one covariance, with SHRINKAGE of its diagonal added. What is maximised is the share that
is expected to be recognised: the mean over classes of the sum, over the cells that stand for the class, of the product
over inputs of the probability of the cell's level. Projections and boundaries climb along the gradient for a given
table; then each cell gets its most probable class, and so on while the share grows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod, sqrt
from typing import Self

import numpy as np
import scipy

from mtjlab.arrays import FloatArray, IntArray
from mtjlab.encoding.local_search import DECIMALS, Shapes, discriminant_places, nearest_levels, rotated
from mtjlab.encoding.partition import Partition, one_each
from mtjlab.encoding.scales import SHRINKAGE, ClassMoments, LevelArray, contiguous
from mtjlab.errors import RefusedError

STARTS, FITTED = 60, 8
"""Number of random starts where no best assignment is known, and of the best of them, which are fitted."""
LEAST_GAP = 0.5
"""Least distance of neighbouring boundaries, in standard deviations of a class: several spreads of a junction."""
CLEAR_GAP = 3.0
"""Distance of boundaries, in standard deviations of a class, below which they are nearer in uA than asked: the inputs
of classes that overlap would span too much."""
_ROUNDS, _MOST_ITERATIONS = 6, 60
_LEAST_VARIANCE = 1e-4
"""Of standardised features within a class, in any direction: beyond 100 standard deviations nothing is gained."""


def fit_jointly(
    moments: ClassMoments, level_count: int, inputs: int, seed: int, levels: LevelArray | None = None
) -> Partition:
    """The best partition found from the assignment ``levels`` [M, C]; without one, from seeded random ones.

    Every configuration of ``level_count`` - 1 junctions has exactly one class, and every class a configuration.

    Raises:
        RefusedError: no linear combination distinguishes the classes.
    """
    moments = _rounded(moments)
    clouds = _Clouds.of(moments)
    starts = _random_starts(moments, level_count, inputs, seed) if levels is None else [one_each(levels, moments)]
    begun = sorted((_begun(clouds, start, moments) for start in starts), key=lambda cut: -cut.share)
    if not begun:
        raise RefusedError(
            "No linear combination of the features distinguishes these classes. Use fewer or other classes, or other "
            "features."
        )
    best = max((_fitted(clouds, cut) for cut in begun[:FITTED]), key=lambda cut: cut.share)
    return _partition(clouds, best, moments, level_count)


def refitted(partition: Partition, moments: ClassMoments, level_count: int) -> Partition:
    """``partition`` fitted again, to other ``moments`` of the same classes."""
    clouds = _Clouds.of(moments)
    return _partition(clouds, _fitted(clouds, _begun(clouds, partition, moments)), moments, level_count)


def expected_share(partition: Partition, moments: ClassMoments) -> float:
    """Share of Gaussian clouds that ``partition`` recognises with thresholds on its boundaries: what is maximised."""
    clouds = _Clouds.of(moments)
    directions, bounds = _in_spreads(clouds, partition, moments)
    probabilities = [_probabilities(clouds, *axis) for axis in zip(directions, bounds, strict=True)]
    shares = [
        prod(float(of_level[c, level]) for of_level, level in zip(probabilities, levels, strict=True))
        for c, levels in partition.cells
        if all(level < of_level.shape[1] for of_level, level in zip(probabilities, levels, strict=True))
    ]
    return sum(shares) / len(moments.means)


@dataclass(frozen=True, slots=True)
class _Clouds:
    """Class means [C, R] in units of the spread within classes, and the way back to weights of the features."""

    means: FloatArray
    to_weights: FloatArray
    from_weights: FloatArray

    @classmethod
    def of(cls, moments: ClassMoments) -> Self:
        within = moments.covariance + SHRINKAGE * np.diag(np.diag(moments.covariance))
        variances, vectors = np.linalg.eigh(within)
        spreads = np.sqrt(np.maximum(variances, _LEAST_VARIANCE))
        return cls(moments.means @ (vectors / spreads), vectors / spreads, vectors * spreads)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Unit ``directions`` [M, R], boundaries in units of the spread, class of each cell, and the share recognised."""

    directions: FloatArray
    bounds: tuple[FloatArray, ...]
    table: IntArray
    share: float


def _rounded(moments: ClassMoments) -> ClassMoments:
    """Moments without the rounding of their units, which the fit would amplify."""
    return replace(moments, means=moments.means.round(DECIMALS), covariance=moments.covariance.round(DECIMALS))


def _random_starts(moments: ClassMoments, level_count: int, inputs: int, seed: int) -> Iterator[Partition]:
    rng = np.random.default_rng(seed)
    places, shapes = discriminant_places(moments, inputs), Shapes(len(moments.means), (level_count,) * inputs)
    for _ in range(STARTS):
        levels = nearest_levels(rotated(places, inputs, rng), shapes.drawn(rng))
        if contiguous(levels).all():
            try:
                yield one_each(levels, moments)
            except RefusedError:
                continue


def _in_spreads(
    clouds: _Clouds, partition: Partition, moments: ClassMoments
) -> tuple[FloatArray, tuple[FloatArray, ...]]:
    """Unit directions, and boundaries, of a partition."""
    weights = np.where(np.isfinite(moments.scale), partition.slopes * moments.scale, 0.0)
    directions = weights @ clouds.from_weights
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    middles = partition.slopes @ moments.centre
    bounds = tuple(
        (row - middle) / length for row, middle, length in zip(partition.bounds, middles, lengths[:, 0], strict=True)
    )
    return directions / lengths, bounds


def _begun(clouds: _Clouds, partition: Partition, moments: ClassMoments) -> _Cut:
    """Where a fit begins: cells of a partition keep their class, all others get their most probable one."""
    directions, bounds = _in_spreads(clouds, partition, moments)
    table = _log_shares(clouds, directions, bounds).argmax(axis=0)
    for c, levels in partition.cells:
        if all(level < size for level, size in zip(levels, table.shape, strict=True)):
            table[levels] = c
    return _Cut(directions, bounds, table, _Objective(clouds, bounds, table).share(directions, bounds))


def _fitted(clouds: _Clouds, cut: _Cut) -> _Cut:
    """Climb and renew the table in turn, while the share grows."""
    for _ in range(_ROUNDS):
        climbed = _climbed(clouds, cut)
        table = _most_probable(_log_shares(clouds, climbed.directions, climbed.bounds))
        share = _Objective(clouds, climbed.bounds, table).share(climbed.directions, climbed.bounds)
        if share <= climbed.share:
            return climbed
        cut = replace(climbed, table=table, share=share)
    return cut


def _climbed(clouds: _Clouds, cut: _Cut) -> _Cut:
    """Climb with a given table; the share never falls."""
    objective = _Objective(clouds, cut.bounds, cut.table)
    start = objective.packed(cut.directions, cut.bounds)
    found = scipy.optimize.minimize(
        objective,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=objective.limits(start),
        options={"maxiter": _MOST_ITERATIONS},
    )
    directions, bounds = objective.unpacked(found.x)
    if not -found.fun > cut.share:
        return cut
    return _Cut(directions / np.linalg.norm(directions, axis=1, keepdims=True), bounds, cut.table, -float(found.fun))


class _Objective:
    """Minus the share recognised with a given table, and its gradient, as a function of packed numbers.

    Packed are, for each input, its direction (of any length), its first boundary and the gaps between boundaries.
    """

    def __init__(self, clouds: _Clouds, bounds: tuple[FloatArray, ...], table: IntArray) -> None:
        self._clouds = clouds
        self._counts = [len(row) for row in bounds]
        self._levels = np.indices(table.shape).reshape(table.ndim, -1)
        self._of_cell = table.ravel()
        self._others = [[other for other in range(len(bounds)) if other != j] for j in range(len(bounds))]

    def packed(self, directions: FloatArray, bounds: tuple[FloatArray, ...]) -> FloatArray:
        """Numbers of directions and boundaries."""
        return np.concatenate(
            [
                part
                for direction, row in zip(directions, bounds, strict=True)
                for part in (direction, row[:1], np.diff(row))
            ]
        )

    def unpacked(self, numbers: FloatArray) -> tuple[FloatArray, tuple[FloatArray, ...]]:
        """Directions and boundaries."""
        size, at = self._clouds.means.shape[1], 0
        directions, bounds = [], []
        for count in self._counts:
            directions.append(numbers[at : at + size])
            bounds.append(np.cumsum(numbers[at + size : at + size + count]))
            at += size + count
        return np.array(directions), tuple(bounds)

    def limits(self, start: FloatArray) -> list[tuple[float | None, float | None]]:
        """No gap gets below LEAST_GAP, or below what it was."""
        free, limits, at = self._clouds.means.shape[1] + 1, list[tuple[float | None, float | None]](), 0
        for count in self._counts:
            gaps = start[at + free : at + free + count - 1]
            limits += [(None, None)] * free + [(min(LEAST_GAP, float(gap)), None) for gap in gaps]
            at += free + count - 1
        return limits

    def share(self, directions: FloatArray, bounds: tuple[FloatArray, ...]) -> float:
        """Share recognised."""
        return -self(self.packed(directions, bounds))[0]

    def __call__(self, numbers: FloatArray) -> tuple[float, FloatArray]:
        directions, bounds = self.unpacked(numbers)
        classes = len(self._clouds.means)
        axes = [_Axis(self._clouds, *axis) for axis in zip(directions, bounds, strict=True)]
        factors = np.array(
            [axis.probabilities[self._of_cell, levels] for axis, levels in zip(axes, self._levels, strict=True)]
        )
        gradient = []
        for j, (axis, levels) in enumerate(zip(axes, self._levels, strict=True)):
            size = axis.probabilities.shape[1]
            others = factors[self._others[j]].prod(axis=0) / classes
            at = self._of_cell * size + levels
            per_level = np.asarray(np.bincount(at, weights=others, minlength=classes * size), dtype=np.float64)
            gradient += axis.gradient(per_level.reshape(classes, size))
        return -float(factors.prod(axis=0).sum()) / classes, -np.concatenate(gradient)


class _Axis:
    """Probability of each level of one input for each class, [C, levels], and how it depends on the input's numbers."""

    def __init__(self, clouds: _Clouds, direction: FloatArray, bounds: FloatArray) -> None:
        self._means, self._length = clouds.means, sqrt(direction @ direction)
        self._unit = direction / self._length
        self._places = clouds.means @ self._unit
        self._beyond = bounds - self._places[:, np.newaxis]
        below = np.zeros((len(self._places), len(bounds) + 2))
        below[:, 1:-1], below[:, -1] = scipy.special.ndtr(self._beyond), 1.0
        self.probabilities: FloatArray = below[:, 1:] - below[:, :-1]

    def gradient(self, per_level: FloatArray) -> list[FloatArray]:
        """Derivatives by direction, first boundary and gaps, from those by each probability."""
        density = np.exp(-(self._beyond**2) / 2) / np.sqrt(2 * np.pi)
        by_bound = (per_level[:, :-1] - per_level[:, 1:]) * density
        by_place = -by_bound.sum(axis=1)
        by_direction = (by_place @ self._means - (by_place @ self._places) * self._unit) / self._length
        return [by_direction, by_bound.sum(axis=0)[::-1].cumsum()[::-1]]


def _probabilities(clouds: _Clouds, direction: FloatArray, bounds: FloatArray) -> FloatArray:
    return _Axis(clouds, direction, bounds).probabilities


def _log_shares(clouds: _Clouds, directions: FloatArray, bounds: tuple[FloatArray, ...]) -> FloatArray:
    """Logarithm of the probability of each cell for each class, [C, levels of A, levels of B, ...], however small."""
    total = np.zeros((len(clouds.means),))
    for direction, row in zip(directions, bounds, strict=True):
        of_level = _log_probabilities(clouds.means @ direction, row)
        total = total[..., np.newaxis] + of_level.reshape(len(of_level), *(1,) * (total.ndim - 1), -1)
    return total


def _log_probabilities(places: FloatArray, bounds: FloatArray) -> FloatArray:
    """Logarithm of the probability of each level for unit normals at ``places``: [C, levels]."""
    edges = np.concatenate([[-np.inf], bounds, [np.inf]])
    low, high = edges[:-1] - places[:, np.newaxis], edges[1:] - places[:, np.newaxis]
    mirrored = low + high > 0  # the tail that does not round to 1
    low, high = np.where(mirrored, -high, low), np.where(mirrored, -low, high)
    upper, lower = scipy.special.log_ndtr(high), scipy.special.log_ndtr(low)
    logs: FloatArray = upper + np.log1p(-np.exp(np.minimum(lower - upper, -np.finfo(float).eps)))
    return logs


def _most_probable(log_shares: FloatArray) -> IntArray:
    """The most probable class of each cell; each class keeps a cell, that where it costs the least."""
    logs = log_shares.reshape(len(log_shares), -1)
    table = logs.argmax(axis=0)
    if len(np.unique(table)) < len(logs):
        classes, kept = scipy.optimize.linear_sum_assignment(logs.max(axis=0) - logs)
        table[kept] = classes
    of_cell: IntArray = table.reshape(log_shares.shape[1:])
    return of_cell


def _partition(clouds: _Clouds, cut: _Cut, moments: ClassMoments, level_count: int) -> Partition:
    """In raw features, with a class for every configuration: that of the nearest cell beyond the last boundary."""
    slopes = cut.directions @ clouds.to_weights.T / moments.scale
    middles = slopes @ moments.centre
    probabilities = [_probabilities(clouds, *axis) for axis in zip(cut.directions, cut.bounds, strict=True)]

    def share(c: int, levels: tuple[int, ...]) -> float:
        return prod(
            float(of_level[c, level]) if level < of_level.shape[1] else 0.0
            for of_level, level in zip(probabilities, levels, strict=True)
        )

    cells = [
        (int(cut.table[tuple(np.minimum(levels, np.array(cut.table.shape) - 1))]), levels)
        for levels in np.ndindex(*(level_count,) * len(slopes))
    ]
    return Partition(
        slopes,
        tuple(row + middle for row, middle in zip(cut.bounds, middles, strict=True)),
        tuple(
            _distance(clouds.means @ direction, row) for direction, row in zip(cut.directions, cut.bounds, strict=True)
        ),
        tuple(sorted(cells, key=lambda cell: (cell[0], -share(*cell)))),
    )


def _distance(places: FloatArray, bounds: FloatArray) -> float:
    """Mean distance of boundaries, of the nearest classes at a single one; at least CLEAR_GAP."""
    if len(bounds) > 1:
        return max(CLEAR_GAP, float(bounds[-1] - bounds[0]) / (len(bounds) - 1))
    below, above = places[places <= bounds[0]], places[places > bounds[0]]
    return max(CLEAR_GAP, float(above.min() - below.max()) if len(below) and len(above) else 0.0)
