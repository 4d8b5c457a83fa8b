"""How the window bears its load: its start, the opening of a training of the paper, floods of events.

``python3 scripts/benchmarks/gui_load.py [RUN]``, offscreen. Without RUN a training of the paper is run first. A process
of its own appends 10 000 presentations in 2 s to a run that the window follows, while a timer of 1 ms looks how long
the event loop is away.

Times are CPU seconds of the process (user and system), bytecode compiled before: on a busy computer the wall clock says
little. Only the flood is also timed by the clock, as it takes 2 s to come.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from time import monotonic, process_time, sleep

import psutil
from PyQt5.QtCore import QSettings, QTimer
from PyQt5.QtWidgets import QApplication
from rich.console import Console
from rich.table import Table

from mtjlab.events import RunEnded, WentSafe
from mtjlab.gui.application import freeze_objects
from mtjlab.gui.look.theme import DARK, apply_theme
from mtjlab.gui.run.snapshot_builder import SnapshotBuilder
from mtjlab.gui.views.view import View
from mtjlab.gui.window import VIEWS, MainWindow
from mtjlab.provenance import provenance
from mtjlab.reading import read_events
from mtjlab.runs.listing import list_runs
from mtjlab.store import JOURNAL, REQUEST, Journal, Line, read_lines, read_request, write_request

FLOOD, FLOOD_S, SLICES = 10_000, 2.0, 200
SIZE = (1920, 1080)
MILLION, MANY = 1_000_000, 5000
PATIENCE_S, RESTED_S = 120.0, 1.0
START = """
import time; began = time.process_time()
from pathlib import Path
from PyQt5.QtCore import QSettings, QTimer
from PyQt5.QtWidgets import QApplication
from mtjlab.gui.look.theme import DARK, apply_theme
from mtjlab.gui.window import MainWindow
application = QApplication([]); apply_theme(application, DARK)
window = MainWindow(Path({runs!r}), QSettings({settings!r}, QSettings.IniFormat)); window.show()
QTimer.singleShot(0, application.quit); application.exec()
print(time.process_time() - began); window.close()
"""


class Pauses:
    """Looks each millisecond, and remembers the longest time that it was kept from it by work of this process."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._seen_s = process_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(1)

    def _look(self) -> None:
        now_s = process_time()
        self.longest_s = max(self.longest_s, now_s - self._seen_s)
        self._seen_s = now_s


def main() -> None:
    """Measure, and print the table."""
    if sys.argv[1:2] == ["--flood"]:
        _flood(Path(sys.argv[2]), Path(sys.argv[3]))
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    table = Table("what", "CPU", "bar", title="the window under load")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        run = Path(sys.argv[1]) if len(sys.argv) > 1 else _trained(folder)
        table.add_row("start, from nothing to a window that is drawn", f"{_start_s(folder):.2f} s", "2 s")
        application = QApplication(sys.argv[:1])
        apply_theme(application, DARK)
        opened_s, pause_s, lines = _open(application, folder, run)
        table.add_row(f"training of {lines} events, opened and drawn", f"{opened_s:.2f} s", "1.5 s")
        table.add_row("  longest pause of the event loop", f"{1e3 * pause_s:.0f} ms", "100 ms")
        caught_up_s, cpu_s, pause_s, drawn = _follow_flood(application, folder, run)
        table.add_row(f"{FLOOD} events in {FLOOD_S:g} s, all read and drawn", f"{cpu_s:.2f} s", "2.2 s")
        table.add_row("  by the clock", f"{caught_up_s:.2f} s", "2.2 s")
        table.add_row("  longest pause of the event loop", f"{1e3 * pause_s:.0f} ms", "100 ms")
        table.add_row("  drawn", f"{drawn} times", "")
        table.add_row(f"list of {MANY} runs, shown", f"{_list_cpu_s(application, folder, run):.2f} s", "1 s")
        table.add_row("  by `mtjlab runs`", f"{_command_cpu_s(folder / 'many'):.2f} s", "1 s")
        table.add_row(f"memory after {MILLION} more events", f"{_growth_mb(run):+.1f} MB", "flat")
    Console(width=100).print(table)


def _start_s(folder: Path) -> float:
    """Of a process of its own, Python's own start not counted; the best of three: the first compiles all modules."""
    program = START.format(runs=str(folder), settings=str(folder / "start.ini"))
    command = [sys.executable, "-c", program]
    compiled = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    done = [subprocess.run(command, env=compiled, capture_output=True, text=True, check=True) for _ in range(3)]
    return min(float(one.stdout) for one in done)


def _open(application: QApplication, folder: Path, run: Path) -> tuple[float, float, int]:
    with _window(folder) as window:
        _wait(application, lambda: False, RESTED_S)
        pauses, began_s = Pauses(), process_time()
        window.playback.open(run)
        _wait(
            application,
            lambda: bool(
                window.playback.follower and window.playback.follower.is_over and not window.draw_queue.is_busy
            ),
        )
        return process_time() - began_s, pauses.longest_s, window.playback.follower.snapshot.lines  # type: ignore[union-attr]


