"""export and redetect as a person or a program uses them."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.support.commands import Result
from tests.support.made_runs import made_check, made_training

Command = Callable[..., Result]


@pytest.fixture(autouse=True)
def _figures_in_name(drawn: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """They take longer than all else, and are drawn from the journal as those of any run."""
    monkeypatch.setattr("mtjlab.cli.drawing.draw_in_process", lambda folder, *_: [folder / "figures" / "drawn.png"])


@pytest.fixture
def training(tmp_path: Path) -> Path:
    (tmp_path / "runs").mkdir()
    return made_training(tmp_path / "runs")


def test_an_export_lists_its_files(mtjlab: Command, training: Path) -> None:
    result = mtjlab("export", training, "--to", "csv")
    paths = [Path(line) for line in result.out.splitlines()]
    assert result.code == 0
    assert training / "export" / "csv" / "steps.csv" in paths
    assert len(pd.read_csv(training / "export" / "csv" / "steps.csv")) == 3


def test_an_export_is_told_to_programs(mtjlab: Command, training: Path, tmp_path: Path) -> None:
    told = mtjlab("export", "last", "--to", "netcdf", "--out", tmp_path / "out", "--json").json
    assert told["to"] == "netcdf"
    assert told["status"] == "finished"
    assert told["id"] == f"{training.parent.name}/{training.name}"
    assert {Path(path).name for path in told["files"]} >= {"training.nc", "presentations.nc"}
    assert all((tmp_path / "out" / Path(path).name).is_file() for path in told["files"])


def test_what_cannot_be_exported_is_refused_in_a_sentence(mtjlab: Command, tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    result = mtjlab("export", made_check(tmp_path / "runs"), "--to", "pymeasure")
    assert result.code == 2
    assert "not exported to pymeasure" in result.sentence
    assert "Traceback" not in result.err


def test_judging_again_tells_what_has_changed(mtjlab: Command, training: Path) -> None:
    result = mtjlab("redetect", training, "--dead-band", "60", "--json", "--quiet")
    told = result.json
    assert result.code == 0
    assert told["derived_from"] == f"{training.parent.name}/{training.name}"
    assert told["presentations"] > 0
    assert told["verdicts_changed"] > 0
    assert told["configurations_changed"] > 0
    assert set(told["recognition"]) == {"before", "after"}
    assert Path(told["run"]).parent.parent == training.parent.parent
    assert told["figures"] == [str(Path(told["run"]) / "figures" / "drawn.png")]


def test_a_person_reads_it_in_plain_words(mtjlab: Command, training: Path) -> None:
    result = mtjlab("redetect", training)
    assert f"redetected: the readings of {training.parent.name}/{training.name}, judged again" in result.out
    assert "verdicts changed        0 of" in result.out
    shown = mtjlab("show", "last")
    assert "judged again" in shown.out


def test_a_setting_out_of_range_is_refused_in_a_sentence(mtjlab: Command, training: Path) -> None:
    result = mtjlab("redetect", training, "--samples", "1")
    assert result.code == 2
    assert "samples" in result.sentence
    assert not list(training.parent.glob("*-redetect"))
