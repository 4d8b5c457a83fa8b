"""Seeded local search for scales that distinguish many classes, where an exhaustive search would take too long.

It starts several times from positions of the classes along rotated discriminant directions, and descends by changing
the level of one class or exchanging those of two. The result is good but not proven optimal.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from math import prod

import numpy as np
import scipy
from numpy.random import Generator

from mtjlab.arrays import FloatArray
from mtjlab.encoding.scales import SHRINKAGE, ClassMoments, LevelArray, overlaps

MOST_STARTS, FEWEST_STARTS = 150, 5
LARGE = 16
"""Number of classes beyond which there are fewer starts: the time of one grows with the square of the classes."""
MOST_MOVES = 100
DECIMALS = 6
"""Rounding of standardised moments, so that the search does not depend on the units of features."""
_CHUNK = 256
_LEAST_GAIN = 1e-12


def search_assignment(moments: ClassMoments, level_count: int, inputs: int, rng: Generator) -> LevelArray:
    """Levels [M, C] of the classes on ``inputs`` scales: all classes different, with a small sum of overlaps."""
    moments = replace(moments, means=moments.means.round(DECIMALS), covariance=moments.covariance.round(DECIMALS))
    directions = discriminant_places(moments, inputs)
    shapes = shapes_for(len(moments.means), level_count, inputs)
    count = max(FEWEST_STARTS, int(MOST_STARTS * min(1.0, (LARGE / len(moments.means)) ** 2)))
    starts = [nearest_levels(rotated(directions, inputs, rng), shapes[rng.integers(len(shapes))]) for _ in range(count)]
    found = [_descend(start, level_count, moments, rng) for start in starts]
    return min(found, key=lambda levels: float(_costs(levels[np.newaxis], moments)[0]))


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
    cells = np.indices(shape).reshape(len(shape), -1).T
    distances = ((stretched[:, np.newaxis] - cells) ** 2).sum(axis=2)
    _, chosen = scipy.optimize.linear_sum_assignment(distances)
    return np.array([np.unique(axis, return_inverse=True)[1] for axis in cells[chosen].T])


def shapes_for(classes: int, level_count: int, inputs: int) -> list[tuple[int, ...]]:
    """Numbers of levels on each input that have room for all classes."""
    shapes = product(range(2, level_count + 1), repeat=inputs)
    return [shape for shape in shapes if prod(shape) >= classes]


def rotated(places: FloatArray, inputs: int, rng: Generator) -> FloatArray:
    """``places`` [C, <= M] turned at random; [C, M]."""
    size = max(places.shape[1], inputs)
    rotation, _ = np.linalg.qr(rng.standard_normal((size, size)))
    turned: FloatArray = places @ rotation[: places.shape[1], :inputs]
    return turned


def _descend(levels: LevelArray, level_count: int, moments: ClassMoments, rng: Generator) -> LevelArray:
    """Move to the best neighbour of the first chunk with a better one, until there is none or MOST_MOVES are made."""
    cost = _costs(levels[np.newaxis], moments)[0]
    for _ in range(MOST_MOVES):
        for neighbours in _neighbours(levels, level_count, rng):
            costs = _costs(neighbours, moments)
            best = int(np.argmin(costs))
            if costs[best] < cost - _LEAST_GAIN:
                levels, cost = neighbours[best], costs[best]
                break
        else:
            return levels
    return levels


def _neighbours(levels: LevelArray, level_count: int, rng: Generator) -> Iterator[LevelArray]:
    """Assignments one move away with all classes different, in random order, in chunks [n, M, C]."""
    inputs, classes = levels.shape
    exchanges = list(product([slice(None), *range(inputs)], combinations(range(classes), 2)))
    changes = list(product(range(inputs), range(classes), range(level_count)))
    chunk: list[LevelArray] = []
    for move in rng.permutation(len(exchanges) + len(changes)):
        neighbour = levels.copy()
        if move < len(exchanges):
            axes, (first, second) = exchanges[move]
            neighbour[axes, [first, second]] = neighbour[axes, [second, first]]
        else:
            axis, label, level = changes[move - len(exchanges)]
            neighbour[axis, label] = level
        if len(set(map(tuple, neighbour.T.tolist()))) == classes:
            chunk.append(neighbour)
        if len(chunk) == _CHUNK:
            yield np.array(chunk)
            chunk = []
    if chunk:
        yield np.array(chunk)


def _costs(assignments: LevelArray, moments: ClassMoments) -> FloatArray:
    """Sum of overlaps of each of ``assignments`` [n, M, C]."""
    count, inputs, classes = assignments.shape
    costs: FloatArray = overlaps(assignments.reshape(-1, classes), moments).reshape(count, inputs).sum(axis=1)
    return costs
