"""Pictures of the window as an operator sees it: a training of the paper, both themes, a large and a small screen.

``python3 scripts/screenshots.py FOLDER [RUN]``. A real window under Xvfb where that is installed, else offscreen.
Without RUN a training is run first.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QApplication

from mtjlab.gui.theme import THEMES, dress
from mtjlab.gui.window import MainWindow

SIZES = ((1920, 1080), (1366, 768))
INSIDE = "MTJLAB_SCREENSHOTS_INSIDE"
PATIENCE_S = 120.0
TABS = ("Runs", "Voltages", "Log", "Comparison", "Bench")


def main() -> None:
    """Take all pictures into the folder that is given."""
    if INSIDE not in os.environ:
        raise SystemExit(subprocess.run(*_on_a_screen(), check=False).returncode)  # type: ignore[call-overload]
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        run = Path(sys.argv[2]) if len(sys.argv) > 2 else _trained(Path(scratch))
        application = QApplication(sys.argv[:1])
        for theme in THEMES.values():
            for width, height in SIZES:
                settings = QSettings(str(Path(scratch) / f"{theme.name}-{width}.ini"), QSettings.IniFormat)
                settings.setValue("theme", theme.name)
                dress(application, theme)
                _take(application, MainWindow(run.parents[1], settings), run, (width, height), folder / theme.name)


def _take(application: QApplication, window: MainWindow, run: Path, size: tuple[int, int], stem: Path) -> None:
    window.resize(*size)
    window.docking.resize(size[0], size[1] - 130)
    window.show()
    _wait(application, lambda: window.browser.model.rowCount() > 0)
    window.arrange()
    window.stage.open(run)
    _wait(application, lambda: window.stage.following is not None and window.stage.following.is_over)
    _save(application, window, stem, size, "end")
    window.stage.show_place(10)
    _save(application, window, stem, size, "step-10")
    window.browser.table.selectRow(0)
    window.browser.buttons["compare"].click()
    _wait(application, lambda: not window.comparison.is_empty)
    for tab in TABS:
        window.docks[tab].raise_()
        _save(application, window, stem, size, tab.lower())
    window.training.form.editors["training.steps"].value = -3
    window.docks["Training"].raise_()
    _save(application, window, stem, size, "wrong-value")
    window.close()


def _save(application: QApplication, window: MainWindow, stem: Path, size: tuple[int, int], name: str) -> None:
    _wait(application, lambda: False, 0.4)
    window.grab().save(f"{stem}-{size[0]}-{name}.png")


def _wait(application: QApplication, holds: object, patience_s: float = PATIENCE_S) -> None:
    end_s = monotonic() + patience_s
    while monotonic() < end_s and not holds():  # type: ignore[operator]
        application.processEvents()


def _trained(scratch: Path) -> Path:
    command = [sys.executable, "-m", "mtjlab", "train", "--quiet", "--runs", str(scratch / "runs")]
    subprocess.run(command, check=True)
    return next((scratch / "runs").glob("*/*"))


def _on_a_screen() -> tuple[list[str]]:
    """The very same command on a screen of its own, if there can be one."""
    os.environ[INSIDE] = "yes"
    if shutil.which("xvfb-run"):
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        return (["xvfb-run", "-a", "-s", "-screen 0 1920x1080x24", sys.executable, *sys.argv],)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return ([sys.executable, *sys.argv],)


if __name__ == "__main__":
    main()
