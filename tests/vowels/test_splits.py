"""Training and testing subsets: stratified, seeded, and blind to what they will be used for."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.vowels.data_set import DataError, DataSet, Token
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split

SPOKEN = DataSet(
    "spoken",
    ("x",),
    tuple(Token(f"{talker}-{label}", label, talker, (1.0,)) for talker in "abcdefghij" for label in ("yes", "no")),
)


@given(seed=st.integers(0, 2**32))
def test_every_token_is_in_one_subset_and_every_class_in_proportion(seed: int) -> None:
    data = surrogate()
    parts = split(data, seed)
    assert sorted(parts.train + parts.test) == sorted(token.name for token in data.tokens)
    labels = {token.name: token.label for token in data.tokens}
    assert set(Counter(labels[name] for name in parts.train).values()) == {30}
    assert set(Counter(labels[name] for name in parts.test).values()) == {7}


def test_the_seed_decides_and_the_order_of_the_tokens_does_not() -> None:
    data = surrogate()
    backwards = replace(data, tokens=data.tokens[::-1])
    assert split(data, 1) == split(data, 1)
    assert set(split(data, 1).train) == set(split(backwards, 1).train)
    assert set(split(data, 1).train) != set(split(data, 2).train)


def test_a_talker_is_in_one_subset_with_all_tokens() -> None:
    parts = split(SPOKEN, 3, by="talker")
    heard, unheard = ({name[0] for name in names} for names in (parts.train, parts.test))
    assert not heard & unheard
    assert (len(heard), len(unheard)) == (8, 2)


def test_talkers_that_are_not_known_cannot_be_split() -> None:
    with pytest.raises(DataError, match="talkers"):
        split(surrogate(), 0, by="talker")
