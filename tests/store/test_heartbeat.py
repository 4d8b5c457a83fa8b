"""Signs of life: a file that is touched while a run goes on."""

import os
import threading
from pathlib import Path
from time import sleep, time
from typing import Any

import pytest

from mtjlab.store import HEARTBEAT, beating, heartbeat_age_s


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtjlab.store.heartbeat.BEAT_S", 0.002)


def wait_for(folder: Path) -> None:
    while heartbeat_age_s(folder) is None:
        sleep(0.001)


def test_no_sign_of_life_was_ever_given(tmp_path: Path) -> None:
    assert heartbeat_age_s(tmp_path) is None


def test_signs_of_life_are_given_again_and_again_in_one_empty_file(tmp_path: Path) -> None:
    with beating(tmp_path):
        wait_for(tmp_path)
        identity = (tmp_path / HEARTBEAT).stat().st_ino
        for _ in range(3):
            os.utime(tmp_path / HEARTBEAT, (1, 1))
            while (tmp_path / HEARTBEAT).stat().st_mtime == 1:
                sleep(0.001)
        assert (tmp_path / HEARTBEAT).stat().st_ino == identity
    assert (tmp_path / HEARTBEAT).read_bytes() == b""


def test_none_is_given_any_more_when_the_run_is_over(tmp_path: Path) -> None:
    with beating(tmp_path):
        wait_for(tmp_path)
    assert "run folder heartbeat" not in [thread.name for thread in threading.enumerate()]
    os.utime(tmp_path / HEARTBEAT, (time() - 50, time() - 50))
    assert 49 < (heartbeat_age_s(tmp_path) or 0) < 60


def test_a_folder_that_is_gone_disturbs_nobody(tmp_path: Path) -> None:
    with beating(tmp_path / "gone"):
        sleep(0.01)
    assert heartbeat_age_s(tmp_path / "gone") is None


def test_a_sign_of_life_from_the_future_says_so(tmp_path: Path) -> None:
    """The clock was set back meanwhile, or another computer's is ahead."""
    (tmp_path / HEARTBEAT).touch()
    os.utime(tmp_path / HEARTBEAT, (time() + 3600, time() + 3600))
    assert -3600 <= (heartbeat_age_s(tmp_path) or 0) < -3500


def test_a_drive_that_is_gone_does_not_hold_up_the_end_of_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever touches a file of it may wait for ever."""
    back, asked = threading.Event(), threading.Event()

    def hangs(*_: Any, **__: Any) -> None:
        asked.set()
        back.wait()

    monkeypatch.setattr("mtjlab.store.heartbeat.touch", hangs)
    monkeypatch.setattr("mtjlab.store.heartbeat.ENDS_WITHIN_S", 0.01)
    with beating(tmp_path):
        asked.wait()
    back.set()
