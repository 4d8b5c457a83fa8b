"""Colours and symbols of classes and junctions, the same in figures and in the window."""

import colorsys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ClassStyle:
    """Style of the tokens of a class: the symbol distinguishes classes besides the colour."""

    colour: str
    marker: str


ClassStyles: TypeAlias = Mapping[str, ClassStyle]
"""Style of each class, by its label."""

_MARKERS = "os^Dv<>"
# Okabe & Ito with a darker yellow: suitable for colour-blind readers.
_SEVEN = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#b8a900")
# Tableau 20 without greys, saturated colours first.
_EIGHTEEN = (
    "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#bcbd22", "#17becf",
    "#aec7e8", "#ffbb78", "#98df8a", "#ff9896", "#c5b0d5", "#c49c94", "#f7b6d2", "#dbdb8d", "#9edae5",
)  # fmt: skip
_JUNCTIONS = ("#004488", "#bb5566", "#ddaa33")


def class_styles(classes: Sequence[str]) -> dict[str, ClassStyle]:
    """Colour and symbol of each of ``classes``: all colours different, the same in all figures of a run."""
    count = len(classes)
    named = next((palette for palette in (_SEVEN, _EIGHTEEN) if count <= len(palette)), None)
    colours = named or _rainbow(count)
    return {label: ClassStyle(colours[k], _MARKERS[k % len(_MARKERS)]) for k, label in enumerate(classes)}


def series_style(number: int) -> ClassStyle:
    """Colour and symbol of a series that is added to others, from 0; the first 49 all differ, and none changes."""
    turns, colour = divmod(number, len(_SEVEN))
    return ClassStyle(_SEVEN[colour], _MARKERS[(colour + turns) % len(_MARKERS)])


def junction_colours(junctions: int) -> list[str]:
    """A colour for each junction of a chain."""
    return list(_JUNCTIONS[:junctions]) if junctions <= len(_JUNCTIONS) else _rainbow(junctions)


def energy_colours(phases: Sequence[str]) -> dict[str, str]:
    """A colour for each phase of a run."""
    return dict(zip(phases, _SEVEN, strict=False))


def tint(colour: str, strength: float = 0.3, ground: str = "#ffffff") -> str:
    """``colour`` blended with ``ground``."""
    return _hex([over + strength * (part - over) for part, over in zip(_parts(colour), _parts(ground), strict=True)])


def _rainbow(count: int) -> list[str]:
    """Colours from red to violet, with alternating lightness to distinguish neighbours."""
    return [_hex(colorsys.hls_to_rgb(0.8 * k / count, (0.36, 0.58)[k % 2], 0.75)) for k in range(count)]


def _parts(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _hex(parts: Sequence[float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)
