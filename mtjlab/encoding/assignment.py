"""Assignment of configurations to classes: one scale per input, which together distinguish all classes.

The best scales have the smallest sum of overlaps. For up to two inputs and few classes they are found exactly;
otherwise by a seeded local search.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.arrays import FloatArray
from mtjlab.encoding.local_search import search_assignment
from mtjlab.encoding.scales import ClassMoments, LevelArray, canonical, contiguous, overlaps

MOST_EXACT_SCALES = 4**8
"""Maximum number of scales for an exhaustive search: 8 classes on 4 levels."""
ROUNDING = 1e-7
"""Relative rounding error of overlaps; it makes the assignment independent of the units of features."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Levels [M, C] of the classes on every input, by increasing overlap, and whether they are proven optimal."""

    levels: LevelArray
    proven_optimal: bool


def assign(moments: ClassMoments, level_count: int, inputs: int, seed: int, most: tuple[int, ...] = ()) -> Assignment:
    """Assign levels 0 ... ``level_count`` - 1 on every input to every class of ``moments``, all classes different.

    ``most``: number of levels of each input, where they differ, the largest being ``level_count``; scales then stay in
    the order of these inputs.
    There must be at most level_count ** inputs classes.
    """
    classes = len(moments.means)
    if most:
        is_exact = can_be_proven(classes, level_count, inputs)
        if is_exact:
            levels = _best_of_sizes(moments, most)
        else:
            levels = search_assignment(moments, level_count, inputs, np.random.default_rng(seed), most)
        return Assignment(canonical(levels), is_exact)
    if can_be_proven(classes, level_count, inputs):
        levels, proven = _best(moments, level_count, inputs), True
    else:
        levels, proven = search_assignment(moments, level_count, inputs, np.random.default_rng(seed)), False
    levels = canonical(levels)
    levels = levels[np.lexsort(levels.T[::-1])]
    return Assignment(levels[np.argsort(_costs(levels, moments), kind="stable")], proven)


def can_be_proven(classes: int, level_count: int, inputs: int) -> bool:
    """Whether the best assignment is found by an exhaustive search, which is quick."""
    return inputs <= 2 and level_count**classes <= MOST_EXACT_SCALES


def all_scales(classes: int, level_count: int) -> LevelArray:
    """All scales of ``classes`` on at most ``level_count`` levels, without mirror images; [n, classes]."""
    rows = np.indices((level_count,) * classes, dtype=np.int64).reshape(classes, -1).T
    rows = rows[contiguous(rows)]
    unique: LevelArray = rows[(rows == canonical(rows)).all(axis=1)]
    return unique


def _best(moments: ClassMoments, level_count: int, inputs: int) -> LevelArray:
    scales = all_scales(len(moments.means), level_count)
    costs = _costs(scales, moments)
    order = np.argsort(costs, kind="stable")
    scales, costs = scales[order], costs[order]
    if inputs == 1:
        return scales[[np.argmax(_are_distinct(scales))]]
    return _best_pair(scales, costs)


def _best_pair(scales: LevelArray, costs: FloatArray) -> LevelArray:
    """Cheapest pair of ``scales``, sorted by ``costs``, that distinguishes all classes.

    For each first scale, only second scales that would beat the best pair so far are tried; the search ends when
    twice the cost of the first is no better.
    """
    best, pair = np.inf, (0, 0)
    levels = int(scales.max()) + 1
    for first, cost in enumerate(costs):
        if 2 * cost >= best:
            break
        end = int(np.searchsorted(costs, (best - cost) * (1 - ROUNDING)))
        is_distinct = _are_distinct(scales[first] * levels + scales[first:end])
        if is_distinct.any():
            second = first + int(np.argmax(is_distinct))
            best, pair = cost + costs[second], (first, second)
    return scales[list(pair)]


def _best_of_sizes(moments: ClassMoments, most: tuple[int, ...]) -> LevelArray:
    """Cheapest pair of scales that distinguishes all classes, the first and the second with at most so many levels."""
    scales = all_scales(len(moments.means), max(most))
    costs = _costs(scales, moments)
    order = np.argsort(costs, kind="stable")
    order = order[np.isfinite(costs[order])]
    first, second = (order[scales[order].max(axis=1) < count] for count in most)
    best, pair = np.inf, (0, 0)
    for k in first:
        if costs[k] + costs[second[0]] >= best:
            break
        end = int(np.searchsorted(costs[second], (best - costs[k]) * (1 - ROUNDING)))
        is_distinct = _are_distinct(scales[k] * max(most) + scales[second[:end]])
        if is_distinct.any():
            other = second[int(np.argmax(is_distinct))]
            best, pair = costs[k] + costs[other], (int(k), int(other))
    return scales[list(pair)]


def _costs(levels: LevelArray, moments: ClassMoments) -> FloatArray:
    """Overlap of each of ``levels`` [n, C], made equal where it differs by rounding only, so that order decides."""
    costs = overlaps(levels, moments)
    order = np.argsort(costs, kind="stable")
    ranked = costs[order]
    differs = np.append(True, ranked[1:] > ranked[:-1] * (1 + ROUNDING) + np.finfo(float).tiny)
    levelled = np.empty_like(costs)
    levelled[order] = ranked[differs][np.cumsum(differs) - 1]
    return levelled


def _are_distinct(codes: LevelArray) -> NDArray[np.bool_]:
    """Whether each row of ``codes`` [n, C] has distinct numbers only."""
    return np.asarray((np.diff(np.sort(codes, axis=1), axis=1) > 0).all(axis=1), dtype=np.bool_)
