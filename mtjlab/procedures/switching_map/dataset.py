"""The switching map as a data set: critical inputs, cells that were presented, and what follows from the laws."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import xarray as xr

from mtjlab.analysis.critical import CriticalEstimate
from mtjlab.analysis.switching_map import critical_inputs, switching_map
from mtjlab.arrays import FloatArray
from mtjlab.datasets.critical import critical_currents
from mtjlab.datasets.variables import MISSING, count, inputs, junctions, labels, numbers, real
from mtjlab.domain import SwitchingConfiguration
from mtjlab.events import Presented, SeriesMeasured
from mtjlab.procedures.kind import Run
from mtjlab.procedures.reference_sweep import staircase_ua
from mtjlab.procedures.switching_map.plan import MapPlan

CELL = ("input_b", "input_a")
"""Rows and columns of a map: input A goes to the right where it is drawn."""
OF_CONFIGURATION = ("configuration", *CELL)


def map_of(run: Run[MapPlan]) -> xr.Dataset | None:
    """The map that a run measured; None if it has measured none yet."""
    asked, started, found = run.plan, run.started, run.kind.series(run)
    if started is None or not found:
        return None
    series = _of_both_inputs(found, asked)
    along_ua = np.array(asked.cells_ua if asked.way == "raster" else staircase_ua(asked.staircase))
    configurations = _configurations(started.bench.junctions)
    critical = critical_currents("input", series).items()
    dataset = xr.Dataset(
        {name: variable.isel(direction=0, missing_dims="ignore") for name, variable in critical},
        {
            "input": inputs(len(series)),
            "junction": junctions(started.bench.junctions),
            "configuration": labels("configuration", list(map(str, configurations)), "switching configuration"),
            "input_a": numbers("input_a", along_ua, "uA", "input current A, middle of the cell"),
            "input_b": numbers("input_b", along_ua, "uA", "input current B, middle of the cell"),
        },
    )
    dwell_s = run.config.presentation_dwell_s(started.bench.aperture_s)
    dataset = dataset.assign(_computed(series, along_ua, configurations, dwell_s))
    if asked.way == "raster":
        dataset = dataset.assign(_counted(run.state.each(Presented), along_ua, configurations))
    return dataset


def _of_both_inputs(series: Sequence[SeriesMeasured], asked: MapPlan) -> list[SeriesMeasured]:
    """Also of an input that a run which was broken off did not come to."""
    return [*series, *(SeriesMeasured(row_ua, (), ()) for row_ua in asked.controls_ua[len(series) :])]


def _configurations(junctions_: int) -> list[SwitchingConfiguration]:
    return [SwitchingConfiguration(counts) for counts in product(range(junctions_ + 1), repeat=2)]


def _counted(
    presented: Sequence[Presented], along_ua: FloatArray, configurations: Sequence[SwitchingConfiguration]
) -> dict[str, xr.Variable]:
    """How often each configuration came in each cell that was presented."""
    column = {input_ua: k for k, input_ua in enumerate(along_ua.tolist())}
    number = {configuration: k for k, configuration in enumerate(configurations)}
    times = np.zeros((len(along_ua), len(along_ua)), dtype=int)
    silent, came = times.copy(), np.zeros((len(configurations), *times.shape), dtype=int)
    for one in presented:
        cell = tuple(column[input_ua] for input_ua in reversed(one.token.inputs_ua))
        times[cell] += 1
        if one.configuration is None:
            silent[cell] += 1
        else:
            came[(number[one.configuration], *cell)] += 1
    missing = times == 0
    return {
        "presentations": count(CELL, times, "presentations of the cell"),
        "counts": count(OF_CONFIGURATION, np.where(missing, MISSING, came), "presentations that gave it"),
        "no_configuration": count(CELL, np.where(missing, MISSING, silent), "presentations that gave none"),
    }


def _computed(
    series: Sequence[SeriesMeasured],
    along_ua: FloatArray,
    configurations: Sequence[SwitchingConfiguration],
    dwell_s: float,
) -> dict[str, xr.Variable]:
    """What the critical inputs say of every cell; nothing unless all of them are determined."""
    dwell = real((), dwell_s, "s", "for how long a presentation holds an input: what computed variables hold for")
    determined = [_determined(one) for one in series]
    if not all(len(row) == len(one.controls_ua) for row, one in zip(determined, series, strict=True)):
        return {"dwell": dwell}
    rows = [critical_inputs(row, one.controls_ua) for row, one in zip(determined, series, strict=True)]
    made = switching_map(rows, [along_ua] * len(rows), dwell_s)
    thresholds_ua = np.array([axis.thresholds_ua for axis in made.axes])
    probability = np.array([made.probability(configuration).T for configuration in configurations])
    along_a, along_b = (axis.shown for axis in made.axes)
    region = np.add.outer(along_b, along_a * round(len(configurations) ** 0.5))
    return {
        "dwell": dwell,
        "held_threshold": real(
            ("input", "junction"), thresholds_ua, "uA", "input that switches the junction in half of the presentations"
        ),
        "probability": real(OF_CONFIGURATION, probability, "1", "computed probability of the configuration"),
        "region": count(CELL, region, "computed region: position along the coordinate configuration"),
        "region_sure": real(CELL, made.sure.T, "1", "probability that region is right, given what is known"),
    }


def _determined(series: SeriesMeasured) -> list[CriticalEstimate]:
    return [estimate for estimate in series.up if isinstance(estimate, CriticalEstimate)]
