"""What several runs show beside each other: panels of curves, and numbers that differ; drawn by whoever shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from typing import Any, Literal, TypeAlias

from mtjlab.domain import Interval, junction_label

Style: TypeAlias = Literal["solid", "dotted", "marks"]
Path: TypeAlias = tuple[str | int, ...]
"""Keys and places in lists, from 1, that lead to a number in a result."""
UNITS = {"_ua_per_s": "µA/s", "_ua": "µA", "_mv": "mV", "_mt": "mT", "_ohm": "Ω", "_s": "s"}
"""Units by the ends of keys."""
OF_JUNCTIONS = ("up", "down", "control_currents", "rest_currents", "last_controls")
"""Keys of lists with an entry for each junction."""
ENDS = ("lower end", "upper end")
WORDS = {
    "up": "AP → P",
    "down": "P → AP",
    "n": "number",
    "step": "training step",
    "steps": "training steps",
    "train": "training subset",
    "test": "test subset",
    "recognition": "recognition rate",
    "recognition_by_step": "recognition rate, measurement",
    "interval": "95 % interval",
    "critical_current_interval": "critical current, 95 % interval",
    "critical_input_interval": "critical input, 95 % interval",
    "spread_interval": "spread, 95 % interval",
    "held_moves": "moves at the limits",
    "granted": "requests granted",
    "refused": "requests refused",
}
"""Words for keys that do not say what they are."""
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
    """Numbers in ``results`` that are not the same in all of them, in words."""
    flat = [dict(_flat(result)) for result in results]
    paths = dict.fromkeys(path for one in flat for path in one)
    rows = ((path, tuple(one.get(path) for one in flat)) for path in paths)
    return tuple(Numbers(quantity(path), values) for path, values in rows if not _are_same(values))


def quantity(path: Path) -> str:
    """Words for the place of a number in a result.

    ("series", 1, "up", 2, "spread_ua") -> "series 1, AP → P, J2, spread (µA)".
    """
    words: list[str] = []
    unit, of_junctions, of_interval = "", False, False
    for n, part in enumerate(path, start=1):
        if isinstance(part, str):
            key, unit = next(
                ((part.removesuffix(end), symbol) for end, symbol in UNITS.items() if part.endswith(end)), (part, unit)
            )
            of_junctions |= key in OF_JUNCTIONS
            of_interval |= "interval" in key
            words.append(_word(key))
        elif of_interval and n == len(path) and part <= len(ENDS):
            words.append(ENDS[part - 1])
        elif of_junctions:
            words.append(junction_label(part - 1))
            of_junctions = False
        else:
            words[-1:] = [f"{words[-1]} {part}"]
    return f"{', '.join(words)}{f' ({unit})' if unit else ''}"


def _word(key: str) -> str:
    return f"input {key.upper()}" if len(key) == 1 and key in "abcdef" else WORDS.get(key, key.replace("_", " "))


def spread_out(of: int, count: int) -> float:
    """Place of one of ``count`` beside a tick, so that marks do not cover each other."""
    return 0.6 * ((of + 0.5) / count - 0.5)


def _are_same(values: Sequence[float | None]) -> bool:
    known = [value for value in values if value is not None]
    return len(known) == len(values) and all(isclose(value, known[0], rel_tol=SAME) for value in known)


def _flat(thing: Any, path: Path = ()) -> Iterator[tuple[Path, float]]:
    match thing:
        case bool():
            return
        case int() | float():
            yield path, float(thing)
        case Mapping():
            for name, value in thing.items():
                yield from _flat(value, (*path, name))
        case list() | tuple() if len(thing) <= MAX_ENTRIES:
            for number, value in enumerate(thing, start=1):
                yield from _flat(value, (*path, number))
