"""NetCDF files as xarray opens them hold what the journal holds, to the last digit, with units and origin."""

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.domain import NO_CLASS, ControlCurrents, input_label, junction_label
from mtjlab.events import CurveTaken, Event, JunctionsMeasured, Presented, ResetVerified, SweepPoint, TokensEncoded
from mtjlab.export import export_run
from mtjlab.procedures.curves import series_measured
from mtjlab.procedures.dwell.events import JunctionsHeld
from mtjlab.procedures.manual.events import JunctionsRead
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.procedures.training.events import StepTrained
from mtjlab.reading import read_events
from mtjlab.store import REQUEST
from tests.support.journals import folded
from tests.support.made_runs import adaptive_asked, curves_asked, made_measurement, stopper

Made = Callable[[str], Path]
KINDS = ("train", "curves-map", "raster-map", "adaptive-map", "dwell", "stopped-sweep", "check", "by-hand")
FILES = {
    "train": {"energy", "reference-sweeps", "training", "presentations", "resets"},
    "curves-map": {"energy", "reference-sweeps", "curves", "map", "resets"},
    "raster-map": {"energy", "reference-sweeps", "map", "presentations", "resets"},
    "adaptive-map": {"energy", "reference-sweeps", "map", "probes", "resets"},
    "dwell": {"energy", "reference-sweeps", "dwell-times", "mean-dwells", "held", "resets"},
    "stopped-sweep": {"energy", "reference-sweeps", "curves", "resets"},
    "check": {"check"},
    "by-hand": {"energy", "by-hand"},
}


def exported(folder: Path) -> dict[str, xr.Dataset]:
    """Every file of an export, by its name, opened and closed again."""
    sets = {}
    for path in export_run(folder, "netcdf"):
        with xr.open_dataset(path, engine="h5netcdf") as dataset:
            sets[path.stem] = dataset.load()
    return sets


@pytest.fixture(scope="module")
def opened(made: Made) -> Callable[[str], dict[str, xr.Dataset]]:
    sets: dict[str, dict[str, xr.Dataset]] = {}

    def open_once(kind: str) -> dict[str, xr.Dataset]:
        if kind not in sets:
            sets[kind] = exported(made(kind))
        return sets[kind]

    return open_once


Opened = Callable[[str], dict[str, xr.Dataset]]


def events(folder: Path, *kinds: type) -> list[Event]:
    return [event for event in read_events(folder) if isinstance(event, kinds)]


def points(folder: Path) -> tuple[list[SweepPoint], list[SweepPoint]]:
    """Points of the reference sweep, and of curves."""
    before, after = [], []
    known = False
    for event in read_events(folder):
        known = known or isinstance(event, JunctionsMeasured)
        if isinstance(event, SweepPoint):
            (after if known else before).append(event)
    return before, after


def way(rising: bool) -> str:
    return "rising" if rising else "falling"


class TestEveryFile:
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_run_gets_a_file_of_each_kind_that_it_has(self, opened: Opened, kind: str) -> None:
        assert set(opened(kind)) == FILES[kind]

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_variable_and_coordinate_has_a_unit_and_a_long_name(self, opened: Opened, kind: str) -> None:
        for name, dataset in opened(kind).items():
            for variable in dataset.variables:
                attributes = dataset[variable].attrs
                assert attributes.get("units"), f"{name}: {variable}"
                assert attributes.get("long_name"), f"{name}: {variable}"

    @pytest.mark.parametrize("kind", KINDS)
    def test_everything_needed_to_do_it_again_is_there(self, opened: Opened, made: Made, kind: str) -> None:
        request = (made(kind) / REQUEST).read_text(encoding="utf-8")
        started = folded(read_events(made(kind))).started
        assert started is not None
        for dataset in opened(kind).values():
            told = dataset.attrs
            assert told["Conventions"].startswith("CF-")
            assert told["run_toml"] == request
            assert told["run"] == started.run
            assert told["procedure"] == started.procedure
            assert told["software"] == started.software
            assert told["seed"] == started.seed
            assert told["simulated"] == "true"
            assert told["git_revision"] == tomllib.loads(request)["run"]["git_revision"]
            assert told["comment"].startswith("SIMULATED BENCH")

    def test_references_of_the_detector_and_the_surrogate_are_told(self, opened: Opened, made: Made) -> None:
        told = opened("train")["training"].attrs
        (measured,) = events(made("train"), JunctionsMeasured)
        (references,) = json.loads(told["detector_references"])
        assert [one["law"]["r_p_ohm"] for one in references["junctions"]] == [
            one.law.r_p_ohm for one in measured.references
        ]
        assert told["data_surrogate"] == "false"
        assert opened("stopped-sweep")["curves"].attrs["status"] == "stopped"
        assert "not complete, it is stopped" in opened("stopped-sweep")["curves"].attrs["comment"]

    def test_the_same_run_gives_the_same_files(self, made: Made, tmp_path: Path) -> None:
        for folder in ("one", "two"):
            export_run(made("check"), "netcdf", tmp_path / folder)
        for path in (tmp_path / "one").iterdir():
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


