"""The reference sweep of many replicas at once; each is fitted as that of one chain is."""

import numpy as np

from mtjlab.bench import UA_DECIMALS, UA_PER_A
from mtjlab.config import SweepSettings
from mtjlab.detection.calibration import calibrate
from mtjlab.detection.hysteresis import JunctionSweep
from mtjlab.detection.references import ReferenceFitError, critical_currents
from mtjlab.detection.repeated import change_during
from mtjlab.domain import junction_label
from mtjlab.events import JunctionsMeasured
from mtjlab.procedures.reference_sweep import SAMPLES, ramp_ua_per_s, staircase_ua
from mtjlab.replicas.course import TIME_DECIMALS
from mtjlab.replicas.meters import ReplicaMeters
from mtjlab.replicas.presenting import Going
from mtjlab.replicas.sources import Sources


def reference_sweeps(
    sources: Sources, meters: ReplicaMeters, settings: SweepSettings, aperture_s: float, going: Going
) -> list[JunctionsMeasured | None]:
    """Sweep the input up and down at the held control currents, and fit every junction; None for replicas left."""
    chain, replicas = sources.chain, len(going.now)
    inputs_ua = [*staircase_ua(settings), *staircase_ua(settings)[::-1]]
    shares, begun_s, read_s = [], [], []
    for input_ua in inputs_ua * settings.repetitions:
        sources.set_input(np.full(replicas, input_ua), going.now)
        sources.wait(settings.dwell_s, going.now)
        for _ in range(SAMPLES):
            begun_s.append(np.repeat(chain.time_s, chain.currents_a.shape[1]))
            shares.append(chain.advance(np.where(going.now, aperture_s, 0.0)).ravel() / aperture_s)
        read_s.append(chain.time_s)
    controls_ua = sources.controls_ua
    sources.set_input(np.zeros(replicas), going.now)
    loop_ua = np.round(controls_ua.ravel() + np.array(inputs_ua)[:, np.newaxis], UA_DECIMALS)
    every = np.arange(controls_ua.size)
    levels_v = [chain.levels_v(every, currents_ua / UA_PER_A) for currents_ua in loop_ua]
    parallel_v, antiparallel_v = (
        np.tile(np.repeat(np.array(level_v), SAMPLES, axis=0), (settings.repetitions, 1))
        for level_v in zip(*levels_v, strict=True)
    )
    true_v = parallel_v + np.array(shares) * (antiparallel_v - parallel_v)
    shown_mv = meters.first_mv(true_v, np.array(begun_s)).reshape(-1, SAMPLES, *controls_ua.shape)
    currents_ua = np.tile(loop_ua, (settings.repetitions, 1)).reshape(-1, *controls_ua.shape)
    rising = np.tile(np.repeat([True, False], settings.points), settings.repetitions)
    times_s = np.round(np.array(read_s), TIME_DECIMALS)
    measured: list[JunctionsMeasured | None] = [None] * replicas
    for r in going.each:
        sweeps = [
            JunctionSweep(junction_label(k), currents_ua[:, r, k], shown_mv[:, :, r, k], rising)
            for k in range(controls_ua.shape[1])
        ]
        try:
            measured[r] = _measured(sweeps, settings, times_s[:, r].tolist(), float(chain.time_s[r]))
        except ReferenceFitError as error:
            going.leave_one(r, str(error))
    return measured


def _measured(
    sweeps: list[JunctionSweep], settings: SweepSettings, times_s: list[float], now_s: float
) -> JunctionsMeasured:
    fitted = [calibrate(sweep) for sweep in sweeps]
    for sweep, junction in zip(sweeps, fitted, strict=True):
        if change := change_during(sweep, junction.reference):
            raise ReferenceFitError(str(change))
    ramp = ramp_ua_per_s(settings.input_step_ua, times_s)
    critical = critical_currents([junction.switch_points for junction in fitted], ramp)
    references = tuple(junction.reference for junction in fitted)
    return JunctionsMeasured(round(now_s, TIME_DECIMALS), references, critical)
