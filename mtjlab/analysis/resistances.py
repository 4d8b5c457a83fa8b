"""Resistances of junctions, measured and computed, where they say anything."""

import numpy as np

from mtjlab.arrays import FloatArray
from mtjlab.detection.resistance import ResistanceLaw

DEAD_BAND_UA = 10.0
"""Junction currents, either way, at which R = V/I says nothing."""


def resistance_kohm(voltage_mv: float, current_ua: float) -> float | None:
    """V/I; None where the current is within the dead band."""
    return voltage_mv / current_ua if abs(current_ua) > DEAD_BAND_UA else None


def resistances_kohm(voltages_mv: FloatArray, currents_ua: FloatArray) -> FloatArray:
    """V/I, and NaN where |I| is within the dead band."""
    resistances = np.full_like(currents_ua, np.nan)
    np.divide(voltages_mv, currents_ua, out=resistances, where=np.abs(currents_ua) > DEAD_BAND_UA)
    return resistances


def computed_resistances_kohm(law: ResistanceLaw, critical_ua: float, currents_ua: FloatArray) -> FloatArray:
    """Resistance of a junction at ``currents_ua`` while its current rises: antiparallel below ``critical_ua``.

    NaN within the dead band.
    """
    parallel_mv, antiparallel_mv = law.voltages_trace_mv(currents_ua)
    voltages_mv = np.where(currents_ua < critical_ua, antiparallel_mv, parallel_mv)
    return resistances_kohm(voltages_mv, currents_ua)
