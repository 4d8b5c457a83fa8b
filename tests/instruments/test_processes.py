"""Which process is which, by its number and the time of its creation."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from instruments.processes import created_s, is_alive, process_of


@pytest.fixture
def child() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("off_s", [0.0, 1.0, -1.0])
def test_a_process_is_the_same_though_its_creation_is_told_to_the_second(off_s: float) -> None:
    found = process_of(os.getpid(), created_s() + off_s)
    assert found == psutil.Process()


@pytest.mark.parametrize("off_s", [3.0, -60.0, float("nan")])
def test_another_process_has_its_number(off_s: float) -> None:
    assert process_of(os.getpid(), created_s() + off_s) is None
    assert process_of(os.getpid(), None) == psutil.Process()


@pytest.mark.parametrize("pid", [-5, 2**22 + 1, 2**40, 2**70])
def test_numbers_that_are_no_process_are_nobody(pid: int) -> None:
    assert process_of(pid, None) is None


def test_a_process_that_has_ended_does_not_live_though_its_parent_has_not_noticed(
    child: "subprocess.Popen[bytes]",
) -> None:
    found = process_of(child.pid, None)
    assert found is not None
    assert is_alive(found)
    child.kill()
    while is_alive(found):
        pass
    assert process_of(child.pid, None) is None


def test_a_process_that_may_not_be_looked_at_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: psutil.Process) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "create_time", denied)
    monkeypatch.setattr(psutil.Process, "status", denied)
    assert process_of(os.getpid(), 0.0) is not None
