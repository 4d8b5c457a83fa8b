"""Commands and what they said, and bench files that point at running instruments."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from instruments.simulated.process import RunningSimulators
from mtjlab.cli import main
from mtjlab.config import InstrumentBenchConfig

CONFIGS = Path(__file__).parents[2] / "configs"
ACROSS = CONFIGS / "keithley-6221-2182a.toml"


@dataclass(frozen=True)
class Result:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        last: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return last

    @property
    def sentence(self) -> str:
        """The complaint, its lines joined."""
        return " ".join(self.err.split())


@dataclass(frozen=True)
class RealBench:
    """Simulated instruments, at addresses that say nothing of it."""

    config: InstrumentBenchConfig
    running: RunningSimulators
    log: Path

    def write(self, path: Path, **changes: Any) -> Path:
        """A bench file for which they are as real as any; ``changes`` replace whole tables."""
        content = self.config.model_dump(mode="json", exclude_none=True, exclude={"simulation"})
        path.write_text(tomli_w.dumps({**content, **changes}), encoding="utf-8")
        return path


@dataclass(frozen=True)
class CommandHere:
    """``mtjlab ARGS`` in the process of the test, as it is called from a terminal."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Result:
        self.monkeypatch.setattr(sys, "argv", ["mtjlab", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        return Result(code, *self.capsys.readouterr())
