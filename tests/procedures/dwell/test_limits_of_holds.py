"""Currents outside the limits are refused before the run starts, as far as they are known by then."""

from pathlib import Path

import pytest

from mtjlab.errors import RefusedError
from mtjlab.experiment import OnBench, prepare
from mtjlab.procedures.dwell.plan import DwellPlan
from mtjlab.procedures.kinds import KINDS
from tests.support.made_runs import MADE

CONFIGS = Path(__file__).parents[3] / "configs"
DWELL = KINDS["dwell"]


@pytest.fixture(scope="module")
def calibration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Calibration of the simulated chip of the paper."""
    (file,) = MADE["sweep"](tmp_path_factory.mktemp("sweep")).glob("calibration-*")
    return file


def test_inputs_that_no_control_currents_allow_are_refused() -> None:
    with pytest.raises(RefusedError, match=r"from 0 to 2000 uA span 2000 uA and exceed the limits"):
        prepare(DWELL, DwellPlan(inputs_ua=(100.0, 2000.0)), OnBench())


def test_a_calibration_gives_all_currents_beforehand(calibration: Path) -> None:
    with pytest.raises(RefusedError, match=r"An input of 1200 uA with control currents .*: J1 would carry"):
        prepare(DWELL, DwellPlan(inputs_ua=(340.0, 1200.0)), OnBench(calibration=calibration))


def test_with_a_calibration_the_reference_sweep_is_not_checked(calibration: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text("[training]\nstart_control_ua = -900\n", encoding="utf-8")
    prepare(DWELL, DwellPlan(), OnBench(plan=plan, calibration=calibration))
    with pytest.raises(RefusedError, match="J1 would carry -900 uA"):
        prepare(DWELL, DwellPlan(), OnBench(plan=plan))


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"for_s": 0.001}, r"for_s = 0\.001 is shorter than one sample"),
        ({"controls_ua": (0.0, 0.0, 0.0)}, "No junction would carry more than 0 uA"),
        ({"controls_ua": (-5.0,), "inputs_ua": (2.0, 8.0)}, "No junction would carry more than 3 uA"),
    ],
)
def test_holds_that_would_measure_nothing_are_refused(options: dict[str, object], complaint: str) -> None:
    with pytest.raises(RefusedError, match=complaint):
        prepare(DWELL, DwellPlan.model_validate(options), OnBench())


def test_no_hold_after_a_reset_is_shorter_than_one_event() -> None:
    with pytest.raises(ValueError, match="longest_s"):
        DwellPlan.model_validate({"longest_s": 0.1})
