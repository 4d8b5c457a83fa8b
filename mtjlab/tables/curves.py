"""Resistance curves and reference sweeps: every sample, references, and where junctions switched.

Sweeps, series and repetitions are numbered as in the journal, from 0.
"""

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from mtjlab.analysis.passage import Passage
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import PerJunction, Reading, junction_label
from mtjlab.events import ControlsPlanned, CurveTaken, JunctionsMeasured, SweepPoint
from mtjlab.schema import Codes, Column, DataSet, Row, Table
from mtjlab.tables.axes import DIRECTION, JUNCTION, along, electrical

CURVES = DataSet("curves", "Resistance curves and critical currents")
REFERENCE_SWEEPS = DataSet("reference-sweeps", "Reference sweeps and references of the detector")
OUTCOMES = Codes(("never", "switched", "already"))
"""Of a junction on a leg: it did not switch, it did, or it had before the leg began."""


class Sample(NamedTuple):
    """A set of samples of all junctions at a point of a sweep or curve, which has the number ``group``."""

    group: int
    repetition: int
    direction: int
    reading: Reading
    sample: int
    voltages_mv: PerJunction


def samples_of(group: int, point: SweepPoint) -> Iterator[Sample]:
    """Every set of samples of a point."""
    place = group, point.repetition, int(not point.rising), point.reading
    for sample, voltages_mv in enumerate(point.reading.samples_mv):
        yield Sample(*place, sample, voltages_mv)


def _sample_columns(group: str, long_name: str) -> tuple[Any, ...]:
    of_reading = ("sample",)
    return (
        Column(group, long_name, attrgetter("group"), holds=int),
        Column("Repetition", "repetition", attrgetter("repetition"), holds=int),
        along(DIRECTION, "direction"),
        Column("Input", "input current", attrgetter("reading.input_ua"), "uA", variable="input_current"),
        Column("Time", "bench time at the end of the reading", attrgetter("reading.t_s"), "s", without=of_reading),
        Column("Sample", "sample of a reading", attrgetter("sample"), holds=int),
        *electrical("junction_current", "voltage", without=of_reading),
        Column(
            "{junction} resistance",
            "voltage over current, offsets of voltmeters included",
            _resistances_ohm,
            "ohm",
            variable="",
            by=(JUNCTION,),
        ),
    )


def _resistances_ohm(row: Sample) -> list[float | None]:
    """None without a current."""
    return [
        round(1e3 * voltage_mv / current_ua, 6) if current_ua else None
        for voltage_mv, current_ua in zip(row.voltages_mv, row.reading.currents_ua, strict=True)
    ]


class _Sweeps:
    """Numbers reference sweeps: each ends with its references, or is broken off."""

    def __init__(self) -> None:
        self._number = 0
        self._is_open = False

    def point(self, event: SweepPoint) -> int:
        """The number of the sweep that a point belongs to."""
        self._is_open = True
        return self._number

    def measured(self) -> int:
        """The number of the sweep, or of what came from elsewhere, that references were taken from."""
        self._is_open = True
        self.end()
        return self._number - 1

    def end(self) -> tuple[()]:
        """No more points will come of what is not complete."""
        self._number += self._is_open
        self._is_open = False
        return ()


def reference_sweeps() -> Table:
    """Every sample of the sweeps that references were measured with."""
    sweeps = _Sweeps()

    def taken(event: SweepPoint) -> Iterable[Sample]:
        return () if event.purpose == "curve" else samples_of(sweeps.point(event), event)

    def measured(_event: JunctionsMeasured) -> Iterable[Sample]:
        sweeps.measured()
        return ()

    return Table(
        "reference-sweeps",
        _sample_columns("Sweep", "sweep that references were measured with"),
        {SweepPoint: taken, JunctionsMeasured: measured, ControlsPlanned: lambda _: sweeps.end()},
        data_set=REFERENCE_SWEEPS,
        dims=("sweep", "repetition", "direction", "input_current", "sample"),
        is_keyed=True,
        results="reference-sweep-{:03}",
    )


class _Referred(NamedTuple):
    """What a sweep tells of a junction."""

    sweep: int
    junction: int
    reference: JunctionReference
    up_ua: float
    up_spread_ua: float
    down_ua: float
    down_spread_ua: float


def references() -> Table:
    """What each reference sweep tells of each junction."""
    sweeps = _Sweeps()

    def taken(event: SweepPoint) -> tuple[()]:
        if event.purpose != "curve":
            sweeps.point(event)
        return ()

    def measured(event: JunctionsMeasured) -> Iterator[_Referred]:
        number, critical = sweeps.measured(), event.critical
        switched = critical.up_ua, critical.up_spread_ua, critical.down_ua, critical.down_spread_ua
        for k, (reference, *of_junction) in enumerate(zip(event.references, *switched, strict=True)):
            yield _Referred(number, k, reference, *of_junction)

    return Table(
        "references",
        (
            Column("Sweep", "sweep that references were measured with", attrgetter("sweep"), holds=int),
            along(JUNCTION, "junction"),
            *REFERENCE_COLUMNS,
        ),
        {SweepPoint: taken, JunctionsMeasured: measured, ControlsPlanned: lambda _: sweeps.end()},
        data_set=REFERENCE_SWEEPS,
        dims=("sweep", "junction"),
        is_keyed=True,
    )


