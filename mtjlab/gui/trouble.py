"""Exceptions in the window: logged and shown, never the end of it. PyQt5 would abort the process otherwise."""

import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from types import TracebackType

import platformdirs

from mtjlab.errors import BenchFaultError, RefusedError

log = logging.getLogger("mtjlab.gui")
MOST_BYTES = 1_000_000


def show_exceptions(say: Callable[[str], None]) -> None:
    """From now on an exception that nobody caught is logged, and told through ``say``."""

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("in the window", exc_info=(kind, error, trace))
        say(sentence(error))

    sys.excepthook = tell


def sentence(error: BaseException) -> str:
    """What the operator reads; what was foreseen speaks for itself."""
    if isinstance(error, RefusedError | BenchFaultError | OSError):
        return str(error)
    return f"The window made a mistake: {type(error).__name__}: {error}. Runs are not touched by it. See {log_file()}."


def log_file() -> str:
    """Where it is logged."""
    return str(platformdirs.user_log_path("mtjlab", appauthor=False) / "window.log")


def log_to_file() -> None:
    """Log into the file of this user."""
    try:
        folder = platformdirs.user_log_path("mtjlab", appauthor=False)
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_file(), maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
