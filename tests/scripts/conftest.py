"""A project folder with and without an environment, and commands that are written down instead of run."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))

import environment
from environment import Environment

from tests.scripts.written_commands import Commands

PROGRAMS = ("python", "mtjlab", "pytest")


@pytest.fixture
def home(tmp_path: Path) -> Environment:
    """A project folder without an environment."""
    project = tmp_path / "project"
    (project / "scripts").mkdir(parents=True)
    (project / "pyproject.toml").write_text("[project]\n")
    (project / "scripts" / "requirements.lock").write_text("package==1\n")
    return Environment(project)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done to the environment, in order; the slow steps are replaced by quick ones."""
    done: list[str] = []

    def make(home: Environment) -> None:
        done.append("make")
        environment.clear(home)
        for name in PROGRAMS:
            home.program(name).parent.mkdir(parents=True, exist_ok=True)
            home.program(name).touch()

    monkeypatch.setattr(environment, "make", make)
    monkeypatch.setattr(environment, "install", lambda home: done.append("install"))
    return done


@pytest.fixture
def made(home: Environment, steps: list[str]) -> Environment:
    """A project folder with a complete environment."""
    environment.prepare(home)
    steps.clear()
    return home


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Stands in for ``subprocess.run``."""
    commands = Commands()
    monkeypatch.setattr(subprocess, "run", commands.run)
    return commands
