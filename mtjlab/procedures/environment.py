"""What a request refers to, as the kinds of runs see it: the layers above find and read runs and files."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from mtjlab.calibration import Calibration
from mtjlab.config import BenchConfig, Network, PlanConfig
from mtjlab.events import Event
from mtjlab.vowels.data_set import DataSet


class Environment(Protocol):
    """What a request refers to: bench, plan file, calibration, and the runs and files that it names."""

    @property
    def bench(self) -> BenchConfig:
        """The bench."""

    @property
    def bench_file(self) -> Path:
        """Path of the bench file."""

    @property
    def config(self) -> PlanConfig:
        """The plan file."""

    @property
    def plan_file(self) -> Path:
        """Path of the plan file."""

    @property
    def calibration(self) -> Calibration | None:
        """References and critical currents of an earlier measurement."""

    @property
    def calibration_file(self) -> Path | None:
        """Path of the calibration file."""

    def path(self, named: str) -> Path:
        """Path of a file named relative to the folder of the request."""

    def run(self, named: str) -> Path:
        """Folder of a run, named by its folder, its id, or ``last``. Raises RefusedError."""

    def file_or_run(self, named: str) -> Path:
        """Folder of a run as ``run``, or path of a file. Raises RefusedError."""

    def latest_calibration(self) -> Calibration | None:
        """The latest calibration of the chip of the bench, real or simulated as it is, of any run; None without one."""

    def runs_of_chip(self, kind: str, most: int) -> Sequence[Path]:
        """Folders of the latest runs of a kind with the chip of the bench, real or simulated as it is."""

    def events(self, folder: Path) -> Iterator[Event]:
        """Events of a run. Raises RefusedError."""

    def last_events(self, folder: Path) -> Iterator[Event]:
        """The last few events of a run. Raises RefusedError."""

    def network(self, source: Path) -> Network:
        """Network in a file, or learnt by the run in a folder. Raises RefusedError."""

    def data(self) -> DataSet:
        """Data set named in the plan file. Raises RefusedError."""
