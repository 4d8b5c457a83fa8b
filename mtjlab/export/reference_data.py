"""References of the detector as variables of a data set."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from mtjlab.arrays import FloatArray
from mtjlab.datasets.variables import real
from mtjlab.detection.references import JunctionReference
from mtjlab.events import JunctionsMeasured

DIMS = ("sweep", "junction")


def references(measured: Sequence[JunctionsMeasured | None], junctions: int) -> dict[str, xr.Variable]:
    """What each sweep told of each junction; NaN for a sweep that told nothing."""
    nothing = np.full((len(QUANTITIES), junctions), np.nan)
    rows = [nothing if one is None else quantities(one) for one in measured]
    return {
        name: real(DIMS, np.array([row[k] for row in rows]), units, long_name)
        for k, (name, units, long_name) in enumerate(QUANTITIES)
    }


QUANTITIES = (
    ("parallel_resistance", "ohm", "resistance of the parallel state at zero bias"),
    ("tmr", "1", "tunnel magnetoresistance ratio at zero bias"),
    ("half_bias", "mV", "bias at which the tunnel magnetoresistance is half of that at zero bias"),
    ("bias_coefficient", "V-2", "c of the parallel conductance (1 + c V^2) / R_P"),
    ("offset", "mV", "offset of the voltmeter"),
    ("noise", "mV", "standard deviation of one sample"),
    ("residual", "mV", "rms distance of the samples from the fit"),
    ("covered_parallel_low", "uA", "lowest junction current at which the fit saw the parallel state"),
    ("covered_parallel_high", "uA", "highest junction current at which the fit saw the parallel state"),
    ("covered_antiparallel_low", "uA", "lowest junction current at which the fit saw the antiparallel state"),
    ("covered_antiparallel_high", "uA", "highest junction current at which the fit saw the antiparallel state"),
    ("critical_current_up", "uA", "junction current of the switch AP -> P, mean of the repetitions"),
    ("critical_current_up_spread", "uA", "its standard deviation over the repetitions"),
    ("critical_current_down", "uA", "junction current of the switch P -> AP, mean of the repetitions"),
    ("critical_current_down_spread", "uA", "its standard deviation over the repetitions"),
)
"""Name, unit and long name of each quantity, in the order of ``quantities``."""


def quantities(measured: JunctionsMeasured) -> FloatArray:
    """Every one of ``QUANTITIES``, of each junction: [Q, N]."""
    critical = measured.critical
    fitted = np.array([_fitted(reference) for reference in measured.references]).T
    switched = [critical.up_ua, critical.up_spread_ua, critical.down_ua, critical.down_spread_ua]
    return np.concatenate([fitted, np.array(switched)])


def _fitted(reference: JunctionReference) -> tuple[float, ...]:
    law, p, ap = reference.law, reference.covered_p, reference.covered_ap
    return (
        *(law.r_p_ohm, law.tmr, law.half_bias_mv, law.bias_per_v2),
        *(reference.offset_mv, reference.noise_mv, reference.residual_mv),
        *(p.low_ua, p.high_ua, ap.low_ua, ap.high_ua),
    )
