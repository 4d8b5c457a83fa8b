"""Numbers on the command line, read by ``typed_numbers``."""

import click

from mtjlab.errors import RefusedError
from mtjlab.typed_numbers import NotANumberError, NumberRange, read_number


class Number(click.ParamType[float, str | float]):
    """A number of the range ``allowed``."""

    def __init__(self, allowed: NumberRange) -> None:
        self.allowed = allowed
        self.name = "integer" if allowed.is_whole else "float"

    def convert(
        self, value: str | float, param: click.Parameter | None = None, ctx: click.Context | None = None
    ) -> float:
        """Return the typed number; a default is returned unchanged.

        Raises:
            click.BadParameter: it is not unambiguously one number, or out of range.
        """
        if not isinstance(value, str):
            return value
        try:
            return self.allowed.read(value)
        except NotANumberError as error:
            self.fail(f"{error}.", param, ctx)


def typed_row(text: str, option: str) -> tuple[float, ...]:
    """Read numbers separated by commas. Raises RefusedError naming the option."""
    try:
        return tuple(read_number(part) for part in text.split(","))
    except NotANumberError as error:
        raise RefusedError(
            f"{option} {text}: {error}. Type numbers separated by commas, such as 20.5,-60,100."
        ) from error
