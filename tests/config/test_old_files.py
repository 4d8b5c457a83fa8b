"""Configuration files of any version load as they are, or it is said what to change in them.

``cases/old`` holds ready configurations of earlier revisions, byte for byte; people have copies of them with addresses
and numbers of their own.
"""

from pathlib import Path
from typing import Any

import pytest

from mtjlab.benches.models_check import demand_instruments
from mtjlab.config import PlanConfig, read_bench, read_network, read_plan
from mtjlab.errors import RefusedError
from mtjlab.experiment import prepare_rerun
from tests.golden.runs import RUNS, copied

OLD = Path(__file__).parents[1] / "cases" / "old"
PLANS = sorted(path.name for path in OLD.glob("*-vowels.toml"))
BENCHES = sorted({path.name for path in OLD.glob("*.toml")} - set(PLANS))
NETWORKS = sorted(network for run in RUNS.values() for network in run.glob("network.toml"))
NEVER_AGAIN = ("live", "redetect")


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_that_changes_nothing_is_that_of_today(name: str) -> None:
    """Only the recognition rate was measured after each step, with instruments too, and still is."""
    today = PlanConfig()
    training = today.training.model_copy(update={"recognition_every_steps": 1})
    assert read_plan(OLD / name) == today.model_copy(update={"training": training})


@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_loads_and_its_models_can_do_what_it_asks(name: str) -> None:
    bench = read_bench(OLD / name)
    assert bench.junctions == 3
    demand_instruments(OLD / name, bench, simulate=True)


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.parents[2].name)
def test_a_network_loads(path: Path) -> None:
    assert read_network(path).classes


@pytest.mark.parametrize("name", [name for name in RUNS if not name.partition("/")[2].startswith(NEVER_AGAIN)])
def test_what_an_old_run_was_asked_can_be_asked_again(name: str, tmp_path: Path) -> None:
    assert prepare_rerun(copied(RUNS[name], tmp_path)).kind.name in name


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        (
            "89b9c93-vowels.toml",
            "dead_band_ua = 10",
            "dead_band_ua = 0",
            "detector.dead_band_ua: must be greater than or equal to 0.001 (it is 0)",
        ),
        (
            "89b9c93-vowels.toml",
            "repetitions = 3",
            "repetitions = 2000",
            "sweep.repetitions: must be less than or equal to 1000 (it is 2000)",
        ),
        (
            "89b9c93-vowels.toml",
            "control_step_ua = 10",
            "control_step_ua = 250",
            "training.control_step_ua: must be less than or equal to 100 (it is 250)",
        ),
        (
            "8fba662-mixed.toml",
            'model = "by hand"',
            'model = "Kepco BOP"\naddress = "GPIB0::6::INSTR"\nma_per_mt = 120',
            "field: a field supply needs address, ma_per_mt, largest_current_ma, compliance_mv; there is no "
            "largest_current_ma, compliance_mv",
        ),
        (
            "8fba662-mixed.toml",
            'model = "by hand"',
            'model = "by hand"\nma_per_mt = 120',
            "field: a field set by hand has no ma_per_mt: leave it out, or name the model of the supply",
        ),
    ],
)
def test_what_counts_no_more_is_refused_by_file_and_key_with_what_to_write(
    tmp_path: Path, name: str, old: str, new: str, complaint: str
) -> None:
    """Every value that an earlier version took and this one does not."""
    text = (OLD / name).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    read: Any = read_plan if name in PLANS else read_bench
    with pytest.raises(RefusedError) as refused:
        read(path)
    assert str(refused.value) == f"{path}: {complaint}."


def test_a_run_that_knew_no_table_of_classes_is_repeated_with_one_configuration_a_class(tmp_path: Path) -> None:
    """A plan file without the key decides by how the training starts; a run.toml means what was done then."""
    assert prepare_rerun(copied(RUNS["1/train"], tmp_path)).config.encoding.table == "one"
    assert read_plan(OLD / PLANS[0]).encoding.table == "auto"
