"""What all figures have in common: type, colours, notation, and the line that says where they come from."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mtjlab.domain import input_label
from mtjlab.events import RunStarted
from mtjlab.figures.labels import lines_within
from mtjlab.plain_text import visible
from mtjlab.vowels.hillenbrand import SURROGATE

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


def input_axis(index: int) -> str:
    """Axis label of an input: I_A (µA)."""
    return rf"$I_\mathrm{{{input_label(index)}}}$ (µA)"


def plain(text: str) -> str:
    """A name that somebody gave, so that no part of it is taken for a formula, and all of it can be written."""
    return visible(text).replace("$", r"\$")


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


def count_steps(axes: Axes, of: str = "training step") -> None:
    """Label the axis of training steps, or of something else that is counted; whole numbers only."""
    axes.set_xlabel(of)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
