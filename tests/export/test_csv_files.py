"""CSV tables as pandas reads them hold what the journal holds, to the last digit."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pandas as pd
import pytest

from mtjlab.domain import NO_CLASS, input_label, junction_label
from mtjlab.events import CurveTaken, JunctionsMeasured, Presented, SweepPoint
from mtjlab.experiment import recover
from mtjlab.export import export_run
from mtjlab.export.csv_files import write_csv
from mtjlab.export.exported import Exported
from mtjlab.export.frames import frames_of
from mtjlab.notebook.runs import read
from mtjlab.reading import read_events
from mtjlab.runs.opened import run_of
from mtjlab.store import JOURNAL, read_request
from tests.golden.runs import RUNS
from tests.support.journals import folded

Made = Callable[[str], Path]
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables(made: Made) -> Callable[[str], Tables]:
    read: dict[str, Tables] = {}

    def read_once(kind: str) -> Tables:
        if kind not in read:
            paths = export_run(made(kind), "csv")
            read[kind] = {path.stem: pd.read_csv(path) for path in paths if path.suffix == ".csv"}
        return read[kind]

    return read_once


Read = Callable[[str], Tables]


def rows(table: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(table[list(columns)].itertuples(index=False, name=None))


ENERGY = {"energy", "energy-junctions", "energy-events"}


def test_a_run_gets_a_table_of_each_kind_that_it_has(tables: Read) -> None:
    assert set(tables("train")) == {
        "reference-sweeps", "references", "steps", "tokens", "confusion", "presentations", "readings", "resets",
        *ENERGY,
    }  # fmt: skip
    assert set(tables("shift")) == {
        "reference-sweeps", "references", "curves", "thresholds", "critical-currents", "resets", *ENERGY,
    }  # fmt: skip
    assert set(tables("raster-map")) == {
        "reference-sweeps", "references", "critical-currents", "cells", "presentations", "readings", "resets",
        *ENERGY,
    }  # fmt: skip
    assert set(tables("by-hand")) == {"by-hand", *ENERGY}
    assert set(tables("check")) == {"matrix", "findings", "surveys"}


@pytest.mark.parametrize("kind", ["train", "shift", "raster-map", "dwell", "by-hand", "check"])
def test_every_row_says_that_its_bench_is_simulated(tables: Read, kind: str) -> None:
    for name, table in tables(kind).items():
        assert table["Simulated"].tolist() == [True] * len(table), name
        assert ("Surrogate data" in table) == (kind == "train"), name


def written(made: Made, kind: str, folder: Path, simulated: bool, **request: Any) -> pd.DataFrame:
    """The table of reference sweeps of a run, as if it had been made on another bench, or with other data."""
    exported = Exported(made(kind))
    exported.started = replace(exported.started, bench=replace(exported.started.bench, simulated=simulated))
    exported.run.request = {**exported.run.request, **request}
    paths = {path.name: path for path in write_csv(exported, folder)}
    return pd.read_csv(paths["reference-sweeps.csv"])


def test_a_real_bench_is_not_labelled_as_simulated(made: Made, tmp_path: Path) -> None:
    table = written(made, "sweep", tmp_path, simulated=False)
    assert table["Simulated"].dtype == bool
    assert not table["Simulated"].any()


@pytest.mark.parametrize("request_of", [{"data": {"surrogate": True}}, {"network": {"data": "surrogate"}}])
def test_every_row_says_that_it_was_learnt_from_a_surrogate(
    made: Made, tmp_path: Path, request_of: dict[str, Any]
) -> None:
    table = written(made, "sweep", tmp_path, simulated=False, **request_of)
    assert table["Surrogate data"].all()
    origin = tomllib.loads((tmp_path / "origin.toml").read_text(encoding="utf-8"))
    assert origin["data_surrogate"] is True
    assert "surrogate" in origin["comment"]


@pytest.mark.parametrize("kind", ["train", "raster-map", "dwell", "by-hand"])
def test_energies_add_up_to_that_of_the_run(tables: Read, made: Made, kind: str) -> None:
    found, whole = tables(kind), run_of(made(kind)).energy
    by_phase, by_junction, by_event = (found[name] for name in ("energy", "energy-junctions", "energy-events"))
    for table in (by_phase, by_junction, by_event):
        assert table["Energy (J)"].sum() == pytest.approx(whole.total_j)
    assert by_phase["Estimated (J)"].sum() == pytest.approx(by_event["Estimated (J)"].sum())
    assert by_junction["Leads (J)"].tolist() == pytest.approx(whole.leads_j)
    assert by_junction["Absorbed (J)"].tolist() == pytest.approx(whole.absorbed_j)
    assert by_event["J1 energy (J)"].sum() == pytest.approx(whole.junctions_j[0])
    assert by_event["Duration (s)"].sum() == pytest.approx(by_phase["Duration (s)"].sum())


def test_a_presentation_has_the_energy_of_its_inputs_resets_and_moves(tables: Read, made: Made) -> None:
    presented, whole = tables("train")["presentations"], run_of(made("train")).energy
    for phase, column in (("input", "inputs"), ("reset", "resets"), ("moves", "moves")):
        found_j = presented[f"Energy of {column} (J)"].sum()
        assert found_j == pytest.approx(whole.presented[phase].junctions_j)  # type: ignore[index]
    by_event = tables("train")["energy-events"]
    alone = by_event[by_event["Event"] == "presented"]["Energy (J)"].tolist()
    columns = ["Energy at rest (J)", *(f"Energy of {column} (J)" for column in ("inputs", "resets", "moves"))]
    assert presented[columns].sum(axis=1).tolist() == pytest.approx(alone)


def test_a_presentation_that_was_taken_over_has_no_energy_in_this_run() -> None:
    resumed = frames_of(Exported(RUNS["1/classify-resumed"]))["presentations"]
    energies = resumed["Energy of inputs (J)"]
    assert 0 < energies.isna().sum() < len(energies)


def test_columns_carry_their_units(tables: Read) -> None:
    assert list(tables("shift")["curves"])[:8] == [
        "Series", "Repetition", "Direction", "Input (uA)", "Time (s)", "Sample", "J1 current (uA)", "J1 voltage (mV)",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["shift", "stopped-sweep"])
def test_every_sample_of_every_curve_is_a_row(tables: Read, made: Made, kind: str) -> None:
    expected = []
    known = False
    for event in read_events(made(kind)):
        known = known or isinstance(event, JunctionsMeasured)
        if isinstance(event, SweepPoint) and known:
            reading = event.reading
            for number, sample in enumerate(reading.samples_mv):
                place = (event.series, event.repetition, "rising" if event.rising else "falling", reading.input_ua)
                expected.append((*place, reading.t_s, number, *reading.currents_ua, *sample))
    electrical = [f"{junction_label(k)} {name}" for name in ("current (uA)", "voltage (mV)") for k in range(3)]
    table = tables(kind)["curves"]
    assert rows(table, *list(table)[:6], *electrical) == expected


def test_a_resistance_is_voltage_over_current_and_none_without_a_current(tables: Read) -> None:
    curves = tables("shift")["curves"]
    flowing = curves[curves["J1 current (uA)"] != 0]
    expected = 1e3 * flowing["J1 voltage (mV)"] / flowing["J1 current (uA)"]
    assert (flowing["J1 resistance (ohm)"] - expected).abs().max() < 1e-6
    assert curves[curves["J1 current (uA)"] == 0]["J1 resistance (ohm)"].isna().all()


def test_thresholds_and_critical_currents(tables: Read, made: Made) -> None:
    state = folded(read_events(made("shift")))
    told = tables("shift")["thresholds"]
    legs = [leg for curve in state.curves for junction in curve.passages for leg in junction]
    assert told["Outcome"].tolist() == [leg.outcome for leg in legs]
    assert told["Threshold (uA)"].dropna().tolist() == [
        leg.threshold_ua for leg in legs if leg.threshold_ua is not None
    ]
    assert state.switching is not None
    estimates = [estimate for series in state.switching.series for estimate in series.up]
    critical = tables("shift")["critical-currents"]
    assert critical["Critical current (uA)"].tolist() == [one.law.mean_ua for one in estimates]  # type: ignore[union-attr]
    assert critical["Spread high (uA)"].tolist() == [one.spread_interval.high_ua for one in estimates]  # type: ignore[union-attr]


def test_steps_hold_control_currents_moves_and_rates(tables: Read, made: Made) -> None:
    state, steps = folded(read_events(made("train"))), tables("train")["steps"]
    for step, controls in enumerate(state.controls_by_step):
        for j, row in enumerate(controls.by_input_ua):
            for k, current in enumerate(row):
                name = f"{input_label(j)} {junction_label(k)}"
                assert steps.loc[step, f"{name} control current (uA)"] == current
                if step:
                    before = state.controls_by_step[step - 1].by_input_ua[j][k]
                    assert steps.loc[step, f"{name} move (uA)"] == current - before
    assert rows(steps, "Step", "Recognition train", "Recognition test") == [
        (measured.step, measured.train, measured.test) for measured in state.recognition
    ]


@pytest.mark.parametrize("kind", ["train", "raster-map"])
def test_presentations_and_their_readings(tables: Read, made: Made, kind: str) -> None:
    presented = [event for event in read_events(made(kind)) if isinstance(event, Presented)]
    table = tables(kind)["presentations"]
    assert rows(table, "Step", "Purpose", "Token", "I_A (uA)", "I_B (uA)", "Configuration") == [
        (one.step, one.purpose, one.token.name, *one.token.inputs_ua, str(one.configuration or NO_CLASS))
        for one in presented
    ]
    assert table["A J2 state"].tolist() == [one.outcomes[0].verdicts[1].value for one in presented]
    assert rows(tables(kind)["readings"], "Presentation", "For", "At", "Time (s)", "J3 voltage (mV)") == [
        (number, input_label(j), at, reading.t_s, sample[2])
        for number, one in enumerate(presented)
        for j, outcome in enumerate(one.outcomes)
        for at, readings in (("input", outcome.readings), ("reset", outcome.reset_readings))
        for reading in readings
        for sample in reading.samples_mv
    ]


def test_cells_of_a_map_that_gave_nothing_else_are_counted_once_for_all(tables: Read, made: Made) -> None:
    cells, mapped = tables("raster-map")["cells"], folded(read_events(made("raster-map"))).mapped
    assert cells["Presentations"].sum() == len(mapped)


def test_steps_that_a_recovered_journal_has_lost_are_left_out(made: Made, tmp_path: Path) -> None:
    damaged = copytree(made("train"), tmp_path / "2026-11-23" / "0001-train", ignore=ignore_patterns("export"))
    lines = (damaged / JOURNAL).read_bytes().splitlines(keepends=True)
    lost = next(n for n, line in enumerate(lines) if b'"type":"step-trained"' in line)
    following = next(n for n, line in enumerate(lines) if b'"type":"controls-planned"' in line and n > lost)
    for n in (lost, following):
        lines[n] = lines[n].replace(b"1", b"2", 1)
    (damaged / JOURNAL).write_bytes(b"".join(lines))
    recovered, _ = recover(damaged, tmp_path / "recovered")
    paths = {path.stem: path for path in export_run(recovered, "csv")}
    assert pd.read_csv(paths["steps"])["Step"].tolist() == [0, 2]
    told = read(recovered).to_xarray()["training"]
    assert told["control_current"].isnull().all(["input", "junction"]).values.tolist() == [False, True, False]


def test_the_origin_beside_the_tables_holds_all_that_was_asked(tables: Read, made: Made) -> None:
    assert tables("train")
    told = tomllib.loads((made("train") / "export" / "csv" / "origin.toml").read_text(encoding="utf-8"))
    (measured,) = [event for event in read_events(made("train")) if isinstance(event, JunctionsMeasured)]
    assert told["asked"] == read_request(made("train"))
    assert told["simulated"] is True
    assert told["comment"].startswith("SIMULATED BENCH")
    assert [one["law"]["tmr"] for one in told["detector_references"][0]["junctions"]] == [
        one.law.tmr for one in measured.references
    ]


def test_curves_that_were_not_finished_are_in_no_table_of_thresholds(tables: Read, made: Made) -> None:
    taken = [event for event in read_events(made("stopped-sweep")) if isinstance(event, CurveTaken)]
    assert tables("stopped-sweep")["thresholds"]["Repetition"].unique().tolist() == [one.repetition for one in taken]
    assert tables("stopped-sweep")["curves"]["Repetition"].unique().tolist() == [0, 1]
