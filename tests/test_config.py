"""Configuration: strict, with units in every key; a mistake is named by file, key and remedy."""

from pathlib import Path

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.config import PlanConfig, SimulatedBenchConfig, read_bench, read_plan
from mtjlab.errors import RefusedError

CONFIGS = Path(__file__).parents[1] / "configs"


def written(folder: Path, text: str) -> Path:
    path = folder / "file.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_plan_is_the_papers(tmp_path: Path) -> None:
    plan = read_plan(written(tmp_path, ""))
    assert plan == PlanConfig()
    assert (plan.training.start_control_ua, plan.training.control_step_ua, plan.training.steps) == (-500, 10, 80)
    assert (plan.data.train_fraction, plan.encoding.inputs) == (0.8, 2)


def test_the_shipped_files_are_read(tmp_path: Path) -> None:
    bench = read_bench(CONFIGS / "simulated.toml")
    assert bench.junctions == 3
    assert bench.simulation.each("critical_spread_ua") == (4.3, 4.3, 4.3)
    assert read_plan(CONFIGS / "vowels.toml") == PlanConfig()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[limits]\njunction_curent_max_ua = 700", r"unknown key limits\.junction_curent_max_ua\. Did you mean"),
        (
            "[timing]\nsettle = 0.01",
            r"unknown key timing\.settle\. A key needs its unit: write settle_s\.",
        ),
        ("[timing]\nsettle_s = -1", r"timing\.settle_s: must be greater than or equal to 0 \(it is -1"),
        ('[timing]\nsettle_s = "0.01"', r"timing\.settle_s: .*number.*'0\.01'"),
        ("[timing]\nsettle_s = true", r"timing\.settle_s: .*number"),
        ("[timing]\nsettle_s = nan", r"timing\.settle_s: .*finite"),
        ("[limits]\njunction_current_min_ua = 10", r"limits: junction_current_min_ua must be below zero"),
        ("[simulation]\ncritical_spread_ua = [4, 5]", r"simulation: critical_spread_ua has 2 values for 3 junctions"),
        ('kind = "imagined"', r"kind is 'imagined'\. A bench is of kind 'simulated' or 'instruments'"),
        ("[limits\n", "is not valid TOML"),
    ],
)
def test_a_mistake_in_a_bench_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(RefusedError, match=complaint) as refused:
        read_bench(path)
    assert str(refused.value).startswith(f"{path}: ")


def test_every_mistake_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        read_plan(written(tmp_path, "[training]\nsteps = -1\ncontrol_step = 5"))
    assert "training.steps" in str(refused.value)
    assert "write control_step_ua" in str(refused.value)


def test_a_path_with_backslashes_that_were_read_as_escapes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        RefusedError, match=r"data\.table: in double quotes a backslash.*write 'C:\\folder\\file' or C:/"
    ):
        read_plan(written(tmp_path, '[data]\ntable = "C:\\temp\\new.csv"'))
    assert read_plan(written(tmp_path, "[data]\ntable = 'C:\\temp\\new.csv'")).data.table == r"C:\temp\new.csv"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="cannot be read"):
        read_bench(tmp_path / "absent.toml")


values = (
    st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.integers(), max_size=3)
)


@given(section=st.sampled_from(["limits", "device", "timing", "simulation"]), key=st.data(), value=values)
def test_any_value_is_read_as_it_is_or_refused(
    tmp_path_factory: pytest.TempPathFactory, section: str, key: st.DataObject, value: object
) -> None:
    model = SimulatedBenchConfig.model_fields[section].annotation
    name = key.draw(st.sampled_from(sorted(model.model_fields)))  # type: ignore[union-attr]
    path = written(tmp_path_factory.mktemp("any"), tomli_w.dumps({section: {name: value}}))
    try:
        read = getattr(getattr(read_bench(path), section), name)
    except RefusedError:
        return
    assert read == (tuple(value) if isinstance(value, list) else value)
    assert not isinstance(value, bool)
