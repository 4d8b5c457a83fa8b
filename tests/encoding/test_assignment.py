"""The assignment of configurations: every scale is looked at once, and no pair is better than the one found."""

from itertools import product
from math import comb, prod

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from mtjlab.arrays import FloatArray
from mtjlab.encoding import local_search
from mtjlab.encoding.assignment import all_scales, assign
from mtjlab.encoding.local_search import MOST_STARTS, Shapes, nearest_levels
from mtjlab.encoding.scales import ClassMoments, LevelArray, class_moments, overlaps, project
from mtjlab.vowels.data_set import Token


def moments_of(places: list[tuple[float, ...]], wiggle: float = 0.3) -> ClassMoments:
    rng = np.random.default_rng(1)
    tokens = [
        Token(f"{c}-{k}", f"c{c}", None, tuple(rng.normal(place, wiggle)))
        for c, place in enumerate(places)
        for k in range(30)
    ]
    return class_moments(tokens, [f"c{c}" for c in range(len(places))])


def test_there_are_5166_scales_of_seven_classes_on_four_levels() -> None:
    """Contiguous levels, mirror images counted once."""
    scales = all_scales(7, 4)
    assert len(scales) == 5166
    assert len({tuple(row) for row in scales.tolist()}) == 5166


def test_the_pair_found_is_the_best_of_all_pairs() -> None:
    moments = moments_of([(0, 0), (1, 0.2), (2.1, 1), (0.3, 2)])
    scales = all_scales(4, 3)
    costs = overlaps(scales, moments)
    best = min(
        costs[a] + costs[b]
        for a in range(len(scales))
        for b in range(len(scales))
        if len({*zip(scales[a].tolist(), scales[b].tolist(), strict=True)}) == 4
    )
    found = assign(moments, 3, 2, seed=0)
    assert found.proven_optimal
    assert overlaps(found.levels, moments).sum() == pytest.approx(best)


def test_a_projection_puts_the_classes_in_the_order_of_their_levels() -> None:
    moments = moments_of([(0, 0), (1, 5), (2, 1), (3, 4)], wiggle=0.1)
    levels = np.array([[0, 1, 2, 3]])
    positions = (project(levels, moments) @ moments.means.T)[0]
    assert np.argsort(positions).tolist() == [0, 1, 2, 3]


def test_overlap_grows_with_the_spread_within_the_classes() -> None:
    places = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)]
    levels = np.array([[0, 1, 2]])
    tight, wide = (overlaps(levels, moments_of(places, wiggle))[0] for wiggle in (0.1, 0.5))
    assert tight < wide


def test_the_search_finds_what_the_proof_finds_where_both_can_be_had() -> None:
    """A grid of nine classes on three levels: the search has to find the grid."""
    moments = moments_of([(float(x), float(y)) for x in range(3) for y in range(3)], wiggle=0.1)
    found = assign(moments, 4, 2, seed=3)
    assert not found.proven_optimal
    assert len({*map(tuple, found.levels.T.tolist())}) == 9
    assert overlaps(found.levels, moments).sum() < 1e-3


def test_shapes_are_those_with_room_for_all_classes_in_order() -> None:
    for classes, level_count, inputs in ((7, 4, 2), (2, 3, 3), (30, 6, 3), (16, 4, 2)):
        every = product(range(2, level_count + 1), repeat=inputs)
        wanted = [shape for shape in every if prod(shape) >= classes]
        shapes = Shapes(classes, (level_count,) * inputs)
        assert [shapes[k] for k in range(len(shapes))] == wanted


def test_the_nearest_levels_are_the_best_of_all_cells() -> None:
    """Most cells are left out of the assignment: none of the others could make it better."""
    rng = np.random.default_rng(5)
    for shape in ((3, 4), (2, 9), (5, 3, 4)):
        places = rng.uniform(size=(9, len(shape)))
        stretched = (places - places.min(axis=0)) / np.ptp(places, axis=0) * (np.array(shape) - 1)
        cells = np.indices(shape).reshape(len(shape), -1).T
        _, chosen = linear_sum_assignment(((stretched[:, np.newaxis] - cells) ** 2).sum(axis=2))
        best = [np.unique(axis, return_inverse=True)[1].tolist() for axis in cells[chosen].T]
        assert nearest_levels(places, shape).tolist() == best


def test_a_search_scores_only_scales_that_a_move_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """16 junctions and 4 inputs: each start scores few times as many scales as there are moves."""
    scored: list[int] = []

    def counted_overlaps(levels: LevelArray, moments: ClassMoments) -> FloatArray:
        scored.append(len(levels))
        return overlaps(levels, moments)

    rng, classes, level_count, inputs = np.random.default_rng(2), 5, 17, 4
    moments = moments_of([tuple(rng.uniform(0, 8, inputs)) for _ in range(classes)])
    monkeypatch.setattr(local_search, "overlaps", counted_overlaps)
    assign(moments, level_count, inputs, seed=1)
    moves = (inputs + 1) * comb(classes, 2) + inputs * classes * level_count
    assert sum(scored) < 12 * moves * MOST_STARTS
