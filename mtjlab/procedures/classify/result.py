"""Result of a classification, as printed by ``--json``."""

from typing import Any

from mtjlab.procedures.classify.events import TokenClassified, TokensClassified
from mtjlab.record import Record


def classified_json(state: Record) -> dict[str, Any]:
    """Class of each token, and the recognition rate of the tokens of known class."""
    classified = state.last(TokensClassified)
    tokens = classified.tokens if classified else ()
    known = [token for token in tokens if token.label]
    right = sum(token.recognised_as == token.label for token in known)
    return {
        "presentations": state.tallies["presentations"],
        "tokens": [_token_json(token) for token in tokens],
        "recognition": right / len(known) if known else None,
    }


def _token_json(token: TokenClassified) -> dict[str, Any]:
    return {
        "name": token.name,
        "label": token.label or None,
        "class": token.recognised_as,
        "confidence": token.confidence,
        "configurations": [[str(seen) if seen else None, count] for seen, count in token.configurations],
    }
