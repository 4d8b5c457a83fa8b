"""Finds room for names: how large a text is, and where in the plane of two inputs it hides the fewest tokens."""

from collections.abc import Iterable, Sequence
from itertools import product
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from mtjlab.arrays import FloatArray
from mtjlab.domain import Interval

_SPOTS_PER_AXIS = 9


def length_pt(text: str, size_pt: float, weight: str = "normal") -> float:
    """Length of ``text`` in points (1/72 inch) as it is drawn at ``size_pt``."""
    font = FontProperties(size=size_pt, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def longest_in(names: Iterable[str], size_pt: float = 8.0) -> float:
    """Length in inches of the longest of ``names``."""
    return max(length_pt(name, size_pt) for name in names) / 72


def lines_within(text: str, width_in: float, size_pt: float) -> list[str]:
    """``text`` broken between words into lines of at most about ``width_in`` as they are drawn at ``size_pt``."""
    return wrap(text, int(72 * width_in / length_pt(text, size_pt) * len(text)))


def ua_per_pt(axes: Axes) -> FloatArray:
    """Scale of ``axes`` along x and y, its limits being set."""
    spans_ua: FloatArray = np.ptp(np.array([axes.get_xlim(), axes.get_ylim()]), axis=1)
    return spans_ua / (np.array([axes.bbox.width, axes.bbox.height]) * 72 / axes.figure.dpi)


def fits(size_ua: FloatArray, room: Sequence[Interval]) -> bool:
    """Whether a box of ``size_ua`` fits into ``room``."""
    return all(size <= side.high_ua - side.low_ua for size, side in zip(size_ua, room, strict=True))


def clearest_spot_ua(size_ua: FloatArray, room: Sequence[Interval], tokens_ua: FloatArray) -> tuple[float, float]:
    """Centre of the box of ``size_ua`` within ``room`` that covers the fewest of ``tokens_ua`` [n, 2].

    Of a grid of places; among equals the nearest to the middle.
    """
    lows, highs = np.array([(side.low_ua, side.high_ua) for side in room]).T
    steps = product(np.linspace(-1, 1, _SPOTS_PER_AXIS), repeat=2)
    from_middle = np.array(sorted(steps, key=lambda step: step[0] ** 2 + step[1] ** 2))
    spots = (lows + highs) / 2 + from_middle * np.maximum(0, highs - lows - size_ua) / 2
    covered = (np.abs(tokens_ua - spots[:, None, :]) < np.array(size_ua) / 2).all(axis=2).sum(axis=1)
    x_ua, y_ua = spots[np.argmin(covered)].tolist()
    return x_ua, y_ua
