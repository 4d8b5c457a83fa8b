"""Whether a training of 10^5 presentations on the bench in process, shown live, stays as quick and as small as it was.

Prints, for each tenth of it, the time of 1000 training steps (from the median step, by the clock, which others on the
machine hardly move; and all of the processor's) and the memory of the process; last the ratios. A median step of the
last tenth over one of the second is to stay under 1.1. Everything is journalled and shown, as in any run; only the
recognition in between is left out, so that there are many steps.
"""

import argparse
import os
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import psutil
from rich.console import Console

from mtjlab import experiment
from mtjlab.events import Event, Presented, StepTrained
from mtjlab.store import JOURNAL
from mtjlab.terminal import TrainingView

TENTHS = 10
BAR = 1.1
MB = 1e6


@dataclass(frozen=True)
class Tenth:
    """What a tenth of the steps took, and what the process had grown to at its end."""

    presentations: int
    median_ms: float
    processor_ms: float
    memory_mb: float


class Stopwatch:
    """A viewer that times each step, and tells of each tenth."""

    def __init__(self, steps: int) -> None:
        self.tenths: list[Tenth] = []
        self._every = steps // TENTHS
        self._presentations = 0
        self._stamps_s: list[float] = []
        self._spent_s = process_time()
        self._process = psutil.Process()

    def see(self, event: Event) -> None:
        """Take one event in."""
        self._presentations += isinstance(event, Presented)
        if isinstance(event, StepTrained):
            self._stamps_s.append(perf_counter())
            if event.step % self._every == 0:
                self._tell()

    def _tell(self) -> None:
        step_s = median(after - before for before, after in pairwise(self._stamps_s))
        spent_s, memory = process_time(), self._process.memory_info().rss
        processor_ms = (spent_s - self._spent_s) / self._every * 1e3
        self.tenths.append(Tenth(self._presentations, step_s * 1e3, processor_ms, memory / MB))
        self._spent_s = spent_s
        self._stamps_s = self._stamps_s[-1:]


def train(presentations: int) -> list[Tenth]:
    """One long training; tells its size."""
    classes = len(experiment.prepare_training(experiment.TrainingRequest()).plan.data.classes)
    steps = presentations // classes // TENTHS * TENTHS
    prepared = experiment.prepare_training(experiment.TrainingRequest(steps=steps, recognition_every_steps=0))
    watch = Stopwatch(steps)
    with tempfile.TemporaryDirectory() as runs, open(os.devnull, "w", encoding="utf-8") as nowhere:
        screen = Console(file=nowhere, force_terminal=True, width=100)
        with TrainingView(prepared.plan.extent, screen, shown=True) as view:
            run = experiment.run_training(prepared, Path(runs), [view.show, watch.see])
        size_mb = (run.folder / JOURNAL).stat().st_size / MB
    print(
        f"{run.ended.status}: {steps} steps, {watch.tenths[-1].presentations} presentations, journal {size_mb:.0f} MB"
    )
    return watch.tenths


def main() -> None:
    """Train, and print the tenths."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--presentations", type=int, default=100_000)
    tenths = train(parser.parse_args().presentations)
    print("tenth  seconds for 1000 steps: median   processor   memory MB")
    for number, tenth in enumerate(tenths, 1):
        print(f"{number:5} {tenth.median_ms:31.3f} {tenth.processor_ms:11.3f} {tenth.memory_mb:11.1f}")
    second, last = tenths[1], tenths[-1]
    ratio = last.median_ms / second.median_ms
    grown_mb = (last.memory_mb - second.memory_mb) / (last.presentations - second.presentations) * 1e4
    print(
        f"last / second: median step {ratio:.3f} (bar {BAR:g}), processor {last.processor_ms / second.processor_ms:.3f}"
    )
    print(f"last / second: memory {last.memory_mb / second.memory_mb:.3f}, {grown_mb:+.2f} MB in 10^4 presentations")
    print("flat" if ratio < BAR else "NOT FLAT")


if __name__ == "__main__":
    main()
