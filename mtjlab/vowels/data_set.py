"""Tokens of known classes, whatever they come from."""

from dataclasses import dataclass
from hashlib import sha256

from mtjlab.errors import RefusedError


class DataError(RefusedError):
    """A file of tokens cannot be used as it is; the message names the file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Token:
    """One utterance, or one row of a table: its class ``label`` and its features in the units of its source."""

    name: str
    label: str
    talker: str | None
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DataSet:
    """Tokens to learn. ``name`` tells what they are and goes wherever results are shown; ``source`` is their file."""

    name: str
    feature_names: tuple[str, ...]
    tokens: tuple[Token, ...]
    source: str = "embedded"

    @property
    def checksum(self) -> str:
        """SHA-256 of names, labels, talkers and features: tells whether a run can be repeated with the same tokens."""
        rows = [(token.name, token.label, token.talker, token.features) for token in self.tokens]
        return sha256(repr((self.feature_names, rows)).encode()).hexdigest()

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels that occur, sorted."""
        return tuple(sorted({token.label for token in self.tokens}))
