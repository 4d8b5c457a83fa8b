"""``mtjlab doctor``: what is there, who answers, who holds what; and never a setting written."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from instruments.connect import Resource
from instruments.simulated.log_reading import messages
from mtjlab.benches.sessions import held
from mtjlab.config import InstrumentBenchConfig, read_bench
from tests.support.commands import ACROSS, CONFIGS, RealBench, Result
from tests.support.equipment import equipped_bench

Run = Callable[..., Result]
BUS = import_module("mtjlab.cli.bus")
PROGRAM = "mtjlab train, run 2026-11-23/0007-train"


@pytest.fixture(autouse=True)
def one_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    """Listing takes a second, and what hangs on the machine of a test is nobody's business."""
    found = (Resource("ASRL1::INSTR", None, "nothing came"),)
    monkeypatch.setattr(BUS, "find_resources", lambda library, ask: found)


def test_back_ends_and_resources_are_listed_without_any_bench_file(mtjlab: Run) -> None:
    told = mtjlab("doctor", "--json").json
    assert {"@py"} <= {row["library"] for row in told["back_ends"]}
    assert all(row["about"] for row in told["back_ends"])
    assert told["resources"] == [{"address": "ASRL1::INSTR", "identity": None, "problem": "nothing came"}]
    assert told["bench"] == []


def test_every_instrument_of_a_bench_file_says_who_it_is(mtjlab: Run, real: RealBench, tmp_path: Path) -> None:
    result = mtjlab("doctor", "--bench", real.write(tmp_path / "b.toml"), "--json")
    assert result.code == 0
    rows = result.json["bench"]
    assert [row["role"] for row in rows] == [f"{part} J{k}" for part in ("source", "voltmeter") for k in (1, 2, 3)]
    for row in rows:
        assert row["model"].removeprefix("Keithley ") in row["identity"]
        assert row["problem"] is None


def test_they_are_asked_and_nothing_is_set(mtjlab: Run, real: RealBench, tmp_path: Path) -> None:
    mtjlab("doctor", "--bench", real.write(tmp_path / "b.toml"), "--json")
    said = {message.text for message in messages(real.log) if not message.reply}
    assert said == {"*IDN?", "OUTPut?", ":SOUR:CURR?"}


def test_an_instrument_that_does_not_answer_is_told_with_its_reason(
    mtjlab: Run, real: RealBench, tmp_path: Path
) -> None:
    source = {"model": "Keithley 6221", "address": "TCPIP0::127.0.0.1::9::SOCKET", "range_ua": 2000.0}
    sources = real.config.model_dump(mode="json", exclude_none=True)["sources"] | {"J2": source}
    result = mtjlab("doctor", "--bench", real.write(tmp_path / "b.toml", sources=sources), "--json")
    rows = result.json["bench"]
    assert result.code == 4
    assert result.sentence.endswith("b.toml: 1 of 6 instruments cannot be used: source J2")
    dead = [row for row in rows if row["identity"] is None]
    assert [row["role"] for row in dead] == ["source J2"]
    assert "127.0.0.1::9" in dead[0]["problem"]


def test_locks_are_shown_and_who_is_in_use_is_not_asked(mtjlab: Run, real: RealBench, tmp_path: Path) -> None:
    file = real.write(tmp_path / "b.toml")
    bench = read_bench(file)
    assert isinstance(bench, InstrumentBenchConfig)
    with held(bench, PROGRAM):
        told = mtjlab("doctor", "--bench", file, "--json").json
    locks = {row["address"]: row["held_by"] for row in told["locks"]}
    for address in bench.addresses:
        assert locks[address].startswith(PROGRAM)
    for row in told["bench"]:
        assert row["identity"] is None
        assert re.match(rf"in use, so it was not queried: .* is held by {PROGRAM} \(pid \d+", row["problem"])
    assert not set(bench.addresses) & {row["address"] for row in mtjlab("doctor", "--json").json["locks"]}


def test_a_run_that_goes_on_is_named_by_the_locks_it_holds(mtjlab: Run, tmp_path: Path) -> None:
    folder = tmp_path / "2026-11-23" / "0007-test"
    with equipped_bench(read_bench(ACROSS), folder):
        locks = mtjlab("doctor", "--json").json["locks"]
    mine = [row["held_by"] for row in locks if "2026-11-23/0007-test" in row["held_by"]]
    assert len(mine) == 6
    assert all(holder.startswith("mtjlab check, run 2026-11-23/0007-test (pid ") for holder in mine)


def test_a_person_gets_tables(mtjlab: Run, real: RealBench, tmp_path: Path) -> None:
    result = mtjlab("doctor", "--bench", real.write(tmp_path / "b.toml"))
    for part in ("back ends", "resources", "locks", "bench", "source J1", "voltmeter J3"):
        assert part in result.out


def test_a_supply_of_the_field_is_asked_like_the_others(mtjlab: Run, real: RealBench, tmp_path: Path) -> None:
    field = {"model": "Kepco BOP", "field_mt": 6.0, "address": "TCPIP0::127.0.0.1::9::SOCKET"}
    field |= {"ma_per_mt": 200.0, "largest_current_ma": 2000.0, "compliance_mv": 1e4}
    rows = mtjlab("doctor", "--bench", real.write(tmp_path / "b.toml", field=field), "--json").json["bench"]
    assert (rows[-1]["role"], rows[-1]["model"], rows[-1]["identity"]) == ("field", "Kepco BOP", None)


def test_a_bench_simulated_in_process_has_no_instruments_to_ask(mtjlab: Run) -> None:
    assert mtjlab("doctor", "--bench", CONFIGS / "simulated.toml", "--json").json["bench"] == []


def test_a_bench_file_that_asks_for_the_impossible_is_a_sentence_and_exit_code_2(mtjlab: Run, tmp_path: Path) -> None:
    file = tmp_path / "b.toml"
    file.write_text(ACROSS.read_text(encoding="utf-8").replace("range_ua = 2000", "range_ua = 1500"), encoding="utf-8")
    result = mtjlab("doctor", "--bench", file)
    assert result.code == 2
    assert "b.toml: sources.J1.range_ua = 1500 is no range of this model" in result.sentence