_SAW = "junction current at which the fit saw the"
REFERENCE_COLUMNS = (
    Column(
        "Parallel resistance",
        "resistance of the parallel state at zero bias",
        attrgetter("reference.law.r_p_ohm"),
        "ohm",
    ),
    Column("TMR", "tunnel magnetoresistance ratio at zero bias", attrgetter("reference.law.tmr")),
    Column(
        "Half bias",
        "bias at which the tunnel magnetoresistance is half of that at zero bias",
        attrgetter("reference.law.half_bias_mv"),
        "mV",
    ),
    Column(
        "Bias coefficient",
        "c of the parallel conductance (1 + c V^2) / R_P",
        attrgetter("reference.law.bias_per_v2"),
        "V-2",
    ),
    Column("Offset", "offset of the voltmeter", attrgetter("reference.offset_mv"), "mV"),
    Column("Noise", "standard deviation of one sample", attrgetter("reference.noise_mv"), "mV"),
    Column("Residual", "rms distance of the samples from the fit", attrgetter("reference.residual_mv"), "mV"),
    Column("Covered parallel low", f"lowest {_SAW} parallel state", attrgetter("reference.covered_p.low_ua"), "uA"),
    Column("Covered parallel high", f"highest {_SAW} parallel state", attrgetter("reference.covered_p.high_ua"), "uA"),
    Column(
        "Covered antiparallel low",
        f"lowest {_SAW} antiparallel state",
        attrgetter("reference.covered_ap.low_ua"),
        "uA",
    ),
    Column(
        "Covered antiparallel high",
        f"highest {_SAW} antiparallel state",
        attrgetter("reference.covered_ap.high_ua"),
        "uA",
    ),
    Column(
        "Critical current up",
        "junction current of the switch AP -> P, mean of the repetitions",
        attrgetter("up_ua"),
        "uA",
    ),
    Column(
        "Critical current up spread", "its standard deviation over the repetitions", attrgetter("up_spread_ua"), "uA"
    ),
    Column(
        "Critical current down",
        "junction current of the switch P -> AP, mean of the repetitions",
        attrgetter("down_ua"),
        "uA",
    ),
    Column(
        "Critical current down spread",
        "its standard deviation over the repetitions",
        attrgetter("down_spread_ua"),
        "uA",
    ),
)


def curves() -> Table:
    """Every sample of resistance curves; of a run that resumes another those that it took itself."""
    controls_ua: dict[int, PerJunction] = {}

    def taken(event: SweepPoint) -> Iterable[Sample]:
        return samples_of(event.series, event) if event.purpose == "curve" else ()

    def planned(event: ControlsPlanned) -> tuple[()]:
        if event.series is not None:
            controls_ua[event.series] = event.controls.by_input_ua[0]
        return ()

    def complete(event: CurveTaken) -> tuple[()]:
        controls_ua[event.series] = event.controls_ua
        return ()

    def parameters(series: int) -> Mapping[str, str]:
        row_ua = controls_ua.get(series, ())
        return {f"Control current {junction_label(k)}": f"{control_ua!r} uA" for k, control_ua in enumerate(row_ua)}

    return Table(
        "curves",
        _sample_columns("Series", "curves under the same control currents"),
        {SweepPoint: taken, ControlsPlanned: planned, CurveTaken: complete},
        data_set=CURVES,
        dims=("series", "repetition", "direction", "input_current", "sample"),
        is_keyed=True,
        results="curves-{:03}",
        parameters=parameters,
    )


class _Leg(NamedTuple):
    """A leg of a complete curve, as one junction went it."""

    curve: CurveTaken
    junction: int
    leg: Passage

    @property
    def control_ua(self) -> float:
        return self.curve.controls_ua[self.junction]

    @property
    def as_input_ua(self) -> float | None:
        return None if self.leg.threshold_ua is None else self.leg.threshold_ua - self.control_ua


def _legs(event: CurveTaken) -> Iterator[Row]:
    for k, legs in enumerate(event.passages):
        for leg in legs:
            yield _Leg(event, k, leg)


def thresholds() -> Table:
    """Where each junction switched, leg by leg, on complete curves."""
    return Table(
        "thresholds",
        (
            Column("Series", "curves under the same control currents", attrgetter("curve.series"), holds=int),
            Column("Repetition", "repetition", attrgetter("curve.repetition"), holds=int),
            Column("Direction", DIRECTION.long_name, lambda row: int(not row.leg.rising), holds=DIRECTION),
            along(JUNCTION, "junction"),
            Column("Control current", "control current", attrgetter("control_ua"), "uA", variable=""),
            Column("Outcome", "whether the junction switched on this leg", attrgetter("leg.outcome"), holds=OUTCOMES),
            Column(
                "Threshold",
                "junction current midway between the readings before and after the switch",
                attrgetter("leg.threshold_ua"),
                "uA",
            ),
            Column(
                "Threshold as input", "threshold minus control current", attrgetter("as_input_ua"), "uA", variable=""
            ),
        ),
        {CurveTaken: _legs},
        data_set=CURVES,
        dims=("series", "repetition", "direction", "junction"),
        is_keyed=True,
    )
