"""Escape control characters and direction marks in names and messages."""

import re

_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters except tab and line feed, line separators, and direction marks and overrides."""


def visible(text: str) -> str:
    r"""``text`` with each invisible control character replaced by its escape, such as ``\x1b``."""
    if text.isascii() and text.isprintable():  # most are
        return text
    return _STEERING.sub(lambda found: ascii(found[0])[1:-1], text)
