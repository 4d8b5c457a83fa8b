"""Calibrations: what a sweep told of a chip, taken by later runs of that chip; foreign ones refused, old ones said."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.calibration import Calibration, calibration_warnings, read_calibration
from mtjlab.config import BenchConfig, Device, Legs, SweepSettings, read_bench
from mtjlab.errors import RefusedError
from mtjlab.events import CalibrationTaken, Event, JunctionsMeasured, SweepPoint
from mtjlab.experiment import DEFAULT_BENCH, execute
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.training.events import WarmStarted
from mtjlab.reading import read_events
from mtjlab.store import STOP
from tests.support.asking import (
    MeasuringRequest,
    TokensAsked,
    TrainingRequest,
    prepare_classify,
    prepare_measuring,
    prepare_training,
)
from tests.support.journals import Damage, damages, tried
from tests.support.tiny_measurements import COARSE, START_UA, map_asked
from tests.support.trainings import write_plan

SWEEP = SweepPlan(controls_ua=START_UA, staircase=SweepSettings(repetitions=3))
CONFIGS = DEFAULT_BENCH.parent


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training of a few tokens; its sweep measures references in a blink."""
    return write_plan(tmp_path_factory.mktemp("plan"), steps=1)


@pytest.fixture(scope="module")
def swept(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of a sweep of the default bench."""
    request = MeasuringRequest(DEFAULT_BENCH, plan, seed=2)
    return execute(prepare_measuring(request, SWEEP), tmp_path_factory.mktemp("swept")).folder


@pytest.fixture(scope="module")
def file(swept: Path) -> Path:
    (path,) = swept.glob("calibration-*.json")
    return path


@pytest.fixture
def bench() -> BenchConfig:
    return read_bench(DEFAULT_BENCH)


def of_type(folder: Path, kind: type) -> list[Any]:
    return [event for event in read_events(folder) if isinstance(event, kind)]


def other_bench(folder: Path, **changes: Any) -> Path:
    content = read_bench(DEFAULT_BENCH).model_dump(mode="json", exclude_none=True)
    path = folder / "bench.toml"
    path.write_text(tomli_w.dumps({**content, **changes}), encoding="utf-8")
    return path


def test_a_run_folder_stands_for_the_calibration_in_it(swept: Path, file: Path, tmp_path: Path) -> None:
    bench = read_bench(DEFAULT_BENCH)
    assert read_calibration(swept, bench, simulate=False) == read_calibration(file, bench, simulate=False)
    with pytest.raises(RefusedError, match=r"no calibration in this folder.*mtjlab sweep"):
        read_calibration(tmp_path, bench, simulate=False)


class TestAFile:
    """Beside the journal of the sweep that made it."""

    def test_is_read_as_programs_save_it_again(self, file: Path, bench: BenchConfig, tmp_path: Path) -> None:
        path = tmp_path / "again.json"
        path.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
        assert read_calibration(path, bench, simulate=False) == read_calibration(file, bench, simulate=False)

    def test_is_named_by_chip_and_day(self, file: Path) -> None:
        assert file.name == f"calibration-simulated-chip-{datetime.now(UTC):%Y-%m-%d}.json"

    def test_holds_what_the_sweep_measured(self, swept: Path, file: Path, bench: BenchConfig) -> None:
        calibration = read_calibration(file, bench, simulate=False)
        (measured,) = of_type(swept, JunctionsMeasured)
        assert calibration.measured == measured
        assert calibration.switching.controls_ua == START_UA
        assert all(isinstance(one, CriticalEstimate) for one in calibration.switching.up + calibration.switching.down)
        assert (calibration.device, calibration.bench, calibration.simulated) == ("simulated chip", bench.name, True)
        assert calibration.run == f"{swept.parent.name}/{swept.name}"
        assert 0 <= calibration.age_h < 1

    def test_is_not_there_if_the_sweep_was_not_complete(self, plan: Path, tmp_path: Path) -> None:
        def stop(event: Event) -> None:
            if event.type == "curve-taken":
                next(tmp_path.glob("*/*")).joinpath(STOP).touch()

        run = execute(prepare_measuring(MeasuringRequest(DEFAULT_BENCH, plan), SWEEP), tmp_path, [stop])
        assert run.ended.status == "stopped"
        assert not list(run.folder.glob("calibration-*"))


class TestTaken:
    """By later runs of the same chip: what it told is not measured again."""

    def test_by_a_map(self, plan: Path, file: Path, tmp_path: Path, swept: Path) -> None:
        request = MeasuringRequest(DEFAULT_BENCH, plan, file, seed=3)
        run = execute(prepare_measuring(request, map_asked("raster")), tmp_path)
        self.is_used(run.folder, swept)

    def test_by_a_training(self, plan: Path, file: Path, tmp_path: Path, swept: Path) -> None:
        run = execute(prepare_training(TrainingRequest(plan=plan, calibration=file)), tmp_path)
        assert run.ended.status == "finished"
        self.is_used(run.folder, swept)

    def test_by_a_warm_start(self, plan: Path, file: Path, tmp_path: Path, swept: Path) -> None:
        request = TrainingRequest(plan=plan, calibration=file, warm_start=True)
        run = execute(prepare_training(request), tmp_path)
        self.is_used(run.folder, swept)
        assert len(of_type(run.folder, WarmStarted)) == 1

    def test_by_a_classification(self, plan: Path, file: Path, tmp_path: Path, swept: Path) -> None:
        trained = execute(prepare_training(TrainingRequest(plan=plan)), tmp_path).folder
        tokens = TokensAsked(features=((0.0, 0.0),))
        run = execute(prepare_classify(trained, MeasuringRequest(DEFAULT_BENCH, plan, file), tokens), tmp_path)
        self.is_used(run.folder, swept)

    def is_used(self, folder: Path, swept: Path) -> None:
        assert not of_type(folder, SweepPoint)
        (taken,), (measured,) = of_type(folder, CalibrationTaken), of_type(folder, JunctionsMeasured)
        assert measured.references == of_type(swept, JunctionsMeasured)[0].references
        assert (taken.device, taken.run) == ("simulated chip", f"{swept.parent.name}/{swept.name}")


class TestRefused:
    """Before there is a run."""

    def test_one_of_another_chip(self, file: Path, plan: Path, tmp_path: Path) -> None:
        bench = other_bench(tmp_path, device={"name": "chip 7"})
        with pytest.raises(RefusedError, match=r"'simulated chip' \(3 junctions\); the bench has 'chip 7'"):
            prepare_measuring(MeasuringRequest(bench, plan, file), SWEEP)
        with pytest.raises(RefusedError, match="chip 7"):
            prepare_training(TrainingRequest(bench=bench, plan=plan, calibration=file))

    def test_one_of_a_chip_with_other_junctions(self, file: Path, bench: BenchConfig) -> None:
        truth = bench.simulation.model_copy(
            update={"critical_current_ap_to_p_ua": (1.0, 2.0), "critical_current_p_to_ap_ua": (-280.0, -280.0)}
        )
        with pytest.raises(RefusedError, match=r"the bench has 'simulated chip' \(2 junctions\)"):
            read_calibration(file, bench.model_copy(update={"simulation": truth}), simulate=False)

    @pytest.mark.parametrize("simulate", [False, True])
    def test_one_of_a_simulated_chip_for_a_real_one_of_the_same_name(self, file: Path, simulate: bool) -> None:
        config = read_bench(CONFIGS / "keithley-6221-2182a.toml")
        real = config.model_copy(update={"device": Device(name="simulated chip")})
        if simulate:
            assert read_calibration(file, real, simulate=True).device == "simulated chip"
            return
        with pytest.raises(RefusedError, match=r"a simulated 'simulated chip'; this is a real one"):
            read_calibration(file, real, simulate=False)

    def test_one_of_a_real_chip_for_a_simulated_one(self, file: Path, bench: BenchConfig, tmp_path: Path) -> None:
        real = tmp_path / "real.json"
        real.write_text(file.read_text(encoding="utf-8").replace('"simulated": true', '"simulated": false'), "utf-8")
        with pytest.raises(RefusedError, match="a real 'simulated chip'; this is a simulated one"):
            read_calibration(real, bench, simulate=False)

    def test_one_that_is_not_there(self, bench: BenchConfig, tmp_path: Path) -> None:
        with pytest.raises(RefusedError, match=r"nowhere\.json: cannot be read .*`mtjlab sweep`"):
            read_calibration(tmp_path / "nowhere.json", bench, simulate=False)

    def test_what_is_no_text(self, bench: BenchConfig, file: Path, tmp_path: Path) -> None:
        path = tmp_path / "other.json"
        path.write_bytes(file.read_text(encoding="utf-8").encode("utf-16"))
        with pytest.raises(RefusedError, match=r"other\.json: is not UTF-8 but UTF-16.* Save it as UTF-8"):
            read_calibration(path, bench, simulate=False)

    @pytest.mark.parametrize("content", [b"", b"{}", b"[1, 2]", b"calibration"])
    def test_what_is_none(self, bench: BenchConfig, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "other.json"
        path.write_bytes(content)
        with pytest.raises(RefusedError, match=r"other\.json: is not a calibration, or is damaged"):
            read_calibration(path, bench, simulate=False)

    @pytest.mark.parametrize("when", ['"yesterday"', '"2026-11-27T09:00:00"', "7e99"])
    def test_one_without_a_time(self, file: Path, bench: BenchConfig, tmp_path: Path, when: str) -> None:
        path, lines = tmp_path / "timeless.json", file.read_text(encoding="utf-8").splitlines()
        kept = [f' "measured_at": {when},' if "measured_at" in line else line for line in lines]
        path.write_text("\n".join(kept), encoding="utf-8")
        with pytest.raises(RefusedError, match="damaged"):
            read_calibration(path, bench, simulate=False)

    @given(damage=damages("cut", "byte", "line", "newline"))
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_whatever_became_of_it_there_is_a_sentence_or_a_calibration(
        self, file: Path, bench: BenchConfig, tmp_path: Path, damage: Damage
    ) -> None:
        path, whole = tmp_path / "damaged.json", file.read_bytes()
        path.write_bytes(damage.done_to(whole))
        calibration, complaint = tried(lambda: read_calibration(path, bench, simulate=False))
        assert (calibration is None) == bool(complaint)
        if damage.kind == "cut" and damage.place(whole) < len(whole) - 2:
            assert "damaged" in complaint


class TestWarned:
    """The run may begin, but the operator should know."""

    @pytest.fixture
    def warnings_after(
        self, file: Path, bench: BenchConfig, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[float], tuple[str, ...]]:
        """What is said of the calibration so many hours later."""

        def warnings(hours: float) -> tuple[str, ...]:
            class Later(datetime):
                @classmethod
                def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                    return datetime.now(tz) + timedelta(hours=hours)

            calibration = read_calibration(file, bench, simulate=False)
            monkeypatch.setattr("mtjlab.calibration.datetime", Later)
            return calibration_warnings(calibration, bench)

        return warnings

    @pytest.mark.parametrize("hours", [0.0, 5.0, 23.9])
    def test_of_none_on_the_same_day(self, warnings_after: Callable[[float], tuple[str, ...]], hours: float) -> None:
        assert warnings_after(hours) == ()

    @pytest.mark.parametrize(("hours", "age"), [(25.0, "25 h old"), (240.0, "240 h old"), (-3.0, "-3 h old")])
    def test_that_it_is_old_or_from_the_future(
        self, warnings_after: Callable[[float], tuple[str, ...]], hours: float, age: str
    ) -> None:
        (warning,) = warnings_after(hours)
        assert age in warning
        assert "critical currents change" in warning

    def test_that_another_bench_made_it(self, file: Path, bench: BenchConfig) -> None:
        other = bench.model_copy(update={"name": "the other cryostat"})
        (warning,) = calibration_warnings(read_calibration(file, bench, simulate=False), other)
        assert "made on bench 'three junctions', this is 'the other cryostat'" in warning

    def test_that_the_chip_has_no_name(self, plan: Path, tmp_path: Path) -> None:
        bench = other_bench(tmp_path, device={})
        asked = SweepPlan(controls_ua=START_UA, staircase=COARSE)
        run = execute(prepare_measuring(MeasuringRequest(bench, plan), asked), tmp_path / "runs")
        calibration: Calibration = read_calibration(next(run.folder.glob("calibration-*")), read_bench(bench), False)
        assert "device.name" in " ".join(calibration_warnings(calibration, read_bench(bench)))


class TestAWarmStartIsRefused:
    """If it is not told where every junction switches."""

    def test_without_a_calibration(self, plan: Path) -> None:
        with pytest.raises(RefusedError, match="--warm-start needs --calibration"):
            prepare_training(TrainingRequest(plan=plan, warm_start=True))

    @pytest.mark.parametrize(("legs", "stop_ua"), [("down", 900.0), ("up", 600.0)])
    def test_with_one_that_does_not_tell(self, plan: Path, tmp_path: Path, legs: Legs, stop_ua: float) -> None:
        staircase = SweepSettings(input_stop_ua=stop_ua, input_step_ua=20.0, repetitions=2)
        asked = SweepPlan(controls_ua=START_UA, legs=legs, staircase=staircase)
        run = execute(prepare_measuring(MeasuringRequest(DEFAULT_BENCH, plan), asked), tmp_path)
        calibration = next(run.folder.glob("calibration-*"))
        with pytest.raises(
            RefusedError, match=r"calibration-.*json: does not have the critical current AP -> P of every"
        ):
            prepare_training(TrainingRequest(plan=plan, calibration=calibration, warm_start=True))
        assert prepare_training(TrainingRequest(plan=plan, calibration=calibration)).calibration is not None
