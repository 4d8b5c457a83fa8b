"""Kinds of settings: what parameters they take, and how instruments write them in replies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Protocol

from instruments.simulated.vocabulary.scpi import (
    data_type_error,
    illegal_value,
    missing_parameter,
    out_of_range,
    parameter_not_allowed,
    short_form,
)


class Kind(Protocol):
    """How a setting is read from parameters and written in replies."""

    def value(self, parameters: Sequence[str]) -> Any:
        """The value that parameters name. Raises ScpiError for what is no such value."""

    def reply(self, value: Any, parameters: Sequence[str]) -> str:
        """How a query is answered; MIN, MAX and DEF may be its parameters."""


def only(parameters: Sequence[str]) -> str:
    """The one parameter of a command."""
    if not parameters:
        raise missing_parameter()
    if len(parameters) > 1:
        raise parameter_not_allowed()
    return parameters[0]


def as_number(text: str) -> float:
    """A number in any of the forms of IEEE 488.2."""
    try:
        value = float(text)
    except ValueError:
        raise data_type_error() from None
    if not isfinite(value):
        raise out_of_range()
    return value


def to_resolution(value: float, step: float) -> float:
    """The nearest multiple of ``step``, as the float of its short decimal."""
    return float(f"{round(value / step) * step:.12g}")


def nr3(value: float) -> str:
    """``1.000000E-03``."""
    return f"{value:.6E}"


def nr1(value: float) -> str:
    """``12``."""
    return f"{value:.0f}"


@dataclass(frozen=True, slots=True)
class Number:
    """A number from ``low`` to ``high``; ``default`` is what DEF means."""

    low: float
    high: float
    default: float
    write: Callable[[float], str] = nr3
    step: float = 0.0

    def value(self, parameters: Sequence[str]) -> float:
        """Any number inside, to the nearest ``step``."""
        text = only(parameters)
        named = self._named(text)
        value = as_number(text) if named is None else named
        if not self.low <= value <= self.high:
            raise out_of_range()
        return to_resolution(value, self.step) if self.step else value

    def reply(self, value: float, parameters: Sequence[str]) -> str:
        """The number, or the bound that is asked for."""
        named = self._named(only(parameters)) if parameters else value
        if named is None:
            raise illegal_value()
        return self.write(named)

    def _named(self, text: str) -> float | None:
        names = {"MINIMUM": self.low, "MAXIMUM": self.high, "DEFAULT": self.default}
        return next((value for name, value in names.items() if text.upper() in (name, name[:3])), None)


@dataclass(frozen=True, slots=True)
class Range:
    """One of the fixed ranges: the smallest that holds the number asked for, up to ``high``.

    Some models count a range as ``full_scale`` times its name, and say so when they are asked.
    """

    ranges: tuple[float, ...]
    high: float
    default: float
    full_scale: float = 1.0

    def value(self, parameters: Sequence[str]) -> float:
        """The range for a number of either sign."""
        wanted = Number(-self.high, self.high, self.default).value(parameters)
        return self.holding(abs(wanted))

    def holding(self, value: float) -> float:
        """The smallest range that is at least ``value``, or the largest."""
        return next((one for one in self.ranges if value <= one * self.full_scale * (1.0 + 1e-9)), self.ranges[-1])

    def reply(self, value: float, parameters: Sequence[str]) -> str:
        """The range, or the bound that is asked for."""
        low, high, default = (one * self.full_scale for one in (self.ranges[0], self.ranges[-1], self.default))
        return Number(low, high, default).reply(value * self.full_scale, parameters)


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off."""

    def value(self, parameters: Sequence[str]) -> bool:
        """0, 1, OFF, ON."""
        text = only(parameters).upper()
        if text in ("0", "OFF"):
            return False
        if text in ("1", "ON"):
            return True
        raise illegal_value()

    def reply(self, value: bool, parameters: Sequence[str]) -> str:
        """0 or 1."""
        if parameters:
            raise parameter_not_allowed()
        return "1" if value else "0"


@dataclass(frozen=True, slots=True)
class Word:
    """One of several words, given as ``VOLTage``; the value is the short form. Quotes around it are taken off."""

    words: tuple[str, ...]
    quoted: bool = False

    def value(self, parameters: Sequence[str]) -> str:
        """A word in its short or long form."""
        text = only(parameters).strip("\"'").upper()
        for word in self.words:
            if text in (word.upper(), short_form(word)):
                return short_form(word)
        raise illegal_value()

    def reply(self, value: str, parameters: Sequence[str]) -> str:
        """The short form."""
        if parameters:
            raise parameter_not_allowed()
        return f'"{value}"' if self.quoted else value
