"""Pictures into the folder of their run: as PNG and SVG, each with the line that says where it comes from."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.events import RunStarted
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.style import RC, add_origin, origin, plain
from mtjlab.store import FIGURES, make_folder
from mtjlab.whole_files import put

FORMATS: Mapping[str, Mapping[str, Any]] = {
    "png": {"pil_kwargs": {"compress_level": 1}},
    "svg": {"metadata": {"Date": None}},
}
"""Each format of a saved figure, with the options of the file."""


def styled(started: RunStarted, figures: Iterable[NamedFigure], remark: str = "") -> Iterator[tuple[str, Figure]]:
    """Each of ``figures``, drawn in the common style, with a line that says where it comes from, and ``remark``."""
    for one in figures:
        with _in_style():
            figure = one.draw()
            add_origin(figure, origin(started, remark))
        yield one.name, figure


def save_figures(
    folder: Path,
    started: RunStarted,
    figures: Sequence[NamedFigure],
    remark: str = "",
    on_saved: Callable[[list[Path], int], None] = lambda _saved, _of: None,
) -> list[Path]:
    """Draw ``figures``, ``styled``, and save each under its name in the folder of figures of the run in ``folder``.

    ``on_saved`` is called with the files saved so far and their final number.

    Raises:
        RefusedError: the figures cannot be written.
    """
    target, saved, of = folder / FIGURES, list[Path](), len(FORMATS) * len(figures)
    on_saved(saved, of)
    try:
        for name, figure in styled(started, figures, remark):
            for path in _save(figure, target / name):
                saved.append(path)
                on_saved(saved, of)
    except OSError as error:
        raise RefusedError(
            f"{target}: the figures cannot be written ({reason_of(error)}). The run is unharmed. {remedy_of(error)}."
        ) from error
    return saved


def save_figure(path: Path, draw: Callable[[], Figure], line: str) -> None:
    """Draw a figure that belongs to no run, in the common style, into the file ``path``; ``line`` says what it shows.

    Raises:
        RefusedError: ``path`` does not end with a known format, or it cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise RefusedError(f"{path}: a figure is a {' or '.join(f'.{one}' for one in FORMATS)} file. Give such a name.")
    with _in_style():
        figure = draw()
        add_origin(figure, plain(line))
    try:
        put(path, drawn(figure, kind, **FORMATS[kind]))
    except OSError as error:
        raise RefusedError(f"{path}: the figure cannot be written ({reason_of(error)}). {remedy_of(error)}.") from error


def drawn(figure: Figure, kind: str = "png", **options: Any) -> bytes:
    """The content of a file with ``figure``."""
    content = BytesIO()
    with _in_style():
        figure.savefig(content, format=kind, **options)
    return content.getvalue()


@contextmanager
def _in_style() -> Iterator[None]:
    """In the style of the house, and without a word on letters that its font lacks: the SVG has the text itself."""
    with mpl.rc_context(RC), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def _save(figure: Figure, stem: Path) -> Iterator[Path]:
    make_folder(stem.parent)
    for kind, options in FORMATS.items():
        yield put(stem.with_suffix(f".{kind}"), drawn(figure, kind, **options))
