"""Result of a classification, as printed by ``--json``."""

from typing import Any

from mtjlab.analysis.probability import share_interval
from mtjlab.procedures.classify.events import TokenClassified, TokensClassified
from mtjlab.record import Record


def classified_json(state: Record) -> dict[str, Any]:
    """Class of each token, and the recognition rate of the tokens of known class."""
    classified = state.last(TokensClassified)
    tokens = classified.tokens if classified else ()
    known = [token for token in tokens if token.label]
    right = sum(token.recognised_as == token.label for token in known)
    low, high = share_interval(right, len(known))
    return {
        "presentations": state.tallies["presentations"],
        "tokens": [_token_json(token) for token in tokens],
        "recognition": right / len(known) if known else None,
        "recognition_interval": [low, high] if known else None,
        "known": len(known),
    }


def confidence_interval(token: TokenClassified) -> tuple[float, float] | None:
    """95 % interval of the confidence: a single presentation is no certainty. None if there was none."""
    if not token.presentations:
        return None
    return share_interval(token.confidence * token.presentations, token.presentations)


def _token_json(token: TokenClassified) -> dict[str, Any]:
    interval = confidence_interval(token)
    return {
        "name": token.name,
        "label": token.label or None,
        "class": token.recognised_as,
        "confidence": token.confidence,
        "confidence_interval": interval and list(interval),
        "presentations": token.presentations,
        "configurations": [[str(seen) if seen else None, count] for seen, count in token.configurations],
    }