class TestCurves:
    @pytest.mark.parametrize("kind", ["curves-map", "stopped-sweep"])
    def test_every_sample_is_where_it_was_taken(self, opened: Opened, made: Made, kind: str) -> None:
        curves, (_, taken) = opened(kind)["curves"], points(made(kind))
        for point in taken:
            at = curves.sel(
                series=point.series,
                repetition=point.repetition,
                direction=way(point.rising),
                input_current=point.reading.input_ua,
            )
            assert at["voltage"].transpose("sample", "junction").values.tolist() == list(
                map(list, point.reading.samples_mv)
            )
            assert at["junction_current"].values.tolist() == list(point.reading.currents_ua)
            assert at["time"].item() == point.reading.t_s
        assert curves["time"].count() == len(taken)
        assert curves["voltage"].count() == sum(len(p.reading.samples_mv) * 3 for p in taken)

    @pytest.mark.parametrize("kind", ["curves-map", "stopped-sweep"])
    def test_thresholds_are_those_of_complete_curves(self, opened: Opened, made: Made, kind: str) -> None:
        curves, taken = opened(kind)["curves"], events(made(kind), CurveTaken)
        meanings = curves["outcome"].attrs["flag_meanings"].split()
        for curve in taken:
            for k, legs in enumerate(curve.passages):
                for leg in legs:
                    at = curves.sel(
                        series=curve.series,
                        repetition=curve.repetition,
                        direction=way(leg.rising),
                        junction=junction_label(k),
                    )
                    assert meanings[int(at["outcome"].item())] == leg.outcome
                    assert at["threshold"].item() == leg.threshold_ua or leg.threshold_ua is None
        assert curves["outcome"].count() == sum(len(legs) for curve in taken for legs in curve.passages)

    @pytest.mark.parametrize("kind", ["curves-map", "stopped-sweep"])
    def test_critical_currents_have_their_intervals(self, opened: Opened, made: Made, kind: str) -> None:
        """Those of a run that was stopped are told by its complete curves."""
        curves, state = opened(kind)["curves"], folded(read_events(made(kind)))
        for number, series in enumerate(state.switching.series if state.switching else series_measured(state.curves)):
            row = curves.sel(series=number)
            assert row["control_current"].values.tolist() == list(series.controls_ua)
            for direction, estimates in (("rising", series.up), ("falling", series.down)):
                for k, estimate in enumerate(estimates):
                    at = row.sel(direction=direction, junction=junction_label(k))
                    if not isinstance(estimate, CriticalEstimate):
                        assert np.isnan(at["critical_current"].item())
                        assert at["not_determined"].item() == estimate.reason
                        continue
                    assert at["critical_current"].item() == estimate.law.mean_ua
                    assert at["critical_input"].item() == estimate.law.mean_ua - series.controls_ua[k]
                    assert at["critical_current_low"].item() == estimate.mean_interval.low_ua
                    assert at["spread_high"].item() == estimate.spread_interval.high_ua
                    assert at["switched"].item() == estimate.switched

    def test_a_stopped_sweep_keeps_what_it_measured_and_leaves_the_rest_empty(self, opened: Opened, made: Made) -> None:
        curves = opened("stopped-sweep")["curves"]
        begun = curves.sel(repetition=1)
        assert curves["time"].sel(repetition=0).notnull().all()
        assert begun["time"].count() == 20
        assert begun["threshold"].isnull().all()
        assert curves["critical_current"].sel(direction="rising").notnull().all()

    def test_a_reference_sweep_has_its_points_and_its_references(self, opened: Opened, made: Made) -> None:
        sweeps, (taken, _) = opened("train")["reference-sweeps"], points(made("train"))
        (measured,) = events(made("train"), JunctionsMeasured)
        assert sweeps["time"].count() == len(taken)
        assert sweeps["tmr"].sel(sweep=0).values.tolist() == [one.law.tmr for one in measured.references]
        assert sweeps["critical_current_down"].sel(sweep=0).values.tolist() == list(measured.critical.down_ua)


