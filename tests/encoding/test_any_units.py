"""Features in any units, from any zero, degenerate or not: the same configurations, the same input currents."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mtjlab.encoding.encode import Encoding, demand_classes_apart, encode
from mtjlab.errors import RefusedError
from mtjlab.vowels.data_set import Token
from tests.encoding.chips import chip, start

Rows = dict[str, list[tuple[float, ...]]]

GATE: Rows = {"off": [(0, 0), (0, 1), (1, 0)], "on": [(1, 1), (1, 1)]}
ALIKE: Rows = {"a": [(0, 0)] * 4, "b": [(5, 0)] * 4, "c": [(0, 5)] * 4}
SQUARE: Rows = {"a": [(0, 0)] * 2, "b": [(0, 1)] * 2, "c": [(1, 0)] * 2, "d": [(1, 1)] * 2}
CONSTANT: Rows = {"a": [(0.1, 1), (0.1, 2)], "b": [(0.1, 8), (0.1, 9)]}
TWICE: Rows = {"a": [(1, 1), (2, 2)], "b": [(8, 8), (9, 9)], "c": [(4, 4), (5, 5)]}
TWICE_ALIKE: Rows = {"a": [(0.1, 0.1, 0.1)] * 3, "b": [(0.3, 0.3, 0.1)] * 3, "c": [(0.7, 0.7, 0.1)] * 3}
GRID: Rows = {f"{x}{y}": [(x, y), (x + 0.1, y + 0.1), (x, y + 0.1)] for x in range(3) for y in range(3)}
DEGENERATE = [GATE, ALIKE, SQUARE, CONSTANT, TWICE, TWICE_ALIKE]

scales = st.floats(-12, 12).map(lambda exponent: 10.0**exponent)
offsets = st.floats(-1e6, 1e6)


def tokens_of(rows: Rows) -> list[Token]:
    return [
        Token(f"{label}{k}", label, None, tuple(map(float, row)))
        for label, several in rows.items()
        for k, row in enumerate(several)
    ]


def in_units(tokens: list[Token], units: list[tuple[float, float]]) -> list[Token]:
    """Each feature times a scale, with its zero some of its spreads away."""
    features = np.array([token.features for token in tokens])
    spreads = features.std(axis=0)
    moved = [
        (column + offset * (spread or 1.0)) * scale
        for column, spread, (scale, offset) in zip(features.T, spreads, units, strict=False)
    ]
    return [replace(t, features=tuple(row)) for t, row in zip(tokens, np.transpose(moved).tolist(), strict=True)]


def fitted(tokens: list[Token]) -> Encoding:
    demand_classes_apart(tokens)
    return encode(tokens, chip(), start(), 120)


def assert_the_same(one: list[Token], other: list[Token]) -> None:
    first, second = fitted(one), fitted(other)
    assert second.configurations == first.configurations
    inputs_ua = [[fit.inputs_ua(t.features) for t in tokens] for fit, tokens in ((first, one), (second, other))]
    assert np.allclose(inputs_ua[1], inputs_ua[0], rtol=0, atol=0.1)


@pytest.mark.parametrize("rows", DEGENERATE)
@given(units=st.lists(st.tuples(scales, offsets), min_size=3, max_size=3))
@example(units=[(1e-12, 1e6), (1e12, -1e6), (1e-8, 0.0)])
@settings(max_examples=20)
def test_degenerate_features_are_learnt_in_any_units(rows: Rows, units: list[tuple[float, float]]) -> None:
    assert_the_same(tokens_of(rows), in_units(tokens_of(rows), units))


@given(
    seed=st.integers(0, 2**32 - 1),
    classes=st.integers(2, 7),
    units=st.lists(st.tuples(scales, offsets), min_size=4, max_size=4),
)
@settings(max_examples=30)
def test_no_unit_and_no_zero_of_a_feature_matters(seed: int, classes: int, units: list[tuple[float, float]]) -> None:
    rng = np.random.default_rng(seed)
    rows = {f"c{k}": list(map(tuple, rng.normal(rng.uniform(-9, 9, 4), 0.5, (6, 4)))) for k in range(classes)}
    tokens = tokens_of(rows)
    try:
        fitted(tokens)
    except RefusedError:
        assume(False)
    assert_the_same(tokens, in_units(tokens, units))


@pytest.mark.parametrize("units", [[(1e-9, -1e6), (3e7, 1e5)]])
def test_a_search_among_many_classes_ends_at_the_same(units: list[tuple[float, float]]) -> None:
    assert_the_same(tokens_of(GRID), in_units(tokens_of(GRID), units))


def test_a_constant_feature_counts_for_nothing() -> None:
    for row in fitted(tokens_of(CONSTANT)).coefficients_ua:
        assert row[1] == 0
        assert row[2] != 0


def test_what_only_rounding_tells_apart_lies_on_top_of_each_other() -> None:
    with pytest.raises(RefusedError, match="coincide"):
        fitted(tokens_of({"a": [(0.3,), (0.3,)], "b": [(0.1 + 0.2,), (0.1 + 0.2,)]}))
