"""Engine side of the guardian: a guardian that does not answer never blocks the engine."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from instruments.interfaces import HeldError, Identity
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.guardian import client
from mtjlab.guardian.client import GuardianClient, guarded
from mtjlab.guardian.protocol import Orders, format_line, parse_line
from tests.support.engines import BENCH, PATIENCE_S

DEAF = "print('ready', flush=True); time.sleep(600)"
ANSWERS = """
for said in sys.stdin.buffer:
    word = said.split()[0].decode()
    if word == 'safe':
        sys.exit()
    answers = {'beat': 'beat', 'recognised': RECOGNISED, 'take-over': 'reached "safe: all sources at zero"'}
    print(answers.get(word, 'ready'), flush=True)
"""
FILLS_EVERY_PIPE = "x" * 1_000_000
SOURCE = Identity("KEITHLEY", "MODEL 6221", "1234567", "D01")

Start = Callable[..., GuardianClient]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "BEAT_S", 0.005)
    for patience in ("HUNG_LEAVES_WITHIN_S", "LEAVES_WITHIN_S"):
        monkeypatch.setattr(client, patience, 0.2)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a program in the place of a guardian."""
    started = []

    def starting(program: str) -> GuardianClient:
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", f"import sys, time\n{program}"]
        with (tmp_path / "errors").open("ab") as errors:
            process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, bufsize=0)
        started.append(process)
        return GuardianClient(process, tmp_path / "errors")

    yield starting
    for process in started:
        process.kill()
        process.wait()


def orders(program: str = "a test") -> Orders:
    bench = read_bench(BENCH)
    assert isinstance(bench, InstrumentBenchConfig)
    return Orders(program=program, folder=".", engine_pid=1, engine_created_s=0.0, bench=bench, simulated=True)


def fault_of(guardian: GuardianClient) -> str:
    """Message of the fault that look_around raises in the end."""
    end_s = monotonic() + PATIENCE_S
    while monotonic() < end_s:
        try:
            guardian.look_around()
        except BenchFaultError as error:
            return str(error)
        sleep(0.001)
    raise AssertionError("it was never found silent")


@pytest.fixture
def deaf(start: Start, monkeypatch: pytest.MonkeyPatch) -> GuardianClient:
    """Reports ready, then neither reads nor writes: its pipe is full at once."""
    monkeypatch.setattr(client, "SILENT_S", 0.2)
    guardian = start(DEAF)
    guardian.begin(orders(FILLS_EVERY_PIPE))
    return guardian


def test_a_guardian_that_does_not_answer_is_a_bench_fault(deaf: GuardianClient) -> None:
    text = fault_of(deaf)
    assert "has not answered for 0.2 s: it hangs or is suspended" in text
    assert "it ends with all sources at zero" in text


def test_the_engine_does_not_wait_for_one_that_does_not_read(deaf: GuardianClient) -> None:
    fault_of(deaf)
    with pytest.raises(BenchFaultError, match="has not answered"):
        deaf.recognise("GPIB0::12::INSTR", SOURCE)
    deaf.end(off=True)
    assert deaf._process.wait(PATIENCE_S) != 0


def test_one_that_hangs_while_the_bench_is_not_safe_is_not_killed(deaf: GuardianClient) -> None:
    fault_of(deaf)
    assert deaf.take_over() == "it does not answer"
    deaf.end(off=False)
    assert deaf._process.poll() is None


def test_one_that_answers_is_never_found_silent_however_many_beats_it_gets(start: Start) -> None:
    guardian = start(ANSWERS.replace("RECOGNISED", "'recognised'"))
    guardian.begin(orders())
    while guardian._received < 500:
        guardian.look_around()
        sleep(0.001)
    guardian.recognise("GPIB0::12::INSTR", SOURCE)
    guardian.end(off=True)
    assert guardian._process.poll() == 0


def test_an_instrument_held_by_another_program_is_reported_as_the_guardian_reports_it(start: Start) -> None:
    guardian = start(ANSWERS.replace("RECOGNISED", "'held \"it is held by somebody\"'"))
    guardian.begin(orders())
    with pytest.raises(HeldError, match="it is held by somebody"):
        guardian.recognise("GPIB0::12::INSTR", SOURCE)
    assert guardian.take_over() == "safe: all sources at zero"


def test_a_guardian_that_does_not_start_says_why(start: Start) -> None:
    guardian = start("raise SystemExit('no such library')")
    with pytest.raises(
        BenchFaultError, match=r"did not start; its error output: no such library\. No output was switched on"
    ):
        guardian.begin(orders())


def test_one_that_ends_later_says_why(start: Start) -> None:
    guardian = start("print('ready', flush=True); sys.exit('a hiccup')")
    guardian.begin(orders())
    assert "has ended (code 1); its error output: a hiccup. The run cannot continue" in fault_of(guardian)


def test_where_no_lock_can_be_taken_nothing_starts_and_a_sentence_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MTJLAB_LOCKS", str(tmp_path / "file" / "locks"))
    told = r"no lock on an instrument can be taken there \(Not a directory\)"
    with pytest.raises(RefusedError, match=told), guarded(tmp_path, orders().bench, True, "a test"):
        raise AssertionError


@pytest.mark.parametrize("text", ["", "two\nlines", "\x1b[31m Ω µA \ud83e", "{}"])
def test_every_message_is_one_line_of_ascii(text: str) -> None:
    content = format_line("held", text)
    assert (content.count(b"\n"), content.isascii()) == (1, True)
    assert parse_line(content) == ("held", text)
