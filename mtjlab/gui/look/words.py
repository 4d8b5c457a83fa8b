"""How quantities are written in the window."""

import re

from markupsafe import Markup, escape

MINUS = "\N{MINUS SIGN}"
BUSY = "A run goes on, or is drawn"
"""What the button says that would start another."""
NOTHING = "\N{EN DASH}"
"""Stands where nothing was measured."""


def number(value: float, digits: int = 6) -> str:
    """A number with a true minus sign, no digit too many."""
    return f"{value:.{digits}g}".replace("-", MINUS)


def fixed(value: float, decimals: int) -> str:
    """A number with so many decimals, a true minus sign, and no minus zero."""
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", MINUS)


def whole(value: float) -> str:
    """A number to the nearest one, with a true minus sign."""
    return f"{round(value)}".replace("-", MINUS)


def as_html(*lines: str) -> Markup:
    """Plain words with the paper's symbols, I_A or I_MTJ, as a tooltip shows them."""
    return Markup(f"<p>{'<br>'.join(map(with_subscripts, lines))}</p>")


def with_subscripts(text: str) -> Markup:
    """The paper's symbols in a text, I_A or I_MTJ, as HTML; the tags of ``Markup`` stay."""
    return Markup(re.sub(r"\bI_([A-Za-z]+)", r"I<sub>\1</sub>", str(escape(text))))


def with_symbols(sentence: str) -> str:
    """A sentence of the log with the symbols of units, which a terminal may not have."""
    return sentence.replace(" uA", " µA").replace(" ohm", " Ω").replace("->", "→")


def per_cent(share: float) -> str:
    """A share in per cent, as rates are printed."""
    return f"{100 * share:.1f} %"


def control_symbol(junction: int) -> Markup:
    """The paper's symbol of a control current."""
    return Markup("I<sub>C{}</sub>").format(junction + 1)


def duration(seconds: float) -> str:
    """RunInfo how long, in the largest unit that says enough."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min"
