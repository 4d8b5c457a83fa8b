"""Pictures into the folder of their run: as PNG and SVG, each with the line that says where it comes from."""

import warnings
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.events import RunStarted
from mtjlab.figures.style import RC, add_origin, origin
from mtjlab.store import FIGURES, make_folder, put


def save_figures(
    folder: Path, started: RunStarted, named: Iterable[tuple[str, Figure]], remark: str = ""
) -> list[Path]:
    """Save the figures in ``named``, each with its name, into the ``figures`` of the run in ``folder``.

    ``remark`` stands in the line that says where a figure comes from. An iterator that makes its figures only when they
    are asked for makes them in the style of the house.

    Raises:
        RefusedError: the figures cannot be written.
    """
    target = folder / FIGURES
    try:
        make_folder(target)
        with mpl.rc_context(RC), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # the SVG has the text itself
            return [path for name, figure in named for path in _save(figure, target / name, origin(started, remark))]
    except OSError as error:
        raise RefusedError(
            f"{target}: the figures cannot be written ({reason_of(error)}). The run is unharmed. {remedy_of(error)}."
        ) from error


def _save(figure: Figure, stem: Path, comes_from: str) -> tuple[Path, Path]:
    add_origin(figure, comes_from)
    png, svg = stem.with_suffix(".png"), stem.with_suffix(".svg")
    put(png, _drawn(figure, "png"))
    put(svg, _drawn(figure, "svg", metadata={"Date": None}))
    return png, svg


def _drawn(figure: Figure, kind: str, **options: Any) -> bytes:
    drawn = BytesIO()
    figure.savefig(drawn, format=kind, **options)
    return drawn.getvalue()
