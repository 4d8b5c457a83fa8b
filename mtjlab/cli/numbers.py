"""Numbers on the command line: read by the one rule for all that people type."""

import click

from mtjlab.errors import RefusedError
from mtjlab.typed_numbers import NotANumberError, NumberRange, read_number


class Number(click.ParamType[float, str | float]):
    """One of ``allowed``, or the command is refused with what to type."""

    def __init__(self, allowed: NumberRange) -> None:
        self.allowed = allowed
        self.name = "integer" if allowed.is_whole else "float"

    def convert(
        self, value: str | float, param: click.Parameter | None = None, ctx: click.Context | None = None
    ) -> float:
        """The number that was typed; a default is one already.

        Raises:
            click.BadParameter: it is not one number beyond doubt, or not in the range.
        """
        if not isinstance(value, str):
            return value
        try:
            return self.allowed.read(value)
        except NotANumberError as error:
            self.fail(f"{error}.", param, ctx)


def typed_row(text: str, option: str) -> tuple[float, ...]:
    """Numbers as they were typed, with commas between. Raises RefusedError naming the option."""
    try:
        return tuple(read_number(part) for part in text.split(","))
    except NotANumberError as error:
        raise RefusedError(f"{option} {text}: {error}. Type numbers with commas between, as 20.5,-60,100.") from error
