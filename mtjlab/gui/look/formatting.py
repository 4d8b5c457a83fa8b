"""Formats of quantities in the window."""

import re

from markupsafe import Markup, escape

MINUS = "\N{MINUS SIGN}"
BUSY = "A run is active"
"""Text of start buttons while they are disabled."""
NOTHING = "\N{EN DASH}"
"""Shown where nothing was measured."""


def number(value: float, digits: int = 6) -> str:
    """Format a number with a true minus sign and up to ``digits`` significant digits."""
    return f"{value:.{digits}g}".replace("-", MINUS)


def fixed(value: float, decimals: int) -> str:
    """Format a number with ``decimals`` decimals, a true minus sign, and no negative zero."""
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", MINUS)


def whole(value: float) -> str:
    """Format a number rounded to an integer, with a true minus sign."""
    return f"{round(value)}".replace("-", MINUS)


def as_html(*lines: str) -> Markup:
    """HTML of plain text lines, with subscripts in symbols such as I_A and I_MTJ."""
    return Markup("<p>{}</p>").format(Markup("<br>").join(map(with_subscripts, lines)))


def with_subscripts(text: str) -> Markup:
    """Convert symbols such as I_A and I_MTJ to HTML with subscripts; tags of ``Markup`` are preserved."""
    return Markup(re.sub(r"\bI_([A-Za-z]+)", r"I<sub>\1</sub>", str(escape(text))))


def with_symbols(sentence: str) -> str:
    """Replace units by their symbols, which a terminal may not be able to show."""
    return sentence.replace(" uA", " µA").replace(" ohm", " Ω").replace("->", "→")


def per_cent(share: float) -> str:
    """Format a share in per cent."""
    return f"{100 * share:.1f} %"


def control_symbol(junction: int) -> Markup:
    """Symbol of a control current, as HTML."""
    return Markup("I<sub>C{}</sub>").format(junction + 1)


def duration(seconds: float) -> str:
    """Format an approximate duration in a suitable unit."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min"
