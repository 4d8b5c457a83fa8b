"""What the README says is true."""

import re
import tomllib
from pathlib import Path

import pytest

from mtjlab.config import PlanConfig, SimulatedBenchConfig

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_notebook_form_runs_as_it_stands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Shortened to one step by the plan alone."""
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    short = PlanConfig().training.model_copy(update={"steps": 1})
    monkeypatch.setattr("mtjlab.config.read_plan", lambda path: PlanConfig(training=short))
    monkeypatch.chdir(PROJECT)
    exec(compile(block, "README.md", "exec"), {})
    assert re.fullmatch(r"0 \d+\.\d% \d+\.\d%\n1 \d+\.\d% \d+\.\d%\n", capsys.readouterr().out)


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
