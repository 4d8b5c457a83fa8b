"""Environment of a request: its bench, its plan file, and access to the runs and files that it names."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from mtjlab.calibration import CALIBRATIONS, Calibration, read_calibration
from mtjlab.config import NETWORK, BenchConfig, Device, Network, PlanConfig, SimulatedBenchConfig, read_network
from mtjlab.errors import RefusedError
from mtjlab.events import Event
from mtjlab.reading import event_of, read_events
from mtjlab.runs.finding import find_run, in_order, run_folders
from mtjlab.runs.opened import run_of
from mtjlab.store import is_there, last_lines, read_request
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.tables import read_table

LAST = 8
MOST_SEARCHED = 500
"""Latest runs among which those of a chip are looked for."""


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
    simulate: bool = False
    """Whether instruments are simulated."""
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

    def with_calibration(self, named: Path | None) -> "RunEnvironment":
        """The same with the calibration in a file or a run. Raises RefusedError."""
        if named is None:
            return self
        file = self.path(str(named)) if named.suffix else self.file_or_run(str(named))
        return replace(self, calibration=read_calibration(file, self.bench, self.simulate), calibration_file=file)

    def latest_calibration(self) -> Calibration | None:
        """The latest calibration that a run of this chip has saved."""
        for folder in reversed(in_order(run_folders(self.runs))[-MOST_SEARCHED:]):
            if any(folder.glob(CALIBRATIONS)):
                with suppress(RefusedError):  # of another chip, or damaged
                    return read_calibration(folder, self.bench, self.simulate)
        return None

    def runs_of_chip(self, kind: str, most: int) -> list[Path]:
        """Folders of the latest runs of a kind with this chip, in order."""
        named = [folder for folder in in_order(run_folders(self.runs)) if folder.name.endswith(f"-{kind}")]
        return [folder for folder in named[-MOST_SEARCHED:] if self._is_of_chip(folder)][-most:]

    def _is_of_chip(self, folder: Path) -> bool:
        try:
            request = read_request(folder)
        except RefusedError:
            return False
        bench = request.get("bench", {})
        device = bench.get("device", {}).get("name", Device().name)
        simulated = bench.get("kind", "simulated") == "simulated" or bool(request.get("run", {}).get("simulate"))
        here = self.simulate or isinstance(self.bench, SimulatedBenchConfig)
        return (device, simulated) == (self.bench.device.name, here)

    def events(self, folder: Path) -> Iterator[Event]:
        """Events of a run."""
        return read_events(folder)

    def last_events(self, folder: Path) -> Iterator[Event]:
        """The last few events of a run."""
        return (event_of(folder, line) for line in last_lines(folder, LAST))

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
