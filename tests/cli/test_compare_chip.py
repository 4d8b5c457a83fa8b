"""``mtjlab compare-chip``: is the chip as it was?"""

from collections.abc import Callable
from pathlib import Path

import pytest
import tomli_w

from mtjlab.config import read_bench
from mtjlab.experiment import DEFAULT_BENCH
from tests.support.commands import ACROSS, Result

Command = Callable[..., Result]


def moved(folder: Path, **changes: object) -> Path:
    """The default bench with another chip of the same name."""
    content = read_bench(DEFAULT_BENCH).model_dump(mode="json", exclude_none=True)
    content["simulation"] |= changes
    path = folder / "moved.toml"
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def swept(mtjlab: Command) -> Command:
    """A command after a sweep, in the same folder."""
    assert mtjlab("sweep", "--quiet").code == 0
    return mtjlab


def test_a_chip_is_as_its_latest_calibration(swept: Command) -> None:
    told = swept("compare-chip", "--seed", "2", "--json").json
    assert told["unchanged"] is True
    assert told["compared_with"].endswith("0001-sweep")
    assert told["bench_s"] < 120
    assert len(told["junctions"]) == 21


def test_a_threshold_that_has_moved_is_named(swept: Command, tmp_path: Path) -> None:
    bench = moved(tmp_path, critical_current_ap_to_p_ua=[224.0, -46.0, 196.0])
    told = swept("compare-chip", "--seed", "2", "--bench", bench)
    assert told.code == 0
    assert "changed: J2 AP -> P (uA) -" in told.out
    assert "CHANGED" in told.out


def test_a_field_moves_all_thresholds(swept: Command, tmp_path: Path) -> None:
    told = swept("compare-chip", "--bench", moved(tmp_path, field_mt=6.5), "--json").json
    assert told["common_shift"]["changed"] is True
    assert told["common_shift"]["shift_ua"] == pytest.approx(-10.0, abs=2.0)
    assert not any(one["changed"] for one in told["junctions"])


def test_earlier_comparisons_are_history(swept: Command) -> None:
    for seed in ("2", "3", "4"):
        run = swept("compare-chip", "--seed", seed, "--loops", "3", "--json").json["run"]
    assert (Path(run) / "run.toml").read_text(encoding="utf-8").count("[[compare-chip.earlier]]") == 2


def test_without_a_calibration_it_is_refused_with_what_to_do(mtjlab: Command) -> None:
    refused = mtjlab("compare-chip")
    assert refused.code == 2
    assert "There is no calibration of the chip 'simulated chip' to compare with" in refused.sentence
    assert "mtjlab sweep" in refused.sentence


def test_a_simulated_chip_is_not_compared_with_a_real_one_nor_with_another(swept: Command) -> None:
    refused = swept("compare-chip", "--bench", ACROSS, "--simulate")
    assert refused.code == 2
    assert "There is no calibration of the chip" in refused.sentence
