"""What a run folder tells of the sources: nobody is believed to be safe who did not say so."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from mtjlab.config import SimulatedBenchConfig, read_bench
from mtjlab.domain import BenchDescription
from mtjlab.events import BenchConnected, Event, OutputsCut, RunEnded, WentSafe
from mtjlab.run_status import status_report
from mtjlab.sources_left import AT_ZERO, sources_left
from mtjlab.store import ACTING, CONFIRMED, JOURNAL, REQUEST, SAFE_AGAIN, write_guardian_note
from mtjlab.transitions import Transition
from tests.support.commands import ACROSS
from tests.support.journals import BEGIN, Damage, alive, damages, run_folder
from tests.support.samples import STARTED

INSTRUMENTS: dict[str, Any] = {"bench": read_bench(ACROSS).model_dump(mode="json")}
IN_PROCESS: dict[str, Any] = {"bench": SimulatedBenchConfig().model_dump(mode="json")}
ZERO = (0.0,) * 3
CONNECTED = BenchConnected(0.1, ZERO, Transition(ZERO, ZERO, ()))
BEGUN = replace(STARTED, bench=BenchDescription("three", "instruments", simulated=False, junctions=3))
ON: list[Event] = [BEGUN, CONNECTED, *BEGIN[1:]]
SAFE = WentSafe(9.0, ZERO)
CUT = OutputsCut(9.0, "outputs off; source J1 was cut at -490 uA")
FAILED = RunEnded("failed", "J2 is open.")
SAFE_BY_GUARDIAN = (f"{ACTING}it hung", f"{SAFE_AGAIN}{AT_ZERO}, read back")


@pytest.mark.parametrize(
    ("events", "guardian", "sentence"),
    [
        ([*ON, SAFE, RunEnded("finished", "")], (), f"finished; {AT_ZERO}"),
        ([*ON, SAFE, RunEnded("stopped", "Ctrl-C")], (), f"stopped by Ctrl-C in the terminal; {AT_ZERO}"),
        ([*ON, SAFE, FAILED], (), "failed: J2 is open. All sources at zero, outputs off"),
        ([*ON, CUT, FAILED], (), "failed: J2 is open. Outputs off; source J1 was cut at -490 uA"),
        ([*ON, FAILED], SAFE_BY_GUARDIAN, f"Gone safe by its guardian because it hung: {AT_ZERO}, read back"),
        ([*ON, FAILED], (f"{ACTING}it hung", CUT.told), f"J2 is open. Its guardian acted (it hung): {CUT.told}"),
        ([BEGUN], (), "it had not switched any output on"),
        ([*ON, SAFE], (), f"; {AT_ZERO}"),
    ],
)  # fmt: skip
def test_who_stopped_how_it_ended_and_where_the_sources_are_is_one_sentence(
    tmp_path: Path, events: list[Event], guardian: tuple[str, ...], sentence: str
) -> None:
    folder = run_folder(tmp_path, events, INSTRUMENTS)
    for said in guardian:
        write_guardian_note(folder, said)
    stands = status_report(folder)
    assert stands.sentence.endswith(sentence)
    assert not stands.may_be_on
    assert "by hand" not in stands.sentence


@pytest.mark.parametrize(
    ("guardian", "told"),
    [
        ((), "outputs may still be ON: its sources were not confirmed at zero. `mtjlab safe --bench my-bench.toml`"),
        ((f"{ACTING}it hung",), "outputs may still be ON: its guardian acted (it hung) and did not report the result."),
        ((f"{ACTING}it hung", "NOT SAFE: J2 is silent."), "its guardian acted (it hung): NOT SAFE: J2 is silent."),
    ],
)
@pytest.mark.parametrize("events", [ON, [*ON, FAILED]], ids=["crashed", "failed"])
def test_where_nothing_says_that_they_are_at_zero_outputs_may_still_be_on(
    tmp_path: Path, events: list[Event], guardian: tuple[str, ...], told: str
) -> None:
    folder = run_folder(tmp_path, events, INSTRUMENTS, bench_file="my-bench.toml")
    for said in guardian:
        write_guardian_note(folder, said)
    stands = status_report(folder)
    assert stands.may_be_on
    assert told in stands.sentence.replace("Outputs", "outputs")


def test_of_simulated_instruments_that_is_said_too(tmp_path: Path) -> None:
    stands = status_report(run_folder(tmp_path, ON, INSTRUMENTS, simulate=True))
    assert stands.may_be_on
    assert "outputs may still be ON (of simulated instruments)" in stands.sentence


@pytest.mark.parametrize(
    ("asked", "run"),
    [(IN_PROCESS, {}), (INSTRUMENTS, {"recovered_from": "a/b"}), (INSTRUMENTS, {"redetected": "train"})],
)
def test_a_run_that_had_no_instruments_left_none_on(tmp_path: Path, asked: dict[str, Any], run: dict[str, Any]) -> None:
    assert not status_report(run_folder(tmp_path, ON, asked, **run)).may_be_on


def test_a_run_that_goes_on_has_left_nothing_yet(tmp_path: Path) -> None:
    assert status_report(run_folder(tmp_path, ON, INSTRUMENTS, **alive())).sources is None


def test_who_took_the_bench_to_zero_afterwards_ends_the_doubt(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, ON, INSTRUMENTS)
    write_guardian_note(folder, f"{CONFIRMED}{AT_ZERO}: `mtjlab safe`, 2026-11-23 12:00")
    assert status_report(folder).sentence.endswith(f"; {AT_ZERO}: `mtjlab safe`, 2026-11-23 12:00")
    assert not status_report(folder).may_be_on


@pytest.mark.parametrize("spoilt", [JOURNAL, REQUEST])
@given(damage=damages("cut", "byte", "line", "newline"))
@settings(max_examples=40)
def test_no_damage_makes_a_run_safe_that_did_not_say_so(
    tmp_path_factory: pytest.TempPathFactory, spoilt: str, damage: Damage
) -> None:
    folder = run_folder(tmp_path_factory.mktemp("run"), [*ON, *ON], INSTRUMENTS)
    (folder / spoilt).write_bytes(damage.done_to((folder / spoilt).read_bytes()))
    left = sources_left(folder)
    lines = (folder / JOURNAL).read_bytes().count(b"\n")
    assert left is not None
    assert left.may_be_on or lines < 2
