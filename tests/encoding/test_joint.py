"""The joint fit: never worse than where it begins, a class for every configuration, a configuration for every class."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mtjlab.domain import SwitchingConfiguration
from mtjlab.encoding.assignment import assign
from mtjlab.encoding.encode import encode, partition_of
from mtjlab.encoding.joint import expected_share, fit_jointly
from mtjlab.encoding.partition import Partition, one_each
from mtjlab.encoding.scales import ClassMoments, class_moments
from mtjlab.errors import RefusedError
from mtjlab.vowels.data_set import Token
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split
from tests.encoding.chips import chip, start


def clouds(seed: int, classes: int, features: int, apart: float = 3.0) -> list[Token]:
    """Classes at random places, of which some are near each other."""
    rng = np.random.default_rng(seed)
    return [
        Token(f"{c}-{k}", f"c{c:02}", None, tuple(rng.normal(place, 1.0)))
        for c, place in enumerate(rng.normal(0.0, apart, (classes, features)))
        for k in range(8)
    ]


def moments_of(tokens: list[Token]) -> ClassMoments:
    return class_moments(tokens, sorted({token.label for token in tokens}))


def vowels(seed: int) -> tuple[list[Token], list[Token]]:
    names = set(split(surrogate(), seed).train)
    both: tuple[list[Token], list[Token]] = ([], [])
    for token in surrogate().tokens:
        both[token.name not in names].append(token)
    return both


def features_of(tokens: list[Token]) -> np.ndarray:
    return np.array([token.features for token in tokens])


def cells_of(partition: Partition) -> list[tuple[int, ...]]:
    return [levels for _, levels in partition.cells]


shapes = st.sampled_from([(3, 2, 7), (3, 2, 4), (2, 3, 6), (5, 1, 4), (1, 2, 3), (2, 2, 8)])


@given(seed=st.integers(0, 2**32 - 1), shape=shapes, apart=st.floats(0.3, 6.0))
@settings(max_examples=25, deadline=None)
def test_it_is_never_worse_than_where_it_begins_and_every_configuration_has_one_class(
    seed: int, shape: tuple[int, int, int], apart: float
) -> None:
    junctions, inputs, classes = shape
    moments = moments_of(clouds(seed, classes, 5, apart))
    levels = assign(moments, junctions + 1, inputs, 0).levels
    try:
        begun, found = one_each(levels, moments), fit_jointly(moments, junctions + 1, inputs, 0, levels)
    except RefusedError:
        assume(False)
    assert expected_share(found, moments) >= expected_share(begun, moments) - 1e-5  # moments are rounded for the fit
    assert sorted(cells_of(found)) == sorted(np.ndindex(*(junctions + 1,) * inputs))
    assert {c for c, _ in found.cells} == set(range(classes))
    assert all((np.diff(bounds) >= 0).all() for bounds in found.bounds)


@pytest.mark.parametrize("seed", range(3))
def test_a_cell_means_its_most_probable_class(seed: int) -> None:
    """Counted: of many tokens drawn like the classes, most of those in a cell are of its class."""
    tokens = clouds(seed, classes=7, features=4)
    moments, rng = moments_of(tokens), np.random.default_rng(seed)
    found, _ = partition_of(moments, 3, 2, 0, jointly=True)
    within = moments.covariance + 0.3 * np.diag(np.diag(moments.covariance))
    drawn = [rng.multivariate_normal(mean, within, 20_000) * moments.scale + moments.centre for mean in moments.means]
    by_cell = [Counter(found.cells_of(x)) for x in drawn]
    for c, cell in found.cells:
        counts = [seen[cell] for seen in by_cell]
        if sum(counts) > 2000 and sorted(counts)[-1] > 2 * sorted(counts)[-2]:
            assert counts[c] == max(counts)


def test_the_first_configuration_of_a_class_is_the_one_that_its_tokens_reach_most() -> None:
    train, _ = vowels(0)
    moments = moments_of(train)
    found, _ = partition_of(moments, 3, 2, 0, jointly=True)
    for c, label in enumerate(sorted({token.label for token in train})):
        of_class = features_of([token for token in train if token.label == label])
        reached = Counter(found.cells_of(of_class))
        assert next(levels for of, levels in found.cells if of == c) == reached.most_common(1)[0][0]


def test_vowels_are_recognised_as_well_as_with_one_configuration_a_class() -> None:
    rates = []
    for jointly in (False, True):
        right = []
        for seed in range(10):
            train, test = vowels(seed)
            labels = sorted({token.label for token in train})
            found, _ = partition_of(moments_of(train), 3, 2, seed, jointly)
            right += [
                labels[c] == token.label for c, token in zip(found.recognise(features_of(test)), test, strict=True)
            ]
        rates.append(np.mean(right))
    assert rates[1] >= rates[0] - 0.005


def test_classes_that_overlap_gain() -> None:
    for seed in range(3):
        moments = moments_of(clouds(seed, classes=7, features=6, apart=1.5))
        one, joint = (expected_share(partition_of(moments, 3, 2, 0, jointly)[0], moments) for jointly in (False, True))
        assert joint > one + 0.01


def test_the_same_tokens_give_the_same_fit_and_units_do_not_matter() -> None:
    train, _ = vowels(1)
    one, again = (encode(train, chip(), start(), 120, jointly=True) for _ in range(2))
    assert one == again
    scaled = [Token(t.name, t.label, t.talker, tuple(1e-6 * x + 3 for x in t.features)) for t in train]
    other = encode(scaled, chip(), start(), 120, jointly=True)
    assert other.configurations == one.configurations
    for token, same in zip(train, scaled, strict=True):
        assert other.inputs_ua(same.features) == pytest.approx(one.inputs_ua(token.features), abs=0.1)


def test_an_encoding_holds_the_table_and_boundaries_as_far_apart_as_asked() -> None:
    train, test = vowels(2)
    encoding = encode(train, chip(), start(), 120, jointly=True)
    assert len(encoding.configurations) == 16
    for bounds in encoding.boundaries_ua:
        assert np.mean(np.diff(bounds)) == pytest.approx(120)
    right = [encoding.ideal_class_of(encoding.inputs_ua(token.features)) == token.label for token in test]
    assert np.mean(right) > 0.93


@pytest.mark.parametrize("seed", range(4))
def test_inputs_of_classes_that_overlap_stay_inside_the_limits_with_nearer_boundaries(seed: int) -> None:
    tokens = clouds(seed, classes=7, features=6, apart=1.0)
    encoding = encode(tokens, chip(), start(3, 3), 120, seed, jointly=True)
    assert np.ptp([encoding.inputs_ua(token.features) for token in tokens], axis=0).max() < 900
    assert all(np.diff(bounds).mean() < 120 + 1e-6 for bounds in encoding.boundaries_ua if len(bounds) > 1)


def test_three_inputs_begin_at_random_and_repeat_by_seed() -> None:
    moments = moments_of(clouds(3, classes=12, features=6, apart=2.0))
    one, again = (partition_of(moments, 3, 3, 5, jointly=True)[0] for _ in range(2))
    assert one.cells == again.cells
    assert (one.slopes == again.slopes).all()
    assert expected_share(one, moments) > expected_share(partition_of(moments, 3, 3, 5, jointly=False)[0], moments)


def test_classes_that_are_alike_are_refused() -> None:
    alike = [Token(f"{label}{k}", label, None, (1.0 + k, 2.0 - k)) for label in "ab" for k in range(5)]
    for inputs in (2, 3):
        with pytest.raises(RefusedError, match="No linear combination"):
            partition_of(moments_of(alike), 3, inputs, 0, jointly=True)


def test_classes_without_spread_keep_their_configurations() -> None:
    square = [
        Token(f"{x}{y}{k}", f"{x}{y}", None, (float(x), float(y))) for x in (0, 1) for y in (0, 1) for k in range(2)
    ]
    encoding = encode(square, chip(), start(), 120, jointly=True)
    assert [encoding.ideal_class_of(encoding.inputs_ua(token.features)) for token in square] == [
        t.label for t in square
    ]
    assert encoding.table.class_of(SwitchingConfiguration((3, 3))) is not None
