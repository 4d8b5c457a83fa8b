"""What all figures have in common: type, colours, notation, and the line that says where they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from mtjlab.domain import input_label
from mtjlab.events import RunStarted
from mtjlab.figures.labels import lines_within
from mtjlab.vowels.hillenbrand import SURROGATE


@dataclass(frozen=True, slots=True)
class ClassStyle:
    """How the tokens of a class look: the symbol is there so that colour is not all that tells classes apart."""

    colour: str
    marker: str


ClassStyles: TypeAlias = Mapping[str, ClassStyle]
"""Style of each class, by its label."""

RC: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib: the same everywhere
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.titlelocation": "left",
    "axes.labelsize": 8.5,
    "axes.linewidth": 0.7,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "legend.frameon": False,
    "legend.handlelength": 1.6,
    "lines.linewidth": 1.3,
    "savefig.dpi": 200,
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "mtjlab",  # the same run gives the same file
    "text.usetex": False,
}

INK = "#222222"
FAINT = "#9a9a9a"
UNFINISHED = "#b2182b"
"""What is missing, and how far a run came that did not finish."""
UNASSIGNED = ("#f4f4f4", "#e9e9e9")
"""Fills of neighbouring regions to which no class is assigned."""
ORIGIN_HEIGHT_IN = 0.22
_ORIGIN_PT = 6.0

_MARKERS = "os^Dv<>"
# Okabe & Ito, the yellow darker: told apart by colour-blind readers too.
_SEVEN = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#b8a900")
_TWENTY = [to_hex(colour) for colour in colormaps["tab20"](range(20))]
_EIGHTEEN = [*_TWENTY[0:14:2], *_TWENTY[16::2], *_TWENTY[1:14:2], *_TWENTY[17::2]]  # without its greys
_JUNCTIONS = ("#004488", "#bb5566", "#ddaa33")


def class_styles(classes: Sequence[str]) -> dict[str, ClassStyle]:
    """Colour and symbol of each of ``classes``: no two colours alike, the same in all figures of a run."""
    count = len(classes)
    if count <= len(_SEVEN):
        palette = list(_SEVEN)
    elif count <= len(_EIGHTEEN):
        palette = _EIGHTEEN
    else:
        palette = [to_hex(colour) for colour in colormaps["turbo"](np.linspace(0.02, 0.98, count))]
    return {label: ClassStyle(palette[k], _MARKERS[k % len(_MARKERS)]) for k, label in enumerate(classes)}


def junction_colours(junctions: int) -> list[str]:
    """A colour for each junction of a chain."""
    if junctions <= len(_JUNCTIONS):
        return list(_JUNCTIONS[:junctions])
    return [to_hex(colour) for colour in colormaps["viridis"](np.linspace(0, 0.9, junctions))]


def tint(colour: str, strength: float = 0.3) -> str:
    """``colour`` thinned with white."""
    red, green, blue = (1 - strength * (1 - part) for part in to_rgb(colour))
    return to_hex((red, green, blue))


def input_axis(index: int) -> str:
    """Axis label of an input: I_A (µA)."""
    return rf"$I_\mathrm{{{input_label(index)}}}$ (µA)"


def plain(text: str) -> str:
    """A name that somebody gave, so that no part of it is taken for a formula."""
    return text.replace("$", r"\$")


def current(value_ua: float) -> str:
    """A current as it is printed: no digit too many, a true minus sign."""
    return f"{value_ua:.6g}".replace("-", "−")  # noqa: RUF001


def place_inside(figure: Figure, *, left: float, right: float, bottom: float, top: float) -> dict[str, float]:
    """Margins in inches as the shares of ``figure`` that a grid of axes takes; the line of origin lies below them."""
    width_in, height_in = figure.get_size_inches()
    return {
        "left": left / width_in,
        "right": 1 - right / width_in,
        "bottom": (bottom + ORIGIN_HEIGHT_IN) / height_in,
        "top": 1 - top / height_in,
    }


def axes_at(figure: Figure, left_in: float, bottom_in: float, width_in: float, height_in: float, **shared: Any) -> Axes:
    """Axes of ``figure``, placed in inches from its lower left corner."""
    whole_in, tall_in = figure.get_size_inches()
    return figure.add_axes(
        (left_in / whole_in, bottom_in / tall_in, width_in / whole_in, height_in / tall_in), **shared
    )


def origin(started: RunStarted, remark: str = "") -> str:
    """Where a figure comes from: run, software, and in plain words what is simulated or drawn, and what is missing."""
    data = "surrogate vowels: drawn from published moments" if started.data == SURROGATE else started.data
    simulated = ["SIMULATED BENCH"] if started.bench.simulated else []
    source = started.derived_from
    redetected = f"REDETECTED: readings of run {source.run}, judged again" if source else ""
    parts = [f"run {started.run}", redetected, remark, started.software, *simulated, data]
    return plain("  ·  ".join(part for part in parts if part))


def add_origin(figure: Figure, text: str) -> None:
    """Write the line of origin at the bottom of ``figure``."""
    width_in, height_in = figure.get_size_inches()
    lines = lines_within(text, width_in - 1 / 6, _ORIGIN_PT)
    look: dict[str, Any] = {"fontsize": _ORIGIN_PT, "color": "#666666", "linespacing": 1.1}
    figure.text(0.08 / width_in, 0.05 / height_in, "\n".join(lines), va="bottom", ha="left", **look)
