"""Counts with their nouns: 1 step, 2 steps."""


def word_for(count: int, noun: str, plural: str = "") -> str:
    """``noun`` (or verb) as it follows ``count``; ``plural`` where that is not the noun with an s."""
    return noun if count == 1 else plural or f"{noun}s"


def counted(count: int, noun: str, plural: str = "") -> str:
    """``count`` and its ``noun``; ``plural`` where that is not the noun with an s."""
    return f"{count} {word_for(count, noun, plural)}"
