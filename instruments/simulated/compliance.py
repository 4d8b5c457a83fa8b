"""Currents of sources in compliance, possibly several at once, into a chain of non-linear junctions.

A source is a falling staircase of current against the voltage of its node, and a chain of junctions a rising law, so
there is one solution. It is found by stepping one source at a time to the neighbouring stretch of its staircase until
every source is on the right one (Murty's least-index pivoting for complementarity problems). Between two nodes that
clamps hold, one current is unknown: each such stretch of the chain is a root of one rising function.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate, pairwise
from math import inf

MOST_PIVOTS = 10_000
VOLTAGE_ACCURACY_V = 1e-11
CURRENT_ACCURACY_A = 1e-15


@dataclass(frozen=True, slots=True)
class Drive:
    """Characteristic of a source at its node, independent of the circuit.

    ``level_a`` flows while the node is between ``low_v`` and ``high_v``; as much current as holds the node at these
    voltages flows there, up to ``most_a`` of either sign. A current source has ``low_v`` = -compliance, ``high_v`` =
    compliance; a voltage source has both at its voltage, ``most_a`` is its compliance; an open output is ``OPEN``.
    """

    level_a: float = 0.0
    low_v: float = -inf
    high_v: float = inf
    most_a: float = inf

    @classmethod
    def of_current(cls, level_a: float, compliance_v: float) -> "Drive":
        """A current source."""
        return cls(level_a, -compliance_v, compliance_v)

    @classmethod
    def of_voltage(cls, level_v: float, compliance_a: float) -> "Drive":
        """A voltage source."""
        return cls(0.0, level_v, level_v, compliance_a)

    def reversed(self) -> "Drive":
        """The same output with its two leads swapped."""
        return Drive(-self.level_a, -self.high_v, -self.low_v, self.most_a)


OPEN = Drive()


class Stretch(IntEnum):
    """Where on its staircase a source is, from low node voltages to high ones."""

    BELOW = 0
    AT_LOW = 1
    FREE = 2
    AT_HIGH = 3
    ABOVE = 4


@dataclass(frozen=True, slots=True)
class Solution:
    """Currents of the sources (A), voltages of their nodes (V), and the stretch each source is on."""

    sources_a: tuple[float, ...]
    nodes_v: tuple[float, ...]
    stretches: tuple[Stretch, ...]


def solve(
    drives: Sequence[Drive], voltage_v: Callable[[int, float], float], guess: Sequence[Stretch] | None = None
) -> Solution:
    """Currents into the tops of a chain of junctions whose far end is at ground.

    ``voltage_v(k, current_a)`` is the voltage across junction ``k``, rising with the current. A good ``guess`` of the
    stretches saves steps.

    Raises:
        ArithmeticError: no solution was found, which means that a law does not rise.
    """
    stretches = list(guess or [Stretch.FREE] * len(drives))
    for _ in range(MOST_PIVOTS):
        sources_a, nodes_v = _on_stretches(drives, stretches, voltage_v)
        for k, drive in enumerate(drives):
            move = _move(drive, stretches[k], sources_a[k], nodes_v[k])
            if move:
                stretches[k] = Stretch(stretches[k] + move)
                break
        else:
            return Solution(tuple(sources_a), tuple(nodes_v), tuple(stretches))
    raise ArithmeticError(f"no currents satisfy {list(drives)}")


def _move(drive: Drive, stretch: Stretch, current_a: float, node_v: float) -> int:
    """-1, 0 or +1: direction to the stretch that fits current and voltage of this source."""
    slack_v, slack_a = 4 * VOLTAGE_ACCURACY_V, CURRENT_ACCURACY_A
    match stretch:
        case Stretch.FREE:
            return (node_v > drive.high_v + slack_v) - (node_v < drive.low_v - slack_v)
        case Stretch.AT_HIGH:
            return (current_a < -drive.most_a - slack_a) - (current_a > drive.level_a + slack_a)
        case Stretch.AT_LOW:
            return (current_a < drive.level_a - slack_a) - (current_a > drive.most_a + slack_a)
        case Stretch.ABOVE:
            return -(node_v < drive.high_v - slack_v)
        case Stretch.BELOW:
            return int(node_v > drive.low_v + slack_v)


def _on_stretches(
    drives: Sequence[Drive], stretches: Sequence[Stretch], voltage_v: Callable[[int, float], float]
) -> tuple[list[float], list[float]]:
    """Source currents and node voltages if every source stays on its stretch."""
    held_v = {k: drives[k].high_v if s is Stretch.AT_HIGH else drives[k].low_v
              for k, s in enumerate(stretches) if s in (Stretch.AT_LOW, Stretch.AT_HIGH)}  # fmt: skip
    sources_a = [_known_current_a(drive, s) for drive, s in zip(drives, stretches, strict=True)]
    ends = [*held_v, len(drives)]
    for first, last in pairwise(ends):
        drop_v = held_v[first] - held_v.get(last, 0.0)
        into_a = _current_for_drop(drop_v, first, sources_a[first + 1 : last], voltage_v)
        sources_a[first] = into_a - sum(sources_a[:first])
    nodes_v, above_v = [0.0] * len(drives), 0.0
    for k, current_a in reversed(list(enumerate(accumulate(sources_a)))):
        above_v = held_v[k] if k in held_v else above_v + voltage_v(k, current_a)
        nodes_v[k] = above_v
    return sources_a, nodes_v


def _known_current_a(drive: Drive, stretch: Stretch) -> float:
    return {Stretch.FREE: drive.level_a, Stretch.BELOW: drive.most_a, Stretch.ABOVE: -drive.most_a}.get(stretch, 0.0)


def _current_for_drop(
    drop_v: float, first: int, joining_a: Sequence[float], voltage_v: Callable[[int, float], float]
) -> float:
    """Current into junction ``first`` that makes this drop over it and those after it, where more currents join."""
    joined_a = list(accumulate(joining_a, initial=0.0))

    def excess_v(current_a: float) -> float:
        return sum([voltage_v(first + n, current_a + more_a) for n, more_a in enumerate(joined_a)]) - drop_v

    return root_of_rising(excess_v, start=1e-4, accuracy=VOLTAGE_ACCURACY_V)


def root_of_rising(function: Callable[[float], float], start: float, accuracy: float) -> float:
    """Where a rising function is zero, to ``accuracy`` of its value or as near as floats come.

    A bracket is widened from -start..start, then narrowed by false position (Illinois), halved where that stalls.

    Raises:
        ArithmeticError: it does not change sign.
    """
    low, high = -start, start
    f_low, f_high = function(low), function(high)
    while f_low > 0.0 or f_high < 0.0:
        low, high = low * 4.0, high * 4.0
        if high > 1e30:
            raise ArithmeticError("the function does not change sign")
        f_low, f_high = function(low), function(high)
    kept = 0
    for turn in range(300):
        middle = (low + high) / 2.0 if turn % 8 == 7 else (low * f_high - high * f_low) / (f_high - f_low)
        if not low < middle < high:
            middle = (low + high) / 2.0
        value = function(middle)
        if abs(value) <= accuracy or middle in (low, high):
            return middle
        if value > 0.0:
            high, f_high = middle, value
            f_low, kept = (f_low / 2.0, 1) if kept == 1 else (f_low, 1)
        else:
            low, f_low = middle, value
            f_high, kept = (f_high / 2.0, -1) if kept == -1 else (f_high, -1)
    return (low + high) / 2.0
