"""Any value of any type at any key of a configuration: taken as it is, or refused with a sentence; nothing else."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.config import InstrumentBenchConfig, PlanConfig, SimulatedBenchConfig, read_bench, read_plan
from mtjlab.errors import RefusedError
from mtjlab.experiment.bench_file import checked_bench
from tests.support.any_value import Place, Table, places, values, with_value
from tests.support.asking import CheckRequest, TrainingRequest, prepare_check, prepare_training
from tests.support.journals import tried

CONFIGS = Path(__file__).parents[2] / "configs"
BENCHES = ["simulated.toml", "keithley-6221-2182a.toml", "keithley-2400.toml", "mixed.toml"]


def content(name: str) -> Table:
    return tomllib.loads((CONFIGS / name).read_text(encoding="utf-8"))


def models(section: Any, so_far: Place = ()) -> Iterator[Place]:
    """Every key that a table may have, whether or not the shipped files use it."""
    for key, field in section.model_fields.items():
        yield (*so_far, key)
        if hasattr(field.annotation, "model_fields"):
            yield from models(field.annotation, (*so_far, key))


def at(model: Any, place: Place) -> Any:
    for key in place:
        model = model[key] if isinstance(model, dict) else getattr(model, key)
    return model


def as_read(value: Any) -> Any:
    """A list as the tuple that it becomes, and a date as its text."""
    return tuple(map(as_read, value)) if isinstance(value, list) else value


def written(folder: Path, table: Table) -> Path:
    path = folder / "file.toml"
    path.write_text(tomli_w.dumps(table), encoding="utf-8")
    return path


PLAN_PLACES = sorted({*models(PlanConfig), ("new",), ("training", "new")})
BENCH_PLACES = {
    name: sorted({*places(content(name)), *models(kind), ("new",), ("timing", "settle")})
    for name in BENCHES
    for kind in [SimulatedBenchConfig if name == "simulated.toml" else InstrumentBenchConfig]
}


@given(place=st.sampled_from(PLAN_PLACES), value=values)
@settings(max_examples=100)
def test_of_a_plan(tmp_path_factory: pytest.TempPathFactory, place: Place, value: Any) -> None:
    path = written(tmp_path_factory.mktemp("plan"), with_value(content("vowels.toml"), place, value))
    plan, complaint = tried(lambda: read_plan(path))
    if plan is None:
        assert complaint.startswith(f"{path}: ")
        return
    if not isinstance(value, dict):
        assert at(plan, place) == as_read(value) or str(value) == at(plan, place)
    tried(lambda: prepare_training(TrainingRequest(plan=path)))


@pytest.mark.parametrize("name", BENCHES)
@given(data=st.data(), value=values)
@settings(max_examples=100)
def test_of_a_bench(tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject, value: Any) -> None:
    place = data.draw(st.sampled_from(BENCH_PLACES[name]))
    path = written(tmp_path_factory.mktemp("bench"), with_value(content(name), place, value))
    bench, complaint = tried(lambda: read_bench(path))
    if bench is None:
        assert complaint.startswith(f"{path}: ")
        return
    if not isinstance(value, dict):
        assert at(bench, place) == as_read(value) or str(value) == at(bench, place)
    if tried(lambda: checked_bench(path, bench, simulate=True))[0]:
        tried(lambda: prepare_check(CheckRequest(path, simulate=True)))
        tried(lambda: prepare_training(TrainingRequest(path, simulate=True)))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("kind = []", r"kind is \[\]\. A bench is of kind 'simulated' or 'instruments'"),
        ("kind = {}", r"kind is \{\}\. A bench is of kind"),
        (
            "[limits]\njunction_voltage_refuse_mv = 1e160",
            r"limits: junction_voltage_refuse_mv = 1e\+160 is not between",
        ),
        ("[timing]\nsettle_s = 9007199254740993", r"timing: settle_s = 9\.0072e\+15 is not between 1e-09 and 1e\+09"),
        ("[simulation]\ntmr_percent = [120, 120, 1e-300]", r"simulation: tmr_percent = 1e-300 is not between"),
        ("x = " + "9" * 5000, "is not valid TOML: Exceeds the limit"),
        ("x = " + "[" * 5000, "is not valid TOML: maximum recursion depth"),
    ],
    ids=["a list", "a table", "too large", "an integer that no float is", "too small", "no end", "too deep"],
)
def test_what_once_was_a_traceback_is_a_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "file.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError, match=complaint):
        read_bench(path)
