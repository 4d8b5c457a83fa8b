"""Progress of a training, in presentations."""

from typing import TypeAlias

from mtjlab.config import PresentationSettings
from mtjlab.events import ControlsPlanned, Event, Presented
from mtjlab.procedures.present import is_final
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained

Shown: TypeAlias = tuple[str, tuple[float, ...]]
"""A token and its inputs, which the paired rule moves."""


class PresentationCounter:
    """Counts each input of a step or of a recognition measurement once, however often it was presented.

    Complete steps and measurements count in full, even if their presentations are not among the events, as in those
    taken over from a resumed run.
    """

    def __init__(self, of_a_step: int, tokens: int, settings: PresentationSettings) -> None:
        self._of = {"training": of_a_step, "recognition": tokens}
        self._settings = settings
        self._step = 0
        self._now = ""
        self._shown: set[Shown] = set()

    def __call__(self, event: Event) -> int:
        """Number of presentations completed by ``event``."""
        match event:
            case StepTrained() | ControlsPlanned() if event.step > self._step:
                steps, self._step = event.step - self._step, event.step
                return steps * self._of["training"] - self._seen("training")
            case RecognitionMeasured():
                return self._of["recognition"] - self._seen("recognition")
            case Presented(purpose=("training" | "recognition") as purpose) if is_final(event, self._settings):
                return self._presented(purpose, (event.token.name, event.token.inputs_ua))
            case _:
                return 0

    def _presented(self, purpose: str, shown: Shown) -> int:
        if purpose != self._now:
            self._now = purpose
            self._shown.clear()
        is_new = shown not in self._shown and len(self._shown) < self._of[purpose]
        self._shown.update([shown] * is_new)
        return int(is_new)

    def _seen(self, purpose: str) -> int:
        """Number already counted of the step or measurement that is now complete."""
        seen = len(self._shown) if purpose == self._now else 0
        self._now = ""
        self._shown.clear()
        return seen
