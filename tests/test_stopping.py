"""How a run is asked to stop."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from mtjlab.stopping import StopSwitch, signals_press
from mtjlab.store import STOP

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="a signal to oneself ends a process on Windows")


def test_nobody_asked(tmp_path: Path) -> None:
    assert StopSwitch(tmp_path).reason is None


def test_a_file_in_the_run_folder_asks(tmp_path: Path) -> None:
    switch = StopSwitch(tmp_path)
    (tmp_path / STOP).touch()
    assert switch.reason == "a file named stop in the run folder"


@needs_signals
@pytest.mark.parametrize(("number", "reason"), [(signal.SIGINT, "Ctrl-C"), (signal.SIGTERM, "SIGTERM")])
def test_a_signal_asks_and_says_which(tmp_path: Path, number: signal.Signals, reason: str) -> None:
    switch = StopSwitch(tmp_path)
    before = signal.getsignal(number)
    with signals_press(switch):
        os.kill(os.getpid(), number)
        assert switch.reason == reason
    assert signal.getsignal(number) is before


@needs_signals
def test_any_number_of_presses_is_one_wish_and_interrupts_nothing(tmp_path: Path) -> None:
    switch = StopSwitch(tmp_path)
    with signals_press(switch):
        for _ in range(5):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)
    assert switch.reason == "Ctrl-C"
