"""Log of a run in plain sentences: ``log.txt`` in its folder."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path

from mtjlab.events import Event, RunEnded
from mtjlab.run_status import StatusReport
from mtjlab.store import open_to_append

LOG = "log.txt"

log = logging.getLogger(__name__)


class _LogFile(logging.FileHandler):
    """A log handler that opens regular files only."""

    def _open(self) -> TextIOWrapper:
        return TextIOWrapper(open_to_append(Path(self.baseFilename)), "utf-8", errors="backslashreplace")


@contextmanager
def log_in(folder: Path) -> Iterator[None]:
    """Write all log messages of this program to ``log.txt`` in ``folder``, if that can be written."""
    try:
        handler: logging.Handler = _LogFile(folder / LOG, encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))
    handler.handleError = lambda record: None  # type: ignore[method-assign]  # a full disk is reported by the journal
    house = logging.getLogger("mtjlab")
    level = house.level
    house.addHandler(handler)
    house.setLevel(logging.INFO)
    try:
        yield
    finally:
        house.removeHandler(handler)
        house.setLevel(level)
        with suppress(OSError):
            handler.close()


def log_event(event: Event) -> None:
    """Log the sentence of an event; the end of a run is logged by ``log_end``."""
    if event.sentence and not isinstance(event, RunEnded):
        log.log(logging.WARNING if event.is_trouble else logging.INFO, event.sentence)


def log_end(folder: Path, report: StatusReport) -> None:
    """Log status and sources at the end of the run in ``folder``: the last line of its log."""
    is_bad = report.status == "failed" or report.may_be_on
    with suppress(OSError), log_in(folder):
        log.log(logging.WARNING if is_bad else logging.INFO, report.sentence)
