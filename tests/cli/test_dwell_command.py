"""Dwell times from the command line: in process, over TCP, stopped and resumed, shown, drawn and exported."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w
import xarray as xr

from mtjlab.events import Event
from mtjlab.procedures.dwell.events import JunctionsHeld
from mtjlab.procedures.dwell.state import DwellState
from mtjlab.reading import read_events
from mtjlab.runs.opened import run_of
from mtjlab.store import STOP
from tests.support.commands import ACROSS, CONFIGS, Result

Command = Callable[..., Result]
TELEGRAPH = CONFIGS / "telegraph.toml"
STATES = [(f"J{k}", state) for k in (1, 2, 3) for state in ("AP", "P")]
KEYS = {"junction", "state", "n", "mean_s", "low_s", "high_s"}


def hopping(mtjlab: Command, *arguments: str | Path) -> Result:
    """Held in the middle of their loops, without looking for it."""
    return mtjlab("dwell", "--bench", TELEGRAPH, "--controls", "100", "--way", "hold", *arguments, "--json")


def held_s(folder: str) -> float:
    return sum(event.held_s for event in read_events(Path(folder)) if isinstance(event, JunctionsHeld))


def exported_rows(mtjlab: Command, run: dict[str, Any]) -> list[dict[str, str]]:
    mtjlab("export", run["run"], "--to", "csv")
    with (Path(run["run"]) / "export" / "csv" / "held.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_samples_in_which_a_junction_switched_are_marked(mtjlab: Command, run: dict[str, Any]) -> None:
    rows = exported_rows(mtjlab, run)
    marked = [row for row in rows if row["J1 switching"] == "1"]
    assert 0 < len(marked) < 0.1 * len(rows)
    assert all(row["J1 state"] == ("AP" if float(row["J1 AP share"]) > 0.5 else "P") for row in rows)
    assert all(0.0 < float(row["J1 AP share"]) < 1.0 for row in marked)
    settled = [float(row["J1 AP share"]) for row in rows if row["J1 switching"] == "0"]
    assert all(min(abs(share), abs(share - 1.0)) < 0.1 for share in settled)


@pytest.fixture
def run(mtjlab: Command) -> dict[str, Any]:
    """A run of twenty seconds."""
    return hopping(mtjlab, "--for", "20").json


@pytest.mark.usefixtures("drawn")
def test_it_is_drawn(mtjlab: Command) -> None:
    figures = hopping(mtjlab, "--for", "4").json["figures"]
    assert {Path(figure).stem for figure in figures} == {"telegraph", "dwell-rates"}


def test_it_tells_mean_dwells_with_their_intervals(run: dict[str, Any]) -> None:
    assert (run["status"], run["simulated"], run["safe"], run["held_s"]) == ("finished", True, True, 20.0)
    assert [(one["junction"], one["state"]) for one in run["dwell"]] == STATES
    for one in run["dwell"]:
        assert set(one) >= KEYS
        assert one["n"] > 1
        assert one["low_s"] < one["mean_s"] < one["high_s"]


def test_a_person_is_told_them_in_a_table(mtjlab: Command) -> None:
    said = hopping(mtjlab, "--for", "4").err
    assert "SIMULATED BENCH" in said
    assert "mean dwells, held without a pause at control currents 100, 100, 100 uA" in said
    assert "J2 AP" in said


def test_by_name_alone_the_paper_s_junctions_are_reset_again_and_again(mtjlab: Command) -> None:
    told = mtjlab("dwell", "--for", "5", "--json", "--quiet").json
    assert told["resets"]
    assert told["holds"] > 1
    assert [one["mean_s"] for one in told["dwell"] if one["state"] == "P"] == [None] * 3


def test_it_is_shown_followed_and_listed_like_any_run(mtjlab: Command, run: dict[str, Any]) -> None:
    assert mtjlab("show", "last", "--json").json["dwell"] == run["dwell"]
    assert "finished, held for 20 s, 1000 samples  SIMULATED BENCH" in mtjlab("follow", "last").out
    assert "dwell" in mtjlab("runs", "runs").out


def test_it_is_exported_sample_by_sample(mtjlab: Command, run: dict[str, Any]) -> None:
    rows = exported_rows(mtjlab, run)
    assert len(rows) == run["samples"] == 1000
    assert {row["J1 state"] for row in rows} == {"P", "AP"}
    mtjlab("export", "last", "--to", "netcdf")
    with xr.open_dataset(Path(run["run"]) / "export" / "netcdf" / "dwell-times.nc") as dataset:
        assert dataset["mean"].values.tolist() == [one["mean_s"] for one in run["dwell"]]


def test_repeated_it_tells_the_same(mtjlab: Command, run: dict[str, Any]) -> None:
    assert mtjlab("rerun", "last", "--json").json["dwell"] == run["dwell"]


def test_stopped_it_is_resumed_for_what_is_missing(mtjlab: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = _stopped(mtjlab, monkeypatch)
    assert stopped["status"] == "stopped"
    assert 0.0 < stopped["held_s"] < 20.0
    resumed = mtjlab("resume", "last", "--json").json
    assert (resumed["status"], resumed["control_currents_ua"]) == ("finished", stopped["control_currents_ua"])
    assert resumed["held_s"] == pytest.approx(20.0)
    assert (resumed["samples"], resumed["holds"]) == (1000, 2)
    assert len(exported_rows(mtjlab, resumed)) == 1000
    run = run_of(Path(resumed["run"]))
    assert [one.name for one in run.kind.figures(run)] == ["telegraph", "dwell-rates"]


def _stopped(mtjlab: Command, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    take = DwellState.take

    def taking(self: DwellState, event: Event) -> None:
        take(self, event)
        if isinstance(event, JunctionsHeld) and self.samples == 400:
            (next(Path("runs").glob("*/*/run.toml")).parent / STOP).touch()

    with monkeypatch.context() as patch:
        patch.setattr(DwellState, "take", taking)
        return hopping(mtjlab, "--for", "20").json


def test_a_reference_sweep_that_would_leave_the_limits_is_refused_before_there_is_a_run(
    mtjlab: Command, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(tomli_w.dumps({"sweep": {"input_stop_ua": 2000.0}}), encoding="utf-8")
    result = mtjlab("dwell", "--plan", plan)
    assert result.code == 2
    assert "would carry 1500 uA" in result.sentence
    assert not Path("runs").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--controls", "800"], "800 uA"),
        (["--way", "reset", "--controls", "-500"], "--inputs"),
        (["--for", "0"], "--for"),
        (["--way", "other"], "--way"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_its_option(
    mtjlab: Command, arguments: list[str], complaint: str
) -> None:
    result = mtjlab("dwell", *arguments)
    assert result.code == 2
    assert complaint in result.sentence
    assert not Path("runs").exists()


def test_over_tcp_it_is_the_same(mtjlab: Command, tmp_path: Path) -> None:
    bench = tmp_path / "low-barriers.toml"
    truth = {"critical_current_ap_to_p_ua": [110] * 3, "critical_current_p_to_ap_ua": [90] * 3}
    bench.write_text(ACROSS.read_text(encoding="utf-8") + "\n" + tomli_w.dumps({"simulation": truth}), encoding="utf-8")
    asked = ["--controls", "100", "--way", "hold", "--for", "30"]
    told = mtjlab("dwell", "--bench", bench, "--simulate", "--confirm-shorted", *asked, "--json", "--quiet").json
    assert (told["status"], told["simulated"], told["safe"]) == ("finished", True, True)
    assert [(one["junction"], one["state"]) for one in told["dwell"]] == STATES
    assert all(one["n"] > 2 and 0.2 < one["mean_s"] < 6.0 for one in told["dwell"])
    assert held_s(told["run"]) == pytest.approx(30.0, abs=3.0)
