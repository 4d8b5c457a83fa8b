"""The engine's side of a guardian that does not answer: nothing of it waits for ever."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from instruments.interfaces import HeldError, Identity
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.guardian import watch as watching
from mtjlab.guardian.orders import Orders, line, parted
from mtjlab.guardian.watch import Watch, guarded
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

Start = Callable[..., Watch]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "BEAT_S", 0.005)
    for patience in ("HUNG_LEAVES_WITHIN_S", "LEAVES_WITHIN_S"):
        monkeypatch.setattr(watching, patience, 0.2)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Watch a program in the place of a guardian."""
    started = []

    def starting(program: str) -> Watch:
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", f"import sys, time\n{program}"]
        with (tmp_path / "errors").open("ab") as errors:
            process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, bufsize=0)
        started.append(process)
        return Watch(process, tmp_path / "errors")

    yield starting
    for process in started:
        process.kill()
        process.wait()


def orders(program: str = "a test") -> Orders:
    bench = read_bench(BENCH)
    assert isinstance(bench, InstrumentBenchConfig)
    return Orders(program=program, folder=".", engine_pid=1, engine_created_s=0.0, bench=bench, simulated=True)


def complaint_of(watch: Watch) -> str:
    """What a look around finds at last."""
    end_s = monotonic() + PATIENCE_S
    while monotonic() < end_s:
        try:
            watch.look_around()
        except BenchFaultError as error:
            return str(error)
        sleep(0.001)
    raise AssertionError("it was never found silent")


@pytest.fixture
def deaf(start: Start, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Says that it is ready, and then neither reads nor says anything: its pipe is full at once."""
    monkeypatch.setattr(watching, "SILENT_S", 0.2)
    watch = start(DEAF)
    watch.begin(orders(FILLS_EVERY_PIPE))
    return watch


def test_a_guardian_that_does_not_answer_is_a_fault_in_words(deaf: Watch) -> None:
    told = complaint_of(deaf)
    assert "has not answered for 0.2 s: it hangs, or was stopped" in told
    assert "the run ends, all sources to zero" in told


def test_nobody_waits_for_one_that_does_not_read(deaf: Watch) -> None:
    complaint_of(deaf)
    with pytest.raises(BenchFaultError, match="has not answered"):
        deaf.recognise("GPIB0::12::INSTR", SOURCE)
    deaf.end(off=True)
    assert deaf._process.wait(PATIENCE_S) != 0


def test_one_that_hangs_beside_a_bench_that_is_not_safe_is_left_to_wake_up(deaf: Watch) -> None:
    complaint_of(deaf)
    assert deaf.take_over() == "it does not answer"
    deaf.end(off=False)
    assert deaf._process.poll() is None


def test_one_that_answers_is_never_found_silent_however_many_beats_it_gets(start: Start) -> None:
    watch = start(ANSWERS.replace("RECOGNISED", "'recognised'"))
    watch.begin(orders())
    while watch._heard < 500:
        watch.look_around()
        sleep(0.001)
    watch.recognise("GPIB0::12::INSTR", SOURCE)
    watch.end(off=True)
    assert watch._process.poll() == 0


def test_what_another_program_holds_is_told_as_the_guardian_says(start: Start) -> None:
    watch = start(ANSWERS.replace("RECOGNISED", "'held \"it is held by somebody\"'"))
    watch.begin(orders())
    with pytest.raises(HeldError, match="it is held by somebody"):
        watch.recognise("GPIB0::12::INSTR", SOURCE)
    assert watch.take_over() == "safe: all sources at zero"


def test_a_guardian_that_does_not_start_says_why(start: Start) -> None:
    watch = start("raise SystemExit('no such library')")
    with pytest.raises(BenchFaultError, match=r"did not start; it said: no such library\. No output was switched on"):
        watch.begin(orders())


def test_one_that_ends_later_says_why(start: Start) -> None:
    watch = start("print('ready', flush=True); sys.exit('a hiccup')")
    watch.begin(orders())
    assert "has ended (code 1); it said: a hiccup. Nothing goes on" in complaint_of(watch)


def test_where_no_lock_can_be_taken_nothing_starts_and_a_sentence_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MTJLAB_LOCKS", str(tmp_path / "file" / "locks"))
    told = r"no lock on an instrument can be taken there \(Not a directory\)"
    with pytest.raises(RefusedError, match=told), guarded(tmp_path, orders().bench, True, "a test"):
        raise AssertionError


@pytest.mark.parametrize("text", ["", "two\nlines", "\x1b[31m Ω µA \ud83e", "{}"])
def test_whatever_is_said_is_one_line_of_ascii(text: str) -> None:
    said = line("held", text)
    assert (said.count(b"\n"), said.isascii()) == (1, True)
    assert parted(said) == ("held", text)
