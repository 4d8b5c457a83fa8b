"""Work that is shared out over turns of the event loop."""

import pytest
from pytestqt.qtbot import QtBot

from mtjlab.gui.turns import Turns


def test_all_is_done_in_order_and_the_newest_of_a_name_counts(qtbot: QtBot) -> None:
    turns, done = Turns(), []
    turns.add("a", lambda: done.append("old"))
    turns.add("b", lambda: done.append("b"))
    turns.add("a", lambda: done.append("new"))
    assert turns.is_busy
    assert done == []
    with qtbot.waitSignal(turns.over):
        pass
    assert done == ["new", "b"]
    assert not turns.is_busy


def test_work_that_fails_does_not_stop_what_waits(qtbot: QtBot) -> None:
    turns, done = Turns(), []

    def fail() -> None:
        raise ValueError("on purpose")

    turns.add("fails", fail)
    turns.add("works", lambda: done.append("works"))
    with qtbot.captureExceptions() as raised, qtbot.waitSignal(turns.over):
        pass
    assert done == ["works"]
    assert [str(error) for _, error, _ in raised] == ["on purpose"]


@pytest.mark.parametrize("when", ["before", "between"])
def test_what_is_forgotten_is_not_done(qtbot: QtBot, when: str) -> None:
    turns, done = Turns(), []
    turns.add("first", lambda: (done.append("first"), turns.clear()))
    turns.add("second", lambda: done.append("second"))
    if when == "before":
        turns.clear()
    qtbot.wait(20)
    assert done == (["first"] if when == "between" else [])
    assert not turns.is_busy
