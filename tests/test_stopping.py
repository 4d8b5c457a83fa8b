"""How a run is asked to stop."""

import os
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from mtjlab.errors import StopRequestedError
from mtjlab.stopping import SAME_PRESS_S, StopSwitch, signals_press
from mtjlab.store import EMERGENCY, STOP, STOP_NOW, StopFiles, StopRequest, request_emergency_stop, request_stop

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="a signal to oneself ends a process on Windows")


def test_nobody_asked(tmp_path: Path) -> None:
    assert StopSwitch(tmp_path).reason is None


def test_a_file_in_the_run_folder_asks(tmp_path: Path) -> None:
    switch = StopSwitch(tmp_path)
    (tmp_path / STOP).touch()
    assert switch.reason == "a file named stop in the run folder"


@pytest.mark.parametrize("now", [False, True])
@pytest.mark.parametrize("by", ["`mtjlab stop`", "the Stop button of the window"])
def test_a_file_may_say_who_asks(tmp_path: Path, by: str, now: bool) -> None:
    request_stop(tmp_path, by, now)
    assert StopFiles(tmp_path).request() == StopRequest(by, now)
    assert StopSwitch(tmp_path).reason == by


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", StopRequest("a file named stop in the run folder", now=False)),
        ("now", StopRequest("a file named stop in the run folder", now=True)),
        ("please", StopRequest("a file named stop in the run folder", now=False)),
        ("by \x1b[31mme\x07\r\n", StopRequest("[31mme", now=False)),
        ("by a script\nnow\n", StopRequest("a script", now=True)),
        (f"by {'x' * 500}", StopRequest("x" * 80, now=False)),
    ],
)
def test_what_other_programs_write_keeps_its_meaning(tmp_path: Path, text: str, asked: StopRequest) -> None:
    (tmp_path / STOP).write_text(text, newline="")
    assert StopFiles(tmp_path).request() == asked


def test_who_asks_at_once_is_named_before_who_asked_first(tmp_path: Path) -> None:
    switch = StopSwitch(tmp_path)
    request_stop(tmp_path, "`mtjlab stop`", now=False)
    switch.look_around()
    request_emergency_stop(tmp_path, "EMERGENCY STOP of the window")
    with pytest.raises(StopRequestedError, match=r"^EMERGENCY STOP of the window, at once$"):
        switch.look_around()


@needs_signals
@pytest.mark.parametrize(("name", "reason"), [("SIGINT", "Ctrl-C"), ("SIGTERM", "SIGTERM"), ("SIGHUP", "SIGHUP")])
def test_a_signal_asks_and_says_which(tmp_path: Path, name: str, reason: str) -> None:
    switch, number = StopSwitch(tmp_path), getattr(signal, name)
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


class TestInAWaitOfTheBench:
    """Only who wants to stop now ends it."""

    def test_a_stop_at_the_next_safe_point_lets_it_end(self, tmp_path: Path) -> None:
        switch = StopSwitch(tmp_path)
        (tmp_path / STOP).touch()
        switch.look_around()
        assert switch.reason == "a file named stop in the run folder"

    @pytest.mark.parametrize("says", [STOP_NOW, f" {STOP_NOW}\n"])
    def test_a_stop_file_that_says_now_ends_it_also_after_one_that_did_not(self, tmp_path: Path, says: str) -> None:
        switch = StopSwitch(tmp_path)
        (tmp_path / STOP).touch()
        switch.look_around()
        (tmp_path / STOP).write_text(says)
        with pytest.raises(StopRequestedError, match="a file named stop in the run folder, at once"):
            switch.look_around()

    def test_a_file_named_emergency_ends_it(self, tmp_path: Path) -> None:
        (tmp_path / EMERGENCY).touch()
        with pytest.raises(StopRequestedError, match="a file named emergency"):
            StopSwitch(tmp_path).look_around()

    def test_a_second_press_ends_it_and_an_echo_of_the_first_does_not(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now_s = [0.0]
        monkeypatch.setattr("mtjlab.stopping.time", SimpleNamespace(monotonic=lambda: now_s[-1]))
        switch = StopSwitch(tmp_path)
        for at_s in (0.0, SAME_PRESS_S / 2):
            now_s.append(at_s)
            switch.press("Ctrl-C")
        switch.look_around()
        now_s.append(2 * SAME_PRESS_S)
        switch.press("Ctrl-C")
        with pytest.raises(StopRequestedError, match="Ctrl-C, at once"):
            switch.look_around()

    def test_on_the_way_to_safety_nothing_ends_it(self, tmp_path: Path) -> None:
        switch = StopSwitch(tmp_path)
        (tmp_path / STOP).write_text(STOP_NOW)
        switch.shut()
        switch.look_around()
        assert switch.is_shut

    def test_a_wait_that_is_a_safe_point_ends_at_the_first_wish_to_stop(self, tmp_path: Path) -> None:
        switch = StopSwitch(tmp_path)
        switch.look_around(may_stop=True)
        switch.press("Ctrl-C")
        switch.look_around()
        with pytest.raises(StopRequestedError, match=r"^Ctrl-C$"):
            switch.look_around(may_stop=True)

    def test_a_stop_file_ends_a_wait_that_is_a_safe_point(self, tmp_path: Path) -> None:
        (tmp_path / STOP).touch()
        with pytest.raises(StopRequestedError, match=r"^a file named stop"):
            StopSwitch(tmp_path).look_around(may_stop=True)


@pytest.mark.parametrize("content", ["now\r\n".encode("utf-16"), b"\xef\xbb\xbfnow\r\n"], ids=["UTF-16", "a mark"])
def test_a_file_may_be_written_by_any_shell(tmp_path: Path, content: bytes) -> None:
    (tmp_path / STOP).write_bytes(content)
    asked = StopFiles(tmp_path).request()
    assert asked is not None
    assert asked.now
