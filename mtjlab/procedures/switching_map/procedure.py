"""Switching map of two inputs: by curves as in the paper, cell by cell, or by probing where junctions switch."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import ClassVar

from mtjlab.analysis.critical import CriticalTally
from mtjlab.analysis.legs import held_passages
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.domain import ControlCurrents, PerJunction
from mtjlab.events import (
    EncodedToken,
    Event,
    JunctionsMeasured,
    Presented,
    SeriesMeasured,
    SwitchingMeasured,
)
from mtjlab.procedures.curves import CurvesPlan, get_references, measure_curves, series_measured
from mtjlab.procedures.deviation_check import DeviationCheck
from mtjlab.procedures.inputs import input_mode
from mtjlab.procedures.limits import demand_inside_limits, demand_pulses_inside_limits
from mtjlab.procedures.present import is_final, prepare_presenter
from mtjlab.procedures.reference_sweep import staircase_ua
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.procedures.switching_map.probing import probe_all
from mtjlab.procedures.types import Procedure


def switching_map(
    bench: Bench,
    config: PlanConfig,
    plan: MapPlan,
    calibrated: JunctionsMeasured | None = None,
    taken_over: Sequence[Event] = (),
) -> Procedure[SwitchingMeasured]:
    """Measure the requested map, except what was ``taken_over``; returns critical currents.

    Raises:
        LimitExceededError: an input would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    if plan.way == "curves":
        curves_plan = CurvesPlan(config, plan.staircase, plan.controls_ua, "up", calibrated)
        curves = yield from measure_curves(bench, curves_plan, taken_over)
        readings = len(curves) * len(staircase_ua(plan.staircase))
        series = series_measured(curves)
    else:
        measured = yield from get_references(bench, config, calibrated)
        inputs_ua = staircase_ua(plan.staircase)
        if config.presentation.is_pulsed:
            demand_pulses_inside_limits(bench.envelope, plan.controls_ua, inputs_ua[-1])
        else:
            demand_inside_limits(bench.envelope, bench.controls_ua, plan.controls_ua, inputs_ua)
        if plan.way == "raster":
            presented = yield from _raster(bench, config, plan, measured, taken_over)
            readings = sum(readings_of(one) for one in presented)
            series = mapped_series(plan.controls_ua, presented)
        else:
            series, readings = yield from probe_all(bench, config, plan, measured, taken_over)
    found = SwitchingMeasured(bench.time_s, series, readings)
    yield found
    return found


def readings_of(presented: Presented) -> int:
    """Number of readings of a presentation, including those of the resets."""
    return sum(len(outcome.readings) + len(outcome.reset_readings) for outcome in presented.outcomes)


def mapped_series(controls_ua: Sequence[PerJunction], presented: Iterable[Presented]) -> tuple[SeriesMeasured, ...]:
    """Critical currents that the presentations of a map tell, for each input."""
    tally = RasterTally(controls_ua)
    for one in presented:
        tally.take(one)
    return tally.all_series()


class RasterTally:
    """Critical currents for each input from the presentations of a map, added up in little memory."""

    events: ClassVar = (Presented,)

    def __init__(self, controls_ua: Sequence[PerJunction]) -> None:
        self._has_begun = False
        self._rows = [(row_ua, [CriticalTally() for _ in row_ua]) for row_ua in controls_ua]

    def take(self, presented: Presented) -> None:
        """Add a presentation."""
        self._has_begun = True
        for (row_ua, tallies), outcome in zip(self._rows, presented.outcomes, strict=False):
            found = held_passages(row_ua, [(outcome.input_ua, outcome.held_s, outcome.verdicts)])
            for tally, passages in zip(tallies, found, strict=True):
                for passage in passages:
                    tally.take(passage)

    def series(self) -> tuple[SeriesMeasured, ...]:
        """Critical currents for each input; none before the first presentation."""
        return self.all_series() if self._has_begun else ()

    def all_series(self) -> tuple[SeriesMeasured, ...]:
        """The same, also before the first presentation."""
        return tuple(
            SeriesMeasured(row_ua, tuple(tally.estimate() for tally in tallies), ()) for row_ua, tallies in self._rows
        )


def _raster(
    bench: Bench, config: PlanConfig, plan: MapPlan, measured: JunctionsMeasured, taken_over: Sequence[Event]
) -> Procedure[list[Presented]]:
    """Present every cell, row by row; then all again, as often as planned."""
    inputs = yield from input_mode(bench, config, measured)
    presenter = yield from prepare_presenter(inputs, ControlCurrents(plan.controls_ua), 0)
    yield from inputs.demand_reset()
    deviation_check = DeviationCheck(bench, measured.references)
    presented = [one for one in taken_over if isinstance(one, Presented)]
    done = {one.token.name for one in presented if is_final(one, config.presentation)}
    for token in _raster_tokens(plan):
        if token.name not in done:
            presented.append((yield from presenter.present(token, 0, "map")))
            yield from deviation_check.check_resets(presented[-1])
    return presented


def _raster_tokens(plan: MapPlan) -> Iterator[EncodedToken]:
    cells = plan.cells_ua
    for time, b, a in product(range(plan.times), cells, cells):
        yield EncodedToken(f"({a:g}, {b:g}) uA, time {time + 1}", "", "test", (a, b))
