"""A switching map as tables: critical inputs, probes, presented cells, and values computed from the laws."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count, product
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.switching_map import SwitchingMap, critical_inputs, switching_map
from mtjlab.arrays import FloatArray
from mtjlab.domain import NO_CLASS, SwitchingConfiguration
from mtjlab.events import Presented, RunStarted, SeriesMeasured
from mtjlab.procedures.curves import CurvesTally
from mtjlab.procedures.kind import Run
from mtjlab.procedures.reference_sweep import staircase_ua
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.procedures.switching_map.probing import ProbesTally
from mtjlab.procedures.switching_map.procedure import RasterTally
from mtjlab.schema import Axis, Column, DataSet, Table, once
from mtjlab.tables import critical
from mtjlab.tables.axes import INPUT, JUNCTION, along
from mtjlab.tables.curves import CURVES
from mtjlab.tables.looks import Looked, Looking, tables_of_looks

MAP = DataSet("map", "Switching map")
CONFIGURATION = Axis("configuration")
CELL = INPUT_B, INPUT_A = Axis("input_b"), Axis("input_a")
"""Rows and columns of a map; input A is horizontal in figures."""
OF_CONFIGURATION = (CONFIGURATION, *CELL)


def map_tables(run: Run[MapPlan]) -> Iterator[Table]:
    """All tables of a map."""
    data_set = CURVES if run.plan.way == "curves" else None
    found, cells = critical.FoundSeries(_tally(run)), _Cells()
    yield critical.critical_currents(found, data_set, (replace(along(INPUT, "series"), variable=""),))
    yield _cells(cells)
    yield _map_critical(run.plan, found)
    yield _map(run, found, cells)
    yield from tables_of_looks(DataSet("probes", "Probes of an adaptive map"), _probing, results="probes")


def _tally(run: Run[MapPlan]) -> critical.SeriesTally:
    """What adds up the measurement of a map."""
    match run.plan.way:
        case "curves":
            return CurvesTally()
        case "raster":
            return RasterTally(run.plan.controls_ua)
        case "adaptive":
            return ProbesTally(run.config, run.plan)


def _probing() -> Mapping[type, Looking]:
    """Looks at every input of every probe, and at zero after it."""
    numbers = count()

    def looks(event: Probed) -> Iterator[Looked]:
        number = next(numbers)
        for step in event.steps:
            applied = event.series, step.applied_s, step.until_s
            yield Looked("probe", number, step.input_ua, step.readings, step.verdicts, *applied)
        yield Looked("after-probe", number, 0.0, event.reset_readings, event.reset_verdicts, event.series)

    return {Probed: looks}


class _CellCount(NamedTuple):
    """Number of presentations of a cell that gave a configuration."""

    inputs_ua: tuple[float, ...]
    configuration: SwitchingConfiguration | None
    presentations: int


class _Cells:
    """Counts the configurations at each pair of inputs."""

    def __init__(self) -> None:
        self.counts: dict[tuple[float, ...], Counter[SwitchingConfiguration | None]] = {}
        self.take = once(self._take)

    def _take(self, event: Presented) -> None:
        """Count a presentation of a map."""
        if event.purpose == "map":
            self.counts.setdefault(event.token.inputs_ua, Counter())[event.configuration] += 1

    def rows(self) -> Iterator[_CellCount]:
        """Counts in the order of their first presentation."""
        for inputs_ua, counts in self.counts.items():
            for configuration, times in counts.items():
                yield _CellCount(inputs_ua, configuration, times)


def _cells(cells: _Cells) -> Table:
    """Table of the number of presentations for each pair of inputs and configuration."""
    columns = (
        Column("I_{input}", "input current", attrgetter("inputs_ua"), "uA", by=(INPUT,)),
        Column("Configuration", "switching configuration", lambda row: str(row.configuration or NO_CLASS), holds=str),
        Column("Presentations", "presentations that gave it", attrgetter("presentations"), holds=int),
    )
    return Table("cells", columns, {Presented: cells.take}, cells.rows)


def _both(plan: MapPlan, found: critical.FoundSeries) -> list[SeriesMeasured]:
    """Critical currents of both inputs: empty for one that a stopped run did not come to; none if it measured none."""
    later = plan.controls_ua[len(found.series) :] if found.series else ()
    return [*found.series, *(SeriesMeasured(row_ua, (), ()) for row_ua in later)]


def _map_critical(plan: MapPlan, found: critical.FoundSeries) -> Table:
    """Table of critical currents and critical inputs of each junction for each input."""

    def rows() -> Iterator[critical.Critical]:
        for number, one in enumerate(_both(plan, found)):
            yield from (row for row in critical.rows_of(number, one) if not row.direction)

    keys = (along(INPUT, "series"), along(JUNCTION, "junction"))
    return Table(
        "",
        (*keys, *critical.COLUMNS),
        found.takes,
        rows,
        MAP,
        ("input", "junction"),
        is_keyed=True,
    )


@dataclass(frozen=True, slots=True)
class _Map:
    """A map as arrays; ``computed_map`` is None unless all critical inputs are known, ``cells`` unless a raster."""

    along_ua: FloatArray
    configurations: Sequence[SwitchingConfiguration]
    dwell_s: float
    computed_map: SwitchingMap | None
    cells: Mapping[tuple[float, ...], Counter[SwitchingConfiguration | None]] | None

    @property
    def names(self) -> list[str]:
        """Names of the configurations."""
        return list(map(str, self.configurations))

    def computed(self, value: Callable[[SwitchingMap], Any]) -> Any:
        """Value computed from the laws; None if they are not all known."""
        return None if self.computed_map is None else value(self.computed_map)

    @property
    def thresholds_ua(self) -> Any:
        """``[input][junction]``."""
        return self.computed(lambda made: [axis.thresholds_ua for axis in made.axes])

    @property
    def probabilities(self) -> Any:
        """``[configuration][b][a]``."""
        return self.computed(lambda made: [made.probability(one).T for one in self.configurations])

    @property
    def regions(self) -> Any:
        """``[b][a]``: index of the configuration."""
        side = round(len(self.configurations) ** 0.5)
        return self.computed(lambda made: np.add.outer(made.axes[1].shown, made.axes[0].shown * side))

    @property
    def sure(self) -> Any:
        """``[b][a]``."""
        return self.computed(lambda made: made.sure.T)

    def counted(self, count_of: Callable[[Counter[SwitchingConfiguration | None]], int | None]) -> Any:
        """``[b][a]``: count of each presented cell."""
        if self.cells is None:
            return None
        along_ua = self.along_ua.tolist()
        return [[count_of(self.cells.get((a_ua, b_ua), Counter())) for a_ua in along_ua] for b_ua in along_ua]

    @property
    def counts(self) -> Any:
        """``[configuration][b][a]``."""
        if self.cells is None:
            return None
        return [self.counted(partial(_times, configuration=one)) for one in self.configurations]


def _times(cell: Counter[SwitchingConfiguration | None], configuration: SwitchingConfiguration | None) -> int | None:
    """Number of presentations of a cell that gave a configuration; None if the cell was not presented."""
    return cell[configuration] if cell else None


_MAP = (
    Column(
        "", "switching configuration", attrgetter("names"), holds=str, variable="configuration", by=(CONFIGURATION,)
    ),
    *(
        Column(
            "",
            f"input current {axis.name[-1].upper()}, middle of the cell",
            attrgetter("along_ua"),
            "uA",
            variable=axis.name,
            by=(axis,),
        )
        for axis in (INPUT_A, INPUT_B)
    ),
    Column(
        "",
        "for how long a presentation holds an input: what computed variables hold for",
        attrgetter("dwell_s"),
        "s",
        variable="dwell",
    ),
    Column(
        "",
        "input that switches the junction in half of the presentations",
        attrgetter("thresholds_ua"),
        "uA",
        variable="held_threshold",
        by=(INPUT, JUNCTION),
    ),
    Column(
        "",
        "computed probability of the configuration",
        attrgetter("probabilities"),
        variable="probability",
        by=OF_CONFIGURATION,
    ),
    Column(
        "",
        "computed region: position along the coordinate configuration",
        attrgetter("regions"),
        holds=int,
        variable="region",
        by=CELL,
    ),
    Column(
        "",
        "probability that region is right, given what is known",
        attrgetter("sure"),
        variable="region_sure",
        by=CELL,
    ),
    Column(
        "",
        "presentations of the cell",
        lambda row: row.counted(Counter.total),
        holds=int,
        variable="presentations",
        by=CELL,
    ),
    Column("", "presentations that gave it", attrgetter("counts"), holds=int, variable="counts", by=OF_CONFIGURATION),
    Column(
        "",
        "presentations that gave none",
        lambda row: row.counted(partial(_times, configuration=None)),
        holds=int,
        variable="no_configuration",
        by=CELL,
    ),
)


def _map(run: Run[MapPlan], found: critical.FoundSeries, cells: _Cells) -> Table:
    """Table of the presented cells, and of the values computed for every cell."""
    aperture_s, junctions = 0.0, 0

    def begin(event: RunStarted) -> tuple[()]:
        nonlocal aperture_s, junctions
        aperture_s, junctions = event.bench.aperture_s, event.bench.junctions
        return ()

    def rows() -> Iterator[_Map]:
        both, plan = _both(run.plan, found), run.plan
        if both:
            is_raster = plan.way == "raster"
            along_ua = np.array(plan.cells_ua if is_raster else staircase_ua(plan.staircase))
            configurations = [SwitchingConfiguration(counts) for counts in product(range(junctions + 1), repeat=2)]
            dwell_s = run.config.presentation_dwell_s(aperture_s)
            computed_map = _computed(both, along_ua, dwell_s)
            yield _Map(along_ua, configurations, dwell_s, computed_map, cells.counts if is_raster else None)

    takes: dict[type, Callable[[Any], tuple[()]]] = {RunStarted: begin, Presented: cells.take}
    return Table("", _MAP, takes, rows, MAP, ())  # the other table of this data set fills ``found``


def _computed(series: Sequence[SeriesMeasured], along_ua: FloatArray, dwell_s: float) -> SwitchingMap | None:
    determined = [[one for one in row.up if isinstance(one, CriticalEstimate)] for row in series]
    if not all(len(known) == len(row.controls_ua) for known, row in zip(determined, series, strict=True)):
        return None
    rows = [critical_inputs(known, row.controls_ua) for known, row in zip(determined, series, strict=True)]
    return switching_map(rows, [along_ua] * len(rows), dwell_s)
