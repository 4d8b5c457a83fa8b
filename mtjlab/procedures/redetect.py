"""A run told again: its events as other settings of the detector would have had them.

Readings, control currents and moves are history and stay; so do references, which no setting of the detector touches.
Verdicts, and all that follows from them, are told anew.
"""

from dataclasses import dataclass, replace

from mtjlab.config import MapAsked, PlanConfig
from mtjlab.errors import RefusedError
from mtjlab.events import (
    ControlsPlanned,
    CurveTaken,
    Event,
    LookedAgain,
    Presented,
    Probed,
    RecognitionMeasured,
    ResetFailed,
    ResetVerified,
    SeriesMeasured,
    SweepPoint,
    SwitchingMeasured,
    TokensClassified,
)
from mtjlab.procedures.classify import ClassOf, classified_as
from mtjlab.procedures.curves import told_by
from mtjlab.procedures.judging import Judge
from mtjlab.procedures.mapping import mapped_series
from mtjlab.procedures.probing import probed_series
from mtjlab.procedures.steps import recognition_of
from mtjlab.procedures.switching import series_measured
from mtjlab.run_state import RunState


@dataclass(frozen=True, slots=True)
class RedetectPlan:
    """How to judge: ``config.detector``; the map that was asked for, and the lookup table of a classification."""

    config: PlanConfig
    map_asked: MapAsked | None = None
    class_of: ClassOf | None = None


class Redetection:
    """Goes through the events of a run, in order, and tells each again."""

    def __init__(self, plan: RedetectPlan) -> None:
        self._plan = plan
        self._state = RunState(keeps=(CurveTaken, Probed, *((Presented,) if plan.map_asked else ())))
        self._points: list[SweepPoint] = []
        self._decided: set[str] = set()
        self._answers: dict[str, Presented] = {}
        self._shown: list[Presented] = []

    def again(self, event: Event) -> Event | None:
        """The event as it is told now; None if the journal has lost what it was told from.

        Raises:
            RefusedError: there are readings to judge before there are references.
        """
        told = self._told(event)
        if told is not None:
            self._state.take(told)
        return told

    def _told(self, event: Event) -> Event | None:
        match event:
            case SweepPoint(purpose="curve"):
                self._points.append(event)
            case ControlsPlanned():
                self._points.clear()
            case CurveTaken():
                return self._curve(event)
            case SwitchingMeasured():
                return replace(event, series=self._series(event))
            case Presented():
                return self._presented(event)
            case RecognitionMeasured():
                return self._recognition(event)
            case TokensClassified():
                return self._classified(event)
            case Probed():
                return self._judge.probed(event)
            case ResetVerified() | ResetFailed():
                return self._judge.reset(event)
            case LookedAgain():
                return self._judge.looked(event)
            case _:
                pass
        return event

    @property
    def _judge(self) -> Judge:
        measured, encoded = self._state.measured, self._state.encoded
        if measured is None:
            raise RefusedError("The journal holds readings to judge, but no references before them.")
        return Judge(measured.references, self._plan.config.detector, encoded.encoding if encoded else None)

    def _curve(self, event: CurveTaken) -> CurveTaken | None:
        points = [p for p in self._points if (p.series, p.repetition) == (event.series, event.repetition)]
        self._points.clear()
        if not points or self._state.started is None:
            return None
        judge, aperture_s = self._judge, self._state.started.bench.aperture_s
        return replace(event, passages=told_by(points, judge.references, judge.detector, aperture_s))

    def _series(self, event: SwitchingMeasured) -> tuple[SeriesMeasured, ...]:
        state, asked = self._state, self._plan.map_asked
        if asked and state.probes:
            return probed_series(self._plan.config, asked, state.probes)
        if asked and state.mapped:
            return mapped_series([series.controls_ua for series in event.series], state.mapped)
        return series_measured(state.curves)

    def _presented(self, event: Presented) -> Presented:
        """An attempt after one that now gives a configuration would not have been made, and answers nothing.

        A token that was presented anew, as after a pause, answers with that.
        """
        told, name = self._judge.presented(event), event.token.name
        if event.attempt == 1:
            self._decided.discard(name)
            self._answers.pop(name, None)
        if name not in self._decided:
            self._shown += [told] if event.purpose == "classify" else []
            if event.purpose == "recognition" and not _is_decided(self._answers.get(name)):
                self._answers[name] = told
        if _is_decided(told):
            self._decided.add(name)
        return told

    def _recognition(self, event: RecognitionMeasured) -> RecognitionMeasured | None:
        answers = list(self._answers.values())
        self._answers.clear()
        tokens = sum(count for _, _, count in (*event.train_confusion, *event.test_confusion))
        return recognition_of(event.t_s, event.step, answers) if len(answers) == tokens else None

    def _classified(self, event: TokensClassified) -> TokensClassified | None:
        if self._plan.class_of is None:
            return None
        names = [(token.name, token.label) for token in event.tokens]
        return classified_as(event.t_s, names, self._shown, self._plan.config.presentation, self._plan.class_of)


def _is_decided(presented: Presented | None) -> bool:
    return presented is not None and presented.configuration is not None
