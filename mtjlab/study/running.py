"""Trainings of a study in processes of this computer or on a cluster, kept one by one, and taken up again by key."""

import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import joblib

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.stopping import signals_interrupt
from mtjlab.study.trainings import Cell, Row, make

ROWS = "trainings.jsonl"
"""File in the folder of a study: one line for each training."""
MOST_TOGETHER, MOST_ONE_BY_ONE = 250, 5
"""Trainings of one task: so many replicas need some 100 MB; single ones shall be kept often."""
TASKS_EACH = 2
"""Least number of tasks for each worker, so that none is long without work."""

Progress = Callable[[int, int], None]
"""Called with the number of trainings that are done, and of all."""


@dataclass(frozen=True, slots=True)
class Made:
    """Trainings of a study, in its order; some are missing if it was stopped."""

    rows: tuple[Row, ...]
    stopped: bool


def run_cells(
    cells: Sequence[Cell],
    seeds: Sequence[int],
    engine: str,
    folder: Path,
    cluster: str = "",
    progress: Progress = lambda done, of: None,
) -> Made:
    """Make the trainings of all ``cells`` and ``seeds`` that ``folder`` does not have yet.

    ``cluster``: address of the scheduler of a Dask cluster; empty for processes here. Ctrl-C stops it: what is done is
    kept, and the same call continues.

    Raises:
        RefusedError: the folder cannot be used, Dask is not installed, or the cluster does not answer.
    """
    kept = _Kept.of(folder)
    wanted = {cell.key(seed): cell.digest for cell in cells for seed in seeds}
    done = {key for key, digest in wanted.items() if key in kept.rows and kept.rows[key]["digest"] == digest}
    left = [(cell, [seed for seed in seeds if cell.key(seed) not in done]) for cell in cells]
    progress(len(done), len(wanted))
    stopped = False
    with signals_interrupt(), _workers(cluster) as workers:
        tasks = list(_tasks([pair for pair in left if pair[1]], engine, workers))
        try:
            for rows in _results(tasks, engine, here=not cluster):
                kept.keep(rows)
                done.update(row["key"] for row in rows)
                progress(len(done), len(wanted))
        except KeyboardInterrupt:
            stopped = True  # joblib has ended its workers
    return Made(tuple(kept.rows[key] for key in wanted if key in done), stopped)


@dataclass(slots=True)
class _Kept:
    """Rows of a folder by key; the last line of a key holds."""

    file: Path
    rows: dict[str, Row]

    @classmethod
    def of(cls, folder: Path) -> "_Kept":
        file = folder / ROWS
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lines = file.read_text(encoding="utf-8").splitlines() if os.path.exists(file) else []
        except OSError as error:
            raise RefusedError(f"{folder}: cannot be used ({reason_of(error)}). {remedy_of(error)}.") from error
        rows: dict[str, Row] = {}
        for line in lines:
            with suppress(ValueError):  # a line that was cut off: its training is made again
                row = json.loads(line)
                rows[row["key"]] = row
        return cls(file, rows)

    def keep(self, rows: Sequence[Row]) -> None:
        try:
            with self.file.open("a", encoding="utf-8") as file:
                file.writelines(f"{json.dumps(row)}\n" for row in rows)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise RefusedError(f"{self.file}: cannot be written ({reason_of(error)}). {remedy_of(error)}.") from error
        self.rows.update((row["key"], row) for row in rows)


def _tasks(left: Sequence[tuple[Cell, list[int]]], engine: str, workers: int) -> Iterator[tuple[Cell, list[int]]]:
    """Parts of the seeds of each cell, none larger than is good for its engine."""
    trainings = sum(len(seeds) for _, seeds in left)
    share = -(-trainings // (TASKS_EACH * workers))
    size = max(1, min(MOST_TOGETHER if engine == "replicas" else MOST_ONE_BY_ONE, share))
    for cell, seeds in left:
        for begin in range(0, len(seeds), size):
            yield cell, seeds[begin : begin + size]


def _results(tasks: Sequence[tuple[Cell, list[int]]], engine: str, here: bool) -> Iterator[list[Row]]:
    """Rows of each task, as soon as they are there."""
    work = joblib.Parallel(n_jobs=-1, return_as="generator_unordered", batch_size=1)
    jobs = (joblib.delayed(_made)(cell, seeds, engine, here) for cell, seeds in tasks)
    yield from work(jobs)


def _made(cell: Cell, seeds: Sequence[int], engine: str, here: bool) -> list[Row]:
    if here:  # Ctrl-C in a terminal reaches all processes, and this one is ended by the one that asked for it
        with suppress(ValueError):
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    return make(cell, seeds, engine)


@contextmanager
def _workers(cluster: str) -> Iterator[int]:
    """Workers for joblib, and their number."""
    with ExitStack() as opened:
        if cluster:
            number = _connect(cluster, opened)
            backend: AbstractContextManager[Mapping[str, object]] = joblib.parallel_config(backend="dask")
        else:
            number, backend = joblib.cpu_count(), joblib.parallel_config(backend="loky")
        with backend:
            yield number


def _connect(cluster: str, opened: ExitStack) -> int:
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise RefusedError('--cluster needs Dask: pip install "mtjlab[dask]".') from error
    try:
        client = opened.enter_context(distributed.Client(cluster, timeout="10s"))
        return max(1, len(client.scheduler_info()["workers"]))
    except (OSError, ValueError) as error:
        raise RefusedError(f"--cluster {cluster}: no scheduler answers there ({error}). Check the address.") from error
