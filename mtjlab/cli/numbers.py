"""Numbers as options of the command line: read by the one rule for all that people type."""

from math import inf, isfinite
from typing import Any

import typer

from mtjlab.errors import RefusedError
from mtjlab.typed_numbers import NotANumberError, NumberRange, read_number


class TypedNumber:
    """How an option reads its number: one of ``allowed``, or the command is refused with what to type."""

    def __init__(self, allowed: NumberRange) -> None:
        self.allowed = allowed

    def __call__(self, typed: str | float) -> float:
        """The number that was typed; a default is one already.

        Raises:
            typer.BadParameter: it is not one number beyond doubt, or not in the range.
        """
        if not isinstance(typed, str):
            return typed
        try:
            return self.allowed.read(typed)
        except NotANumberError as error:
            raise typer.BadParameter(f"{error}.") from error


def decimal_option(*names: str, told: str, low: float = -inf) -> Any:
    """An option that takes a number of at least ``low``."""
    return _option(*names, told=told, allowed=NumberRange(low))


def whole_option(*names: str, told: str, low: float = -inf) -> Any:
    """An option that takes a whole number of at least ``low``."""
    return _option(*names, told=told, allowed=NumberRange(low, is_whole=True))


def _option(*names: str, told: str, allowed: NumberRange) -> Any:
    kind = "int" if allowed.is_whole else "float"
    metavar = f"<{kind} range> [x>={allowed.low:g}]" if isfinite(allowed.low) else f"<{kind}>"
    return typer.Option(*names, help=told, parser=TypedNumber(allowed), metavar=metavar)


def typed_row(text: str, option: str) -> tuple[float, ...]:
    """Numbers as they were typed, with commas between. Raises RefusedError naming the option."""
    try:
        return tuple(read_number(part) for part in text.split(","))
    except NotANumberError as error:
        raise RefusedError(f"{option} {text}: {error}. Type numbers with commas between, as -460,-380,-560.") from error
