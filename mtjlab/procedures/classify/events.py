"""Events of a classification. Times ``t_s`` are bench time."""

from dataclasses import dataclass
from typing import Literal

from mtjlab.counted import counted
from mtjlab.domain import SwitchingConfiguration
from mtjlab.events import Event


@dataclass(frozen=True, slots=True)
class TokenClassified:
    """Result of the repeated presentations of a token: how often each configuration (None: none) was seen.

    ``label`` is the true class, empty if unknown. ``recognised_as`` is the most frequent class, None if that is no
    class or not unique; ``confidence`` is its share of the presentations.
    """

    name: str
    label: str
    configurations: tuple[tuple[SwitchingConfiguration | None, int], ...]
    recognised_as: str | None
    confidence: float

    @property
    def presentations(self) -> int:
        """How often it was presented."""
        return sum(count for _, count in self.configurations)


@dataclass(frozen=True, slots=True)
class TokensClassified(Event):
    """The result of a classification."""

    t_s: float
    tokens: tuple[TokenClassified, ...]
    type: Literal["tokens-classified"] = "tokens-classified"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        known = [token for token in self.tokens if token.label]
        none = sum(token.recognised_as is None for token in self.tokens)
        right = sum(token.recognised_as == token.label for token in known)
        summary = f"{right} of {len(known)} known ones correctly, {none} as no class"
        return f"{counted(len(self.tokens), 'token')} classified: {summary}"
