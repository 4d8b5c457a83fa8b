"""Which configuration stands for which class: one scale per input, so that together they tell all classes apart.

The best scales are those with the least sum of overlaps. For two inputs and few classes the best pair is found with
certainty; beyond, by a seeded local search.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.arrays import FloatArray
from mtjlab.encoding.local_search import search_assignment
from mtjlab.encoding.scales import ClassMoments, LevelArray, canonical, contiguous, overlaps

MOST_EXACT_SCALES = 4**8
"""Level rows to go through one by one: 8 classes on 4 levels."""
ROUNDING = 1e-7
"""Relative difference of overlaps that rounding can make: in other units, features give the same assignment."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Levels [M, C] of the classes on every input, in the order of growing overlap, and whether none are better."""

    levels: LevelArray
    proven_optimal: bool


def assign(moments: ClassMoments, level_count: int, inputs: int, seed: int) -> Assignment:
    """Levels 0 ... ``level_count`` - 1 for every class of ``moments`` on every input, no two classes alike.

    There must be no more than level_count ** inputs classes.
    """
    classes = len(moments.means)
    if inputs <= 2 and level_count**classes <= MOST_EXACT_SCALES:
        levels, proven = _best(moments, level_count, inputs), True
    else:
        levels, proven = search_assignment(moments, level_count, inputs, np.random.default_rng(seed)), False
    levels = canonical(levels)
    levels = levels[np.lexsort(levels.T[::-1])]
    return Assignment(levels[np.argsort(_costs(levels, moments), kind="stable")], proven)


def all_scales(classes: int, level_count: int) -> LevelArray:
    """Every scale of ``classes`` on at most ``level_count`` levels, mirror images counted once; [n, classes]."""
    rows = np.indices((level_count,) * classes, dtype=np.int64).reshape(classes, -1).T
    rows = rows[contiguous(rows)]
    kept: LevelArray = rows[(rows == canonical(rows)).all(axis=1)]
    return kept


def _best(moments: ClassMoments, level_count: int, inputs: int) -> LevelArray:
    scales = all_scales(len(moments.means), level_count)
    costs = _costs(scales, moments)
    order = np.argsort(costs, kind="stable")
    scales, costs = scales[order], costs[order]
    if inputs == 1:
        return scales[[np.argmax(_all_apart(scales))]]
    return _best_pair(scales, costs)


def _best_pair(scales: LevelArray, costs: FloatArray) -> LevelArray:
    """The cheapest two of ``scales``, sorted by ``costs``, that tell all classes apart.

    For each first scale only seconds that would beat the best pair so far are looked at; none are left once twice the
    first's cost is no better.
    """
    best, pair = np.inf, (0, 0)
    levels = int(scales.max()) + 1
    for first, cost in enumerate(costs):
        if 2 * cost >= best:
            break
        end = int(np.searchsorted(costs, (best - cost) * (1 - ROUNDING)))
        apart = _all_apart(scales[first] * levels + scales[first:end])
        if apart.any():
            second = first + int(np.argmax(apart))
            best, pair = cost + costs[second], (first, second)
    return scales[list(pair)]


def _costs(levels: LevelArray, moments: ClassMoments) -> FloatArray:
    """Overlap of each of ``levels`` [n, C]; the same for those that differ by rounding alone, so that order decides."""
    costs = overlaps(levels, moments)
    order = np.argsort(costs, kind="stable")
    ranked = costs[order]
    differs = np.append(True, ranked[1:] > ranked[:-1] * (1 + ROUNDING) + np.finfo(float).tiny)
    levelled = np.empty_like(costs)
    levelled[order] = ranked[differs][np.cumsum(differs) - 1]
    return levelled


def _all_apart(codes: LevelArray) -> NDArray[np.bool_]:
    """Which rows of ``codes`` [n, C] hold no number twice."""
    return np.asarray((np.diff(np.sort(codes, axis=1), axis=1) > 0).all(axis=1), dtype=np.bool_)
