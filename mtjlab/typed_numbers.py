"""Typed numbers with a dot or a comma as decimal mark, independent of the locale.

Ambiguous input is refused, never guessed: an unintended current may damage a junction.
"""

import json
import re
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, NoReturn

MINUS_SIGN = "\N{MINUS SIGN}"
_WHOLE = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_MARKS = re.compile(r"[.,'\u2019\s_]")
_BETWEEN_DIGITS = re.compile(r"([+-]?[0-9]+),([0-9]+)")
_SPACED = re.compile(r",\s")


class NotANumberError(ValueError):
    """The input is not a number, or ambiguous; the message says why, and what to type."""


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Range of allowed numbers from ``low`` to ``high``, with their ``unit``; ``is_whole``: whole numbers only."""

    low: float = -inf
    high: float = inf
    unit: str = ""
    is_whole: bool = False

    def read(self, text: str) -> float:
        """Read a typed number, with or without the unit; returns an int if ``is_whole``.

        Raises:
            NotANumberError: it is not a number, ambiguous, or out of range.
        """
        number = read_number(text.strip().removesuffix(self.unit))
        if self.is_whole and not isinstance(number, int):
            raise NotANumberError(f"{text.strip()} is not a whole number")
        if not self.low <= number <= self.high:
            limit, word = (self.low, "below") if number < self.low else (self.high, "above")
            typed, end = (f"{shown} {self.unit}".rstrip() for shown in distinct_texts(number, limit, digits=12))
            raise NotANumberError(f"{typed} is {word} the limit, {end}")
        return number if self.is_whole else float(number)


def read_number(text: str) -> float:
    """Read a finite typed number; returns an int if it has no decimal mark.

    Raises:
        NotANumberError: it is not a number, or ambiguous.
    """
    typed = text.strip().replace(MINUS_SIGN, "-")
    if not _NUMBER.fullmatch(typed):
        _refuse(text.strip(), typed)
    if _GROUPED.fullmatch(typed):
        with_dot, without = typed.replace(",", "."), typed.replace(",", "")
        raise NotANumberError(f"{typed} is not clear: type {with_dot} or {without}")
    number = float(typed.replace(",", "."))
    if not isfinite(number):
        raise NotANumberError(f"{typed} is too large")
    return int(typed) if _WHOLE.fullmatch(typed) else number


def read_numbers(text: str) -> Any:
    """Read a number, a list (-5,0,5 or -5, 0, 5), lists separated by semicolons, or the same in brackets as JSON.

    A comma between two digits is refused if it may be a decimal mark: alone, or among commas with spaces.

    Raises:
        NotANumberError: it is none of these, or ambiguous.
    """
    typed = text.strip().replace(MINUS_SIGN, "-")
    for row in re.split(r"[];[]", typed):
        _demand_clear(row)
    if typed.startswith("["):
        return _read_json(typed)
    rows = [[read_number(part) for part in row.split(",")] for row in typed.split(";")]
    if len(rows) > 1:
        return rows
    return rows[0] if len(rows[0]) > 1 else rows[0][0]


def demand_one_row(value: Any, text: str) -> None:
    """Refuse rows where one row of numbers is needed. Raises NotANumberError."""
    if isinstance(value, list | tuple) and any(isinstance(row, list | tuple) for row in value):
        raise NotANumberError(f"{text.strip()} is {len(value)} rows: type one row, with commas between the numbers")


def shown_number(value: float) -> str:
    """``value`` as text with a decimal dot, without digits from rounding errors."""
    return f"{round(value, 9) + 0.0:.12g}"


def distinct_texts(*numbers: float, digits: int = 6) -> tuple[str, ...]:
    """Numbers as texts with ``digits``, or with as many as distinguish them, as a value slightly beyond a limit."""
    shown: tuple[str, ...] = ()
    for count in range(digits, 18):
        shown = tuple(f"{number:.{count}g}" for number in numbers)
        if len(set(shown)) == len(set(numbers)):
            break
    return shown


def _read_json(typed: str) -> Any:
    def refuse(constant: str) -> NoReturn:
        raise NotANumberError(f"{constant} is not a number")

    try:
        return json.loads(typed, parse_constant=refuse)
    except NotANumberError:
        raise
    except ValueError as error:
        raise NotANumberError(f"{typed} is not valid: type numbers with commas between, as -500, -480, -500") from error


def _demand_clear(row: str) -> None:
    """Refuse a row in which a comma may be a decimal mark; with dots in the row, it is none."""
    found = _BETWEEN_DIGITS.search(row)
    if found is None or "." in row or (row.count(",") > 1 and not _SPACED.search(row)):
        return
    number, one, other = found[0], found[1], found[2]
    raise NotANumberError(f"{number} is not clear: type {one}.{other} for one number, {one}, {other} for two")


def _refuse(text: str, typed: str) -> NoReturn:
    if not typed:
        raise NotANumberError("no number is given")
    if any(letter.isdigit() and not letter.isascii() for letter in typed):
        raise NotANumberError(f"{text} is not a valid number here: type the digits 0 to 9")
    if _WHOLE.fullmatch(_MARKS.sub("", typed)):
        raise NotANumberError(f"{text} is not clear: type one decimal mark at most, and no mark between thousands")
    raise NotANumberError(f"{text} is not a valid number")
