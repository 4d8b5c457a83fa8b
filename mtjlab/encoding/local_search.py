"""Seeded local search for scales that distinguish many classes, where an exhaustive search would take too long.

It starts several times from positions of the classes along rotated discriminant directions, and descends by changing
the level of one class or exchanging those of two. The result is good but not proven optimal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from math import prod

import numpy as np
import scipy
from numpy.random import Generator

from mtjlab.arrays import BoolArray, FloatArray, IntArray
from mtjlab.encoding.scales import SHRINKAGE, ClassMoments, LevelArray, overlaps

MOST_STARTS, FEWEST_STARTS = 150, 5
LARGE = 16
"""Number of classes beyond which there are fewer starts: the time of one grows with the square of the classes."""
MOST_MOVES = 100
DECIMALS = 6
"""Rounding of standardised moments, so that the search does not depend on the units of features."""
_CHUNK = 256
_LEAST_GAIN = 1e-12


def search_assignment(
    moments: ClassMoments, level_count: int, inputs: int, rng: Generator, most: tuple[int, ...] = ()
) -> LevelArray:
    """Levels [M, C] of the classes on ``inputs`` scales: all classes different, with a small sum of overlaps.

    ``most``: number of levels of each scale, where they differ; otherwise ``level_count`` for all.
    """
    most = most or (level_count,) * inputs
    moments = replace(moments, means=moments.means.round(DECIMALS), covariance=moments.covariance.round(DECIMALS))
    directions = discriminant_places(moments, inputs)
    shapes = Shapes(len(moments.means), most)
    count = max(FEWEST_STARTS, int(MOST_STARTS * min(1.0, (LARGE / len(moments.means)) ** 2)))
    starts = [nearest_levels(rotated(directions, inputs, rng), shapes.drawn(rng)) for _ in range(count)]
    found = [_descend(start, most, moments, rng) for start in starts]
    return min(found, key=lambda levels: float(overlaps(levels, moments).sum()))


def discriminant_places(moments: ClassMoments, most: int) -> FloatArray:
    """Class means [C, <= most] along the discriminant directions, in units of the spread within classes."""
    between = moments.means.T @ moments.means
    within = moments.covariance + np.diag(SHRINKAGE * np.diag(moments.covariance) + np.finfo(float).eps)
    _, directions = scipy.linalg.eigh(between, within)
    places: FloatArray = moments.means @ directions[:, ::-1][:, :most]
    return places


def nearest_levels(places: FloatArray, shape: tuple[int, ...]) -> LevelArray:
    """Levels [M, C] nearest to ``places`` [C, M] scaled to ``shape`` levels, all classes different."""
    low, high = places.min(axis=0), places.max(axis=0)
    stretched = (places - low) / np.where(high > low, high - low, 1.0) * (np.array(shape) - 1)
    cells = np.array(np.unravel_index(_cells_near(stretched, shape), shape)).T
    distances = ((stretched[:, np.newaxis] - cells) ** 2).sum(axis=2)
    _, chosen = scipy.optimize.linear_sum_assignment(distances)
    return np.array([np.unique(axis, return_inverse=True)[1] for axis in cells[chosen].T])


def _cells_near(stretched: FloatArray, shape: tuple[int, ...]) -> IntArray:
    """Indices of the cells of ``shape`` that are among the C nearest to any of C places: no class needs another.

    With the levels of each input ranked by their distance, a cell of ranks r is no nearer than prod(r) cells.
    """
    classes = len(stretched)
    ranks = np.array(_bounded(shape, classes), dtype=np.int64) - 1
    near = np.zeros((classes, len(ranks)), dtype=np.int64)
    for axis, size in enumerate(shape):
        ranked = np.argsort(np.abs(stretched[:, [axis]] - np.arange(size)), axis=1, kind="stable")
        near = near * size + ranked[:, ranks[:, axis]]
    return np.unique(near)


def _bounded(most: Sequence[int], limit: int, least: int = 1) -> list[tuple[int, ...]]:
    """Rows of integers from ``least`` to ``most`` with a product of at most ``limit``, in lexical order."""
    rows: list[tuple[int, ...]] = [()]
    for left, highest in enumerate(most, start=1):
        room = limit // least ** (len(most) - left)
        rows = [(*row, n) for row in rows for n in range(least, min(highest, room // prod(row)) + 1)]
    return rows


class Shapes:
    """Numbers of levels on each of some inputs, 2 to its ``most``, that have room for all classes.

    They are too many to list for many junctions; those without room are few.
    """

    def __init__(self, classes: int, most: tuple[int, ...]) -> None:
        self._size = tuple(count - 1 for count in most)
        small = np.array(_bounded(most, classes - 1, least=2), dtype=np.int64).reshape(-1, len(most))
        self._without_room = np.asarray(np.ravel_multi_index(tuple(small.T - 2), self._size), dtype=np.int64)

    def __len__(self) -> int:
        return prod(self._size) - len(self._without_room)

    def __getitem__(self, index: int) -> tuple[int, ...]:
        """In lexical order."""
        before = self._without_room - np.arange(len(self._without_room))
        at = index + np.searchsorted(before, index, side="right")
        return tuple(int(n) + 2 for n in np.unravel_index(at, self._size))

    def drawn(self, rng: Generator) -> tuple[int, ...]:
        """One of them at random."""
        return self[int(rng.integers(len(self)))]


def rotated(places: FloatArray, inputs: int, rng: Generator) -> FloatArray:
    """``places`` [C, <= M] turned at random; [C, M]."""
    size = max(places.shape[1], inputs)
    rotation, _ = np.linalg.qr(rng.standard_normal((size, size)))
    turned: FloatArray = places @ rotation[: places.shape[1], :inputs]
    return turned


def _descend(levels: LevelArray, most: tuple[int, ...], moments: ClassMoments, rng: Generator) -> LevelArray:
    """Move to the best neighbour of the first chunk with a better one, until there is none or MOST_MOVES are made."""
    costs = overlaps(levels, moments)
    for _ in range(MOST_MOVES):
        for neighbours in _neighbours(levels, most, rng):
            is_moved = (neighbours != levels).any(axis=2)
            each = np.tile(costs, (len(neighbours), 1))
            each[is_moved] = overlaps(neighbours[is_moved], moments)
            best = int(np.argmin(each.sum(axis=1)))
            if each[best].sum() < costs.sum() - _LEAST_GAIN:
                levels, costs = neighbours[best], each[best]
                break
        else:
            return levels
    return levels


def _neighbours(levels: LevelArray, most: tuple[int, ...], rng: Generator) -> Iterator[LevelArray]:
    """Assignments one move away with all classes different, in random order, in chunks [n, M, C]."""
    inputs, classes = levels.shape
    level_count, top = max(most), np.array(most)[:, np.newaxis] - 1
    pairs = np.array(list(combinations(range(classes), 2)))
    exchanges, changes = (inputs + 1, len(pairs)), (inputs, classes, level_count)
    moves = rng.permutation(prod(exchanges) + prod(changes))
    chunk = np.empty((0, inputs, classes), dtype=np.int64)
    for block in np.split(moves, range(_CHUNK, len(moves), _CHUNK)):
        made = np.tile(levels, (len(block), 1, 1))
        at = np.flatnonzero(block < prod(exchanges))
        axis, pair = np.unravel_index(block[at], exchanges)
        exchanged, mirrored = levels[:, pairs[pair]], levels[:, pairs[pair, ::-1]]  # [M, n, 2]
        is_here = (axis == 0) | (axis - 1 == np.arange(inputs)[:, np.newaxis])
        both = np.where(is_here[..., np.newaxis], mirrored, exchanged)
        made[at[:, np.newaxis], :, pairs[pair]] = both.transpose(1, 2, 0)
        at = np.flatnonzero(block >= prod(exchanges))
        axis, label, level = np.unravel_index(block[at] - prod(exchanges), changes)
        made[at, axis, label] = level
        is_possible = _all_different(made, level_count) & (made <= top).all(axis=(1, 2))
        chunk = np.concatenate([chunk, made[is_possible]])
        if len(chunk) >= _CHUNK:
            yield chunk[:_CHUNK]
            chunk = chunk[_CHUNK:]
    if len(chunk):
        yield chunk


def _all_different(assignments: LevelArray, level_count: int) -> BoolArray:
    """Whether all classes of each of ``assignments`` [n, M, C] have different levels; [n]."""
    codes = np.zeros(assignments[:, 0].shape, dtype=np.int64)
    for axis in range(assignments.shape[1]):
        codes = codes * level_count + assignments[:, axis]
    codes.sort(axis=1)
    return np.asarray((np.diff(codes, axis=1) > 0).all(axis=1), dtype=np.bool_)
