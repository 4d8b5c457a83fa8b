"""Re-evaluation of the events of a run with other detector settings.

Readings, control currents and moves are history and stay; so do references, which do not depend on the detector
settings. Verdicts, and everything that follows from them, are evaluated again.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Generic

from mtjlab.config import PlanConfig
from mtjlab.detection.detector import Detector
from mtjlab.errors import RefusedError
from mtjlab.events import (
    ControlsPlanned,
    CurveTaken,
    Event,
    JunctionsMeasured,
    LookedAgain,
    Presented,
    ResetFailed,
    ResetVerified,
    SweepPoint,
    SwitchingMeasured,
    TokensEncoded,
)
from mtjlab.procedures.curves import passages_of_legs, series_measured
from mtjlab.procedures.judging import Judge
from mtjlab.procedures.types import Plan
from mtjlab.record import Record


class Redetection(Generic[Plan]):
    """Re-evaluates the events of a run in order; events particular to its kind by ``reevaluate_own``.

    ``plan`` is the plan of the run, ``config`` the plan file with the new settings. ``state`` holds what was
    re-evaluated so far; ``shown`` are the presentations used to classify tokens.
    """

    def __init__(
        self,
        plan: Plan,
        config: PlanConfig,
        state: Record,
        reevaluate_own: Callable[[Event, "Redetection[Plan]"], Event | None],
    ) -> None:
        self.plan, self.config = plan, config
        self.state, self._reevaluate_own = state, reevaluate_own
        self.shown: list[Presented] = []
        self._points: list[SweepPoint] = []
        self._decided: set[str] = set()
        self._answers: dict[str, Presented] = {}
        self._detector: Detector | None = None

    def reevaluate(self, event: Event) -> Event | None:
        """Re-evaluate an event; None if the readings it needs are lost from the journal.

        Raises:
            RefusedError: there are readings to judge before the first references.
        """
        reevaluated = self._reevaluated(event)
        if reevaluated is not None:
            self.state.take(reevaluated)
        return reevaluated

    @property
    def measured(self) -> JunctionsMeasured:
        """References for the verdicts. Raises RefusedError if they are lost from the journal."""
        if self.state.measured is None:
            raise RefusedError("The journal holds readings to judge, but no references before them.")
        return self.state.measured

    @property
    def judge(self) -> Judge:
        """Judge with the new settings. Raises RefusedError if the references are lost from the journal."""
        encoded = self.state.last(TokensEncoded)
        return Judge(self._measured_detector, encoded.encoding if encoded else None)

    @property
    def _measured_detector(self) -> Detector:
        """Detector of the last references, with the new settings."""
        references = self.measured.references
        if self._detector is None or self._detector.references != references:
            self._detector = Detector(references, self.config.detector)
        return self._detector

    def switching(self, event: Event) -> Event:
        """Replace critical currents by those from the re-evaluated curves; other events are unchanged."""
        if not isinstance(event, SwitchingMeasured):
            return event
        return replace(event, series=series_measured(self.state.each(CurveTaken)))

    def answers(self) -> list[Presented]:
        """Return, once, the re-evaluated presentation that counts for each token of a recognition measurement."""
        answers = list(self._answers.values())
        self._answers.clear()
        return answers

    def _reevaluated(self, event: Event) -> Event | None:
        match event:
            case SweepPoint():
                if event.purpose == "curve":
                    self._points.append(event)
                return event
            case ControlsPlanned():
                self._points.clear()
                return event
            case CurveTaken():
                return self._curve(event)
            case Presented():
                return self._presented(event)
            case ResetVerified() | ResetFailed():
                return self.judge.reset(event)
            case LookedAgain():
                return self.judge.looked(event)
            case _:
                return self._reevaluate_own(event, self)

    def _curve(self, event: CurveTaken) -> CurveTaken | None:
        points = [p for p in self._points if (p.series, p.repetition) == (event.series, event.repetition)]
        self._points.clear()
        if not points or self.state.started is None:
            return None
        return replace(
            event, passages=passages_of_legs(points, self._measured_detector, self.state.started.bench.aperture_s)
        )

    def _presented(self, event: Presented) -> Presented:
        """Re-evaluate a presentation; attempts after one that now gives a configuration do not count.

        If a token was presented again, as after a suspension, the new presentation counts.
        """
        presented, name = self.judge.presented(event), event.token.name
        if event.attempt == 1:
            self._decided.discard(name)
            self._answers.pop(name, None)
        if name not in self._decided:
            self.shown += [presented] if event.purpose == "classify" else []
            if event.purpose == "recognition" and not _is_decided(self._answers.get(name)):
                self._answers[name] = presented
        if _is_decided(presented):
            self._decided.add(name)
        return presented


def _is_decided(presented: Presented | None) -> bool:
    return presented is not None and presented.configuration is not None
