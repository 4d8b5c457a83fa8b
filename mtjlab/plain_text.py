"""Escape control characters and marks of writing direction in names and messages."""

import re

_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters but tabulator and line feed, line separators, and the marks and overrides of writing direction."""


def visible(text: str) -> str:
    r"""``text`` with each character that steers instead of showing anything written as its escape, such as ``\x1b``."""
    if text.isascii() and text.isprintable():  # most are
        return text
    return _STEERING.sub(lambda found: ascii(found[0])[1:-1], text)
