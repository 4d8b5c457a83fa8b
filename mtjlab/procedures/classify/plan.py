"""Plan of a classification."""

from typing import Annotated, ClassVar

from pydantic import Field

from mtjlab.config import Count, Network, Option, PulseWidth, Shown, When
from mtjlab.config.section import Section
from mtjlab.events import EncodedToken


class ClassifyOptions(Section):
    """Present tokens repeatedly to a trained network, and classify each."""

    of_any_size: ClassVar[frozenset[str]] = frozenset({"features"})

    network: Annotated[
        str, Field(min_length=1), Option(is_argument=True), Shown("trained network", "choose one", offers="training")
    ]
    """A training (its folder, its id, or last), or a network.toml."""
    tokens: Annotated[str | None, Shown("table of tokens", "test tokens", offers="file")] = None
    """Table of tokens (CSV) to classify; default: the test subset of the training."""
    features: Annotated[
        tuple[tuple[float, ...], ...], Option(is_repeated=True), Shown(if_empty="test tokens"), When("tokens", (None,))
    ] = ()
    """Features of one token."""
    times: Annotated[Count, Shown("repeats")] = 5
    """Presentations of each token."""
    pulse_width_s: PulseWidth = None
    """Apply inputs as pulses of this duration, if the network was trained so."""


class Token(Section):
    """A token with its input currents; ``label`` is empty if its class is unknown."""

    of_any_size: ClassVar[frozenset[str]] = frozenset({"inputs_ua"})

    name: str
    label: str
    inputs_ua: tuple[float, ...]


class ClassifyPlan(Section):
    """Tokens, each presented ``times`` times at the control currents of a network."""

    of_any_size: ClassVar[frozenset[str]] = frozenset({"features"})

    network: Network
    times: Annotated[int, Field(ge=1)]
    tokens: tuple[Token, ...]
    table: str | None = None
    """File that the tokens were read from."""
    features: tuple[tuple[float, ...], ...] = ()
    """Features of tokens that were typed in."""

    @property
    def encoded(self) -> tuple[EncodedToken, ...]:
        """Tokens as presented."""
        return tuple(EncodedToken(token.name, token.label, "test", token.inputs_ua) for token in self.tokens)
