"""Figures of a run that has just ended, or that is drawn again: a line shows how far the drawing has come."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mtjlab.cli.common import messages
from mtjlab.cli.options import FiguresWanted
from mtjlab.drawing import draw_behind, draw_in_process
from mtjlab.errors import RefusedError
from mtjlab.figures.named import ALL, KEY
from mtjlab.stopping import signals_interrupt

log = logging.getLogger(__name__)


def figures_if_any(folder: Path, wanted: FiguresWanted, quiet: bool) -> list[Path]:
    """Draw the figures of a run, if possible; the run keeps its own result and exit code if not.

    There are none if they are drawn behind or not wanted, nothing was measured, drawing fails, or Ctrl-C or a signal
    interrupts it.
    """
    if wanted == "none":
        return []
    try:
        if wanted == "behind":
            draw_behind(folder, KEY)
            return []
        with signals_interrupt():
            return draw_shown(folder, quiet, ALL if wanted == "all" else KEY)
    except KeyboardInterrupt as signal:
        why = f"{signal or 'Ctrl-C'} interrupted their drawing. The run is sound; `mtjlab figures {folder}` draws them."
    except RefusedError as error:
        why = str(error)
    except Exception as error:
        log.exception("figures cannot be drawn")
        why = f"{type(error).__name__}: {error}. The run is sound; `mtjlab figures {folder}` draws them again."
    if not quiet:
        messages.print(f"no figures: {why}")
    return []


def draw_shown(folder: Path, quiet: bool, selection: Sequence[str]) -> list[Path]:
    """Draw figures of a run in a process of their own, with a line of progress in a terminal.

    Raises:
        RefusedError: they cannot be drawn; the message says why.
    """
    with _progress_line(shown=messages.is_terminal and not quiet) as show:
        return draw_in_process(folder, show, selection)


@contextmanager
def _progress_line(shown: bool) -> Iterator[Callable[[int, int], None]]:
    if not shown:
        yield lambda _drawn, _of: None
        return
    with messages.status(_text("")) as status:
        yield lambda drawn, of: status.update(_text(f": {drawn} of {of}"))


def _text(so_far: str) -> str:
    return f"drawing the figures{so_far} (Ctrl-C leaves at once; the run is complete)"