class TestMaps:
    def test_cells_of_a_raster_count_what_came(self, opened: Opened, made: Made) -> None:
        shown, presented = opened("raster-map")["map"], folded(read_events(made("raster-map"))).mapped
        assert shown["presentations"].sum() == len(presented)
        for one in presented:
            a, b = one.token.inputs_ua
            same = [p for p in presented if p.token.inputs_ua == (a, b)]
            cell = shown.sel(input_a=a, input_b=b)
            assert cell["presentations"].item() == len(same)
            assert cell["no_configuration"].item() == sum(p.configuration is None for p in same)
            assert cell["counts"].sel(configuration=str(one.configuration)).item() == sum(
                p.configuration == one.configuration for p in same
            )

    @pytest.mark.parametrize("kind", ["curves-map", "raster-map", "adaptive-map"])
    def test_critical_inputs_of_both_inputs_are_told(self, opened: Opened, made: Made, kind: str) -> None:
        shown, state = opened(kind)["map"], folded(read_events(made(kind)))
        assert state.switching is not None
        for j, series in enumerate(state.switching.series):
            for k, estimate in enumerate(series.up):
                at = shown.sel(input=input_label(j), junction=junction_label(k))
                mean_ua = estimate.law.mean_ua if isinstance(estimate, CriticalEstimate) else np.nan
                assert np.array_equal(at["critical_current"].item(), mean_ua, equal_nan=True)
                assert np.array_equal(at["critical_input"].item(), mean_ua - series.controls_ua[k], equal_nan=True)

    @pytest.mark.parametrize("kind", ["curves-map", "adaptive-map"])
    def test_probabilities_of_all_configurations_add_up_in_every_cell(self, opened: Opened, kind: str) -> None:
        shown = opened(kind)["map"]
        assert shown["probability"].dims == ("configuration", "input_b", "input_a")
        assert np.allclose(shown["probability"].sum("configuration"), 1)
        assert shown["dwell"].item() > 0

    def test_the_16_regions_lie_where_the_critical_inputs_have_them(self, opened: Opened) -> None:
        shown = opened("curves-map")["map"]
        below, above = shown.sel(input_a=300, input_b=300), shown.sel(input_a=800, input_b=800)
        assert str(shown["configuration"].values[int(below["region"].item())]) == "[0A, 0B]"
        assert str(shown["configuration"].values[int(above["region"].item())]) == "[3A, 3B]"
        assert len(np.unique(shown["region"])) == 16

    def test_a_map_stopped_before_its_second_input_has_the_first(self, tmp_path: Path) -> None:
        folder = made_measurement(tmp_path, curves_asked(), stopper(tmp_path, 74 + 2 * 37 + 10))
        shown = exported(folder)["map"]
        assert shown["critical_input"].sel(input="A").notnull().all()
        assert shown["critical_input"].sel(input="B").isnull().all()
        assert "probability" not in shown

    def test_an_adaptive_map_that_was_stopped_tells_what_is_known_so_far(self, tmp_path: Path) -> None:
        folder = made_measurement(tmp_path, adaptive_asked(), stopper(tmp_path, 5, Probed))
        shown = exported(folder)["map"]
        assert shown["critical_input"].sel(input="A").notnull().any()
        assert shown["critical_input"].sel(input="B").isnull().all()
        assert (shown["not_determined"].sel(input="B") == "").all()

    def test_every_probe_is_there(self, opened: Opened, made: Made) -> None:
        probes, probed = opened("adaptive-map")["probes"], events(made("adaptive-map"), Probed)
        steps = [step for probe in probed for step in probe.steps]
        assert probes["held_until"].dropna("look").values.tolist() == [step.until_s for step in steps]
        taken = [
            (*(reading for step in probe.steps for reading in step.readings), *probe.reset_readings) for probe in probed
        ]
        read = [list(sample) for readings in taken for reading in readings for sample in reading.samples_mv]
        assert probes["observed_voltage"].values.tolist() == read


class TestDwells:
    def test_every_sample_has_its_place_by_junction(self, opened: Opened, made: Made) -> None:
        held, taken = opened("dwell")["held"], events(made("dwell"), JunctionsHeld)
        assert held["voltage"].dims == held["state"].dims == ("row", "junction")
        assert held["voltage"].values.tolist() == [list(sample) for one in taken for sample in one.reading.samples_mv]
        words = held["state"].attrs["flag_meanings"].split()
        for name in map(junction_label, range(3)):
            of_one = held.sel(junction=name)
            for variable in ("current", "voltage"):
                assert of_one[variable].values.tolist() == held[f"{name.lower()}_{variable}"].values.tolist()
            codes = of_one["state"].fillna(-1).astype(int).values
            assert [words[code] if code >= 0 else "" for code in codes] == held[f"{name.lower()}_state"].values.tolist()

    def test_mean_dwells_have_their_places_by_input_junction_and_state(self, opened: Opened) -> None:
        listed, by_place = opened("dwell")["dwell-times"], opened("dwell")["mean-dwells"]
        assert dict(by_place.sizes) == {"series": 1, "junction": 3, "state": 2}
        for row in range(listed.sizes["row"]):
            one = listed.isel(row=row)
            at = by_place.sel(series=0, junction=one["junction"].item(), state=one["state"].item())
            for name in set(listed) - {"junction", "state"}:
                assert np.array_equal(at[name].item(), one[name].item(), equal_nan=True)


