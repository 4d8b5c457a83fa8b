"""An engine that cannot take the bench to zero leaves it to the guardian, and its last word says what that reached."""

import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from instruments.simulated.log_reading import safe_since_s
from mtjlab.bench import Bench
from mtjlab.benches.simulators import LOG
from mtjlab.config import read_bench
from mtjlab.errors import BenchFaultError
from mtjlab.experiment.engine import equipped, to_safety
from mtjlab.guardian.protocol import ERRORS
from mtjlab.procedures.safe import connect
from mtjlab.stopping import StopSwitch
from mtjlab.store import read_guardian_notes
from tests.support.engines import BENCH, PATIENCE_S
from tests.support.equipment import REQUEST, drive, setup_of, with_simulation


def test_the_last_word_says_what_the_guardian_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its engine finds the sources mute; the guardian, which opens them anew, does not."""

    def mute(_: Bench) -> None:
        raise BenchFaultError("source J1 does not answer")

    request = replace(REQUEST, bench=with_simulation(read_bench(BENCH), speed=100.0), simulate=True)
    with equipped(setup_of(request), tmp_path, StopSwitch(tmp_path)) as (bench, _, watch):
        drive(connect(bench))
        bench.execute(bench.plan([-300.0] * 3))
        while safe_since_s(tmp_path / LOG) is not None:  # the log of a process is on the disk a little later
            time.sleep(0.01)
        monkeypatch.setattr(Bench, "go_safe", mute)
        with pytest.raises(BenchFaultError) as caught:
            drive(to_safety(bench, None, watch))
    assert str(caught.value) == (
        "source J1 does not answer The guardian then tried: safe: all sources at zero, outputs off, read back."
    )
    assert safe_since_s(tmp_path / LOG) is not None  # whole, now that the instruments have ended
    assert read_guardian_notes(tmp_path)[-1] == "safe: all sources at zero, outputs off, read back"


@pytest.mark.skipif(sys.platform == "win32", reason="the test stops processes by signals")
def test_simulated_instruments_outlive_a_guardian_that_is_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It and they were stopped for a while: they must not end before it has finished, which then reports them dead."""
    monkeypatch.setattr("mtjlab.guardian.client.RESCUES_WITHIN_S", 1.0)  # it is stopped: no patience brings an answer
    request = replace(REQUEST, bench=with_simulation(read_bench(BENCH), speed=100.0), simulate=True)
    before = set(psutil.Process().children())
    with equipped(setup_of(request), tmp_path, StopSwitch(tmp_path)) as (bench, _, watch):
        assert watch is not None
        stopped = set(psutil.Process().children()) - before
        drive(connect(bench))
        bench.execute(bench.plan([-300.0] * 3))
        for process in stopped:
            process.suspend()
    assert watch.take_over() == ""
    for process in stopped:
        process.resume()
    psutil.wait_procs([psutil.Process(watch.pid)], PATIENCE_S)
    said = read_guardian_notes(tmp_path)
    for process in stopped:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    assert said[-1] == "safe: all sources at zero, outputs off, read back"
    assert not (tmp_path / ERRORS).exists()


class Diary:
    """Plays bench, field and guardian."""

    is_off, is_in_use, time_s = False, False, 0.0

    def __init__(self) -> None:
        self.did: list[str] = []

    def go_safe(self) -> None:
        raise BenchFaultError("source J1 does not answer")

    def close(self) -> None:
        self.did.append("close")

    def take_over(self) -> str:
        self.did.append("take over")
        return "safe"


def test_what_the_engine_holds_is_closed_before_the_guardian_opens_it() -> None:
    """An instrument may take one connection at a time, or be locked for it."""
    diary = Diary()
    with pytest.raises(BenchFaultError, match=r"The guardian then tried: safe\.$"):
        drive(to_safety(diary, diary, diary))  # type: ignore[arg-type]
    assert diary.did == ["close", "close", "take over"]


def test_why_the_guardian_did_not_succeed_either_is_left_to_its_own_file() -> None:
    diary = Diary()
    diary.take_over = lambda: "NOT SAFE: source J1 (GPIB0::12::INSTR): nothing came."  # type: ignore[method-assign]
    with pytest.raises(
        BenchFaultError, match=r"^source J1 does not answer The guardian did not reach zero either: see "
    ):
        drive(to_safety(diary, diary, diary))  # type: ignore[arg-type]


def test_outputs_that_are_off_are_left_alone() -> None:
    class Off:
        is_off, is_in_use, time_s = True, False, 0.0

        def go_safe(self) -> None:
            raise BenchFaultError("outputs off; source J1 was cut at -490 uA")

    with pytest.raises(BenchFaultError, match=r"^outputs off; source J1 was cut at -490 uA$"):
        drive(to_safety(Off(), None, None))  # type: ignore[arg-type]
