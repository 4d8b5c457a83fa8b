"""Tokens to classify, with the input currents that the network computes for them."""

import os
from collections.abc import Callable
from pathlib import Path

from mtjlab.config import NETWORK, Network
from mtjlab.counted import counted
from mtjlab.errors import RefusedError
from mtjlab.events import TokensEncoded
from mtjlab.procedures.classify.plan import Token
from mtjlab.vowels.tables import read_tokens


def of_table(table: Path, network: Network) -> tuple[Token, ...]:
    """Tokens of a table. Raises RefusedError."""
    read = read_tokens(table, network.features)
    return tuple(Token(name=one.name, label=one.label, inputs_ua=network.inputs_ua(one.features)) for one in read)


def typed(features: tuple[tuple[float, ...], ...], network: Network) -> tuple[Token, ...]:
    """Tokens of unknown class with the given features. Raises RefusedError."""
    for one in features:
        if len(one) != len(network.features):
            raise RefusedError(
                f"--features: {counted(len(one), 'number')} for {counted(len(network.features), 'feature')}: "
                f"{', '.join(network.features)}."
            )
    return tuple(
        Token(name=f"typed {k}", label="", inputs_ua=network.inputs_ua(one)) for k, one in enumerate(features, start=1)
    )


def of_run(source: Path, encoded: Callable[[], TokensEncoded | None], network: Network) -> tuple[Token, ...]:
    """The test subset of a training. Raises RefusedError."""
    of_training = None if os.path.isfile(source) else encoded()
    if of_training is None:
        raise RefusedError(f"{source}: contains no tokens. Give --tokens TABLE or --features.")
    if of_training.encoding.coefficients_ua != network.coefficients_ua:
        raise RefusedError(
            f"{source / NETWORK}: coefficients_ua differ from those that the run computed its inputs with, and the run "
            "recorded no features. Give the tokens with --tokens TABLE, or --features."
        )
    return tuple(
        Token(name=token.name, label=token.label, inputs_ua=token.inputs_ua)
        for token in of_training.tokens
        if token.subset == "test"
    )
