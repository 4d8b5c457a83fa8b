"""Colours and symbols of classes and junctions: the same in the figures of a run and in the window that watches it."""

import colorsys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ClassStyle:
    """How the tokens of a class look: the symbol is there so that colour is not all that tells classes apart."""

    colour: str
    marker: str


ClassStyles: TypeAlias = Mapping[str, ClassStyle]
"""Style of each class, by its label."""

_MARKERS = "os^Dv<>"
# Okabe & Ito, the yellow darker: told apart by colour-blind readers too.
_SEVEN = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#b8a900")
# Tableau 20 without its greys, the strong ones first.
_EIGHTEEN = (
    "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#bcbd22", "#17becf",
    "#aec7e8", "#ffbb78", "#98df8a", "#ff9896", "#c5b0d5", "#c49c94", "#f7b6d2", "#dbdb8d", "#9edae5",
)  # fmt: skip
_JUNCTIONS = ("#004488", "#bb5566", "#ddaa33")


def class_styles(classes: Sequence[str]) -> dict[str, ClassStyle]:
    """Colour and symbol of each of ``classes``: no two colours alike, the same in all pictures of a run."""
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


def tint(colour: str, strength: float = 0.3, ground: str = "#ffffff") -> str:
    """``colour`` thinned with ``ground``."""
    return _hex([over + strength * (part - over) for part, over in zip(_parts(colour), _parts(ground), strict=True)])


def _rainbow(count: int) -> list[str]:
    """From red to violet, so that neighbours in a list stay apart by hue, and their neighbours by lightness too."""
    return [_hex(colorsys.hls_to_rgb(0.8 * k / count, (0.36, 0.58)[k % 2], 0.75)) for k in range(count)]


def _parts(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _hex(parts: Sequence[float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)