def _follow_flood(application: QApplication, folder: Path, run: Path) -> tuple[float, float, float, int]:
    """Seconds from the first event of the flood until the last is drawn (clock, CPU), longest pause, times drawn."""
    flooded = folder / "runs" / "2026-11-23" / "0001-train"
    flooded.mkdir(parents=True)
    writer = subprocess.Popen([sys.executable, __file__, "--flood", str(run), str(flooded)], stdin=subprocess.PIPE)
    _wait(application, (flooded / "ready").exists)
    with _window(folder) as window:
        window.playback.open(flooded)
        _wait(application, lambda: window.playback.last_step > 0)
        drawn: list[int] = []
        shown: list[int] = []
        window.playback.shown.connect(lambda snapshot: shown.append(snapshot.lines if snapshot else 0))
        window.draw_queue.over.connect(lambda: drawn.extend(shown[-1:]))
        before = window.playback.follower.snapshot.lines  # type: ignore[union-attr]
        (flooded / "go").touch()
        _wait(application, lambda: window.playback.follower.snapshot.lines > before)  # type: ignore[union-attr]
        pauses, began_s, cpu_s = Pauses(), monotonic(), process_time()
        _wait(application, lambda: bool(drawn) and drawn[-1] >= before + FLOOD)
        took_s, cpu_s = monotonic() - began_s, process_time() - cpu_s
    writer.communicate()
    return took_s, cpu_s, pauses.longest_s, len(drawn)


def _list_cpu_s(application: QApplication, folder: Path, run: Path) -> float:
    """Until a window shows the runs whose summaries are there already, without its own start."""
    _make_many(folder / "many", run)
    window = MainWindow(folder / "many", QSettings(str(folder / "many.ini"), QSettings.IniFormat))
    window.browser.resize(*SIZE)
    began_s = process_time()
    window.browser.show()
    _wait(application, lambda: window.browser.model.rowCount() == MANY)
    window.browser.grab()
    took_s = process_time() - began_s
    window.close()
    return took_s


def _make_many(place: Path, run: Path) -> None:
    """Small runs that began and ended as ``run``, with their summaries."""
    first, last = (
        next(read_events(run)),
        [event for event in read_events(run) if isinstance(event, WentSafe | RunEnded)],
    )
    for n in range(MANY):
        folder = place / f"2026-{1 + n // 1000:02}-01" / f"{1 + n % 1000:04}-train"
        folder.mkdir(parents=True)
        copyfile(run / REQUEST, folder / REQUEST)
        if n:
            copyfile(place / "2026-01-01" / "0001-train" / JOURNAL, folder / JOURNAL)
            continue
        with Journal(folder) as journal:
            for event in (first, *last):
                journal.append(event)
    list_runs(place)


def _command_cpu_s(place: Path) -> float:
    """Of the whole command, Python's own start included."""
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "mtjlab", "runs", "--runs", str(place)], stdout=subprocess.DEVNULL, check=True
    )
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _flood(run: Path, flooded: Path) -> None:
    """The other process: an engine, as far as anybody can tell."""
    texts = [line.text for line in read_lines(run)]
    first = next(n for n, text in enumerate(texts) if b'"type":"step-trained"' in text) + 1
    write_request(flooded, {**read_request(run), "run": {**read_request(run)["run"], **provenance()}})
    with (flooded / JOURNAL).open("ab", buffering=0) as journal:
        journal.write(b"".join(texts[:first]))
        (flooded / "ready").touch()
        while not (flooded / "go").exists():
            sleep(0.01)
        began_s, each = monotonic(), FLOOD // SLICES
        for k in range(SLICES):
            journal.write(b"".join(texts[first + k * each : first + (k + 1) * each]))
            sleep(max(0.0, began_s + (k + 1) * FLOOD_S / SLICES - monotonic()))
        sleep(3.0)


def _growth_mb(run: Path) -> float:
    """What a snapshot builder and all views grow by while they take the same presentations again and again."""
    presented: list[Line] = [line for line in read_lines(run) if line.type == "presented"][:10_000]
    builder, process = SnapshotBuilder(run), psutil.Process()
    builder.take(list(read_lines(run)))
    views = [view(DARK) for view in VIEWS]  # type: ignore[call-arg]
    for view in views:
        view.show()
    _show(builder, views)
    before = process.memory_info().rss
    for _ in range(MILLION // len(presented)):
        for at in range(0, len(presented), 200):
            builder.take(presented[at : at + 200])
        _show(builder, views)
    return (process.memory_info().rss - before) / 1e6


def _show(builder: SnapshotBuilder, views: Sequence[View]) -> None:
    for view in views:
        view.show_snapshot(builder.snapshot)
        QApplication.processEvents()


@contextmanager
def _window(folder: Path) -> Iterator[MainWindow]:
    window = MainWindow(folder / "runs", QSettings(str(folder / "load.ini"), QSettings.IniFormat))
    window.resize(*SIZE)
    window.docking.resize(SIZE[0], SIZE[1] - 130)
    window.display.arrange()
    window.show()
    freeze_objects()
    yield window
    window.close()


def _wait(application: QApplication, holds: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    end_s = monotonic() + patience_s
    while not holds() and monotonic() < end_s:
        application.processEvents()
        sleep(0.0005)


def _trained(folder: Path) -> Path:
    command = [sys.executable, "-m", "mtjlab", "train", "--quiet", "--runs", str(folder / "trained")]
    subprocess.run(command, check=True)
    return next((folder / "trained").glob("*/*"))


if __name__ == "__main__":
    main()
