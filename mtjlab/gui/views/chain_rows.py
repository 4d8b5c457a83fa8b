"""What the drawing of the chain says of each junction, from the latest reading of a run."""

from dataclasses import dataclass

from mtjlab.analysis.resistances import resistance_kohm
from mtjlab.config import Limits
from mtjlab.domain import Verdict, input_label
from mtjlab.events import Presented, ResetFailed, SweepPoint
from mtjlab.gui.look.words import NOTHING, number, whole
from mtjlab.gui.run.snapshot import JudgedReading, Snapshot, WithReadings
from mtjlab.procedures.manual.events import JunctionsRead

SAFE = "safe: sources at zero · what was read last:"


@dataclass(frozen=True, slots=True)
class Row:
    """One junction and the source above it, as they were last read; ``verdict`` is None where nobody judged."""

    source_ua: float
    control_ua: float
    current_ua: float
    voltage_mv: float
    verdict: Verdict | None

    @property
    def resistance_kohm(self) -> float | None:
        """V/I; None where the current is too small for it to say anything."""
        return resistance_kohm(self.voltage_mv, self.current_ua)

    def margin_ua(self, limits: Limits) -> float:
        """How far the current is from the nearer of its limits."""
        low_ua, high_ua = limits.junction_current_min_ua, limits.junction_current_max_ua
        return min(self.current_ua - low_ua, high_ua - self.current_ua)


def rows(snapshot: Snapshot) -> tuple[Row, ...]:
    """The junctions from the top of the chain; empty before anything was read."""
    latest = _judged(snapshot.latest)
    if latest is None:
        return ()
    currents_ua, input_ua = latest.reading.currents_ua, latest.reading.input_ua
    sources_ua = [here - above for here, above in zip(currents_ua, (0.0, *currents_ua), strict=False)]
    verdicts = latest.verdicts or (None,) * len(currents_ua)
    return tuple(
        Row(source_ua, current_ua - input_ua, current_ua, voltage_mv, verdict)
        for source_ua, current_ua, voltage_mv, verdict in zip(
            sources_ua, currents_ua, latest.voltages_mv, verdicts, strict=True
        )
    )


def doing(snapshot: Snapshot) -> str:
    """What the readings are of, in a line; of a run that went safe nothing flows any more."""
    if snapshot.state.safe:
        return SAFE
    match snapshot.latest:
        case SweepPoint() as point:
            way = "rising" if point.rising else "falling"
            return f"sweep {point.repetition + 1}, input {number(point.reading.input_ua)} µA, {way}"
        case JunctionsRead() as read:
            return f"by hand, input {number(read.readings[-1].input_ua)} µA"
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


def _or_nothing(told: object) -> str:
    return NOTHING if told is None else str(told)


def _judged(latest: WithReadings | None) -> JudgedReading | None:
    match latest:
        case JudgedReading():
            return latest
        case SweepPoint():
            return JudgedReading(latest.reading, ())
        case ResetFailed() | JunctionsRead():
            return JudgedReading(latest.readings[-1], latest.verdicts)
        case Presented():
            read = [outcome for outcome in latest.outcomes if outcome.readings]
            return JudgedReading(read[-1].readings[-1], read[-1].verdicts) if read else None
    return None
