"""What the README says is true."""

import re
import tomllib
from pathlib import Path

import pytest

from mtjlab.config import PlanConfig, SimulatedBenchConfig

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_notebook_form_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").symlink_to(PROJECT / "configs")
    exec(compile(block, "README.md", "exec"), {})
    steps = [re.fullmatch(r"(\d) \d+\.\d% \d+\.\d%", line) for line in capsys.readouterr().out.splitlines()]
    assert [step and step[1] for step in steps] == ["0", "1", "2"]
    (run,) = tmp_path.glob("runs/*/0001-sweep")
    assert (run / "events.jsonl").is_file()


def test_every_file_that_is_linked_exists() -> None:
    for target in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (PROJECT / target).is_file(), target


def test_every_room_of_the_house_is_there() -> None:
    rooms = re.findall(r"^\| (`.*?) \|", README, re.MULTILINE)
    assert len(rooms) > 10
    for row in rooms:
        first, *others = re.findall(r"`([^`]+)`", row)
        folder = PROJECT / first.split("/")[0]
        for name in (first.split("/", 1)[1], *others):
            assert (folder / name).is_dir() or (folder / f"{name}.py").is_file(), name


def test_the_shipped_configurations_name_every_key_there_is() -> None:
    """Somebody who copies them sees all that can be set."""
    for file, model in (("simulated.toml", SimulatedBenchConfig()), ("vowels.toml", PlanConfig())):
        written = tomllib.loads((PROJECT / "configs" / file).read_text(encoding="utf-8"))
        for key, value in model.model_dump(exclude_none=True).items():
            assert key in written
            if isinstance(value, dict):
                assert set(value) == set(written[key]), f"[{key}] of {file}"
