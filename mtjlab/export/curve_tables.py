"""Tables of resistance curves: every sample, references, thresholds and critical currents.

Columns are called ``Name (unit)``. Sweeps, series and repetitions are numbered as in the journal, from 0.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from mtjlab.analysis.critical import CriticalEstimate, Estimate, NotDetermined
from mtjlab.datasets.critical import IN_UA
from mtjlab.datasets.variables import DIRECTIONS
from mtjlab.domain import PerJunction, Reading, junction_label
from mtjlab.events import CurveTaken, SweepPoint
from mtjlab.export.record import Record
from mtjlab.export.reference_data import QUANTITIES, quantities

Row: TypeAlias = dict[str, Any]
"""Cells by their columns; None is an empty cell."""


def reference_sweeps(record: Record) -> Iterator[Row]:
    """Every sample of the sweeps that references were measured with."""
    for number, sweep in enumerate(record.measured.reference_sweeps):
        yield from samples_of_points("Sweep", number, sweep.points)


def references(record: Record) -> Iterator[Row]:
    """What each reference sweep told of each junction."""
    for number, sweep in enumerate(record.measured.reference_sweeps):
        if sweep.measured is not None:
            told = quantities(sweep.measured)
            for k in range(told.shape[1]):
                row: Row = {"Sweep": number, "Junction": junction_label(k)}
                yield row | {
                    column(name, units): value
                    for (name, units, _), value in zip(QUANTITIES, told[:, k].tolist(), strict=True)
                }


def curves(record: Record) -> Iterator[Row]:
    """Every sample of resistance curves."""
    for point in record.measured.curves:
        yield from samples_of_points("Series", point.series, [point])


def samples_of_points(group: str, number: int, points: Iterable[SweepPoint]) -> Iterator[Row]:
    """A row for each set of samples; what ``number`` counts is called ``group``."""
    for point in points:
        reading = point.reading
        place: Row = {
            group: number,
            "Repetition": point.repetition,
            "Direction": DIRECTIONS[not point.rising],
            "Input (uA)": reading.input_ua,
            "Time (s)": reading.t_s,
        }
        for sample, voltages_mv in enumerate(reading.samples_mv):
            yield {**place, "Sample": sample, **electrical(reading, voltages_mv), **_ratios(reading, voltages_mv)}


def electrical(reading: Reading, voltages_mv: PerJunction) -> Row:
    """Current and voltage of each junction."""
    row: Row = {}
    for k, (current_ua, voltage_mv) in enumerate(zip(reading.currents_ua, voltages_mv, strict=True)):
        row[f"{junction_label(k)} current (uA)"] = current_ua
        row[f"{junction_label(k)} voltage (mV)"] = voltage_mv
    return row


def _ratios(reading: Reading, voltages_mv: PerJunction) -> Row:
    """Voltage over current of each junction, as it is: offsets of voltmeters included. None without a current."""
    return {
        f"{junction_label(k)} resistance (ohm)": round(1e3 * voltage_mv / current_ua, 6) if current_ua else None
        for k, (current_ua, voltage_mv) in enumerate(zip(reading.currents_ua, voltages_mv, strict=True))
    }


def thresholds(record: Record) -> Iterator[Row]:
    """Where each junction switched, leg by leg."""
    for curve in record.measured.state.each(CurveTaken):
        for k, legs in enumerate(curve.passages):
            for leg in legs:
                at_ua, control_ua = leg.threshold_ua, curve.controls_ua[k]
                yield {
                    "Series": curve.series,
                    "Repetition": curve.repetition,
                    "Direction": DIRECTIONS[not leg.rising],
                    "Junction": junction_label(k),
                    "Control current (uA)": control_ua,
                    "Outcome": leg.outcome,
                    "Threshold (uA)": at_ua,
                    "Threshold as input (uA)": None if at_ua is None else at_ua - control_ua,
                }


def critical_currents(record: Record) -> Iterator[Row]:
    """Critical currents under each set of control currents, with their intervals or why there are none."""
    for number, series in enumerate(record.series):
        for way, estimates in zip(DIRECTIONS, (series.up, series.down), strict=True):
            for k, (estimate, control_ua) in enumerate(zip(estimates, series.controls_ua, strict=False)):
                place = {"Series": number, "Direction": way, "Junction": junction_label(k)}
                yield {**place, "Control current (uA)": control_ua, **_told(estimate, control_ua)}


def _told(estimate: Estimate, control_ua: float) -> Row:
    known = estimate if isinstance(estimate, CriticalEstimate) else None
    row: Row = {column(name, "uA"): value(known) if known else None for name, _, value in IN_UA}
    return row | {
        "Critical input (uA)": known.law.mean_ua - control_ua if known else None,
        "Reference ramp (uA/s)": known.law.ramp_ua_per_s if known else None,
        "Switched": known.switched if known else None,
        "Legs": known.repetitions if known else None,
        "Not determined": estimate.reason if isinstance(estimate, NotDetermined) else None,
    }


def column(name: str, units: str) -> str:
    """The column of a quantity: ``critical_current``, uA -> ``Critical current (uA)``."""
    words = "TMR" if name == "tmr" else name.replace("_", " ")
    return f"{words[0].upper()}{words[1:]}" + (f" ({units})" if units != "1" else "")
