"""Runs in a queue start one after another; one that does not finish holds those behind it."""

import re
from collections.abc import Sequence

import pytest
from PyQt5.QtCore import QObject, Qt, pyqtSignal
from pytestqt.qtbot import QtBot

from mtjlab.gui.engines.queue import ENDS, Queue
from mtjlab.gui.panels.queue import QueuePanel


class Bench(QObject):
    """Starts what it is told, and ends it when a test says so."""

    ended = pyqtSignal(int, str)
    disconnected = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.is_connected = False
        self.lasts_s: float | None = None
        self.now_s = self._since_s = 0.0
        self.running: list[str] = []
        self.started: list[str] = []

    def start(self, arguments: Sequence[str], title: str = "", lasts_s: float | None = None) -> None:
        self.running, self.lasts_s, self._since_s = [arguments[0]], lasts_s, self.now_s
        self.started.append(arguments[0])

    @property
    def left_s(self) -> tuple[float, bool]:
        if not self.running:
            return 0.0, True
        return max(0.0, (self.lasts_s or 0.0) - (self.now_s - self._since_s)), self.lasts_s is not None

    @property
    def is_busy(self) -> bool:
        return bool(self.running)

    def end(self, code: int = 0) -> None:
        (name,), self.running = self.running, []
        self.ended.emit(code, f"run {name}")


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench()


@pytest.fixture
def queue(bench: Bench) -> Queue:
    return Queue(bench)  # type: ignore[arg-type]


@pytest.fixture
def panel(qtbot: QtBot, queue: Queue) -> QueuePanel:
    made = QueuePanel(queue)
    qtbot.addWidget(made)
    made.show()
    return made


def fill(queue: Queue, *names: str) -> None:
    for name in names:
        queue.add(f"run {name}", [name])


def names(queue: Queue) -> list[str]:
    return [waiting.arguments[0] for waiting in queue.waiting]


def test_the_first_starts_at_once_and_the_others_when_it_has_ended(bench: Bench, queue: Queue) -> None:
    fill(queue, "a", "b", "c")
    assert (bench.started, names(queue)) == (["a"], ["b", "c"])
    bench.end()
    bench.end()
    assert (bench.started, names(queue)) == (["a", "b", "c"], [])


def test_a_run_that_was_started_otherwise_is_waited_for(bench: Bench, queue: Queue) -> None:
    bench.start(["other"])
    fill(queue, "a")
    assert bench.started == ["other"]
    bench.end()
    assert bench.started == ["other", "a"]


@pytest.mark.parametrize("code", [2, 3, 4])
@pytest.mark.parametrize("is_queued", [True, False])
def test_a_run_that_does_not_finish_holds_those_behind_it(
    bench: Bench, queue: Queue, panel: QueuePanel, code: int, is_queued: bool
) -> None:
    if is_queued:
        fill(queue, "a")
    else:
        bench.start(["a"])
    fill(queue, "b")
    bench.end(code)
    assert (bench.started, queue.held, queue.badge) == (["a"], f"run a {ENDS[code]}", "1!")
    assert panel.summary.text() == f"1 run waiting; queue held: run a {ENDS[code]}"
    assert panel.hold.text() == "Resume queue"
    queue.release()
    assert (bench.started, queue.held, queue.badge) == (["a", "b"], "", "")


def test_a_queue_that_was_resumed_is_not_held_again_by_the_end_of_the_run_that_was_stopped(
    bench: Bench, queue: Queue
) -> None:
    fill(queue, "a", "b", "c")
    queue.hold_behind("run a", "you stopped run a")
    assert queue.held == "you stopped run a"
    queue.release()
    assert bench.started == ["a"]
    bench.end(3)
    assert (bench.started, queue.held) == (["a", "b"], "")
    bench.end(3)
    assert (bench.started, queue.held) == (["a", "b"], "run b was stopped")


def test_a_queue_takes_no_bench_from_manual_control(bench: Bench, queue: Queue, panel: QueuePanel) -> None:
    bench.is_connected = True
    fill(queue, "a")
    assert bench.started == []
    assert "starts when the bench is disconnected" in panel.summary.text()
    bench.is_connected = False
    bench.disconnected.emit()
    assert bench.started == ["a"]


def test_what_is_held_does_not_start(bench: Bench, queue: Queue) -> None:
    queue.hold("by operator")
    fill(queue, "a")
    assert bench.started == []


