"""``mtjlab chips``: what all runs of a chip have measured, and what has worn it."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
import tomli_w

from mtjlab.config import read_bench
from mtjlab.experiment import DEFAULT_BENCH
from mtjlab.runs.chips import CHIP_FILE
from tests.support.commands import Result

Command = Callable[..., Result]


@pytest.fixture
def made(mtjlab: Command, tmp_path: Path) -> Command:
    """A command after runs of two chips."""
    content = read_bench(DEFAULT_BENCH).model_dump(mode="json", exclude_none=True)
    content["device"]["name"] = "B7"
    (tmp_path / "b7.toml").write_text(tomli_w.dumps(content), encoding="utf-8")
    for words in (("sweep",), ("sweep", "--seed", "1"), ("sweep", "--bench", "b7.toml")):
        assert mtjlab(*words, "--repetitions", "2", "--quiet").code == 0
    return mtjlab


def test_chips_are_listed_with_what_was_measured_last(made: Command) -> None:
    told = made("chips")
    assert [line.split()[0] for line in told.out.splitlines()[1:]] == ["B7", "simulated"]
    assert "(SIMULATED)" in told.out
    chips = {one["chip"]: one for one in made("chips", "--json").json["chips"]}
    assert (chips["B7"]["runs"], chips["simulated chip"]["runs"]) == (1, 2)
    assert chips["B7"]["critical_up_ua"] == pytest.approx([224, -66, 196], abs=15)


def test_charge_and_stress_are_those_of_the_currents(made: Command) -> None:
    """At -500 uA an antiparallel junction stands 0.73 V: the low end of each loop is stress, most of it is not."""
    (chip,) = made("chips", "B7", "--json").json["chips"]
    run = chip["runs"][0]
    assert run["procedure"] == "sweep"
    duration_s = 5 * 2 * 181 * 0.05  # three loops for references, two curves
    assert 0.05 * duration_s < chip["stressed_s"][0] < 0.5 * duration_s
    mean_ua = 1e6 * chip["charges_c"][0] / duration_s
    assert 200 < mean_ua < 280  # -500 to 400 uA, without sign
    assert (chip["inputs"], chip["pulses"]) == (0, 0)


def test_runs_are_read_once(made: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = made("chips", "--json").out
    assert len(list(tmp_path.glob(f"runs/*/*/{CHIP_FILE}"))) == 3
    monkeypatch.setattr("mtjlab.runs.chips.read_events", lambda _folder: pytest.fail("a journal was read again"))
    assert made("chips", "--json").out == first


def test_a_damaged_run_does_not_hide_the_others(made: Command, tmp_path: Path) -> None:
    (journal,) = tmp_path.glob("runs/*/0001-sweep/events.jsonl")
    journal.write_bytes(journal.read_bytes().replace(b"junctions-measured", b"junctions-measuRed"))
    assert {one["chip"] for one in made("chips", "--json").json["chips"]} >= {"B7", "simulated chip"}


def test_a_table_and_a_figure_are_written(made: Command, tmp_path: Path) -> None:
    told = made("chips", "simulated chip", "--figure", tmp_path / "chip.png", "--csv", tmp_path / "chip.csv")
    assert told.code == 0
    assert told.out.startswith("simulated chip (SIMULATED): 2 runs")
    assert (tmp_path / "chip.png").exists()
    with (tmp_path / "chip.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["simulated"] for row in rows] == ["1", "1"]
    assert float(rows[0]["stressed_s J1"]) > 0


def test_an_existing_table_is_not_overwritten(made: Command, tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("mine", encoding="utf-8")
    refused = made("chips", "--csv", tmp_path / "there.csv")
    assert refused.code == 2
    assert "there.csv: exists already" in refused.sentence


def test_an_unknown_chip_is_refused_with_those_there_are(made: Command) -> None:
    refused = made("chips", "C3")
    assert refused.code == 2
    assert "There are no runs of a chip 'C3'. Chips with runs here: 'B7', 'simulated chip'." in refused.sentence
