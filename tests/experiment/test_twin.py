"""A twin is fitted to runs of a chip, is a bench as any other, and is held against other runs of the chip."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
import tomli_w

from mtjlab.analysis.legs import held_passages
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.analysis.twin import Seen, Trials, fit_laws
from mtjlab.config import SimulatedBenchConfig, SweepSettings, read_bench
from mtjlab.domain import Verdict
from mtjlab.errors import RefusedError
from mtjlab.events import RunStarted
from mtjlab.experiment import DEFAULT_BENCH, execute
from mtjlab.experiment.twin_bench import drawn
from mtjlab.experiment.twin_check import check_twin
from mtjlab.experiment.twin_fit import fit_twin
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.reading import read_events
from tests.support.asking import MeasuringRequest, prepare_measuring
from tests.support.tiny_measurements import START_UA
from tests.support.trainings import write_plan

UP_UA, DOWN_UA, SPREAD_UA = (224.0, -66.0, 196.0), (-57.0, -347.0, -85.0), 4.3


def held(seed: int, offset_ua: float = 0.0, drift_ua_per_h: float = 0.0, run: int = 0) -> list[Seen]:
    """Two junctions, each held at 400 currents for 0.1 s within an hour."""
    rng = np.random.default_rng(seed)
    found: list[Seen] = []
    for k, mean_ua in enumerate((200.0, -50.0)):
        for t_h in np.linspace(0.0, 1.0, 400):
            law = SwitchingLaw(mean_ua + offset_ua + drift_ua_per_h * t_h, SPREAD_UA)
            current_ua = law.held_ua(0.1) + rng.uniform(-12.0, 12.0)
            verdict = Verdict.P if rng.uniform() < law.probability(current_ua, 0.1) else Verdict.AP
            ((passage,),) = held_passages((0.0,), [(current_ua, 0.1, [verdict])])
            found.append(Seen(k, run, float(t_h), passage))
    return found


class TestFit:
    def test_means_and_spreads_are_found_within_their_errors(self) -> None:
        fit = fit_laws(Trials.of(held(1), 2, 1))
        assert fit.layout.drifts == 0
        for k, mean_ua in enumerate((200.0, -50.0)):
            error_ua = fit.mean_errors_ua(k)[0]
            assert error_ua < 1.0
            assert abs(fit.chip.up_ua[k] - mean_ua) < 3 * error_ua
            assert abs(fit.chip.spread_ua[k] - SPREAD_UA) < 3 * fit.spread_error_ua(k)

    def test_a_common_drift_is_one_parameter(self) -> None:
        fit = fit_laws(Trials.of(held(2, drift_ua_per_h=20.0), 2, 1))
        assert fit.layout.drifts == 1
        assert fit.chip.drift_ua_per_h[0] == pytest.approx(20.0, abs=3.0)
        assert fit.chip.up_ua[0] == pytest.approx(200.0, abs=2.0)

    def test_runs_may_differ_by_an_offset_and_the_last_one_counts(self) -> None:
        fit = fit_laws(Trials.of([*held(3, offset_ua=15.0), *held(4, run=1)], 2, 2))
        assert fit.chip.up_ua[0] == pytest.approx(200.0, abs=2.0)
        assert fit.values[-1] == pytest.approx(15.0, abs=2.0)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two sweeps and a map of one simulated chip."""
    folder = tmp_path_factory.mktemp("chip")
    plan = write_plan(folder, steps=1)
    loops = SweepPlan(controls_ua=START_UA, staircase=SweepSettings(repetitions=20))
    grid = MapPlan(way="raster", controls_ua=(START_UA, START_UA), cell_ua=250.0, times=30)

    def run(asked: SweepPlan | MapPlan, seed: int) -> Path:
        return execute(prepare_measuring(MeasuringRequest(DEFAULT_BENCH, plan, seed=seed), asked), folder).folder

    return {"sweep": run(loops, 1), "map": run(grid, 2), "other sweep": run(loops, 3)}


