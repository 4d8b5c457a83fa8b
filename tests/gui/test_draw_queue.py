"""Work that is shared out over turns of the event loop."""

import pytest
from pytestqt.qtbot import QtBot

from mtjlab.gui.draw_queue import DrawQueue


def test_all_is_done_in_order_and_the_newest_of_a_name_counts(qtbot: QtBot) -> None:
    queue, done = DrawQueue(), []
    queue.add("a", lambda: done.append("old"))
    queue.add("b", lambda: done.append("b"))
    queue.add("a", lambda: done.append("new"))
    assert queue.is_busy
    assert done == []
    with qtbot.waitSignal(queue.over):
        pass
    assert done == ["new", "b"]
    assert not queue.is_busy


def test_work_that_fails_does_not_stop_what_waits(qtbot: QtBot) -> None:
    queue, done = DrawQueue(), []

    def fail() -> None:
        raise ValueError("on purpose")

    queue.add("fails", fail)
    queue.add("works", lambda: done.append("works"))
    with qtbot.captureExceptions() as raised, qtbot.waitSignal(queue.over):
        pass
    assert done == ["works"]
    assert [str(error) for _, error, _ in raised] == ["on purpose"]


@pytest.mark.parametrize("when", ["before", "between"])
def test_what_is_forgotten_is_not_done(qtbot: QtBot, when: str) -> None:
    queue, done = DrawQueue(), []
    queue.add("first", lambda: (done.append("first"), queue.clear()))
    queue.add("second", lambda: done.append("second"))
    if when == "before":
        queue.clear()
    qtbot.wait(20)
    assert done == (["first"] if when == "between" else [])
    assert not queue.is_busy
