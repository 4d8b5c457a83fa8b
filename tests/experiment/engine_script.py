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
from mtjlab.experiment.engine import Order, execute
from mtjlab.experiment.training import TrainingRequest, prepare_training, training_order
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


def spoilt(order: Order, what: Any) -> Order:
    spoil = [what]

    def begin(bench: Bench, field: Any, folder: Path) -> Procedure[Any]:
        for event in order.begin(bench, field, folder):
            yield event
            if isinstance(event, Presented):
                while spoil:
                    spoil.pop()()

    return replace(order, begin=begin)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", type=Path)
    parser.add_argument("--plan", type=Path)
    parser.add_argument("--speed", type=float)
    parser.add_argument("--steps", type=int)
    parser.add_argument("what", choices=["raises", "disk_is_full"])
    options, _ = parser.parse_known_args()
    request = TrainingRequest(options.bench, options.plan, steps=options.steps, simulate=True, speed=options.speed)
    result = execute(spoilt(training_order(prepare_training(request)), globals()[options.what]), Path("runs"))
    sys.stdout.write(f"{result.ended.status} {result.ended.reason}\n")
    sys.exit(4 if result.ended.status == "failed" else 0)
