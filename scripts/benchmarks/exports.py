"""What exports cost: peak memory and processor time of each format, for journals of several sizes, with exponents.

``python3 scripts/benchmarks/exports.py [--size MB ...] [--kind NAME ...] [--to FORMAT ...]``: short runs on the
simulated bench are made long by repeating what was measured in them, with steps, repetitions and times that go on. Of
a stopped run the journal ends without a result, so that critical currents come from all that was measured. Each export
is a process of its own. The exponent is that from the smallest to the largest: 1 is linear, 0 does not grow with the
journal. Ends with 1 if any export took more than 500 MB.
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
from mtjlab.events import ControlsPlanned, CurveTaken, Event, Presented, RunEnded, SweepPoint, SwitchingMeasured
from mtjlab.export import Format
from mtjlab.procedures.dwell.events import DwellsMeasured, JunctionsHeld
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained
from mtjlab.reading import read_events
from mtjlab.store import JOURNAL
from mtjlab.store.lines import format_line

MB = 1e6
BAR_MB = 500
SIZES_MB = (10.0, 60.0, 180.0)
CONTROLS_UA = ((-500.0, -500.0, -500.0), (-460.0, -380.0, -560.0))
STEPS, REPETITIONS = 2, 4
HELD_S = 20.0
EXPORT = """
import sys
from pathlib import Path
from mtjlab.export import export_run
run, to, out = sys.argv[1:]
export_run(Path(run), to, Path(out))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
"""Prints its peak memory in kB: the operating system's count of a child begins with that of its parent."""
MEASURED = (Presented, StepTrained, RecognitionMeasured, CurveTaken, JunctionsHeld)
RESULTS = (SwitchingMeasured, DwellsMeasured)


@dataclass(frozen=True)
class Cost:
    """Of an export: peak memory, processor time, and the size of its files."""

    peak_mb: float
    cpu_s: float
    files_mb: float


@dataclass(frozen=True)
class Long:
    """A run that is made long: what is asked, which event begins what is repeated, and its number the next time.

    ``kind`` is its name among ``KINDS``. A run that ``is_stopped`` has no result.
    """

    kind: str
    asked: Section
    begins: Callable[[Event], bool]
    numbered: Callable[[Event, int], Event] = lambda event, _times: event
    is_stopped: bool = False

    def last(self, events: Sequence[Event]) -> list[Event]:
        """What follows the measurement."""
        if not self.is_stopped:
            return list(events)
        left = (event for event in events if not isinstance(event, RESULTS))
        return [replace(one, status="stopped") if isinstance(one, RunEnded) else one for one in left]


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


def of_dwell(event: Event, times: int) -> Event:
    """Time goes on."""
    if not isinstance(event, JunctionsHeld):
        return event
    later_s = HELD_S * times
    reading = replace(event.reading, t_s=event.reading.t_s + later_s)
    return replace(event, began_s=event.began_s + later_s, reading=reading)


def long_runs() -> dict[str, Long]:
    """By what they are called here."""
    train, sweep, raster, dwell = (KINDS[name].options for name in ("train", "sweep", "map", "dwell"))
    once, few = SweepSettings(repetitions=1), SweepSettings(repetitions=REPETITIONS)
    a_map = Long(
        "map",
        raster(controls_ua=CONTROLS_UA, way="raster", staircase=once, cell_ua=45.0, times=1),
        lambda event: isinstance(event, Presented),
    )
    a_sweep = Long(
        "sweep",
        sweep(controls_ua=CONTROLS_UA[0], staircase=few),
        lambda event: isinstance(event, SweepPoint) and event.purpose == "curve",
        of_sweep,
    )
    return {
        "train": Long(
            "train",
            train(steps=STEPS, recognition_every_steps=1),
            lambda event: isinstance(event, ControlsPlanned) and event.step == 1,
            of_training,
        ),
        "map": a_map,
        "sweep": a_sweep,
        "dwell": Long(
            "dwell",
            dwell(controls_ua=CONTROLS_UA[0], inputs_ua=(700.0,), way="hold", for_s=HELD_S),
            lambda event: isinstance(event, JunctionsHeld),
            of_dwell,
        ),
        "stopped-map": replace(a_map, is_stopped=True),
        "stopped-sweep": replace(a_sweep, is_stopped=True),
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
            journal.writelines(format_line(next(numbers), event) for event in some)

        write(events[:first])
        for times in count():
            write([long.numbered(event, times) for event in events[first : last + 1]])
            if journal.tell() >= size:
                break
        write(long.last(events[last + 1 :]))
    return target


def cost_of(run: Path, to: Format, out: Path) -> Cost:
    """An export in a process of its own."""
    process = subprocess.Popen([sys.executable, "-c", EXPORT, str(run), to, str(out)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    peak_kb = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the export of {run.name} to {to} ended with exit code {process.returncode}")
    size = sum(path.stat().st_size for path in out.iterdir())
    rmtree(out)
    return Cost(int(peak_kb) * 1024 / MB, used.ru_utime + used.ru_stime, size / MB)


def costs(
    kind: str, sizes: Sequence[float], formats: Sequence[Format], folder: Path
) -> Iterator[tuple[Format, list[float], list[Cost]]]:
    """Of each format: sizes of the journals in MB, and what their exports cost; one journal exists at a time."""
    long = long_runs()[kind]
    request = experiment.prepare(KINDS[long.kind], long.asked, experiment.OnBench())
    short = experiment.execute(request, folder / "short").folder
    found: dict[Format, list[Cost]] = {to: [] for to in formats}
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
    parser.add_argument("--size", type=float, action="append", metavar="MB", help="of a journal, smallest first")
    parser.add_argument("--kind", action="append", choices=list(long_runs()), help="all without it")
    parser.add_argument("--to", action="append", choices=get_args(Format), help="all without it")
    asked = parser.parse_args()
    sizes = [size * MB for size in asked.size or SIZES_MB]
    most_mb = 0.0
    print("run           format     journal MB   peak MB    CPU s   files MB")
    for kind in asked.kind or long_runs():
        with tempfile.TemporaryDirectory() as folder:
            for to, journals_mb, by_size in costs(kind, sizes, asked.to or get_args(Format), Path(folder)):
                for journal_mb, cost in zip(journals_mb, by_size, strict=True):
                    most_mb = max(most_mb, cost.peak_mb)
                    row = f"{cost.peak_mb:9.0f} {cost.cpu_s:8.1f} {cost.files_mb:10.1f}"
                    print(f"{kind:13} {to:10} {journal_mb:10.0f} {row}", flush=True)
                peak = exponent(journals_mb, [cost.peak_mb for cost in by_size])
                cpu = exponent(journals_mb, [cost.cpu_s for cost in by_size])
                print(f"{'':24} exponents: peak {peak:.2f}, CPU {cpu:.2f}")
    print(f"most: {most_mb:.0f} MB (bar {BAR_MB})")
    sys.exit(most_mb > BAR_MB)


if __name__ == "__main__":
    main()
