"""Training and testing subsets."""

import random
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from mtjlab.vowels.data_set import DataError, DataSet


@dataclass(frozen=True, slots=True)
class Split:
    """Names of the tokens to learn from and of those that are only recognised."""

    train: tuple[str, ...]
    test: tuple[str, ...]


def split(data: DataSet, seed: int, by: Literal["token", "talker"] = "token", train_fraction: float = 0.8) -> Split:
    """Divide ``data`` at random, the same way for the same seed whatever the order of its tokens.

    By token, every class is divided in the same proportion (0.8 makes 30 + 7 of 37 tokens). By talker, all tokens of a
    talker fall on the same side, so that recognition is tested on voices never heard.

    Raises:
        DataError: a class would be left without a training token or there would be no test, or talkers are not known.
    """
    rng = random.Random(f"{seed}/split")
    train = (_some_of_each_class if by == "token" else _all_of_some_talkers)(data, rng, train_fraction)
    return Split(
        train=tuple(token.name for token in data.tokens if token.name in train),
        test=tuple(token.name for token in data.tokens if token.name not in train),
    )


def _some_of_each_class(data: DataSet, rng: random.Random, fraction: float) -> set[str]:
    by_class: dict[str, list[str]] = defaultdict(list)
    for token in data.tokens:
        by_class[token.label].append(token.name)
    return {name for label in sorted(by_class) for name in _draw(by_class[label], rng, fraction, f"class {label!r}")}


def _all_of_some_talkers(data: DataSet, rng: random.Random, fraction: float) -> set[str]:
    talkers = {token.talker for token in data.tokens if token.talker is not None}
    if any(token.talker is None for token in data.tokens):
        raise DataError(f"{data.name}: the talkers of its tokens are not known. Split by token.")
    chosen = _draw(talkers, rng, fraction, "the talkers")
    train = [token for token in data.tokens if token.talker in chosen]
    if unheard := set(data.classes) - {token.label for token in train}:
        raise DataError(
            f"{data.name}: no talker of the training subset says {', '.join(sorted(unheard))}. "
            "Take another seed, or split by token."
        )
    return {token.name for token in train}


def _draw(names: Collection[str], rng: random.Random, fraction: float, of_what: str) -> list[str]:
    """The ``fraction`` of ``names`` to train on, at least one and never all."""
    if len(names) < 2:
        raise DataError(f"{of_what} has {len(names)} token or talker; 2 are needed, one to learn and one to test.")
    count = min(max(round(fraction * len(names)), 1), len(names) - 1)
    return rng.sample(sorted(names), count)
