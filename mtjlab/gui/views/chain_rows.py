"""Values of each junction for the drawing of the chain, from the latest reading of a run."""

from dataclasses import dataclass

from mtjlab.analysis.resistances import resistance_kohm
from mtjlab.config import Limits
from mtjlab.domain import Verdict, input_label
from mtjlab.events import Presented, ResetFailed, SweepPoint
from mtjlab.gui.look.formatting import NOTHING, number, whole
from mtjlab.gui.run.snapshot import JudgedReading, ReadingEvent, Snapshot
from mtjlab.procedures.manual.events import JunctionsRead

NOMINAL = " · P?, AP?: states by the nominal law"
AT_ZERO, OVER = "sources at zero", "run over"


@dataclass(frozen=True, slots=True)
class Row:
    """Latest values of a junction and the source above it.

    ``verdict`` is None where the reading was not judged, or its current was too small to tell the state.
    ``is_nominal``: it is by the resistance law of a nominal junction, not by measured references.
    """

    source_ua: float
    control_ua: float
    current_ua: float
    voltage_mv: float
    verdict: Verdict | None
    is_nominal: bool = False

    @property
    def state(self) -> str:
        """State in letters; a question mark where it is by the nominal law."""
        return NOTHING if self.verdict is None else f"{self.verdict}{'?' if self.is_nominal else ''}"

    @property
    def resistance_kohm(self) -> float | None:
        """V/I; None where the current is too small to determine it."""
        return resistance_kohm(self.voltage_mv, self.current_ua)

    def margin_ua(self, limits: Limits) -> float:
        """Distance (uA) of the current from the nearer limit."""
        low_ua, high_ua = limits.junction_current_min_ua, limits.junction_current_max_ua
        return min(self.current_ua - low_ua, high_ua - self.current_ua)


def rows(snapshot: Snapshot) -> tuple[Row, ...]:
    """Junctions from the top of the chain; empty before the first reading."""
    latest = _judged(snapshot.latest)
    if latest is None:
        return ()
    currents_ua, input_ua = latest.reading.currents_ua, latest.reading.input_ua
    sources_ua = [here - above for here, above in zip(currents_ua, (0.0, *currents_ua), strict=False)]
    is_nominal = isinstance(snapshot.latest, JunctionsRead) and bool(snapshot.latest.nominal)
    return tuple(
        Row(source_ua, current_ua - input_ua, current_ua, voltage_mv, latest.verdict(k), is_nominal)
        for k, (source_ua, current_ua, voltage_mv) in enumerate(
            zip(sources_ua, currents_ua, latest.voltages_mv, strict=True)
        )
    )


def activity_text(snapshot: Snapshot) -> str:
    """Describe the latest reading in one line; where it is not of now, with its time."""
    if snapshot.state.safe or snapshot.state.ended:
        return f"{AT_ZERO if snapshot.state.safe else OVER} · last reading{_time_of(snapshot)}"
    reading = _reading_text(snapshot)
    return reading if snapshot.is_now else f"read{_time_of(snapshot) or ' then'}: {reading}"


def _time_of(snapshot: Snapshot) -> str:
    return f" {snapshot.read_at.astimezone():%H:%M:%S}" if snapshot.read_at else ""


def _reading_text(snapshot: Snapshot) -> str:
    match snapshot.latest:
        case SweepPoint() as point:
            way = "rising" if point.rising else "falling"
            return f"sweep {point.repetition + 1}, input {number(point.reading.input_ua)} µA, {way}"
        case JunctionsRead() as read:
            by_law = NOMINAL if read.nominal else ""
            return f"by hand, input {number(read.readings[-1].input_ua)} µA{by_law}"
        case JudgedReading() as read_alone:
            return f"input {number(read_alone.reading.input_ua)} µA"
        case ResetFailed() as failed:
            return f"not reset, look {failed.attempt}"
        case Presented() as presented:
            inputs = [
                f"{input_label(j)} {whole(outcome.input_ua)} µA → {_or_nothing(outcome.switched)}"
                for j, outcome in enumerate(presented.outcomes)
            ]
            return "   ".join([presented.token.name, *inputs, _or_nothing(presented.recognised_as)])
    return ""


def _or_nothing(value: object) -> str:
    return NOTHING if value is None else str(value)


def _judged(latest: ReadingEvent | None) -> JudgedReading | None:
    match latest:
        case JudgedReading():
            return latest
        case SweepPoint():
            return JudgedReading(latest.reading, ())
        case ResetFailed():
            return JudgedReading(latest.readings[-1], latest.verdicts)
        case JunctionsRead():
            return JudgedReading(latest.readings[-1], latest.verdicts or latest.nominal)
        case Presented():
            read = [outcome for outcome in latest.outcomes if outcome.readings]
            return JudgedReading(read[-1].readings[-1], read[-1].verdicts) if read else None
    return None
