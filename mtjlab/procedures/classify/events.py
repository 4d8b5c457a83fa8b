"""What came of a classification, as frozen events. Times ``t_s`` are bench time."""

from dataclasses import dataclass
from typing import Literal

from mtjlab.counted import counted
from mtjlab.domain import SwitchingConfiguration
from mtjlab.events import Event


@dataclass(frozen=True, slots=True)
class TokenClassified:
    """What came of presenting a token again and again: how often each configuration (None: none) and class.

    ``label`` is what the token is, empty if that is not known. ``recognised_as`` is the class that came most often,
    None if that was none, or if others came as often; ``confidence`` is its share of the presentations.
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
        """What happened, in one line."""
        known = [token for token in self.tokens if token.label]
        none = sum(token.recognised_as is None for token in self.tokens)
        right = sum(token.recognised_as == token.label for token in known)
        told = f"{right} of {len(known)} that are known rightly, {none} as no class"
        return f"{counted(len(self.tokens), 'token')} classified: {told}"
