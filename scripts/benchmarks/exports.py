"""What exports cost: peak memory and processor time of each format, for journals of three sizes, with exponents.

``python3 scripts/benchmarks/exports.py [--largest MB] [--kind NAME ...]``: a training, a raster map and a sweep on the
simulated bench are made long by repeating what was measured in them, up to a ninth, a third and all of ``--largest``.
Each export is a process of its own. The exponent is that from the smallest to the largest: 1 is linear, 0 does not grow
with the journal. Ends with 1 if any export took more than 500 MB.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import log
from pathlib import Path
from shutil import copytree, rmtree
from typing import get_args

from mtjlab import experiment
from mtjlab.config import SweepSettings
from mtjlab.config.section import Section
from mtjlab.events import ControlsPlanned, CurveTaken, Event, Presented, SweepPoint
from mtjlab.export import Format
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained
from mtjlab.reading import read_events
from mtjlab.store import JOURNAL
from mtjlab.store.lines import written

MB = 1e6
BAR_MB = 500
CONTROLS_UA = ((-500.0, -500.0, -500.0), (-460.0, -380.0, -560.0))
STEPS, REPETITIONS = 2, 4
EXPORT = """
import sys
from pathlib import Path
from mtjlab.export import export_run
run, to, out = sys.argv[1:]
export_run(Path(run), to, Path(out))
"""
MEASURED = (Presented, StepTrained, RecognitionMeasured, CurveTaken)


@dataclass(frozen=True)
class Cost:
    """Of an export: peak memory, processor time, and the size of its files."""

    peak_mb: float
    cpu_s: float
    files_mb: float


@dataclass(frozen=True)
class Long:
    """A run that is made long: what is asked, which event begins what is repeated, and its number the next time."""

    asked: Section
    begins: Callable[[Event], bool]
    numbered: Callable[[Event, int], Event] = lambda event, _times: event


def of_training(event: Event, times: int) -> Event:
    """Steps go on."""
    if isinstance(event, ControlsPlanned | Presented | StepTrained | RecognitionMeasured):
        return replace(event, step=event.step + STEPS * times)
    return event


def of_sweep(event: Event, times: int) -> Event:
    """Repetitions go on."""
    if isinstance(event, SweepPoint | CurveTaken):
        return replace(event, repetition=event.repetition + REPETITIONS * times)
    return event


def long_runs() -> dict[str, Long]:
    """By the names of their kinds."""
    train, sweep, raster = (KINDS[name].options for name in ("train", "sweep", "map"))
    once, few = SweepSettings(repetitions=1), SweepSettings(repetitions=REPETITIONS)
    return {
        "train": Long(
            train(steps=STEPS, recognition_every_steps=1),
            lambda event: isinstance(event, ControlsPlanned) and event.step == 1,
            of_training,
        ),
        "map": Long(
            raster(controls_ua=CONTROLS_UA, way="raster", staircase=once, cell_ua=45.0, times=1),
            lambda event: isinstance(event, Presented),
        ),
        "sweep": Long(
            sweep(controls_ua=CONTROLS_UA[0], staircase=few),
            lambda event: isinstance(event, SweepPoint) and event.purpose == "curve",
            of_sweep,
        ),
    }


def lengthened(long: Long, short: Path, target: Path, size: float) -> Path:
    """A copy of a run whose journal is at least as large as ``size`` (bytes)."""
    events = list(read_events(short))
    first = next(n for n, event in enumerate(events) if long.begins(event))
    last = max(n for n, event in enumerate(events) if isinstance(event, MEASURED))
    copytree(short, target)
    numbers = count()
    with (target / JOURNAL).open("wb") as journal:

        def write(some: Sequence[Event]) -> None:
            journal.writelines(written(next(numbers), event) for event in some)

        write(events[:first])
        for times in count():
            write([long.numbered(event, times) for event in events[first : last + 1]])
            if journal.tell() >= size:
                break
        write(events[last + 1 :])
    return target


def cost_of(run: Path, to: Format, out: Path) -> Cost:
    """An export in a process of its own."""
    process = subprocess.Popen([sys.executable, "-c", EXPORT, str(run), to, str(out)])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the export of {run.name} to {to} ended with exit code {process.returncode}")
    size = sum(path.stat().st_size for path in out.iterdir())
    rmtree(out)
    return Cost(used.ru_maxrss * 1024 / MB, used.ru_utime + used.ru_stime, size / MB)


def costs(kind: str, sizes: Sequence[float], folder: Path) -> Iterator[tuple[Format, list[float], list[Cost]]]:
    """Of each format: sizes of the journals in MB, and what their exports cost; one journal exists at a time."""
    long = long_runs()[kind]
    request = experiment.prepare(KINDS[kind], long.asked, experiment.OnBench())
    short = experiment.execute(request, folder / "short").folder
    found: dict[Format, list[Cost]] = {to: [] for to in get_args(Format)}
    journals_mb = []
    for size in sizes:
        run = lengthened(long, short, folder / f"{size:.0f}", size)
        journals_mb.append((run / JOURNAL).stat().st_size / MB)
        for to, by_size in found.items():
            by_size.append(cost_of(run, to, folder / "out"))
        rmtree(run)
    for to, by_size in found.items():
        yield to, journals_mb, by_size


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """How a value grows with the size, from the smallest to the largest; 0 for one size alone."""
    return log(values[-1] / values[0]) / log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 0.0


def main() -> None:
    """Print a line for each kind, format and size, and exponents after each format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=float, default=180.0, metavar="MB", help="size of the largest journal")
    parser.add_argument("--only-largest", action="store_true", help="no smaller ones")
    parser.add_argument("--kind", action="append", choices=list(long_runs()), help="all without it")
    asked = parser.parse_args()
    sizes = [asked.largest * MB / part for part in ((1,) if asked.only_largest else (9, 3, 1))]
    most_mb = 0.0
    print("kind    format     journal MB   peak MB    CPU s   files MB")
    for kind in asked.kind or long_runs():
        with tempfile.TemporaryDirectory() as folder:
            for to, journals_mb, by_size in costs(kind, sizes, Path(folder)):
                for journal_mb, cost in zip(journals_mb, by_size, strict=True):
                    most_mb = max(most_mb, cost.peak_mb)
                    told = f"{cost.peak_mb:9.0f} {cost.cpu_s:8.1f} {cost.files_mb:10.1f}"
                    print(f"{kind:7} {to:10} {journal_mb:10.0f} {told}", flush=True)
                peak = exponent(journals_mb, [cost.peak_mb for cost in by_size])
                cpu = exponent(journals_mb, [cost.cpu_s for cost in by_size])
                print(f"{'':18} exponents: peak {peak:.2f}, CPU {cpu:.2f}")
    print(f"most: {most_mb:.0f} MB (bar {BAR_MB})")
    sys.exit(most_mb > BAR_MB)


if __name__ == "__main__":
    main()
