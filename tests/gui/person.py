"""``python person.py RUNS PLAN [BENCH]``: a person opens a window, chooses a bench, and starts a training by clicking.

It says ``training`` when the first step is learnt, and goes on looking. Without a bench file the person presses the
emergency stop then, closes the window, and it says which modules this process has loaded.
"""

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QSettings, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from mtjlab.gui.engines import engine
from mtjlab.gui.window import MainWindow

UNDRAWN = Path(__file__).parents[1] / "support" / "undrawn.py"
LOOK_MS, PATIENCE_MS = 20, 60_000


def until(holds: Callable[[], bool]) -> None:
    for _ in range(PATIENCE_MS // LOOK_MS):
        if holds():
            return
        QTest.qWait(LOOK_MS)
    raise TimeoutError


def main(runs: str, plan: str, bench: str | None = None) -> None:
    engine.PROGRAM = (sys.executable, str(UNDRAWN))
    application = QApplication([])
    window = MainWindow(Path(runs), QSettings(f"{runs}.ini", QSettings.Format.IniFormat))
    window.show()
    if bench is not None:
        window.band.choose(Path(bench))
        QTest.mouseClick(window.band.simulate, Qt.MouseButton.LeftButton)
    window.training.fill(tomllib.loads(Path(plan).read_text(encoding="utf-8")))
    QTest.mouseClick(window.training.start, Qt.MouseButton.LeftButton)
    until(lambda: window.playback.last_step >= 1)
    print("training", flush=True)  # noqa: T201
    if bench is not None:
        application.exec()
    QTest.mouseClick(window.band.stop, Qt.MouseButton.LeftButton)
    until(lambda: not window.engines.running)
    window.close()
    print(*sys.modules)  # noqa: T201


main(*sys.argv[1:])
