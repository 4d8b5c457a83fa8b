"""Figures for which a run has data, by name, before they are drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mtjlab.errors import RefusedError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ALL, KEY = ("all",), ("key",)
"""Selections of figures beside those by name."""


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """A figure, and how to draw it. A key figure is drawn when the run ends, any other when it is first wanted."""

    name: str
    draw: Callable[[], "Figure"]
    is_key: bool = False


def selected(figures: Sequence[NamedFigure], selection: Sequence[str]) -> Sequence[NamedFigure]:
    """``ALL`` or the ``KEY`` figures, or those with a name in ``selection``; without any key figure, all.

    Raises:
        RefusedError: there is no figure of a name.
    """
    if selection == ALL:
        return figures
    if selection == KEY:
        return [one for one in figures if one.is_key] or figures
    by_name = {one.name: one for one in figures}
    if unknown := [name for name in selection if name not in by_name]:
        raise RefusedError(f"it has no figure {unknown[0]!r}. Its figures are {', '.join(by_name)}.")
    return [by_name[name] for name in dict.fromkeys(selection)]
