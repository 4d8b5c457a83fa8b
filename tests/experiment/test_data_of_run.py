"""The features of a run are those it learnt, or none."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mtjlab.errors import RefusedError
from mtjlab.experiment.data_of_run import data_of_run
from mtjlab.store import write_request
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.tables import read_table

TABLE = "label,x\na,1\na,2\nb,3\nb,4\n"


@pytest.fixture(autouse=True)
def no_vowels_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MTJLAB_VOWELS", raising=False)
    monkeypatch.setattr("mtjlab.vowels.files.user_folder", lambda: tmp_path / "user")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(TABLE)
    return path


def run_of(folder: Path, data: DataSet, **changes: Any) -> Path:
    write_request(
        folder,
        {
            "run": {"procedure": "train"},
            "data": {"name": data.name, "source": data.source, "sha256": data.checksum, **changes},
        },
    )
    return folder


def test_the_surrogate_is_drawn_again(tmp_path: Path) -> None:
    assert data_of_run(run_of(tmp_path, surrogate())) == surrogate()


def test_a_table_is_read_where_it_was(tmp_path: Path, table: Path) -> None:
    data = read_table(table)
    assert data_of_run(run_of(tmp_path, data)) == data


def test_a_table_that_changed_is_refused(tmp_path: Path, table: Path) -> None:
    folder = run_of(tmp_path, read_table(table))
    table.write_text(TABLE.replace("a,1", "a,1.5"))
    with pytest.raises(RefusedError, match=r"data of the run \(mine from .*mine.csv, sha256 .*Restore that file"):
        data_of_run(folder)


def test_a_table_that_is_gone_is_refused(tmp_path: Path, table: Path) -> None:
    folder = run_of(tmp_path, read_table(table))
    table.unlink()
    with pytest.raises(
        RefusedError, match=r"data of the run \(mine .*found now \(surrogate from embedded,.*MTJLAB_VOWELS"
    ):
        data_of_run(folder)


def test_a_copy_will_do_if_it_is_named(tmp_path: Path, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = read_table(table)
    copy = table.rename(tmp_path / "copy.csv")
    monkeypatch.setenv("MTJLAB_VOWELS", str(copy))
    assert data_of_run(run_of(tmp_path, data)).tokens == data.tokens


def test_another_surrogate_is_not_the_one_that_was_learnt(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"data of the run \(surrogate"):
        data_of_run(run_of(tmp_path, replace(surrogate(seed=1), name="surrogate")))


@pytest.mark.parametrize("content", ["", "[data]\nname = 'mine'\n"])
def test_a_run_that_does_not_say_what_it_learnt_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.toml").write_text(f"[run]\nprocedure = 'train'\n{content}")
    with pytest.raises(RefusedError, match=r"run.toml: does not name the data of the run"):
        data_of_run(tmp_path)
