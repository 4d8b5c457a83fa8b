"""``mtjlab safe``: a bench that nobody holds is taken to zero; runs that may have left it on are known to be off."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from instruments.simulated.client import ControlClient
from instruments.simulated.log_reading import messages, safe_since_s
from mtjlab.bench import Bench
from mtjlab.benches.factory import open_bench
from mtjlab.benches.sessions import held
from mtjlab.benches.simulators import redirected, simulated
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.domain import source_currents_ua
from mtjlab.events import Event
from mtjlab.run_status import status_report
from mtjlab.runs.memory import remember_field
from tests.support.commands import ACROSS, CONFIGS, RealBench, Result
from tests.support.journals import BEGIN, run_folder
from tests.support.samples import STARTED

Run = Callable[..., Result]
HELD_UA = (-300.0, -280.0, -320.0)
SOURCES_UA = source_currents_ua(HELD_UA, 0.0)


@pytest.fixture
def file(real: RealBench, tmp_path: Path) -> Path:
    return real.write(tmp_path / "bench.toml")


@pytest.fixture
def stubborn(tmp_path: Path) -> Iterator[Path]:
    """A bench file of instruments of which source J1 takes no level any more, and is on."""
    config = read_bench(ACROSS)
    assert isinstance(config, InstrumentBenchConfig)
    with simulated(config, tmp_path / "log.jsonl", seed=0, linger_s=None) as running:
        file = RealBench(redirected(config, running), running, tmp_path / "log.jsonl").write(tmp_path / "stubborn.toml")
        switch_on(file)
        with ControlClient(running.control_port) as control:
            control.fault("source J1:refuses-level")
        yield file


@pytest.fixture
def left_on(file: Path) -> Path:
    """A bench file whose sources somebody left on."""
    switch_on(file)
    return file


def switch_on(file: Path) -> None:
    config = read_bench(file)
    assert isinstance(config, InstrumentBenchConfig)
    bench: Bench = open_bench(config)
    bench.connect()
    bench.go_safe()
    bench.switch_on()
    bench.execute(bench.plan(HELD_UA))
    bench.close()


def crashed_on(bench: Path, folder: Path, **run: Any) -> Path:
    """A run on the instruments of ``bench`` that said nothing of its end."""
    config = read_bench(bench).model_dump(mode="json", exclude_none=True)
    events: list[Event] = [STARTED, *BEGIN[1:], *BEGIN[1:]]
    return run_folder(folder, events, {"bench": config}, bench_file=str(bench), **run)


def seen_safe(log: Path) -> bool:
    """Whether the simulators' own log, which is written now and then, comes to say that all sources are at zero."""
    end_s = monotonic() + 30
    while safe_since_s(log) is None and monotonic() < end_s:
        sleep(0.05)
    return safe_since_s(log) is not None


def recorded(log: Path) -> int:
    """Number of messages in ``log``, once those that are still being written have come."""
    count = -1
    while count != (count := len(list(messages(log)))):
        sleep(0.3)
    return count


