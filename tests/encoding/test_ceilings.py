"""What limits a training, expected from its training tokens: near what tokens never seen then show."""

from collections.abc import Iterator

import numpy as np
import pytest

from mtjlab.encoding.ceilings import Ceilings, ceilings
from mtjlab.encoding.discriminant import discriminant_size, discriminate
from mtjlab.encoding.encode import partition_of
from mtjlab.encoding.partition import right_share
from mtjlab.encoding.scales import class_moments
from mtjlab.vowels.data_set import Token
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split


def subsets(seed: int) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    names = set(split(surrogate(), seed).train)
    both = [tuple(t for t in surrogate().tokens if (t.name in names) == is_train) for is_train in (True, False)]
    return both[0], both[1]


def overlapping(classes: int = 7, tokens: int = 20) -> tuple[Token, ...]:
    rng = np.random.default_rng(2)
    return tuple(
        Token(f"{c}-{k}", f"c{c:02}", None, tuple(rng.normal(place, 1.0)))
        for c, place in enumerate(rng.normal(0.0, 1.8, (classes, 6)))
        for k in range(tokens)
    )


@pytest.mark.parametrize("jointly", [False, True])
def test_new_tokens_are_recognised_as_expected(jointly: bool) -> None:
    expected, seen = [], []
    for seed in range(6):
        train, test = subsets(seed)
        classes = sorted({token.label for token in train})
        found = ceilings(train, 3, 2, seed, jointly)
        assert found.encoding is not None
        assert (found.joint is None) == jointly
        expected.append(found.encoding)
        partition, _ = partition_of(class_moments(train, classes), 3, 2, seed, jointly)
        features = np.array([token.features for token in test])
        seen.append(right_share(partition, features, [classes.index(token.label) for token in test]))
    assert np.mean(expected) == pytest.approx(np.mean(seen), abs=0.015)


def test_an_input_more_is_looked_at_where_the_data_holds_more() -> None:
    assert ceilings(subsets(0)[0], 3, 2, 0, jointly=True).more_inputs is None
    found = ceilings(overlapping(), 3, 2, 0, jointly=False)
    assert found.encoding is not None
    assert found.joint is not None
    assert found.more_inputs is not None
    assert found.discriminant is not None
    assert found.encoding < found.more_inputs < found.discriminant


def test_what_takes_long_to_know_is_not_said() -> None:
    found = ceilings(overlapping(classes=12, tokens=6), 3, 2, 0, jointly=False)
    assert found.encoding is None
    assert found.joint is not None
    assert ceilings(overlapping(classes=3, tokens=6), 3, 4, 0, jointly=True).encoding is None


def few() -> Iterator[Token]:
    for x in range(3):
        yield from (Token(f"{x}{k}", f"{x}", None, (x + 0.1 * k, 0.2 * k)) for k in range(2 if x else 1))


def test_of_a_class_with_one_token_nothing_is_expected() -> None:
    assert ceilings(tuple(few()), 3, 1, 0, jointly=True) == Ceilings(1, None, None, None, None)


def test_the_discriminant_is_that_of_the_library() -> None:
    library = pytest.importorskip("sklearn.discriminant_analysis")
    train, test = subsets(1)
    classes = sorted({token.label for token in train})
    of_class = [classes.index(token.label) for token in train]
    known = library.LinearDiscriminantAnalysis(priors=[1 / 7] * 7).fit([t.features for t in train], of_class)
    features = np.array([token.features for token in test])
    assert discriminate(class_moments(train, classes), features).tolist() == known.predict(features).tolist()
    assert discriminant_size(7, 12) == 91


def test_a_constant_feature_does_no_harm_to_the_discriminant() -> None:
    tokens = [Token(f"{x}{k}", f"{x}", None, (5.0, x + 0.1 * k)) for x in range(2) for k in range(4)]
    features = np.array([token.features for token in tokens])
    assert discriminate(class_moments(tokens, ["0", "1"]), features).tolist() == [0] * 4 + [1] * 4