@pytest.fixture(scope="module")
def twin(runs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The twin of the first sweep and the map."""
    file = tmp_path_factory.mktemp("twin") / "twin.toml"
    fit_twin([runs["sweep"], runs["map"]], file)
    return file


def of_another_threshold(twin: Path, folder: Path, by_ua: float) -> Path:
    """The twin with the threshold of J2 moved."""
    content = tomllib.loads(twin.read_text(encoding="utf-8"))
    content["simulation"]["critical_current_ap_to_p_ua"][1] += by_ua
    file = folder / "other.toml"
    file.write_text(tomli_w.dumps(content), encoding="utf-8")
    return file


class TestFile:
    def test_it_holds_the_chip_with_what_is_uncertain_of_it(self, twin: Path) -> None:
        bench = read_bench(twin)
        assert isinstance(bench, SimulatedBenchConfig)
        assert bench.twin is not None
        assert (bench.twin.of, bench.twin.of_simulated, len(bench.twin.runs)) == ("simulated chip", True, 2)
        found = zip(bench.simulation.each("critical_current_ap_to_p_ua"), UP_UA, strict=True)
        assert all(abs(mean_ua - true_ua) < 4.0 for mean_ua, true_ua in found)
        down = zip(bench.simulation.each("critical_current_p_to_ap_ua"), DOWN_UA, strict=True)
        assert all(abs(mean_ua - true_ua) < 4.0 for mean_ua, true_ua in down)
        assert bench.simulation.each("tmr_percent") == pytest.approx((119.45,) * 3, abs=0.3)
        assert bench.simulation.meter_noise_mv == pytest.approx(0.05, rel=0.1)

    def test_it_is_a_bench_that_says_what_it_is(self, twin: Path, tmp_path: Path) -> None:
        plan = write_plan(tmp_path, steps=1)
        request = prepare_measuring(MeasuringRequest(twin, plan, seed=1), SweepPlan(controls_ua=START_UA))
        started = next(iter(read_events(execute(request, tmp_path).folder)))
        assert isinstance(started, RunStarted)
        assert started.bench.name.startswith("TWIN of ")
        assert started.bench.simulated

    def test_an_existing_file_is_not_overwritten(self, runs: dict[str, Path], twin: Path) -> None:
        with pytest.raises(RefusedError, match="exists already"):
            fit_twin([runs["sweep"]], twin)

    def test_a_covariance_of_another_shape_is_refused_by_its_key(self, twin: Path, tmp_path: Path) -> None:
        content = tomllib.loads(twin.read_text(encoding="utf-8"))
        content["twin"]["switching_covariance"] = [[1.0]]
        (tmp_path / "bad.toml").write_text(tomli_w.dumps(content), encoding="utf-8")
        with pytest.raises(RefusedError, match=r"bad\.toml.*switching_covariance needs 9 rows of 9 numbers"):
            read_bench(tmp_path / "bad.toml")

    def test_a_variance_below_zero_is_refused(self, twin: Path, tmp_path: Path) -> None:
        content = tomllib.loads(twin.read_text(encoding="utf-8"))
        content["twin"]["switching_covariance"][0][0] = -5.0
        (tmp_path / "bad.toml").write_text(tomli_w.dumps(content), encoding="utf-8")
        with pytest.raises(RefusedError, match="a variance on the diagonal of a covariance must not be below 0"):
            read_bench(tmp_path / "bad.toml")


class TestDraw:
    def test_it_draws_by_the_seed_within_the_errors(self, twin: Path) -> None:
        bench = read_bench(twin)
        ones = [drawn(bench, seed) for seed in range(40)]
        assert drawn(bench, 3) == ones[3]
        ups_ua = np.array([one.simulation.each("critical_current_ap_to_p_ua") for one in ones])
        assert isinstance(bench, SimulatedBenchConfig)
        assert bench.twin is not None
        errors_ua = np.sqrt(np.diag(bench.twin.switching_covariance))[0::3]
        assert np.all(ups_ua.std(axis=0) == pytest.approx(errors_ua, rel=0.5))
        assert "drawn with seed 3" in ones[3].name

    def test_a_bench_that_is_no_twin_is_refused(self) -> None:
        with pytest.raises(RefusedError, match=r"this bench is none.*mtjlab twin fit"):
            drawn(read_bench(DEFAULT_BENCH), 0)


class TestCheck:
    def test_a_run_of_the_chip_is_as_its_twin(self, twin: Path, runs: dict[str, Path]) -> None:
        found = check_twin(twin, runs["other sweep"])
        assert not found["rejected"]
        assert [test["name"] for test in found["tests"]] == ["thresholds"]

    def test_a_threshold_that_is_off_by_10_ua_is_named(self, twin: Path, runs: dict[str, Path], tmp_path: Path) -> None:
        found = check_twin(of_another_threshold(twin, tmp_path, 10.0), runs["other sweep"])
        assert found["rejected"]
        assert found["differs_most"]["what"].startswith("J2 AP -> P")

    def test_a_run_that_was_fitted_is_refused(self, twin: Path, runs: dict[str, Path]) -> None:
        with pytest.raises(RefusedError, match="was fitted to this run"):
            check_twin(twin, runs["map"])

    def test_a_file_that_is_no_twin_is_refused(self, runs: dict[str, Path]) -> None:
        with pytest.raises(RefusedError, match="is no twin"):
            check_twin(DEFAULT_BENCH, runs["map"])


def test_runs_of_two_chips_make_no_twin(runs: dict[str, Path], twin: Path, tmp_path: Path) -> None:
    plan = write_plan(tmp_path, steps=1)
    request = prepare_measuring(MeasuringRequest(twin, plan, seed=1), SweepPlan(controls_ua=START_UA))
    other = execute(request, tmp_path).folder
    with pytest.raises(RefusedError, match="A twin is of one chip"):
        fit_twin([runs["sweep"], other], tmp_path / "new.toml")
