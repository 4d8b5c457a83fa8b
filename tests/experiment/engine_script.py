"""An engine whose procedure does, in the middle of a training, what no procedure should: run by tests as a process."""

import argparse
import resource
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from mtjlab.bench import Bench
from mtjlab.events import Presented
from mtjlab.experiment import OnBench, Request, execute, prepare
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.training.kind import Training
from mtjlab.procedures.training.plan import TrainOptions
from mtjlab.procedures.types import Procedure

ROOM = 20_000
"""Bytes that a full disk still takes."""


def raises() -> None:
    raise ZeroDivisionError("nobody thought of this")


def disk_is_full() -> None:
    """From here on no file may grow much; whoever tries gets an error, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    (journal,) = Path().glob("runs/*/*/events.jsonl")
    size = journal.stat().st_size + ROOM
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


class Spoilt(Training):
    """A training in which something happens at its first presentation."""

    name = "train"

    def __init__(self, what: Any) -> None:
        self._spoil = [what]

    def procedure(self, bench: Bench, given: Any) -> Procedure[Any]:
        for event in super().procedure(bench, given):
            yield event
            if isinstance(event, Presented):
                while self._spoil:
                    self._spoil.pop()()


def spoilt(request: Request, what: Any) -> Request:
    return replace(request, kind=Spoilt(what))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", type=Path)
    parser.add_argument("--plan", type=Path)
    parser.add_argument("--speed", type=float)
    parser.add_argument("--steps", type=int)
    parser.add_argument("what", choices=["raises", "disk_is_full"])
    options, _ = parser.parse_known_args()
    on = OnBench(options.bench, options.plan, simulate=True, speed=options.speed)
    request = prepare(KINDS["train"], TrainOptions(steps=options.steps), on)
    result = execute(spoilt(request, globals()[options.what]), Path("runs"))
    sys.stdout.write(f"{result.ended.status} {result.ended.reason}\n")
    sys.exit(4 if result.ended.status == "failed" else 0)
