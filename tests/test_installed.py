"""As people install it: a wheel, used from a folder that is not the project's."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from shutil import copyfile, copytree, ignore_patterns

import pytest

from mtjlab.config import read_bench, read_plan
from mtjlab.errors import RefusedError
from mtjlab.study.file import read_study
from mtjlab.supplied_configs import CONFIGS, copy_supplied, supplied_file, supplied_names

PROJECT = Path(__file__).parents[1]
NOTEBOOK = """
import mtjlab

with mtjlab.open_bench("simulated") as bench:
    run = mtjlab.run("check", bench)
print(run.result["status"], mtjlab.__file__)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a wheel puts beside the packages that it needs."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    source = folder / "source"
    for name in ("mtjlab", "instruments", "configs", "scripts"):
        copytree(PROJECT / name, source / name, ignore=ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        copyfile(PROJECT / name, source / name)
    subprocess.run([*command, "-w", str(folder), str(source)], cwd=folder, check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def ran(installed: Path, folder: Path, *command: str) -> str:
    surroundings = {**os.environ, "PYTHONPATH": str(installed), "MTJLAB_VOWELS": "", "XDG_DATA_HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_training_starts_from_any_folder(installed: Path, tmp_path: Path) -> None:
    told = json.loads(
        ran(
            installed, tmp_path, "-m", "mtjlab", "train", "--steps", "1", "--recognition-every", "0", "--json"
        ).splitlines()[-1]
    )
    assert told["status"] == "finished"
    assert told["figures"]
    assert list(tmp_path.glob("runs/*/0001-train/run.toml"))


def test_a_notebook_finds_it(installed: Path, tmp_path: Path) -> None:
    assert ran(installed, tmp_path, "-c", NOTEBOOK).split() == ["finished", str(installed / "mtjlab" / "__init__.py")]


def test_supplied_configurations_are_listed_and_copied(installed: Path, tmp_path: Path) -> None:
    listed = json.loads(ran(installed, tmp_path, "-m", "mtjlab", "configs", "--json"))
    assert Path(listed["folder"]) == installed / "mtjlab" / "configs"
    assert [one["name"] for one in listed["configs"]] == [path.stem for path in sorted(PROJECT.glob("configs/*.toml"))]
    ran(installed, tmp_path, "-m", "mtjlab", "configs", "copy", "mixed", "mine.toml")
    assert read_bench(tmp_path / "mine.toml") == read_bench(CONFIGS / "mixed.toml")


def test_every_supplied_configuration_is_a_bench_a_plan_or_a_study() -> None:
    for name in supplied_names():
        read = read_study if name == "study" else read_plan if name.endswith("vowels") else read_bench
        read(CONFIGS / f"{name}.toml")


class TestNames:
    @pytest.mark.parametrize("named", ["telegraph", "telegraph.toml", "configs/telegraph.toml"])
    def test_give_the_supplied_files_from_any_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert supplied_file(Path(named)) == CONFIGS / "telegraph.toml"

    @pytest.mark.parametrize("named", ["benches/telegraph.toml", "telegraph.txt", "other", "/telegraph"])
    def test_of_other_places_are_left_alone(self, named: str) -> None:
        assert supplied_file(Path(named)) == Path(named)

    def test_of_files_that_are_there_are_those(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path("telegraph.toml").write_text("", encoding="utf-8")
        assert supplied_file(Path("telegraph.toml")) == Path("telegraph.toml")


class TestCopies:
    def test_nothing_is_overwritten(self, tmp_path: Path) -> None:
        assert copy_supplied("mixed.toml", tmp_path) == tmp_path / "mixed.toml"
        with pytest.raises(RefusedError, match="exists already"):
            copy_supplied("mixed", tmp_path / "mixed.toml")

    def test_what_cannot_be_done_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(RefusedError, match=r"nine: is not a supplied configuration. There are .*telegraph"):
            copy_supplied("nine", tmp_path)
        with pytest.raises(RefusedError, match="cannot be written"):
            copy_supplied("mixed", tmp_path / "absent" / "file.toml")