def test_a_run_may_be_started_past_the_queue_when_the_bench_is_free(bench: Bench, queue: Queue) -> None:
    queue.hold("by operator")
    fill(queue, "a")
    queue.start_or_add("run b", ["b"])
    queue.start_or_add("run c", ["c"])
    assert (bench.started, names(queue)) == (["b"], ["a", "c"])


def test_the_panel_moves_removes_holds_and_lets_go(qtbot: QtBot, bench: Bench, queue: Queue, panel: QueuePanel) -> None:
    fill(queue, "a", "b", "c", "d")
    assert panel.summary.text() == "3 runs waiting"
    panel.list.setCurrentRow(2)
    qtbot.mouseClick(panel.up, Qt.MouseButton.LeftButton)
    assert names(queue) == ["b", "d", "c"]
    panel.list.setCurrentRow(0)
    qtbot.mouseClick(panel.down, Qt.MouseButton.LeftButton)
    assert names(queue) == ["d", "b", "c"]
    panel.list.setCurrentRow(1)
    qtbot.mouseClick(panel.remove, Qt.MouseButton.LeftButton)
    assert names(queue) == ["d", "c"]
    qtbot.mouseClick(panel.hold, Qt.MouseButton.LeftButton)
    bench.end()
    assert bench.started == ["a"]
    assert "held" in panel.summary.text()
    qtbot.mouseClick(panel.hold, Qt.MouseButton.LeftButton)
    assert (bench.started, panel.list.count()) == (["a", "d"], 1)


def test_only_what_was_queued_before_an_emergency_stop_is_held(bench: Bench, queue: Queue, panel: QueuePanel) -> None:
    fill(queue, "a", "b")
    queue.hold_waiting("emergency stop at 13:05")
    bench.end(3)
    fill(queue, "c")
    assert bench.started == ["a", "c"]
    assert names(queue) == ["b"]
    assert "queue held: emergency stop at 13:05" in panel.summary.text()
    assert panel.list.item(0).text() == "held: run b"  # type: ignore[union-attr]
    bench.end()
    assert bench.started == ["a", "c"]
    panel.hold.click()
    assert bench.started == ["a", "c", "b"]


def test_the_panel_shows_the_run_that_is_running_and_when_all_will_be_done(
    bench: Bench, queue: Queue, panel: QueuePanel
) -> None:
    queue.add("run a", ["a"], 600.0)
    queue.add("run b", ["b"], 3000.0)
    assert panel.running.text() == "running: run a"
    assert queue.left_s == (3600.0, True)
    bench.now_s = 60.0
    assert queue.left_s == (3540.0, True)
    assert re.fullmatch(r"1 run waiting; done about (\w+ )?\d\d:\d\d", panel.summary.text())
    queue.add("run c", ["c"])
    assert queue.left_s == (3540.0, False)
    assert "done not before" in panel.summary.text()
    bench.end()
    bench.end()
    bench.end()
    assert panel.summary.text() == "queue empty"
    assert not panel.running.isVisible()


def test_an_entry_shows_what_is_asked_and_how_long_it_takes(bench: Bench, queue: Queue, panel: QueuePanel) -> None:
    bench.start(["other"])
    queue.add("map on the bench", ["a"], 780.0, "width 10 µA")
    queue.add("resume 0001", ["b"])
    assert [panel.list.item(row).text() for row in range(2)] == [  # type: ignore[union-attr]
        "map on the bench (about 13 min)\nwidth 10 µA",
        "resume 0001",
    ]


def test_a_run_longer_than_estimated_does_not_make_the_others_shorter(bench: Bench, queue: Queue) -> None:
    queue.add("run a", ["a"], 10.0)
    queue.add("run b", ["b"], 100.0)
    bench.now_s = 500.0
    assert queue.left_s == (100.0, True)


def test_the_run_on_the_bench_counts_whoever_started_it(bench: Bench, queue: Queue, panel: QueuePanel) -> None:
    bench.start(["other"], "", 900.0)
    queue.add("run a", ["a"], 100.0)
    assert queue.left_s == (1000.0, True)
    assert "done about" in panel.summary.text()
    queue.hold("by operator")
    assert "done" not in panel.summary.text()
    queue.release()
    bench.end()
    assert queue.left_s == (100.0, True)
