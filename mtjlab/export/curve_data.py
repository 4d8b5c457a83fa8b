"""Resistance curves and reference sweeps as data sets: every sample of every junction where it was taken."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from mtjlab.datasets.critical import critical_currents
from mtjlab.datasets.variables import DIRECTIONS, codes, junctions, labels, numbers, real
from mtjlab.events import CurveTaken, SweepPoint
from mtjlab.export.record import Record
from mtjlab.export.reference_data import references

OUTCOMES = ("never", "switched", "already")
"""Of a junction on a leg: it did not switch, it did, or it had before the leg began."""


def curves(record: Record) -> xr.Dataset | None:
    """Resistance curves, series by series; None if the run took none.

    Of a run that resumes another only the curves that it took itself have samples; all of them have thresholds.
    """
    taken, points = record.measured.state.each(CurveTaken), record.measured.curves
    if not taken and not points:
        return None
    places = [(one.series, one.repetition) for one in taken] + [(one.series, one.repetition) for one in points]
    series, repetitions = (1 + max(numbers_) for numbers_ in zip(*places, strict=True))
    grid = _Grid(
        "series",
        [[point for point in points if point.series == k] for k in range(series)],
        repetitions,
        record.started.bench.junctions,
    )
    return xr.Dataset(
        {**grid.samples(), **_thresholds(taken, grid), **critical_currents("series", record.series)},
        grid.coordinates("curves under the same control currents"),
    )


def reference_sweeps(record: Record) -> xr.Dataset | None:
    """Sweeps that references were measured with, and the references; None if there are none."""
    sweeps = record.measured.reference_sweeps
    if not sweeps:
        return None
    repetitions = 1 + max((point.repetition for sweep in sweeps for point in sweep.points), default=0)
    grid = _Grid("sweep", [sweep.points for sweep in sweeps], repetitions, record.started.bench.junctions)
    return xr.Dataset(
        {**grid.samples(), **references([sweep.measured for sweep in sweeps], grid.junctions)},
        grid.coordinates("sweep that references were measured with"),
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where points have their place: group, repetition, direction, input; a group is a series, or a sweep."""

    dim: str
    groups: Sequence[Sequence[SweepPoint]]
    repetitions: int
    junctions: int

    @property
    def inputs_ua(self) -> list[float]:
        return sorted({point.reading.input_ua for points in self.groups for point in points})

    @property
    def most_samples(self) -> int:
        return max((len(point.reading.samples_mv) for points in self.groups for point in points), default=0)

    def coordinates(self, told: str) -> dict[str, xr.Variable]:
        return {
            self.dim: numbers(self.dim, np.arange(len(self.groups)), "1", told),
            "repetition": numbers("repetition", np.arange(self.repetitions), "1", "repetition"),
            "direction": labels("direction", DIRECTIONS, "direction of the input"),
            "input_current": numbers("input_current", self.inputs_ua, "uA", "input current"),
            "sample": numbers("sample", np.arange(self.most_samples), "1", "sample of a reading"),
            "junction": junctions(self.junctions),
        }

    def samples(self) -> dict[str, xr.Variable]:
        """Voltages, currents and times of all points, NaN where none was taken."""
        inputs_ua = self.inputs_ua
        shape = (len(self.groups), self.repetitions, len(DIRECTIONS), len(inputs_ua))
        times_s, currents_ua = np.full(shape, np.nan), np.full((*shape, self.junctions), np.nan)
        voltages_mv = np.full((*shape, self.most_samples, self.junctions), np.nan)
        columns = {input_ua: column for column, input_ua in enumerate(inputs_ua)}
        for group, points in enumerate(self.groups):
            for point in points:
                reading = point.reading
                at = group, point.repetition, int(not point.rising), columns[reading.input_ua]
                times_s[at], currents_ua[at] = reading.t_s, reading.currents_ua
                voltages_mv[at][: len(reading.samples_mv)] = reading.samples_mv
        dims = (self.dim, "repetition", "direction", "input_current")
        return {
            "voltage": real((*dims, "sample", "junction"), voltages_mv, "mV", "voltage of the junction"),
            "junction_current": real((*dims, "junction"), currents_ua, "uA", "current through the junction"),
            "time": real(dims, times_s, "s", "bench time at the end of the reading"),
        }


def _thresholds(taken: Sequence[CurveTaken], grid: _Grid) -> dict[str, xr.Variable]:
    """Where each junction switched on each leg of complete curves."""
    shape = (len(grid.groups), grid.repetitions, len(DIRECTIONS), grid.junctions)
    outcomes, thresholds_ua = np.full(shape, -1), np.full(shape, np.nan)
    for curve in taken:
        for k, legs in enumerate(curve.passages):
            for leg in legs:
                at = curve.series, curve.repetition, int(not leg.rising), k
                outcomes[at] = OUTCOMES.index(leg.outcome)
                thresholds_ua[at] = np.nan if leg.threshold_ua is None else leg.threshold_ua
    dims = (grid.dim, "repetition", "direction", "junction")
    midway = "junction current midway between the readings before and after the switch"
    return {
        "outcome": codes(dims, outcomes, OUTCOMES, "whether the junction switched on this leg"),
        "threshold": real(dims, thresholds_ua, "uA", midway),
    }
