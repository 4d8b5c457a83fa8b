"""What several runs show beside each other: panels of curves, and numbers that differ; drawn by whoever shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from typing import Any, Literal, TypeAlias

from mtjlab.domain import Interval

Style: TypeAlias = Literal["solid", "dotted", "marks"]
MAX_ENTRIES = 16
"""Lists longer than this are for panels, not for tables of numbers."""
SAME = 1e-9
"""Numbers that differ by less, relative to their size, are equal."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of one of the things compared, by its number ``of``; ``half`` are half widths of their 95 % intervals."""

    of: int
    x: tuple[float, ...]
    y: tuple[float, ...]
    style: Style = "solid"
    half: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Patch:
    """A rectangle where what is compared differs, and how."""

    across: Interval
    up: Interval
    label: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A plot; labels of its axes may contain symbols such as I_A. ``ticks`` name places along x, from 0.

    ``x_is_date``: x is in seconds since 1970.
    """

    title: str
    x_label: str
    y_label: str
    curves: tuple[Curve, ...]
    patches: tuple[Patch, ...] = ()
    ticks: tuple[str, ...] = ()
    x_is_date: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """A quantity, and its value in each of the things compared; None where it has none."""

    quantity: str
    values: tuple[float | None, ...]

    @property
    def difference(self) -> float | None:
        """The last value minus the first."""
        first, last = self.values[0], self.values[-1]
        return None if first is None or last is None or len(self.values) < 2 else last - first


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several things by ``names``; ``remarks`` say in what else each differs."""

    subject: str
    names: tuple[str, ...]
    remarks: tuple[str, ...]
    panels: tuple[Panel, ...]
    numbers: tuple[Numbers, ...] = ()
    caption: str = ""


def differing_numbers(results: Sequence[Mapping[str, Any]]) -> tuple[Numbers, ...]:
    """Numbers in ``results`` that are not the same in all of them, by their keys."""
    flat = [dict(_flat(result)) for result in results]
    keys = dict.fromkeys(key for one in flat for key in one)
    rows = (Numbers(key, tuple(one.get(key) for one in flat)) for key in keys)
    return tuple(row for row in rows if not _are_same(row.values))


def spread_out(of: int, count: int) -> float:
    """Place of one of ``count`` beside a tick, so that marks do not cover each other."""
    return 0.6 * ((of + 0.5) / count - 0.5)


def _are_same(values: Sequence[float | None]) -> bool:
    known = [value for value in values if value is not None]
    return len(known) == len(values) and all(isclose(value, known[0], rel_tol=SAME) for value in known)


def _flat(thing: Any, key: str = "") -> Iterator[tuple[str, float]]:
    match thing:
        case bool():
            return
        case int() | float():
            yield key, float(thing)
        case Mapping():
            for name, value in thing.items():
                yield from _flat(value, f"{key} {name}".strip().replace("_", " "))
        case list() | tuple() if len(thing) <= MAX_ENTRIES:
            for number, value in enumerate(thing, start=1):
                yield from _flat(value, f"{key} {number}")
