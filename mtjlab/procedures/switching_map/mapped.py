"""Results of a switching map so far, along each input and in each cell."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from operator import itemgetter
from typing import TypeAlias

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.passage import Passage
from mtjlab.analysis.regions import regions
from mtjlab.analysis.switching_map import MapAxis, map_axis
from mtjlab.arrays import FloatArray
from mtjlab.config import PlanConfig
from mtjlab.domain import Interval, PerJunction, SwitchingConfiguration, input_label
from mtjlab.events import Presented
from mtjlab.figures.directions import Direction
from mtjlab.figures.record import RunRecord
from mtjlab.procedures.switching_map.mapped_directions import mapped_directions
from mtjlab.procedures.switching_map.plan import MapPlan

Cells: TypeAlias = Mapping[tuple[float, float], Counter[SwitchingConfiguration | None]]
"""Configurations seen in each cell, by the inputs at its centre; None: presentations without a configuration."""
_BELOW_UA, _ABOVE_UA = 150.0, 120.0
"""Measured range shown below the lowest boundary and above the highest."""


@dataclass(frozen=True, slots=True)
class MapInput:
    """One input of a map: ``direction`` holds the measurements, ``critical[junction]`` the critical inputs.

    ``beyond``: junctions that never switched within the range of the map, and so are not part of it.
    """

    name: str
    controls_ua: PerJunction
    direction: Direction | None
    critical: tuple[CriticalEstimate | None, ...]
    beyond: tuple[int, ...]

    @property
    def unknown(self) -> tuple[int, ...]:
        """Junctions whose critical input is not determined yet."""
        return tuple(k for k, one in enumerate(self.critical) if one is None and k not in self.beyond)

    @property
    def is_known(self) -> bool:
        """Whether the region of each count along this input is known."""
        return self.direction is not None and not self.unknown

    @property
    def determined(self) -> tuple[CriticalEstimate, ...]:
        """Critical inputs determined so far."""
        return tuple(critical for critical in self.critical if critical is not None)

    def thresholds_ua(self, dwell_s: float) -> PerJunction:
        """Boundaries for inputs held for ``dwell_s``, of the junctions determined so far."""
        return tuple(critical.law.held_ua(dwell_s) for critical in self.determined)

    def axis(self, inputs_ua: FloatArray, dwell_s: float) -> MapAxis | None:
        """Probability of each count along this input; None unless all its junctions are determined."""
        if not self.is_known or not self.determined:
            return None
        return map_axis(self.determined, inputs_ua, dwell_s)


@dataclass(frozen=True, slots=True)
class MeasuredMap:
    """A measured map: its plan, the two inputs, the part of the plane shown, and the cells."""

    plan: MapPlan
    inputs: tuple[MapInput, ...]
    shown: tuple[Interval, ...]
    cells: Cells
    dwell_s: float

    @property
    def junctions(self) -> int:
        """Number of junctions."""
        return len(self.inputs[0].critical)

    @property
    def most_often(self) -> dict[tuple[float, float], SwitchingConfiguration]:
        """Most frequent configuration of each cell that gave any."""
        seen = {at: [(n, one) for one, n in cell.items() if one is not None] for at, cell in self.cells.items()}
        return {at: max(counts, key=itemgetter(0))[1] for at, counts in seen.items() if counts}

    def named(self) -> Iterator[tuple[str, Sequence[Interval]]]:
        """Name and region of each configuration in the plane.

        A question mark is the count of an input that is not known, unless cells show the configuration.
        """
        known = [one.is_known for one in self.inputs]
        if self.cells and not all(known):
            yield from self._named_cells()
        elif any(known):
            rows = [one.thresholds_ua(self.dwell_s) if one.is_known else () for one in self.inputs]
            for region in regions(rows, self.shown):
                counts = zip(region.configuration.counts, known, strict=True)
                parts = (f"{count if sure else '?'}{input_label(j)}" for j, (count, sure) in enumerate(counts))
                yield f"[{', '.join(parts)}]", region.bounds

    def _named_cells(self) -> Iterator[tuple[str, Sequence[Interval]]]:
        """Name of each configuration at the row where it has the most cells."""
        half_ua = self.plan.cell_ua / 2
        by_row: dict[SwitchingConfiguration, dict[float, list[float]]] = defaultdict(lambda: defaultdict(list))
        for (a_ua, b_ua), configuration in self.most_often.items():
            by_row[configuration][b_ua].append(a_ua)
        for configuration, row in by_row.items():
            b_ua, along_ua = max(row.items(), key=lambda one: len(one[1]))
            yield (
                str(configuration),
                (Interval(min(along_ua) - half_ua, max(along_ua) + half_ua), Interval(b_ua - half_ua, b_ua + half_ua)),
            )


def map_of_record(record: RunRecord, plan: MapPlan, config: PlanConfig) -> MeasuredMap:
    """Map from the measurements in ``record``."""
    aperture_s = record.started.bench.aperture_s
    directions = mapped_directions(record.state, plan.controls_ua, aperture_s)
    inputs = tuple(
        _map_input(j, row_ua, direction, plan)
        for j, (row_ua, direction) in enumerate(zip(plan.controls_ua, directions, strict=True))
    )
    cells = cells_of(record.state.each(Presented)) if plan.way == "raster" else {}
    return MeasuredMap(plan, inputs, _shown(plan, inputs), cells, config.presentation_dwell_s(aperture_s))


def cells_of(mapped: Sequence[Presented]) -> Cells:
    """Configurations seen at each pair of inputs."""
    cells: dict[tuple[float, float], Counter[SwitchingConfiguration | None]] = defaultdict(Counter)
    for presented in mapped:
        a_ua, b_ua = presented.token.inputs_ua
        cells[a_ua, b_ua][presented.configuration] += 1
    return cells


def _map_input(j: int, controls_ua: PerJunction, direction: Direction | None, plan: MapPlan) -> MapInput:
    name = f"input {input_label(j)}"
    if direction is None:
        return MapInput(name, controls_ua, None, (None,) * len(controls_ua), ())
    critical = tuple(direction.critical_input(k) for k in range(len(controls_ua)))
    end_ua = plan.staircase.input_stop_ua - (plan.cell_ua if plan.way == "raster" else plan.staircase.input_step_ua)
    beyond = tuple(
        k
        for k, control_ua in enumerate(controls_ua)
        if critical[k] is None and never_before(direction.passages[k]) >= end_ua + control_ua
    )
    return MapInput(name, controls_ua, direction, critical, beyond)


def never_before(passages: Sequence[Passage]) -> float:
    """Highest rising junction current without a switch; minus infinity if any passage switched."""
    if any(passage.outcome != "never" for passage in passages):
        return -inf
    return max((passage.survived.currents_ua[-1] for passage in passages if passage.survived.currents_ua), default=-inf)


def _shown(plan: MapPlan, inputs: Sequence[MapInput]) -> tuple[Interval, ...]:
    """Part of the plane to show: all cells of a raster, otherwise the surroundings of the boundaries."""
    whole = plan.inputs
    if plan.way == "raster":
        return (whole,) * len(inputs)
    return tuple(_around(one, whole) for one in inputs)


def _around(along: MapInput, whole: Interval) -> Interval:
    means_ua = [critical.law.mean_ua for critical in along.determined]
    if along.unknown or not means_ua:
        return whole
    return Interval(max(whole.low_ua, min(means_ua) - _BELOW_UA), min(whole.high_ua, max(means_ua) + _ABOVE_UA))
