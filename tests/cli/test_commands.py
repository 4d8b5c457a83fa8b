"""The command line itself: what it loads to start, its help, and mistakes that name what to type instead."""

import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from mtjlab.cli.commands import COMMANDS
from mtjlab.procedures.kinds import SUMMARIES
from tests.support.commands import ACROSS, Result

Command = Callable[..., Result]
LOADED = "import sys; from mtjlab.cli import main\ntry: main()\nfinally: print(*sys.modules)"
SLOW = {"PyQt5", "h5py", "instruments.driver", "matplotlib", "mtjlab.bench", "numpy", "pandas", "pydantic",
        "pymeasure", "pyvisa", "scipy", "sklearn", "xarray"}  # fmt: skip
SLOW_FOR_HELP = {*SLOW, "mtjlab.events", "mtjlab.experiment", "msgspec", "rich"}


SLOW_FOR_SIMULATORS = {"asyncio", "matplotlib", "pandas", "rich", "scipy", "ssl", "unittest.mock",
                       "mtjlab", "msgspec", "numpy", "pydantic", "pymeasure", "pyvisa"}  # fmt: skip
SLOW_FOR_GUARDIAN = {"asyncio", "matplotlib", "pandas", "rich", "scipy", "ssl", "unittest.mock",
                     "mtjlab.analysis.critical", "mtjlab.detection.detector", "mtjlab.diagnosis.diagnose",
                     "mtjlab.procedures"}  # fmt: skip


def loaded_by(*arguments: str | Path) -> set[str]:
    """Modules that are loaded once a command has done its work."""
    done = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_loads_nothing_but_the_words_of_the_commands(option: str) -> None:
    assert loaded_by(option).isdisjoint(SLOW_FOR_HELP)


def test_a_list_of_runs_loads_nothing_that_runs_them(mtjlab: Command, tmp_path: Path) -> None:
    assert mtjlab("check", "--quiet").code == 0
    assert loaded_by("runs", tmp_path / "runs").isdisjoint(SLOW)


@pytest.mark.parametrize(
    ("process", "slow"),
    [("mtjlab.guardian", SLOW_FOR_GUARDIAN), ("instruments.simulated", SLOW_FOR_SIMULATORS)],
)
def test_a_process_beside_a_run_loads_no_more_than_it_works_with(process: str, slow: set[str]) -> None:
    program = f"import sys, {process}.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()).isdisjoint(slow)


def test_the_version_is_that_of_the_package(mtjlab: Command) -> None:
    assert mtjlab("--version").out == f"mtjlab {version('mtjlab')}\n"


def test_help_has_a_line_for_every_command(mtjlab: Command) -> None:
    told = " ".join(mtjlab("--help").out.split())
    for name, summary in {**SUMMARIES, **{name: told for name, (_, told) in COMMANDS.items()}}.items():
        assert f" {name} {summary}" in told


@pytest.mark.parametrize("name", [*SUMMARIES, *COMMANDS])
def test_help_of_every_command_fits_a_terminal(mtjlab: Command, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = mtjlab(name, "--help")
    lines = result.out.splitlines()
    assert result.code == 0
    assert max(map(len, lines)) <= 80
    assert not any(line.endswith("...") for line in lines[1:]), "a sentence is cut"
    for line in lines:  # an example that is broken into two lines cannot be copied
        assert line.count("`") % 2 == 0
        assert len(re.findall(r"(?<!\w)'|'(?!\w)", line)) % 2 == 0


def test_a_command_that_is_none_is_a_sentence(mtjlab: Command) -> None:
    result = mtjlab("trian")
    assert (result.code, result.out) == (2, "")
    assert "No such command 'trian'. Did you mean train or twin?" in result.sentence


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        ("train five.toml", "type `--bench five.toml` or `--plan five.toml`"),
        ("check five.toml", "type `--bench five.toml`."),
        ("doctor five.toml", "type `--bench five.toml`."),
        ("safe five.toml", "type `--bench five.toml`."),
        ("simulate five.toml", "type `--bench five.toml`."),
        ("redetect last five.toml", "type `--plan five.toml`."),
    ],
)
def test_a_file_without_its_option_is_refused_with_that_option(mtjlab: Command, command: str, typed: str) -> None:
    result = mtjlab(*command.split())
    assert result.code == 2
    assert typed in result.sentence


def test_a_row_of_numbers_says_how_it_is_typed(mtjlab: Command) -> None:
    """Where a comma is the decimal mark of the country, -46,5,-50 would be read as two numbers by a person."""
    shown = " ".join(mtjlab("sweep", "--help").out.split())
    assert "In uA, with decimal points and commas between numbers." in shown


@pytest.mark.parametrize("command", ["show", "follow", "stop", "figures", "export", "ask", "runs"])
def test_a_command_on_a_run_creates_none(mtjlab: Command, command: str) -> None:
    assert "new run" not in " ".join(mtjlab(command, "--help").out.split())


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--speed", "5"], "--speed is for simulated instruments: give a bench file of kind 'instruments'"),
        (["--bench", ACROSS, "--speed", "5"], "--speed is for simulated instruments: give --simulate too"),
        (["--bench", ACROSS, "--fault", "source J1:no-reply"], "--fault is for simulated instruments: give --simulate"),
        (["--simulate", "--fault", "source J1:no-reply"], "--fault is for simulated instruments: give a bench file"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(
    mtjlab: Command, tmp_path: Path, options: list[str | Path], why: str
) -> None:
    result = mtjlab("check", *options)
    assert result.code == 2
    assert why in result.sentence
    assert not (tmp_path / "runs").exists()


def test_inputs_that_allow_no_resets_are_refused_before_a_run_begins(mtjlab: Command, tmp_path: Path) -> None:
    result = mtjlab("dwell", "--way", "reset", "--inputs", "0,5")
    assert result.code == 2
    assert "the first of inputs_ua, 0 uA: they would not reset" in result.sentence
    assert not (tmp_path / "runs").exists()


def test_the_folder_of_runs_is_named_as_everywhere(mtjlab: Command, tmp_path: Path) -> None:
    assert mtjlab("check", "--runs", tmp_path / "mine", "--quiet").code == 0
    listed = [mtjlab("runs", *named, "--json").json for named in ([tmp_path / "mine"], ["--runs", tmp_path / "mine"])]
    assert listed[0] == listed[1]
    assert len(listed[0]["runs"]) == 1
