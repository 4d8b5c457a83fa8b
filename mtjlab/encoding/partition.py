"""Partition of the features into cells: projections, boundaries on them, and the class that each cell stands for.

A cell is a switching configuration before currents are known: the number of boundaries below each projection.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.arrays import FloatArray, IntArray
from mtjlab.encoding.scales import LEAST_LEVEL, ClassMoments, LevelArray, boundaries, project
from mtjlab.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Partition:
    """Projections and boundaries for M inputs, on F raw features.

    ``slopes`` [M, F] project; ``bounds[j]`` are the ordered boundaries on projection j, ``distances[j]`` their mean
    distance, or that of the nearest classes on both sides of a single one. ``cells``: (index of a class, number of
    boundaries below each projection), each cell once, the most probable of a class first.
    """

    slopes: FloatArray
    bounds: tuple[FloatArray, ...]
    distances: tuple[float, ...]
    cells: tuple[tuple[int, tuple[int, ...]], ...]

    def cells_of(self, features: FloatArray) -> list[tuple[int, ...]]:
        """Cell of each of ``features`` [n, F]."""
        below = [
            np.searchsorted(bounds, features @ slopes).tolist()
            for slopes, bounds in zip(self.slopes, self.bounds, strict=True)
        ]
        return list(zip(*below, strict=True))

    def recognise(self, features: FloatArray) -> IntArray:
        """Index of the class of each of ``features`` [n, F] with thresholds on the boundaries; -1 for no class."""
        known = {levels: of_class for of_class, levels in self.cells}
        return np.array([known.get(levels, -1) for levels in self.cells_of(features)])


def one_each(levels: LevelArray, moments: ClassMoments) -> Partition:
    """Least-squares projections onto ``levels`` [M, C], which give each class one cell.

    Raises:
        RefusedError: no linear combination distinguishes the classes.
    """
    weights = project(levels, moments)
    slopes = weights / moments.scale
    bounds, distances = [], []
    for row, weight, slope in zip(levels, weights, slopes, strict=True):
        positions = moments.means @ weight + moments.centre @ slope
        edges = boundaries(row[np.newaxis], positions[np.newaxis])[0]
        distances.append(_distance(row, edges, positions))
        # Sorted: classes may overlap so much that their levels are out of order, but junctions switch in order.
        bounds.append(np.sort(edges))
    cells = tuple((c, tuple(int(row[c]) for row in levels)) for c in range(levels.shape[1]))
    return Partition(slopes, tuple(bounds), tuple(distances), cells)


def right_share(partition: Partition, features: FloatArray, of_class: Sequence[int] | IntArray) -> float:
    """Share of tokens that are recognised with thresholds on the boundaries."""
    return float((partition.recognise(features) == np.asarray(of_class)).mean())


def _distance(levels: LevelArray, edges: FloatArray, positions: FloatArray) -> float:
    if len(edges) > 1:
        distance = float(np.ptp(edges)) / (len(edges) - 1)
    else:
        distance = abs(float(positions[levels == 1].min() - positions[levels == 0].max()))
    if not distance > LEAST_LEVEL:
        raise RefusedError(
            "No linear combination of the features distinguishes these classes: they coincide. Use "
            "fewer or other classes, or other features."
        )
    return distance
