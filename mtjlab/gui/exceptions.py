"""Unhandled exceptions in the window are logged and shown. Without this PyQt5 would abort the process."""

import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from types import TracebackType

import platformdirs

from mtjlab.errors import BenchFaultError, RefusedError

log = logging.getLogger("mtjlab.gui")
MOST_BYTES = 1_000_000


def show_exceptions(notify: Callable[[str], None]) -> None:
    """From now on log every unhandled exception and report it through ``notify``."""

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("in the window", exc_info=(kind, error, trace))
        notify(message_of(error))

    sys.excepthook = report


def message_of(error: BaseException) -> str:
    """Message for the operator; an expected error has its own text."""
    if isinstance(error, RefusedError | BenchFaultError | OSError):
        return str(error)
    return f"Internal error of the window: {type(error).__name__}: {error}. Runs are not affected. See {log_file()}."


def log_file() -> str:
    """Path of the log file."""
    return str(platformdirs.user_log_path("mtjlab", appauthor=False) / "window.log")


def log_to_file() -> None:
    """Log to the file of this user."""
    try:
        folder = platformdirs.user_log_path("mtjlab", appauthor=False)
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_file(), maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
