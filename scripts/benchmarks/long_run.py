"""Whether a training of 10^5 presentations on the bench in process, shown live, stays as quick and as small as it was.

Prints, for each tenth of it, the processor time of a step, the same in units of a fixed piece of work that was done
right after it (a machine with other things to do slows both), and the memory of the process; last the ratios. That in
units of work is to stay under 1.1 from the second to the last tenth. Everything is journalled and shown, as in any run;
only the recognition in between is left out, so that there are many steps.
"""

import argparse
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import thread_time

import psutil
from rich.console import Console

from mtjlab import experiment
from mtjlab.events import Event, Presented
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.training.events import StepTrained
from mtjlab.store import JOURNAL

TENTHS = 10
BAR = 1.1
MB = 1e6
WORK = 5000
"""Terms of a sum: some tenths of a millisecond."""


@dataclass(frozen=True)
class Tenth:
    """What a step of it took (medians), and what the process had grown to at its end."""

    presentations: int
    step_ms: float
    step_works: float
    memory_mb: float


class Stopwatch:
    """A viewer that times each step, and tells of each tenth."""

    def __init__(self, steps: int) -> None:
        self.tenths: list[Tenth] = []
        self._every = steps // TENTHS
        self._presentations = 0
        self._steps_s: list[float] = []
        self._works_s: list[float] = []
        self._since_s = thread_time()
        self._process = psutil.Process()

    def see(self, event: Event) -> None:
        """Take one event in."""
        self._presentations += isinstance(event, Presented)
        if isinstance(event, StepTrained):
            self._measure()
            if event.step % self._every == 0:
                self._tell()

    def _measure(self) -> None:
        done_s = thread_time()
        sum(k * 0.5 for k in range(WORK))
        self._steps_s.append(done_s - self._since_s)
        self._since_s = thread_time()
        self._works_s.append(self._since_s - done_s)

    def _tell(self) -> None:
        works = median(step_s / work_s for step_s, work_s in zip(self._steps_s, self._works_s, strict=True))
        memory = self._process.memory_info().rss
        self.tenths.append(Tenth(self._presentations, median(self._steps_s) * 1e3, works, memory / MB))
        self._steps_s, self._works_s = [], []


def train(presentations: int) -> list[Tenth]:
    """One long training; tells its size."""
    kind = KINDS["train"]
    classes = experiment.prepare(kind, kind.options(), experiment.OnBench()).plan.data.classes
    steps = presentations // classes // TENTHS * TENTHS
    asked = kind.options(steps=steps, recognition_every_steps=0)
    request = experiment.prepare(kind, asked, experiment.OnBench())
    watch = Stopwatch(steps)
    with tempfile.TemporaryDirectory() as runs, open(os.devnull, "w", encoding="utf-8") as nowhere:
        screen = Console(file=nowhere, force_terminal=True, width=100)
        with kind.view(request.watched, screen, shown=True) as view:
            run = experiment.execute(request, Path(runs), [view.show, watch.see])
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
    print("tenth   ms a step   works a step   memory MB")
    for number, tenth in enumerate(tenths, 1):
        print(f"{number:5} {tenth.step_ms:11.3f} {tenth.step_works:14.2f} {tenth.memory_mb:11.1f}")
    second, last = tenths[1], tenths[-1]
    ratio = last.step_works / second.step_works
    grown_mb = (last.memory_mb - second.memory_mb) / (last.presentations - second.presentations) * 1e4
    print(f"last / second: time {last.step_ms / second.step_ms:.3f}, in works {ratio:.3f} (bar {BAR:g})")
    print(f"last / second: memory {last.memory_mb / second.memory_mb:.3f}, {grown_mb:+.2f} MB in 10^4 presentations")
    print("flat" if ratio < BAR else "NOT FLAT")


if __name__ == "__main__":
    main()