class TestByHand:
    def test_every_look_is_there_with_the_input_that_was_held(self, opened: Opened, made: Made) -> None:
        looks, read = opened("by-hand")["by-hand"], events(made("by-hand"), JunctionsRead)
        assert looks["input_current"].values.tolist() == [one.readings[-1].input_ua for one in read]
        assert looks["input_current"].values[-1] == 300
        samples = [list(sample) for one in read for reading in one.readings for sample in reading.samples_mv]
        assert looks["observed_voltage"].values.tolist() == samples


class TestTrainings:
    def test_control_currents_and_recognition_of_every_step(self, opened: Opened, made: Made) -> None:
        training, state = opened("train")["training"], folded(read_events(made("train")))
        told = [ControlCurrents(tuple(map(tuple, step))) for step in training["control_current"].values.tolist()]
        assert list(told) == list(state.controls_by_step)
        for measured in state.recognition:
            at = training.sel(step=measured.step)
            assert at["recognition_rate"].sel(subset="train").item() == measured.train
            assert at["recognition_rate"].sel(subset="test").item() == measured.test
            for label, answer, count in measured.train_confusion:
                cell = at["confusion"].sel({"subset": "train", "class": label, "answer": answer or NO_CLASS})
                assert cell.item() == count
        for learnt in events(made("train"), StepTrained):
            assert training["move"].sel(step=learnt.step).values.tolist() == list(map(list, learnt.learning.moves_ua))

    def test_tokens_and_their_inputs(self, opened: Opened, made: Made) -> None:
        training, (encoded,) = opened("train")["training"], events(made("train"), TokensEncoded)
        for token in encoded.tokens:
            at = training.sel(token=token.name)
            assert at["token_input"].values.tolist() == list(token.inputs_ua)
            assert (at["token_class"].item(), at["token_subset"].item()) == (token.label, token.subset)

    def test_features_have_their_names(self, opened: Opened) -> None:
        training = opened("train")["training"]
        assert training["feature"].values.tolist() == ["x", "y"]
        assert training["coefficient"].sel(feature="y", input="A").item() == training["coefficient"].values[0, 1]

    @pytest.mark.parametrize("kind", ["train", "raster-map"])
    def test_presentations_and_all_that_was_read_for_them(self, opened: Opened, made: Made, kind: str) -> None:
        told, presented = opened(kind)["presentations"], events(made(kind), Presented)
        purposes = told["purpose"].attrs["flag_meanings"].split()
        verdicts = told["state"].attrs["flag_meanings"].split()
        assert told.sizes["presentation"] == len(presented)
        for number, one in enumerate(presented):
            at = told.sel(presentation=number)
            assert at["token"].item() == one.token.name
            assert purposes[at["purpose"].item()] == one.purpose
            assert at["step"].item() == one.step
            assert at["recognised_as"].item() == (one.recognised_as or "")
            if one.configuration is None:
                assert at["configuration"].isnull().all()
            else:
                assert at["configuration"].values.tolist() == list(one.configuration.counts)
            for j, outcome in enumerate(one.outcomes):
                states = at["state"].sel(input=input_label(j)).values
                assert [verdicts[int(code)] for code in states] == list(outcome.verdicts)
        assert observed(told) == list(read(presented))

    def test_verified_resets_are_kept(self, opened: Opened, made: Made) -> None:
        resets, verified = opened("train")["resets"], events(made("train"), ResetVerified)
        assert resets.sizes["look"] == len(verified)
        assert resets["state"].values.tolist() == [[1.0, 1.0, 1.0]] * len(verified)


def observed(told: xr.Dataset) -> list[tuple[int, int, float, list[float], list[float]]]:
    columns = ("observed_presentation", "observed_input", "observed_time", "observed_current", "observed_voltage")
    return list(zip(*(told[name].values.tolist() for name in columns), strict=True))


def read(presented: list[Event]) -> Iterator[tuple[int, int, float, list[float], list[float]]]:
    for number, one in enumerate(presented):
        assert isinstance(one, Presented)
        for j, outcome in enumerate(one.outcomes):
            for reading in (*outcome.readings, *outcome.reset_readings):
                for sample in reading.samples_mv:
                    yield number, j, reading.t_s, list(reading.currents_ua), list(sample)


def test_the_matrix_of_a_check(opened: Opened, made: Made) -> None:
    checked = folded(read_events(made("check"))).checked
    assert checked is not None
    assert opened("check")["check"]["matrix"].values.tolist() == list(map(list, checked.matrix_ohm))
    assert opened("check")["check"]["verdict"].values.tolist() == [finding.verdict for finding in checked.findings]
