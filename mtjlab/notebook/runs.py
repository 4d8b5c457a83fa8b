"""Runs read from a notebook: events, tables, data sets, figures."""

from collections import defaultdict
from collections.abc import Iterator
from html import escape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, overload

from matplotlib.figure import Figure
from pandas import DataFrame
from xarray import Dataset, load_dataset

from mtjlab import experiment
from mtjlab.console import PlainConsole
from mtjlab.errors import RefusedError
from mtjlab.events import Event
from mtjlab.export.exported import Exported
from mtjlab.export.frames import frames_of
from mtjlab.export.netcdf import write_data_sets
from mtjlab.notebook.pictures import figures_of
from mtjlab.reading import read_events
from mtjlab.run_status import StatusReport, status_report
from mtjlab.runs.finding import find_run
from mtjlab.runs.opened import kind_of
from mtjlab.store import run_id

WIDTH = 100
"""Columns of a result in a notebook."""


class Run:
    """A run, read from its folder."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read yet."""
        self.folder = folder

    @property
    def id(self) -> str:
        """Its day and number, such as 2026-11-23/0007-train."""
        return run_id(self.folder)

    @property
    def status_report(self) -> StatusReport:
        """Status (running, finished, stopped, ...), reason, and state of the sources at the end."""
        return status_report(self.folder)

    @property
    def result(self) -> dict[str, Any]:
        """Its result, as ``mtjlab show --json`` prints it. Raises RefusedError for a damaged journal."""
        return experiment.result_of(self.folder)

    def events(self) -> Iterator[Event]:
        """All events, from the first. Raises RefusedError where the journal is damaged."""
        return read_events(self.folder)

    def to_xarray(self) -> dict[str, Dataset]:
        """The measured data as data sets with units, by the names of the files of ``mtjlab export --to netcdf``."""
        files: dict[str, BytesIO] = defaultdict(BytesIO)
        names = write_data_sets(Exported(self.folder), files.__getitem__)
        return {name: load_dataset(files[name], engine="h5netcdf") for name in names}

    @overload
    def to_dataframe(self) -> dict[str, DataFrame]: ...

    @overload
    def to_dataframe(self, table: str) -> DataFrame: ...

    def to_dataframe(self, table: str | None = None) -> DataFrame | dict[str, DataFrame]:
        """A table of measured data, with units in the titles of its columns; or all tables, by name.

        Raises:
            RefusedError: the run has no such table; the message names those that it has.
        """
        frames = frames_of(Exported(self.folder))
        if table is None:
            return frames
        if table not in frames:
            raise RefusedError(f"{self.id} has no table {table!r}. It has {', '.join(frames) or 'none'}.")
        return frames[table]

    def figures(self) -> dict[str, Figure]:
        """The figures of the run by name, as far as it has data for them.

        Raises:
            RefusedError: its journal is damaged, or nothing was measured in it yet.
        """
        return dict(figures_of(self.folder))

    def __repr__(self) -> str:
        """Id, status and bench."""
        rows = dict(self._rows())
        return f"<run {self.id}, {rows['status']}, {rows['bench']}>"

    def _repr_html_(self) -> str:
        """A small table, and the result as ``mtjlab show`` prints it."""
        rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in self._rows())
        table = f"<table><caption>{escape(self.id)}</caption>{rows}</table>"
        return f"{table}<pre>{escape(self._result_text())}</pre>"

    def _result_text(self) -> str:
        """The result as its kind prints it; empty if the journal is damaged."""
        file = StringIO()
        try:
            kind_of(self.folder).show(self.result, [], PlainConsole(file=file, width=WIDTH))
        except RefusedError:
            return ""
        return "\n".join(line.rstrip() for line in file.getvalue().splitlines())

    def _rows(self) -> Iterator[tuple[str, str]]:
        try:
            result = self.result
        except RefusedError as error:
            yield from (("status", self.status_report.status), ("bench", "unknown"), ("trouble", str(error)))
            return
        yield "status", self.status_report.sentence or self.status_report.status
        simulated = " (SIMULATED BENCH)" if result["simulated"] else ""
        yield "bench", f"{result['bench']}{simulated}"


def read(run: str | Path, runs: str | Path = "runs") -> Run:
    """A run by its folder; or by its id, its number, or ``last`` among those in ``runs``.

    Raises:
        RefusedError: the run does not exist.
    """
    return Run(find_run(Path(run), Path(runs)))
