"""Colours and names of switching configurations that stand for no class.

The more junctions A switches the bluer, the more B switches the more orange: readers with any kind of colour vision
tell them apart, and the name of a configuration can be read on its colour.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from mtjlab.arrays import FloatArray
from mtjlab.domain import Interval, SwitchingConfiguration
from mtjlab.figures.labels import fits, length_pt, ua_per_pt
from mtjlab.figures.style import INK

_BY_A, _BY_B = (0.53, 0.75, 0.98), (1.0, 0.79, 0.47)
"""What all junctions switched by an input leave of red, green and blue."""
_NONE = 0.91
"""Grey of the configuration without any: cells that were not measured are white."""
_LINE_EM = 1.2
_SIZES_PT = (7.0, 6.0, 5.0, 4.2)


def shades(junctions: int) -> tuple[FloatArray, FloatArray]:
    """Factors [N+1, RGB] of the colour of a configuration: that of its count for A, and that for B."""
    shares = np.linspace(0, 1, junctions + 1)[:, np.newaxis]
    by_a, by_b = (_NONE * (1 - shares * (1 - np.array(most))) for most in (_BY_A, _BY_B))
    return by_a, by_b / _NONE


def blended(probabilities: Sequence[FloatArray | None], junctions: int) -> FloatArray:
    """The mean colour [B, A, RGB] where counts have ``probabilities[input]`` [L, counts]; white for an unknown one."""
    along = [
        np.ones((2, 3)) if chances is None else chances @ shade[: chances.shape[1]]
        for chances, shade in zip(probabilities, shades(junctions), strict=True)
    ]
    colours: FloatArray = along[1][:, np.newaxis, :] * along[0][np.newaxis, :, :]
    return colours


def colour_of(configuration: SwitchingConfiguration, junctions: int) -> tuple[float, float, float]:
    """Red, green and blue of a configuration."""
    by_a, by_b = shades(junctions)
    a, b = configuration.counts
    red, green, blue = (by_a[a] * by_b[b]).tolist()
    return red, green, blue


def write_names(axes: Axes, named: Iterable[tuple[str, Sequence[Interval]]], boxed: bool) -> list[str]:
    """Each name in the middle of its room, as large as it fits, upright or in two lines if need be.

    Returns the names that do not fit.
    """
    scale = ua_per_pt(axes)
    left_out = []
    for name, room in named:
        fitting = _fitting(name, room, scale)
        if fitting is None:
            left_out.append(name)
            continue
        text, size_pt, rotation = fitting
        x_ua, y_ua = ((side.low_ua + side.high_ua) / 2 for side in room)
        box = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1} if boxed else None
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": INK, "linespacing": 1.05, "zorder": 5}
        axes.text(x_ua, y_ua, text, fontsize=size_pt, rotation=rotation, bbox=box, **look)
    return left_out


def _fitting(name: str, room: Sequence[Interval], scale: FloatArray) -> tuple[str, float, float] | None:
    """Text, size and rotation that fit; None if nothing does."""
    in_two = name.replace(", ", ",\n")
    for size_pt, (text, rotation) in product(_SIZES_PT, ((name, 0.0), (name, 90.0), (in_two, 0.0))):
        lines = text.split("\n")
        size = np.array([max(length_pt(line, size_pt) for line in lines), _LINE_EM * size_pt * len(lines)]) + 2
        if fits((size[::-1] if rotation else size) * scale, room):
            return text, size_pt, rotation
    return None
