"""A file in the form of a run.toml asks for a run: all that it says counts, or it is refused."""

from pathlib import Path

import pytest

from mtjlab.errors import RefusedError
from mtjlab.experiment import prepare_file
from tests.support.made_runs import MADE

SWEEP = "[sweep]\ncontrols_ua = [-500, -490, -510]\n"


def asked(tmp_path: Path, content: str, name: str = "asked.toml") -> Path:
    """Such a file."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def test_it_asks_for_bench_plan_and_course(tmp_path: Path) -> None:
    path = asked(tmp_path, f"[run]\nprocedure = 'sweep'\nseed = 7\n{SWEEP}[plan.detector]\nsamples = 3\n")
    request = prepare_file(path, tmp_path)
    assert (request.procedure, request.seed, request.config.detector.samples) == ("sweep", 7, 3)
    assert request.plan_file == path


def test_a_bench_may_stand_in_it(tmp_path: Path) -> None:
    path = asked(tmp_path, "[run]\nprocedure = 'check'\n[bench]\nkind = 'simulated'\nname = 'a chip'\n")
    request = prepare_file(path, tmp_path)
    assert (request.bench.name, request.bench_file, request.plan_file) == ("a chip", path, None)


def test_keys_of_a_training_stand_in_a_table_of_its_own_too(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"train.*warm"):
        prepare_file(asked(tmp_path, "[run]\nprocedure = 'train'\n[train]\nwarm_strat = true\n"), tmp_path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "run.procedure is None"),
        ("run = 3", "run.procedure is None"),
        ("[run]\nprocedure = 'sing'", "run.procedure is 'sing'"),
        (f"[run]\nprocedure = 'sweep'\n{SWEEP.replace('sweep', 'sweeps')}", "sweeps is not a table for a sweep"),
        (f"[run]\nprocedure = 'sweep'\n{SWEEP}[dwell]\nfor_s = 3.0", "dwell is not a table for a sweep"),
        ("[run]\nprocedure = 'check'\n[plan]\nseed = 3", "plan is not a table for a check"),
        ("sweep = 3\n[run]\nprocedure = 'sweep'", r"sweep is 3. Write a table, \[sweep\]"),
        ("bench = 3\n[run]\nprocedure = 'check'", r"bench is 3. Write a table, \[bench\]"),
        ("[run]\nprocedure = 'check'\nsimulated = true", "run.simulated"),
        ("[run]\nprocedure = 'check'\nsimulate = 'yes'", "run.simulate"),
        ("[run]\nprocedure = 'check'\nwarm_start = true", "run.warm_start"),
        ("[run]\nprocedure = 'check'\nbench_file = 5", "run.bench_file"),
        ("[run]\nprocedure = 'check'\nseed = -1", "run.seed"),
        ("[run]\nprocedure = 'check'\nseed = 1.5", "run.seed"),
        ("[run]\nprocedure = 'check'\nseed = 'x'", "run.seed"),
        ("[run]\nprocedure = 'check'\nid = 'a'\nsimulated = true", "run.simulated"),
        (f"[run]\nprocedure = 'sweep'\n{SWEEP}procedure = 'map'", "sweep.procedure|procedure: must be"),
    ],
)
def test_what_would_not_count_is_refused(tmp_path: Path, content: str, complaint: str) -> None:
    path = asked(tmp_path, content)
    with pytest.raises(RefusedError, match=complaint) as refused:
        prepare_file(path, tmp_path)
    assert str(path) in str(refused.value)


def test_the_table_of_a_procedure_may_say_again_which_it_is(tmp_path: Path) -> None:
    path = asked(tmp_path, f"[run]\nprocedure = 'sweep'\n{SWEEP}procedure = 'sweep'\n")
    assert prepare_file(path, tmp_path).procedure == "sweep"


@pytest.mark.parametrize("kind", ["train", "sweep", "shift", "raster-map", "dwell", "pulse", "check"])
def test_a_copy_of_what_a_run_wrote_asks_for_the_same_anew(tmp_path: Path, kind: str) -> None:
    run = MADE[kind](tmp_path)
    copy = asked(tmp_path, (run / "run.toml").read_text(encoding="utf-8"), "my-own.toml")
    request, before = prepare_file(copy, tmp_path), prepare_file(run / "run.toml", tmp_path)
    assert (request.procedure, request.plan, request.config) == (before.procedure, before.plan, before.config)
    assert (request.bench, request.seed, request.parent) == (before.bench, before.seed, None)


def test_a_copy_may_be_changed(tmp_path: Path) -> None:
    text = (MADE["sweep"](tmp_path) / "run.toml").read_text(encoding="utf-8")
    copy = asked(tmp_path, text.replace("repetitions = 2", "repetitions = 7"), "my-own.toml")
    assert prepare_file(copy, tmp_path).plan.model_dump()["staircase"]["repetitions"] == 7
