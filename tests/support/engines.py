"""Engines as processes of their own, on simulated instruments, and what the simulators' own log says of them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from instruments.simulated.log_reading import safe_since_s
from mtjlab.benches.simulators import LOG
from mtjlab.store import JOURNAL

PROJECT = Path(__file__).parents[2]
UNDRAWN = Path(__file__).with_name("undrawn.py")
BENCH = PROJECT / "configs" / "keithley-6221-2182a.toml"
PLAN = """
[sweep]
input_step_ua = 25
repetitions = 1

[training]
recognition_every_steps = 0
"""
PATIENCE_S = 60.0


class Engine:
    """A running engine and its run folder; one that runs in the process of the test has no process."""

    def __init__(self, process: subprocess.Popen[str] | None, folder: Path) -> None:
        self._process = process
        self._folder = folder

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None, "it runs in the process of the test"
        return self._process

    @property
    def run(self) -> Path:
        return next(self._folder.glob("runs/*/*"))

    @property
    def log(self) -> Path:
        return self.run / LOG

    def wait_until(self, holds: Callable[[], bool]) -> None:
        end_s = monotonic() + PATIENCE_S
        while not holds():
            assert not self._has_ended(), f"the engine ended: {self.process.communicate()}"
            assert monotonic() < end_s, "the engine did not come so far"
            time.sleep(0.01)

    def _has_ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def says(self, kind: str) -> bool:
        """Whether its journal holds an event of this type."""
        return self.count(kind) > 0

    def count(self, kind: str) -> int:
        """How many events of this type its journal holds."""
        return sum(path.read_text().count(f'"type":"{kind}"') for path in self._folder.glob(f"runs/*/*/{JOURNAL}"))

    def wait_for_training(self) -> None:
        self.wait_until(lambda: self.says("presented"))

    def safe_after_s(self, since_s: float) -> float:
        """How long after ``since_s``, by the log of the simulators alone, every source was at zero and off for good."""
        end_s = since_s + PATIENCE_S
        while (safe_s := safe_since_s(self.log)) is None:
            assert monotonic() < end_s, "a source is still on"
            time.sleep(0.05)
        return safe_s - since_s


def surrounded(folder: Path) -> dict[str, str]:
    """The environment of an engine that knows this project, and no data and no memory but those in ``folder``."""
    return {
        **os.environ,
        "MTJLAB_VOWELS": "",
        "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_DATA_HOME": str(folder / "data"),
    }


@contextmanager
def engine(
    folder: Path,
    *arguments: str,
    plan: str = PLAN,
    speed: float = 100,
    script: Path | None = None,
    command: Sequence[str] = ("train", "--steps", "100000"),
) -> Iterator[Engine]:
    """An engine that trains in ``folder`` for as long as it is let, with ``arguments``; or a script that runs one."""
    plan_file = folder / "plan.toml"
    plan_file.write_text(plan, encoding="utf-8")
    program = [str(script)] if script else [str(UNDRAWN), *command, "--simulate", "--confirm-shorted"]
    options = ["--bench", str(BENCH), "--plan", str(plan_file), "--speed", str(speed)]
    options += [*(["--steps", "100000"] if script else []), "--quiet", "--json"]
    process = subprocess.Popen(
        [sys.executable, *program, *options, *arguments],
        cwd=folder,
        env=surrounded(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Engine(process, folder)
    finally:
        process.kill()
        process.communicate()
