"""Manual operation from the command line: in process, over TCP, and when its engine dies."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mtjlab.events import Event
from mtjlab.procedures.manual.events import JunctionsRead, RequestPlanned, RequestRefused
from mtjlab.reading import read_events
from mtjlab.requests import ManualRequest
from mtjlab.runs.watching import ask_to_stop
from mtjlab.store import JOURNAL, add_request
from tests.support.commands import ACROSS, Result
from tests.support.engines import PATIENCE_S, engine

Command = Callable[..., Result]
IN_PROCESS: tuple[str, ...] = ()
LONGEST = ("--for", str(PATIENCE_S))
OVER_TCP = ("--bench", str(ACROSS), "--simulate", "--speed", "5", "--confirm-shorted")
HOME = ManualRequest(controls_ua=(-500.0, -500.0, -500.0))


def until(holds: Callable[[], bool]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end_s
        time.sleep(0.02)


def events(root: Path) -> list[Event]:
    return [event for journal in root.glob(f"*/*/{JOURNAL}") for event in read_events(journal.parent)]


def turn_and_stop(root: Path) -> None:
    """What a person does who holds the controls, applies an input, asks for too much, and ends it."""

    def happened(kind: type[Event], times: int) -> Callable[[], bool]:
        return lambda: sum(isinstance(event, kind) for event in events(root)) >= times

    until(happened(JunctionsRead, 1))
    (folder,) = root.glob("*/*")
    add_request(folder, HOME)
    until(happened(RequestPlanned, 1))
    add_request(folder, ManualRequest(input_ua=600.0))
    until(happened(RequestPlanned, 2))
    add_request(folder, ManualRequest(input_ua=5000.0))
    until(happened(RequestRefused, 1))
    looks = sum(isinstance(event, JunctionsRead) for event in events(root))
    until(happened(JunctionsRead, looks + 1))
    ask_to_stop(folder, now=False)


@pytest.mark.parametrize("bench", [IN_PROCESS, OVER_TCP], ids=["in process", "over TCP"])
def test_a_bench_is_held_turned_and_left_at_zero(mtjlab: Command, tmp_path: Path, bench: tuple[str, ...]) -> None:
    with ThreadPoolExecutor() as pool:
        person = pool.submit(turn_and_stop, tmp_path / "runs")
        result = mtjlab("live", *bench, *LONGEST, "--json", "--quiet", "--every", "0.05")
        person.result()
    told = result.json
    assert (result.code, told["status"], told["safe"]) == (3, "stopped", True)
    assert (told["granted"], told["refused"]) == (2, 1)
    assert (told["last_controls_ua"], told["last_input_ua"]) == ([-500.0] * 3, 600.0)
    last = [event for event in events(tmp_path / "runs") if isinstance(event, JunctionsRead)][-1]
    assert last.readings[-1].currents_ua == (100, 100, 100)


def test_who_asks_is_answered(mtjlab: Command, tmp_path: Path) -> None:
    with engine(tmp_path, command=["live", "--every", "0.05"], speed=1) as live:
        live.wait_until(lambda: live.says("junctions-read"))
        granted = mtjlab("ask", live.run, "--controls=-500,-500,-500")
        refused = mtjlab("ask", live.run, "--input", "5000")
        stopped = mtjlab("stop", live.run)
    assert "will stop at its next safe point" in stopped.err
    assert "resume" not in stopped.err
    assert (granted.code, "controls (-500, -500, -500), input 0 uA" in granted.sentence) == (0, True)
    assert (refused.code, "refused: " in refused.sentence, "5000 uA" in refused.sentence) == (2, True, True)


def test_it_may_end_by_itself_and_is_told_like_any_run(mtjlab: Command) -> None:
    told = mtjlab("live", "--for", "0.5", "--every", "0.1", "--json").json
    assert (told["status"], told["granted"], told["looks"] > 1) == ("finished", 0, True)
    assert " readings, " in mtjlab("show", "last").out
    assert "live" in mtjlab("runs").out
    assert "cannot be repeated" in mtjlab("rerun", "last").sentence


@pytest.mark.parametrize("typed", ["nan", "inf", "1_0", "1,234", "much", ""])
def test_an_input_that_is_no_number_is_not_asked_for(mtjlab: Command, typed: str) -> None:
    refused = mtjlab("ask", "last", f"--input={typed}")
    assert (refused.code, "'--input': " in refused.sentence) == (2, True)


def test_a_run_that_is_not_turned_by_hand_is_not_asked(mtjlab: Command) -> None:
    assert mtjlab("live", "--for", "0.1", "--quiet").code == 0
    late = mtjlab("ask", "last", "--input", "300")
    assert (late.code, "nothing was moved" in late.sentence) == (2, True)
    assert mtjlab("check", "--quiet").code == 0
    other = mtjlab("ask", "last", "--controls=-500,-500,-500")
    assert (other.code, "not a manual run" in other.sentence) == (2, True)
    nothing = mtjlab("ask", "last")
    assert (nothing.code, "Nothing was requested" in nothing.sentence) == (2, True)


def test_an_engine_that_is_killed_leaves_no_current_on(tmp_path: Path) -> None:
    with engine(tmp_path, command=["live"], speed=1) as live:
        live.wait_until(lambda: live.says("junctions-read"))
        add_request(live.run, HOME)
        live.wait_until(lambda: live.says("wish-planned"))
        live.wait_until(lambda: '"currents_ua":[-500.0,-500.0,-500.0]' in (live.run / "events.jsonl").read_text())
        killed_s = time.time()
        live.process.kill()
        assert live.safe_after_s(killed_s) < PATIENCE_S