class TestSafe:
    def test_sources_that_are_on_are_ramped_down_and_switched_off(
        self, mtjlab: Run, real: RealBench, left_on: Path
    ) -> None:
        result = mtjlab("safe", "--bench", left_on, "--json")
        assert result.code == 0
        told = result.json
        assert (told["safe"], told["told"]) == (True, "safe: all sources at zero, outputs off, read back")
        assert [source["role"] for source in told["sources"]] == ["source J1", "source J2", "source J3"]
        assert [source["found_ua"] for source in told["sources"]] == pytest.approx(SOURCES_UA)
        assert {(source["level_ua"], source["output_on"]) for source in told["sources"]} == {(0.0, False)}
        assert seen_safe(real.log)

    def test_a_person_reads_a_table_and_a_sentence(self, mtjlab: Run, left_on: Path) -> None:
        out = mtjlab("safe", "--bench", left_on).out
        assert "source J1  -" in out
        assert "safe: all sources at zero, outputs off, read back" in out

    def test_runs_that_may_have_left_these_sources_on_are_known_to_be_off(
        self, mtjlab: Run, left_on: Path, tmp_path: Path
    ) -> None:
        lost = crashed_on(left_on, tmp_path / "runs" / "2026-11-23" / "0001-train")
        far = crashed_on(left_on, tmp_path / "runs" / "2026-11-23" / "0002-train", simulate=True)
        other = crashed_on(CONFIGS / "mixed.toml", tmp_path / "runs" / "2026-11-23" / "0003-train")
        assert [status_report(run).may_be_on for run in (lost, far, other)] == [True] * 3
        assert f"`mtjlab safe --bench {left_on}` switches them off" in status_report(lost).sentence
        assert mtjlab("safe", "--bench", left_on, "--json").json["confirmed"] == [str(lost.relative_to(tmp_path))]
        assert [status_report(run).may_be_on for run in (lost, far, other)] == [False, True, True]
        assert "; all sources at zero, outputs off: `mtjlab safe`, 20" in status_report(lost).sentence

    def test_a_bench_that_a_run_holds_is_refused_with_what_to_do_instead(
        self, mtjlab: Run, real: RealBench, file: Path
    ) -> None:
        config = read_bench(file)
        assert isinstance(config, InstrumentBenchConfig)
        before = recorded(real.log)
        with held(config, "mtjlab train, run 2026-11-23/0007-train"):
            result = mtjlab("safe", "--bench", file, "--json")
        assert (result.code, result.out) == (2, "")
        assert "is held by mtjlab train, run 2026-11-23/0007-train" in result.sentence
        assert "`mtjlab stop RUN --now`, or EMERGENCY STOP in the window" in result.sentence
        assert recorded(real.log) == before

    def test_a_source_that_refuses_zero_is_never_called_safe(self, mtjlab: Run, stubborn: Path, tmp_path: Path) -> None:
        lost = crashed_on(stubborn, tmp_path / "runs" / "0001-train")
        result = mtjlab("safe", "--bench", stubborn, "--json")
        told = result.json
        assert (result.code, told["safe"], told["confirmed"]) == (4, False, [])
        assert told["told"].startswith("outputs off; source J1 was cut at -300 uA")
        assert told["sources"][0] == {"role": "source J1", "found_ua": -300.0, "level_ua": -300.0, "output_on": False}
        assert status_report(lost).may_be_on

    def test_one_that_does_not_answer_is_told_and_the_others_are_taken_down(
        self, mtjlab: Run, real: RealBench, left_on: Path, tmp_path: Path
    ) -> None:
        dead = {"model": "Keithley 6221", "address": "TCPIP0::127.0.0.1::9::SOCKET", "range_ua": 2000.0}
        sources = real.config.model_dump(mode="json", exclude_none=True)["sources"] | {"J2": dead}
        result = mtjlab("safe", "--bench", real.write(tmp_path / "b.toml", sources=sources), "--json")
        assert (result.code, result.json["safe"]) == (4, False)
        assert result.json["told"].startswith("NOT SAFE:")
        silent = {"role": "source J2", "found_ua": None, "level_ua": None, "output_on": None}
        assert result.json["sources"][1] == silent
        assert {result.json["sources"][k]["output_on"] for k in (0, 2)} == {False}

    def test_mistakes_are_sentences(self, mtjlab: Run, tmp_path: Path) -> None:
        for bench, complaint in ((CONFIGS / "simulated.toml", "has no instruments"), ("absent.toml", "cannot be read")):
            result = mtjlab("safe", "--bench", bench)
            assert (result.code, result.out) == (2, "")
            assert complaint in result.sentence


class TestDoctor:
    def test_output_and_level_of_each_source_are_told(self, mtjlab: Run, left_on: Path) -> None:
        rows = {row["role"]: row for row in mtjlab("doctor", "--bench", left_on, "--json").json["bench"]}
        assert [rows[f"source J{k}"]["output_on"] for k in (1, 2, 3)] == [True] * 3
        assert rows["source J1"]["level_ua"] == -300.0
        assert (rows["voltmeter J1"]["output_on"], rows["voltmeter J1"]["level_ua"]) == (None, None)
        mtjlab("safe", "--bench", left_on)
        rows = {row["role"]: row for row in mtjlab("doctor", "--bench", left_on, "--json").json["bench"]}
        assert [(rows[f"source J{k}"]["output_on"], rows[f"source J{k}"]["level_ua"]) for k in (1, 2, 3)] == [
            (False, 0.0)
        ] * 3


def test_the_next_run_tells_what_it_found_on_and_its_end_is_the_end_of_doubt(
    mtjlab: Run, left_on: Path, tmp_path: Path
) -> None:
    lost = crashed_on(left_on, tmp_path / "runs" / "2026-11-23" / "0001-train")
    config = read_bench(left_on)
    assert isinstance(config, InstrumentBenchConfig)
    remember_field(config, 6.0)
    told = mtjlab("check", "--bench", left_on, "--confirm-shorted", "--json", "--quiet").json
    log = (Path(told["run"]) / "log.txt").read_text(encoding="utf-8")
    assert "WARNING found on, and ramped down: source J1 at -300 uA, source J2 at " in log
    assert log.splitlines()[-1].endswith("finished; all sources at zero, outputs off")
    assert not status_report(lost).may_be_on
    assert "went safe on the same sources" in status_report(lost).sentence
