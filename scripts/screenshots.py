"""Pictures of the window as an operator sees it: every kind of run, both themes, large, usual and small screens.

``python3 scripts/screenshots.py FOLDER [RUNS [PICTURE ...]]``. A real window under Xvfb where that is installed, else
offscreen. Runs are made in RUNS and used again the next time; without it they are made and thrown away. A PICTURE may
be a pattern, as dark-1920-*; all are taken without one.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import partial
from itertools import product
from pathlib import Path
from time import monotonic

from PyQt5.QtCore import QSettings, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAction, QApplication, QWidget

from mtjlab.gui.help import guide, keys
from mtjlab.gui.look.theme import THEMES, apply_theme
from mtjlab.gui.window import MainWindow
from mtjlab.runs.finding import run_folders

SIZES = ((1920, 1080), (1600, 900), (1366, 768))
INSIDE = "MTJLAB_SCREENSHOTS_INSIDE"
PATIENCE_S = 120.0
SETTLED_S = 0.4
ABOVE_DOCKS_PX = 130
TURNED_UP_TO_UA, TURNED_EVERY_S = 710, 0.25
TRAINED = "TRAINED"
"""Stands for the folder of the first training."""
RUNS: dict[str, tuple[str, ...]] = {
    "training": ("train",),
    "shorter": ("train", "--seed", "1", "--steps", "40"),
    "other": ("train", "--seed", "2", "--steps", "60"),
    "sweep": ("sweep", "--repetitions", "8"),
    "shift": ("shift",),
    "map": ("map",),
    "curves": ("map", "--way", "curves", "--repetitions", "20"),
    "raster": ("map", "--way", "raster"),
    "check": ("check", "--bench", "configs/keithley-6221-2182a.toml", "--simulate"),
    "wiring": ("check", "--bench", "configs/mixed.toml", "--simulate", "--fault", "sources:swapped=J2,J3"),
    "classify": ("classify", TRAINED, "--times", "3"),
    "dwell": ("dwell", "--bench", "configs/telegraph.toml", "--inputs", "-5,0,5", "--for", "60"),
    "pulse": ("pulse", "--widths", "1e-6,1e-4,1e-2"),
    "field": ("field", "--bench", "configs/magnet.toml"),
    "failed": (
        "sweep",
        "--bench",
        "configs/keithley-6221-2182a.toml",
        "--simulate",
        "--fault",
        "voltmeter J2:no-reply@99",
    ),
    "pulsed": ("train", "--pulse-width", "1e-3", "--steps", "20", "--recognition-every", "5"),
}
"""What is shown, and the command that makes it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: the run that is shown (that before, if none is named), docks to the front, what is done first."""

    name: str
    run: str = ""
    docks: tuple[str, ...] = ()
    do: Callable[[MainWindow], QWidget | None] = lambda _window: None


def _show_step(window: MainWindow, step: int | None) -> None:
    window.playback.show_place(step)


def _compare(window: MainWindow, kind: str) -> None:
    """Compare all runs of ``kind``."""
    before = window.comparison.comparison
    window.browser.search.setText(kind)
    window.browser.table.selectAll()
    window.browser.buttons["compare"].click()
    _wait(lambda: window.comparison.comparison is not before)
    window.browser.search.clear()


def _critical_by_date(window: MainWindow) -> None:
    before = window.comparison.comparison
    window.browser.action_requested.emit("critical currents", run_folders(window.runs)[:1])
    _wait(lambda: window.comparison.comparison is not before)


def _larger_text(window: MainWindow, steps: int) -> None:
    window.change_text(steps)


def _fill_queue(window: MainWindow) -> None:
    window.queue.hold("it is being filled")
    for _ in range(2):
        window.launcher.queue_training()
        window.launcher.queue_measuring()


def _enter_wrong_value(window: MainWindow) -> None:
    window.training.form.editors["training.steps"].value = -3


def _run(window: MainWindow) -> None:
    """Start a training, and see it half done."""
    window.training.form.editors["training.steps"].value = 80
    before = window.playback.folder
    window.launcher.start_training()
    _wait(lambda: window.playback.folder != before and window.playback.last_step > 30)


def _stop(window: MainWindow) -> None:
    window.run_bar.stop.click()
    _wait(lambda: not window.engines.running)


def _turn_by_hand(window: MainWindow) -> None:
    """Hold the bench at the controls of the paper, and turn the input up until two junctions have switched."""
    window.engines.stop_own()
    _wait(window.band.connection.isEnabled)
    window.band.connection.click()
    _wait(window.manual.start.isEnabled)
    window.manual.start.click()
    _wait(lambda: window.manual.input is not None and window.manual.input.number.high > TURNED_UP_TO_UA)
    turn = window.manual.input
    assert turn is not None
    while turn.slider.value() < TURNED_UP_TO_UA:
        QTest.keyClick(turn.slider, Qt.Key.Key_Right)
        _wait(lambda: False, TURNED_EVERY_S)


def _let_go(window: MainWindow) -> None:
    window.band.connection.click()
    _wait(lambda: window.engines.holding is None)


def _keys(window: MainWindow) -> QWidget:
    return keys(window.findChildren(QAction), window)


def _measure(window: MainWindow, kind: int) -> None:
    window.measuring.kinds.setCurrentIndex(kind)


MEASURED = ("Measure", "Resistance curves")
SCENES = (
    Scene("start"),
    Scene("training", "training"),
    Scene("training-step-10", "training", ("Training",), partial(_show_step, step=10)),
    *(Scene(f"training-{dock.lower()}", "training", (dock,)) for dock in ("Runs", "Log", "Bench")),
    Scene("comparison", "training", ("Runs", "Comparison"), partial(_compare, kind="train")),
    Scene("comparison-maps", "map", ("Runs", "Comparison"), partial(_compare, kind="map")),
    Scene("critical-by-date", "sweep", ("Runs", "Comparison"), _critical_by_date),
    Scene("larger-text", "training", ("Training",), partial(_larger_text, steps=4)),
    Scene("usual-text", "training", do=partial(_larger_text, steps=0)),
    *(Scene(f"form-{kind}", "sweep", MEASURED, partial(_measure, kind=kind)) for kind in range(4)),
    *(Scene(name, name, (*MEASURED, "Chain")) for name in ("sweep", "shift", "map", "curves", "raster")),
    Scene("check", "check"),
    Scene("wiring", "wiring"),
    Scene("classify", "classify"),
    Scene("dwell", "dwell"),
    Scene("pulse", "pulse"),
    Scene("field", "field"),
    Scene("form-field", "field", ("Measure", "Field"), partial(_measure, kind=5)),
    Scene("pulsed-training", "pulsed", ("Switching map", "Chain")),
    Scene("energy", "pulsed", ("Energy",)),
    Scene("failed", "failed"),
    Scene("voltages", "classify", ("Voltages",)),
    Scene("queue", "training", ("Queue",), _fill_queue),
    Scene("wrong-value", "training", ("Training",), _enter_wrong_value),
    Scene("guide", do=guide),
    Scene("keys", do=_keys),
)
ALIVE = (
    Scene("running", docks=("Training", "Chain", "Resistance curves"), do=_run),
    Scene("stopped", docks=("Log",), do=_stop),
    Scene("by-hand", docks=("Chain", "Manual", "Resistance curves"), do=_turn_by_hand),
    Scene("let-go", docks=("Log",), do=_let_go),
)
"""These make a run of their own, so they come last."""


def main() -> None:
    """Take all pictures into the folder that is given."""
    if INSIDE not in os.environ:
        raise SystemExit(subprocess.run(_on_a_screen(), check=False).returncode)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        made = _made(Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch) / "made")
        application = QApplication(sys.argv[:1])
        for theme, size in product(THEMES.values(), SIZES):
            stem = folder / f"{theme.name}-{size[0]}"
            if scenes := [scene for scene in (*SCENES, *ALIVE) if _is_wanted(f"{stem.name}-{scene.name}")]:
                shown = Path(scratch) / stem.name / "runs"
                shutil.copytree(made, shown)
                settings = QSettings(str(shown.with_name("window.ini")), QSettings.IniFormat)
                settings.setValue("theme", theme.name)
                apply_theme(application, theme)
                _take(MainWindow(shown, settings), scenes, size, stem)


def _is_wanted(picture: str) -> bool:
    wanted = sys.argv[3:]
    return not wanted or any(fnmatch(picture, pattern) for pattern in wanted)


def _made(root: Path) -> Path:
    """``root``, in which all of RUNS have been made, one after the other."""
    root.mkdir(parents=True, exist_ok=True)
    for command in tuple(RUNS.values())[len(run_folders(root)) :]:
        arguments = [str(run_folders(root)[0]) if part == TRAINED else part for part in command]
        subprocess.run([sys.executable, "-m", "mtjlab", *arguments, "--quiet", "--runs", str(root)], check=False)
    return root


def _take(window: MainWindow, scenes: Sequence[Scene], size: tuple[int, int], stem: Path) -> None:
    window.resize(*size)
    window.docking.resize(size[0], size[1] - ABOVE_DOCKS_PX)
    window.show()
    _wait(lambda: window.browser.model.rowCount() > 0)
    window.display.arrange()
    folders = dict(zip(RUNS, run_folders(window.runs), strict=False))
    for scene in scenes:
        if scene.run:
            _open(window, folders[scene.run])
        for dock in scene.docks:
            window.docks[dock].raise_()
        seen = scene.do(window) or window
        seen.show()
        _wait(lambda: False, SETTLED_S)
        seen.grab().save(f"{stem}-{scene.name}.png")
        if seen is not window:
            seen.close()
    window.queue.put_in_order(())
    window.engines.stop_own()
    _wait(lambda: not window.engines.running and window.engines.holding is None)
    window.close()


def _open(window: MainWindow, folder: Path) -> None:
    if window.playback.folder != folder:
        window.playback.open(folder)
    else:
        window.playback.show_place(None)
    _wait(lambda: window.playback.follower is not None and window.playback.follower.is_over)


def _wait(holds: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    end_s = monotonic() + patience_s
    while monotonic() < end_s and not holds():
        QApplication.processEvents()


def _on_a_screen() -> list[str]:
    """The very same command on a screen of its own, if there can be one."""
    os.environ[INSIDE] = "yes"
    if shutil.which("xvfb-run"):
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        return ["xvfb-run", "-a", "-s", "-screen 0 1920x1080x24", sys.executable, *sys.argv]
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return [sys.executable, *sys.argv]


if __name__ == "__main__":
    main()
