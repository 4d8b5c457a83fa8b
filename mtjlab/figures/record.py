"""What figures are drawn from: the state of a run, and the points that it swept."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

from mtjlab.events import CurveTaken, Event, JunctionsMeasured, Presented, RunStarted, SweepPoint, TokensEncoded
from mtjlab.record import KindState, Record


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run that has something to show.

    ``sweep`` is the first repetition of its reference sweep; ``curves`` are the points that were swept once references
    were known.
    """

    started: RunStarted
    state: Record
    sweep: tuple[SweepPoint, ...]
    curves: tuple[SweepPoint, ...] = ()

    @classmethod
    def of(
        cls, events: Iterable[Event], tracked: Collection[type[Event]], kind_state: KindState | None = None
    ) -> Self | None:
        """Record of a run, with every event of the ``tracked`` types; None if nothing was measured in it.

        ``kind_state`` takes in the same events, so that the journal is read once.
        """
        state = Record(tracked, kind_state)
        references_known = False
        sweep: list[SweepPoint] = []
        curves: list[SweepPoint] = []
        for event in events:
            state.take(event)
            references_known = references_known or isinstance(event, JunctionsMeasured)
            if isinstance(event, SweepPoint) and event.purpose == "curve":
                curves.append(event)
            elif isinstance(event, SweepPoint) and event.repetition == 0 and not references_known:
                sweep.append(event)
        if state.started is None or not (sweep or curves or _has_measured(state, tracked)):
            return None
        return cls(state.started, state, tuple(sweep), tuple(curves))


def _has_measured(state: Record, kept: Collection[type[Event]]) -> bool:
    """Whether there is something to show without a sweep, as of a run that took a calibration or resumes another."""
    return any(map(state.number, (TokensEncoded, CurveTaken, Presented, *kept)))
