"""Studies: tables of many trainings, the same from either engine and on a cluster; stopped, taken up again, failed."""

import json
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr
from click.testing import CliRunner

from mtjlab.cli.common import DONE, STOPPED
from mtjlab.cli.study import study as command
from mtjlab.errors import RefusedError
from mtjlab.study import running
from mtjlab.study.file import read_study
from mtjlab.study.study import Studied, study
from mtjlab.study.trainings import cells_of

CONFIGS = Path(__file__).parents[2] / "configs"
STUDY = """
engine = "replicas"
first_seed = 3
seeds = 3
[[chips]]
name = "chip"
[[chips]]
name = "no loop"
simulation = { critical_current_ap_to_p_ua = [900, -66, 196] }
[[rules]]
name = "paper"
training = { steps = 2, recognition_every_steps = 2 }
[[rules]]
name = "probes"
training = { steps = 0, probe_first = 16 }
"""
TABLES = ("runs", "curves", "summary")


def written(folder: Path, text: str = STUDY) -> Path:
    file = folder / "my.toml"
    file.write_text(text)
    return file


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks are made here, one after another: processes take seconds to start."""

    def results(tasks: object, engine: str, here: bool) -> object:
        return (running.make(cell, seeds, engine) for cell, seeds in tasks)  # type: ignore[attr-defined]

    monkeypatch.setattr(running, "_results", results)


def made(folder: Path, text: str = STUDY, cluster: str = "") -> Studied:
    return study(written(folder, text), folder / "out", cluster, lambda done, of: None)


def tables_in(folder: Path) -> dict[str, str]:
    return {name: (folder / "out" / f"{name}.csv").read_text() for name in TABLES}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a study that was made at once."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        in_this_process.__wrapped__(patch)  # type: ignore[attr-defined]
        made(folder)
    return folder


def test_every_training_is_a_row_and_one_that_fails_is_not_the_end(whole: Path) -> None:
    runs = pd.read_csv(whole / "out" / "runs.csv", keep_default_na=False)
    assert list(runs["key"][:4]) == [f"chip/plan/{name}" for name in ("paper/3", "paper/4", "paper/5", "probes/3")]
    assert set(runs["chip"][runs["failed"] != ""]) == {"no loop"}
    assert runs["failed"].str.contains("shows no switching").sum() == 6
    assert runs["simulated"].all()
    curves = pd.read_csv(whole / "out" / "curves.csv")
    assert list(curves[curves["rule"] == "paper"]["step"]) == [0, 2] * 3


def test_the_summary_has_means_errors_and_differences_of_equal_seeds(whole: Path) -> None:
    runs, summary = (pd.read_csv(whole / "out" / f"{name}.csv") for name in ("runs", "summary"))
    paper, probes = (runs[(runs["chip"] == "chip") & (runs["rule"] == rule)]["test"] for rule in ("paper", "probes"))
    second = summary.iloc[1]
    assert second["test_mean"] == pytest.approx(probes.mean())
    assert second["test_error"] == pytest.approx(probes.sem())
    away = probes.to_numpy() - paper.to_numpy()
    assert second["test_difference_mean"] == pytest.approx(away.mean())
    assert second["test_difference_error"] == pytest.approx(away.std(ddof=1) / 3**0.5)
    assert (second["pairs"], second["done"], second["probes"]) == (3, 3, 16)
    assert list(summary["failed"]) == [0, 0, 3, 3]


def test_netcdf_holds_the_same_tables(whole: Path) -> None:
    for name in TABLES:
        with xr.open_dataset(whole / "out" / "study.nc", group=name, engine="h5netcdf") as data:
            assert data.sizes[name] == len(pd.read_csv(whole / "out" / f"{name}.csv"))
            assert data.attrs["source"] == "simulation"
    assert (whole / "out" / "recognition.png").stat().st_size > 10_000


def test_the_event_engine_gives_the_same_tables(whole: Path, tmp_path: Path) -> None:
    made(tmp_path, STUDY.replace('"replicas"', '"events"'))
    assert {name: text.replace("events", "replicas") for name, text in tables_in(tmp_path).items()} == {
        name: text.replace("events", "replicas") for name, text in tables_in(whole).items()
    }


def test_a_study_that_was_stopped_continues_where_it_was(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_now, make = [], running.make

    def until_the_third(*task: object) -> object:
        if len(made_now) == 2:
            raise KeyboardInterrupt
        made_now.append(task)
        return make(*task)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "make", until_the_third)
    first = CliRunner().invoke(
        command, [str(written(tmp_path)), "--out", str(tmp_path / "out"), "--json"], standalone_mode=False
    )
    told = json.loads(first.stdout.splitlines()[-1])
    assert first.return_value == STOPPED
    assert told["stopped"]
    assert 0 < told["done"] + told["failed"] < told["trainings"] == 12
    monkeypatch.setattr(running, "make", make)
    rows = tmp_path / "out" / running.ROWS
    rows.write_text(rows.read_text() + '{"key": "chip/pl')  # cut off by a crash
    again = CliRunner().invoke(
        command, [str(written(tmp_path)), "--out", str(tmp_path / "out"), "--json"], standalone_mode=False
    )
    assert again.return_value == DONE
    assert json.loads(again.stdout.splitlines()[-1])["done"] == 6
    assert tables_in(tmp_path) == tables_in(whole)


def test_trainings_that_would_be_others_are_made_again(tmp_path: Path) -> None:
    text = STUDY.replace("seeds = 3", "seeds = 1").replace("steps = 2,", "steps = 1,")
    for steps in (1, 2):
        made(tmp_path, text.replace("steps = 1,", f"steps = {steps},"))
        assert pd.read_csv(tmp_path / "out" / "runs.csv")["steps"][0] == steps


def test_a_cluster_gives_the_same_tables(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed", reason='needs pip install "mtjlab[dask]"')
    monkeypatch.undo()
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster:
        made(tmp_path, cluster=cluster.scheduler_address)
    assert tables_in(tmp_path) == tables_in(whole)


def test_the_example_has_200_trainings() -> None:
    example = read_study(CONFIGS / "study.toml")
    assert len(cells_of(example, CONFIGS / "study.toml")) * example.seeds == 200


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("seeds = 3", "seeds = 0"), "seeds"),
        (('name = "probes"', 'name = "paper"'), "paper is there twice"),
        (("probe_first = 16", "probe_firsts = 16"), "training.probe_firsts"),
        (('name = "probes"', 'name = "probes"\ntrainings = 1'), "Did you mean training"),
        (('name = "chip"', 'name = "chip"\nbench = "mixed"'), "kind 'simulated'"),
    ],
)
def test_mistakes_in_a_study_file_are_named(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        made(tmp_path, STUDY.replace(*change))
