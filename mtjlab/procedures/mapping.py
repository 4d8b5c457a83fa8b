"""The switching map of two inputs: by curves as the paper, cell by cell, or by probing only where junctions switch."""

from collections.abc import Iterator, Sequence
from itertools import product

from mtjlab.analysis.critical import estimate_critical
from mtjlab.analysis.presented import held_passages
from mtjlab.bench import Bench
from mtjlab.config import MapAsked, PlanConfig
from mtjlab.domain import ControlCurrents, PerJunction
from mtjlab.events import (
    ControlsPlanned,
    EncodedToken,
    JunctionsMeasured,
    Presented,
    Progress,
    SeriesMeasured,
    SwitchingMeasured,
)
from mtjlab.procedures.curves import CurvesPlan, know_references, measure_curves
from mtjlab.procedures.doubts import Doubts
from mtjlab.procedures.limits import demand_inside_limits
from mtjlab.procedures.present import Presenter, is_final
from mtjlab.procedures.probing import probe_all
from mtjlab.procedures.sweep import staircase_ua
from mtjlab.procedures.switching import series_measured
from mtjlab.procedures.types import Procedure


def switching_map(
    bench: Bench,
    config: PlanConfig,
    asked: MapAsked,
    calibrated: JunctionsMeasured | None = None,
    progress: Progress = Progress(),  # noqa: B008  frozen
) -> Procedure[SwitchingMeasured]:
    """Measure the map that is asked for, as far as ``progress`` does not hold it; returns where junctions switch.

    Raises:
        LimitExceededError: an input would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    if asked.way == "curves":
        plan = CurvesPlan(config, asked.staircase, asked.controls_ua, "up", calibrated)
        curves = yield from measure_curves(bench, plan, progress.curves)
        readings = len(curves) * len(staircase_ua(asked.staircase))
        series = series_measured(curves)
    else:
        measured = yield from know_references(bench, config, calibrated)
        demand_inside_limits(bench.envelope, bench.controls_ua, asked.controls_ua, staircase_ua(asked.staircase))
        if asked.way == "raster":
            presented = yield from _raster(bench, config, asked, measured, progress.mapped)
            readings = sum(readings_of(one) for one in presented)
            series = mapped_series(asked.controls_ua, presented)
        else:
            series, readings = yield from probe_all(bench, config, asked, measured, progress.probes)
    found = SwitchingMeasured(bench.time_s, series, readings)
    yield found
    return found


def cells_ua(asked: MapAsked) -> tuple[float, ...]:
    """Centres of the cells along one axis of a raster."""
    staircase = asked.staircase
    count = int((staircase.input_stop_ua - staircase.input_start_ua) / asked.cell_ua + 1e-9)
    return tuple(staircase.input_start_ua + (k + 0.5) * asked.cell_ua for k in range(count))


def readings_of(presented: Presented) -> int:
    """How many readings a presentation took, those of the resets included."""
    return sum(len(outcome.readings) + len(outcome.reset_readings) for outcome in presented.outcomes)


def mapped_series(controls_ua: Sequence[PerJunction], presented: Sequence[Presented]) -> tuple[SeriesMeasured, ...]:
    """Critical currents that the presentations of a map tell, for each input."""
    series = []
    for j, row_ua in enumerate(controls_ua):
        outcomes = [one.outcomes[j] for one in presented if len(one.outcomes) > j]
        told = held_passages(row_ua, [(o.input_ua, o.held_s, o.verdicts) for o in outcomes])
        series.append(SeriesMeasured(row_ua, tuple(estimate_critical(passages) for passages in told), ()))
    return tuple(series)


def presenter(
    bench: Bench, config: PlanConfig, measured: JunctionsMeasured, controls: ControlCurrents, step: int
) -> Procedure[Presenter]:
    """A presenter of bare inputs under ``controls``, which stand for no classes; the junctions are reset."""
    rows = controls.by_input_ua
    arrival = bench.plan(rows[-1])
    around = tuple(bench.plan(here, before) for before, here in zip((rows[-1], *rows), rows, strict=False))
    cautions = tuple(caution for row in rows for caution in bench.envelope.cautions(row))
    yield ControlsPlanned(bench.time_s, step, controls, (arrival, *around), cautions)
    bench.execute(arrival)
    made = Presenter(bench, measured, None, config.detector, config.presentation, step, controls, around)
    yield from made.observer.demand_reset()
    return made


def _raster(
    bench: Bench, config: PlanConfig, asked: MapAsked, measured: JunctionsMeasured, known: Sequence[Presented]
) -> Procedure[list[Presented]]:
    """Every cell presented, row after row; then all of them again."""
    shows = yield from presenter(bench, config, measured, ControlCurrents(asked.controls_ua), 0)
    doubts = Doubts(bench, measured.references)
    presented = list(known)
    done = {one.token.name for one in known if is_final(one, config.presentation)}
    for token in _raster_tokens(asked):
        if token.name not in done:
            presented.append((yield from shows.present(token, 0, "map")))
            yield from doubts.look_into_resets(presented[-1])
    return presented


def _raster_tokens(asked: MapAsked) -> Iterator[EncodedToken]:
    cells = cells_ua(asked)
    for time, b, a in product(range(asked.times), cells, cells):
        yield EncodedToken(f"({a:g}, {b:g}) uA, time {time + 1}", "", "test", (a, b))
