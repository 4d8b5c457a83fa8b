"""The application: one window, exceptions that do not end it, Ctrl-C that does."""

import gc
import signal
import sys
from pathlib import Path

from PyQt5.QtCore import QSettings, QSize, Qt, QTimer
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import QApplication

from mtjlab.gui.exceptions import log_to_file, show_exceptions
from mtjlab.gui.look.screens import available
from mtjlab.gui.look.theme import dress
from mtjlab.gui.window import SIZE, MainWindow
from mtjlab.runs.finding import find_run

LISTEN_MS = 200
"""An idle event loop does not run Python, so a signal would wait for the next move of the mouse."""


def settle() -> None:
    """What is there by now stays: it is not looked through again and again for what could be thrown away."""
    gc.collect()
    gc.freeze()


def show(window: MainWindow) -> None:
    """Show ``window``: on a screen that is no larger than it wants to be, all over it."""
    room = available(window).size()
    if window.width() < SIZE[0] and room.boundedTo(QSize(*SIZE)) == room:
        window.showMaximized()
    else:
        window.show()


def open_window(runs: Path, run: Path | None = None) -> int:
    """Show the window until it is closed; returns the exit code.

    Raises:
        RefusedError: there is no such run.
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
    dress(application, window.theme)
    window.open_first(folder)
    show(window)
    settle()
    signal.signal(signal.SIGINT, lambda *_: window.close())
    listening = QTimer()
    listening.timeout.connect(lambda: None)
    listening.start(LISTEN_MS)
    return application.exec()
