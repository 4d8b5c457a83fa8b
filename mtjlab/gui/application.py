"""The application: one window; exceptions do not end it, Ctrl-C does."""

import gc
import signal
import sys
from pathlib import Path

from PyQt5.QtCore import QSettings, QSize, Qt, QTimer
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import QApplication

from mtjlab.gui.exceptions import log_to_file, show_exceptions
from mtjlab.gui.look.screens import available
from mtjlab.gui.look.theme import apply_theme
from mtjlab.gui.window import SIZE, MainWindow
from mtjlab.runs.finding import find_run

LISTEN_MS = 200
"""An idle event loop runs no Python code, so a signal would not be handled until the next move of the mouse."""


def freeze_objects() -> None:
    """Exclude all present objects from garbage collection: they stay until the end."""
    gc.collect()
    gc.freeze()


def show(window: MainWindow) -> None:
    """Show ``window``, maximized if the screen is no larger than its default size."""
    screen_size = available(window).size()
    if window.width() < SIZE[0] and screen_size.boundedTo(QSize(*SIZE)) == screen_size:
        window.showMaximized()
    else:
        window.show()


def open_window(runs: Path, run: Path | None = None) -> int:
    """Show the window until it is closed; return the exit code.

    Raises:
        RefusedError: the run does not exist.
    """
    folder = find_run(run, runs) if run is not None else None
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_EnableHighDpiScaling)
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_UseHighDpiPixmaps)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(  # 150 % are not 200 %
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    application = QApplication(sys.argv[:1])
    application.setApplicationName("mtjlab")
    log_to_file()
    window = MainWindow(runs, QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "mtjlab", "window"))
    show_exceptions(window.notices.notify)
    apply_theme(application, window.theme)
    window.open_first(folder)
    show(window)
    freeze_objects()
    signal.signal(signal.SIGINT, lambda *_: window.close())
    listening = QTimer()
    listening.timeout.connect(lambda: None)
    listening.start(LISTEN_MS)
    return application.exec()
