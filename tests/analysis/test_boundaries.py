"""Boundaries between the levels of an input, learnt from labelled tokens."""

import numpy as np
import pytest

from mtjlab.analysis.boundaries import learnt_boundaries_ua

SPREAD_UA = 4.3


def clouds(*centres_ua: float, width_ua: float = 15.0) -> tuple[list[tuple[float]], list[tuple[int]]]:
    """200 tokens around each centre, whose levels are counted from 0."""
    rng = np.random.default_rng(0)
    inputs_ua = [(float(centre + x),) for centre in centres_ua for x in rng.normal(0, width_ua, 200)]
    return inputs_ua, [(level,) for level in range(len(centres_ua)) for _ in range(200)]


def test_a_boundary_lies_between_the_clouds_it_parts() -> None:
    (boundaries_ua,) = learnt_boundaries_ua(*clouds(400.0, 520.0, 700.0), SPREAD_UA)
    assert boundaries_ua == (pytest.approx(460, abs=15), pytest.approx(610, abs=40))


def test_a_boundary_does_not_run_after_outliers() -> None:
    inputs_ua, counts = clouds(400.0, 520.0)
    ((boundary_ua,),) = learnt_boundaries_ua([*inputs_ua, (700.0,)], [*counts, (0,)], SPREAD_UA)
    assert boundary_ua == pytest.approx(460, abs=15)


def test_where_clouds_overlap_the_boundary_is_where_they_are_equal() -> None:
    ((boundary_ua,),) = learnt_boundaries_ua(*clouds(480.0, 520.0), SPREAD_UA)
    assert boundary_ua == pytest.approx(500, abs=4)


def test_each_input_has_as_many_boundaries_as_it_has_levels() -> None:
    tokens = [(400.0, 300.0), (500.0, 300.0), (600.0, 400.0), (610.0, 410.0)]
    learnt = learnt_boundaries_ua(tokens, [(0, 0), (1, 0), (2, 1), (2, 1)], SPREAD_UA)
    assert [len(row) for row in learnt] == [2, 1]
    assert 400 < learnt[0][0] < 500 < learnt[0][1] < 600
    assert 300 < learnt[1][0] < 400
