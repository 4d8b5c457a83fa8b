"""A run that is being exported: its tables are filled in one pass over its events, and handed on block by block."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from mtjlab.energy import NOTHING, Spent
from mtjlab.energy_meter import EnergyMeter
from mtjlab.errors import RefusedError
from mtjlab.events import Event, JunctionsMeasured, RunStarted, original_event
from mtjlab.procedures.kind import Run
from mtjlab.record import Record
from mtjlab.run_status import StatusReport
from mtjlab.runs.opened import run_of
from mtjlab.schema import Row, Table
from mtjlab.store import REQUEST
from mtjlab.tables.curves import curves, reference_sweeps, references, thresholds
from mtjlab.tables.energy import energy_tables
from mtjlab.tables.labels import labels
from mtjlab.tables.looks import resets
from mtjlab.tables.presentations import presentations, readings
from mtjlab.text import read_text
from mtjlab.vowels.hillenbrand import SURROGATE

BLOCK = 2000
"""Rows that are held in memory, of each table, before they are written."""
AT_ONCE = 500
"""Events whose energy is computed together."""
Take: TypeAlias = Callable[[Sequence[Row]], None]
Begin: TypeAlias = Callable[[Table], Take | None]
"""Begins to write a table; what it returns takes its rows, block by block. None leaves the table out."""


class Exported:
    """A run; of all that happened in it ``state`` and ``references`` keep what tells where exported numbers come from.

    Both are complete once ``pour`` has read the journal.
    """

    def __init__(self, folder: Path) -> None:
        """Nothing is read but the first event and ``run.toml``.

        Raises:
            RefusedError: ``folder`` is no run folder, or its journal does not say how the run started.
        """
        self.run: Run[Any] = run_of(folder)
        if self.run.started is None:
            raise RefusedError(f"{folder}: nothing to export: the journal does not even say how the run started.")
        self.started: RunStarted = self.run.started
        self.request_text = read_text(folder / REQUEST)
        self.state = Record()
        self._meter = EnergyMeter(self.run.leads_ohm)
        self._spent = NOTHING
        self.references: list[JunctionsMeasured] = []

    @property
    def request(self) -> Mapping[str, Any]:
        """What ``run.toml`` says."""
        return self.run.request

    @property
    def status_report(self) -> StatusReport:
        """How the run stands."""
        return self.run.status_report

    @property
    def sizes(self) -> dict[str, int]:
        """How many places there are along dimensions that do not depend on what was measured."""
        return {"junction": self.started.bench.junctions}

    @property
    def is_surrogate(self) -> bool | None:
        """Whether what was learnt, or what a network that classifies has learnt, is a surrogate; None if there is none.

        Networks of older versions do not say what they have learnt.
        """
        if learnt := self.request.get("data"):
            return bool(learnt.get("surrogate"))
        data = self.request.get("network", {}).get("data")
        return data == SURROGATE if data else None

    def labelled(self, table: Table) -> Table:
        """``table`` with columns that say of each row whether it is simulated, and learnt from surrogate data."""
        return replace(table, columns=(*table.columns, *labels(self.started.bench.simulated, self.is_surrogate)))

    def pour(self, begin: Begin) -> None:
        """Read all events, and write the rows that they give of each table.

        Raises:
            RefusedError: the journal is damaged.
        """
        blocks = [_Block(table, take) for table in self._tables() if (take := begin(table)) is not None]
        routes: dict[type, list[tuple[_Block, Callable[[Any], Iterable[Row]]]]] = defaultdict(list)
        for block in blocks:
            for kind, rows in block.table.rows.items():
                routes[kind].append((block, rows))
        for event in self._metered_events():
            self.state.take(event)
            if isinstance(event, JunctionsMeasured):
                self.references.append(event)
            told = original_event(event)
            for block, rows in (*routes[Event], *routes[type(told)]):
                block.add(rows(told))
        for block in blocks:
            block.end()

    def _metered_events(self) -> Iterator[Event]:
        """All events, while ``_spent`` is the energy of each."""
        journal = self.run.events()
        while events := list(islice(journal, AT_ONCE)):
            for event, spent in zip(events, self._meter.take_each(events), strict=True):
                self._spent = spent
                yield event

    def _tables(self) -> tuple[Table, ...]:
        """Those that any run may have, and those of its kind."""

        def latest() -> Spent:
            return self._spent

        shared = (reference_sweeps(), references(), curves(), thresholds(), presentations(latest), readings())
        energy = energy_tables(lambda: self._meter.energy, latest)
        return (*shared, *resets(), *self.run.kind.export(self.run), *energy)


class _Block:
    """Rows of a table that wait to be written."""

    def __init__(self, table: Table, take: Take) -> None:
        self.table = table
        self._take = take
        self._rows: list[Row] = []

    def add(self, rows: Iterable[Row]) -> None:
        self._rows.extend(rows)
        if len(self._rows) >= BLOCK:
            self._flush()

    def end(self) -> None:
        """All rows are known, and those that come last."""
        for row in self.table.last():
            self.add((row,))
        self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._take(self._rows)
            self._rows.clear()
