"""What a journal costs who reads it: processor time and memory of fold, resume, ``runs``, ``show``, at three sizes.

``python3 scripts/benchmarks/record.py [FOLDER]``: makes raster maps that were stopped after 1, 4 and 16 thousand
presentations, has each go on for one presentation more, and times every reader in a process of its own. Prints what
each took beyond its imports, and the exponent from the smallest to the largest map: 1 is linear, 2 quadratic.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from math import ceil, log, sqrt
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from time import process_time

import psutil
from rich.console import Console
from rich.table import Table

from mtjlab import experiment
from mtjlab.config import SweepSettings
from mtjlab.events import EncodedToken, Event, Presented
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.switching_map.plan import MapOptions, MapPlan
from mtjlab.procedures.switching_map.procedure import _raster_tokens
from mtjlab.reading import read_events
from mtjlab.runs.listing import list_runs
from mtjlab.runs.opened import run_of
from mtjlab.store import JOURNAL, STOP, Journal
from mtjlab.store.reading import first_lines

SIZES = (1_000, 4_000, 16_000)
CONTROLS_UA = ((-500.0, -500.0, -500.0), (-460.0, -380.0, -560.0))
MB = 1e6
LOOK_EVERY_S = 0.01


def stopped_map(runs: Path, presentations: int) -> Path:
    """A raster map that was stopped after so many presentations: a real one, its first presentation at every cell."""
    asked = MapOptions(**dict(_asked(presentations)))
    request = experiment.prepare(KINDS["map"], asked, experiment.OnBench())
    folder = experiment.execute(request, runs, [_stopper(runs)]).folder
    events = list(read_events(folder))
    (folder / JOURNAL).unlink()
    with Journal(folder) as journal:
        for event in _at_every_cell(events, presentations):
            journal.append(event)
    return folder


def _asked(presentations: int) -> MapPlan:
    """A raster of a few more cells than that."""
    staircase = SweepSettings(repetitions=1)
    across = ceil(sqrt(presentations)) + 1
    cell_ua = (staircase.input_stop_ua - staircase.input_start_ua) / across
    return MapPlan(controls_ua=CONTROLS_UA, way="raster", staircase=staircase, cell_ua=cell_ua, times=1)


def _at_every_cell(events: Iterable[Event], presentations: int) -> Iterable[Event]:
    for event in events:
        if not isinstance(event, Presented):
            yield event
            continue
        tokens: Iterable[EncodedToken] = _raster_tokens(_asked(presentations))
        for token, _ in zip(tokens, range(presentations), strict=False):
            yield replace(event, token=token)


def _stopper(runs: Path) -> Callable[[Event], None]:
    """A viewer that stops its run with the first presentation."""

    def see(event: Event) -> None:
        if isinstance(event, Presented):
            (max(runs.glob("*/*")) / STOP).touch()

    return see


def resume_training(folder: Path) -> None:
    """Resume the run, for one presentation more."""
    runs = folder.parents[1]
    experiment.execute(experiment.prepare_resume(folder), runs, [_stopper(runs)])


READERS: dict[str, Callable[[Path], object]] = {
    "fold": lambda folder: run_of(folder).state,
    "resume": resume_training,
    "runs": lambda folder: list_runs(folder.parents[1]),
    "show": lambda folder: (experiment.result_of(folder), experiment.story(folder)),
}


def main() -> None:
    """Measure, and print the table."""
    if sys.argv[1:2] == ["--one"]:
        _measure(sys.argv[2], Path(sys.argv[3]))
        return
    sizes = [f"{size // 1000} 000" for size in SIZES]
    table = Table("reader", "of", *(f"{size}: s, MB" for size in sizes), "exponents", title="presentations of a map")
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch)
        parents = [stopped_map(place / str(size), size) for size in SIZES]
        _row(table, "fold", "map", parents)
        _row(table, "show", "map", parents)
        _row(table, "resume", "map", parents)
        children = [max(parent.parent.iterdir()) for parent in parents]
        for reader in ("fold", "show", "runs"):
            _row(table, reader, "map that goes on" if reader != "runs" else "folder of both", children)
        kept = [(child / JOURNAL).stat().st_size / MB for child in children]
        first = [line.length / 1e3 for child in children for line in first_lines(child, 1) if line]
    Console(width=110).print(table)
    Console().print("journals of those that go on (MB):", [round(size, 1) for size in kept])
    Console().print("their first lines (kB):", [round(size, 1) for size in first])


def _row(table: Table, reader: str, of: str, folders: list[Path]) -> None:
    took = [_measured(reader, folder) for folder in folders]
    cells = [f"{cpu_s:.2f}, {memory_mb:.0f}" for cpu_s, memory_mb in took]
    span = log(SIZES[-1] / SIZES[0])
    exponents = [log(max(last, 0.01) / max(first, 0.01)) / span for first, last in zip(took[0], took[-1], strict=True)]
    table.add_row(reader, of, *cells, ", ".join(f"{exponent:.2f}" for exponent in exponents))


def _measured(reader: str, folder: Path) -> tuple[float, float]:
    command = [sys.executable, __file__, "--one", reader, str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(told[-2]), float(told[-1])


def _measure(reader: str, folder: Path) -> None:
    """Print processor time (s) and growth of the memory at its highest (MB)."""
    process, is_over = psutil.Process(), Flag()
    before, before_s = process.memory_info().rss, process_time()
    seen = [before]

    def look() -> None:
        while not is_over.wait(LOOK_EVERY_S):
            seen.append(process.memory_info().rss)

    looking = Thread(target=look)
    looking.start()
    READERS[reader](folder)
    took_s = process_time() - before_s
    is_over.set()
    looking.join()
    sys.stdout.write(f"{took_s} {(max(seen) - before) / MB}\n")


if __name__ == "__main__":
    main()
