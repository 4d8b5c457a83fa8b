"""Environment of a request: its bench, its plan file, and access to the runs and files that it names."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from mtjlab.calibration import Calibration, read_calibration
from mtjlab.config import NETWORK, BenchConfig, Network, PlanConfig, read_network
from mtjlab.errors import RefusedError
from mtjlab.events import Event
from mtjlab.reading import read_events
from mtjlab.runs.finding import find_run
from mtjlab.runs.opened import run_of
from mtjlab.store import is_there
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.tables import read_table


@dataclass(frozen=True)
class RunEnvironment:
    """Paths in a request are relative to ``folder``, the path of a data table to the folder of the plan file."""

    bench: BenchConfig
    bench_file: Path
    config: PlanConfig
    plan_file: Path
    runs: Path
    calibration: Calibration | None = None
    calibration_file: Path | None = None
    folder: Path = Path()
    read_data: Callable[[], DataSet] | None = None
    """Reads the data set, if it is not the one that the plan file names now."""

    def path(self, named: str) -> Path:
        """Path of a file."""
        return self.folder / named

    def run(self, named: str) -> Path:
        """The folder of a run."""
        return find_run(self.path(named) if os.path.exists(self.path(named)) else Path(named), self.runs)

    def file_or_run(self, named: str) -> Path:
        """A file, or the folder of a run."""
        path = self.path(named)
        return path if os.path.exists(path) and not os.path.isdir(path) else self.run(named)

    def with_calibration(self, named: Path | None, simulate: bool) -> "RunEnvironment":
        """The same with the calibration in a file or a run. Raises RefusedError."""
        if named is None:
            return self
        file = self.path(str(named)) if named.suffix else self.file_or_run(str(named))
        return replace(self, calibration=read_calibration(file, self.bench, simulate), calibration_file=file)

    def events(self, folder: Path) -> Iterator[Event]:
        """Events of a run."""
        return read_events(folder)

    def network(self, source: Path) -> Network:
        """The network in a file or a run."""
        return network_of(source)

    def data(self) -> DataSet:
        """The data set to be learnt."""
        return self._data

    @cached_property
    def _data(self) -> DataSet:
        if self.read_data is not None:
            return self.read_data()
        table = self.config.data.table
        return find_vowels() if table is None else read_table(self.plan_file.parent / table)


def network_of(source: Path) -> Network:
    """The network in a file or a run: from its ``network.toml``, edited or not, or else from its journal.

    Raises:
        RefusedError: there is none, or it is damaged.
    """
    path = source / NETWORK if os.path.isdir(source) else source
    if is_there(path):
        return read_network(path)
    run = run_of(source)
    network = run.kind.network(run)
    if network is None:
        raise RefusedError(f"{source}: the run has no trained network. Give a training, or a {NETWORK}.")
    return network
