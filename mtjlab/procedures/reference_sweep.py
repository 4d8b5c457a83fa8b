"""Up-and-down sweep of the input: references of the detector, and critical currents of each junction."""

from collections.abc import Sequence

import numpy as np

from mtjlab.bench import Bench
from mtjlab.config import SweepSettings
from mtjlab.detection.calibration import JunctionCalibration, calibrate
from mtjlab.detection.cause import Cause
from mtjlab.detection.hysteresis import JunctionSweep
from mtjlab.detection.references import ReferenceFitError, critical_currents
from mtjlab.detection.repeated import change_during
from mtjlab.domain import junction_label
from mtjlab.errors import BenchFaultError
from mtjlab.events import JunctionsMeasured, SweepPoint, SweepPurpose
from mtjlab.procedures.quick_look import cause_event, quick_look_alone
from mtjlab.procedures.types import Procedure

SAMPLES = 2


class UnsteadyError(BenchFaultError):
    """Junctions changed during the measurement; sources and wiring are right."""


def staircase_ua(settings: SweepSettings) -> tuple[float, ...]:
    """Inputs of the rising leg; the falling leg is the reverse."""
    return tuple(settings.input_start_ua + k * settings.input_step_ua for k in range(settings.points))


def reference_sweep(bench: Bench, settings: SweepSettings) -> Procedure[JunctionsMeasured]:
    """Sweep the input up and down at the held control currents, and fit every junction.

    Raises:
        BenchFaultError: a junction does not show two states of a tunnel junction; or somebody else switched an output
            off or changed a level.
        UnsteadyError: a junction changed during the sweep.
    """
    rising_ua = staircase_ua(settings)
    points = yield from take_loops(bench, rising_ua, settings.dwell_s, settings.repetitions)
    return (yield from fit_loops(bench, points, settings.input_step_ua))


def take_loops(
    bench: Bench, rising_ua: Sequence[float], dwell_s: float, repetitions: int
) -> Procedure[list[SweepPoint]]:
    """Sweep the input up along ``rising_ua`` and down again, ``repetitions`` times; then no input."""
    points: list[SweepPoint] = []
    for repetition in range(repetitions):
        for rising, leg_ua in ((True, rising_ua), (False, rising_ua[::-1])):
            for input_ua in leg_ua:
                point = sweep_point(bench, input_ua, dwell_s, repetition, rising, "reference")
                points.append(point)
                yield point
    bench.idle()
    bench.demand_sources()
    return points


def fit_loops(bench: Bench, points: Sequence[SweepPoint], step_ua: float) -> Procedure[JunctionsMeasured]:
    """Fit every junction to the points of loops; ``step_ua``: mean step of the input.

    Raises as ``reference_sweep``.
    """
    measured = yield from _measured(bench, points, step_ua)
    yield measured
    return measured


def _measured(bench: Bench, points: Sequence[SweepPoint], step_ua: float) -> Procedure[JunctionsMeasured]:
    """Fit every junction to the points; if a fit fails, a quick look names the likely cause."""
    sweeps = _of_junctions(points, bench.description.tops)
    fitted: list[JunctionCalibration] = []
    for k, sweep in enumerate(sweeps):
        try:
            fitted.append(calibrate(sweep))
        except ReferenceFitError as error:
            cause = yield from _look(bench, str(error), (k,))
            raise BenchFaultError(_no_references(str(error), cause)) from error
    changes = {k: change for k, sweep in enumerate(sweeps) if (change := change_during(sweep, fitted[k].reference))}
    if changes:
        seen = f"Something changed during the sweep: {', '.join(map(str, changes.values()))}."
        cause = yield from _look(bench, seen, tuple(changes))
        if cause.is_lasting:
            raise BenchFaultError(_no_references(seen, cause))
        if any(change.is_large for change in changes.values()):
            raise UnsteadyError(_no_references(seen, cause))
    return JunctionsMeasured(
        bench.time_s,
        tuple(junction.reference for junction in fitted),
        critical_currents(
            [junction.switch_points for junction in fitted],
            ramp_ua_per_s(step_ua, [point.reading.t_s for point in points]),
        ),
    )


def _look(bench: Bench, seen: str, junctions: tuple[int, ...]) -> Procedure[Cause]:
    """Take a quick look for the faulty part; ``junctions`` if everything else is right."""
    cause = yield from quick_look_alone(bench, junctions)
    yield cause_event(bench, seen, cause)
    return cause


def _no_references(seen: str, cause: Cause) -> str:
    return (
        f"The sweep of the input gave no references. {seen} A quick look afterwards: {cause.summary}. "
        "The plan sets the sweep ([sweep]) and its controls (training.start_control_ua)."
    )


def sweep_point(
    bench: Bench,
    input_ua: float,
    dwell_s: float,
    repetition: int,
    rising: bool,
    purpose: SweepPurpose,
    series: int = 0,
) -> SweepPoint:
    """Apply an input, hold it, and read."""
    bench.apply(input_ua)
    bench.rest(dwell_s)
    return SweepPoint(repetition, rising, bench.read(SAMPLES), series, purpose)


def _of_junctions(points: Sequence[SweepPoint], tops: Sequence[int]) -> list[JunctionSweep]:
    currents_ua = np.array([point.reading.currents_ua for point in points])
    voltages_mv = np.array([point.reading.samples_mv for point in points])
    rising = np.array([point.rising for point in points])
    return [
        JunctionSweep(junction_label(k, tops), currents_ua[:, k], voltages_mv[:, :, k], rising)
        for k in range(currents_ua.shape[1])
    ]


def ramp_ua_per_s(step_ua: float, times_s: Sequence[float]) -> float:
    """Actual ramp rate of points a step apart, by the bench times at their ends."""
    return round(step_ua * (len(times_s) - 1) / (times_s[-1] - times_s[0]), 6)
