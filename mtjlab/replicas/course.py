"""What a training gave, in few numbers: the same from the events of one training and from replicas."""

from dataclasses import dataclass

from mtjlab.domain import ControlCurrents
from mtjlab.procedures.training.state import TrainingState

TIME_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Rates:
    """Recognition after a step; ``learning_s``: bench time until then without measuring recognition."""

    step: int
    train: float
    test: float
    learning_s: float


@dataclass(frozen=True, slots=True)
class Course:
    """What a training gave: recognition wherever it was measured, control currents of each step, number of probes."""

    recognition: tuple[Rates, ...]
    controls_by_step: tuple[ControlCurrents, ...]
    learning_s: float
    probes: int


@dataclass(frozen=True, slots=True)
class Left:
    """Why a training was left to the event engine."""

    why: str


def course_of(learnt: TrainingState) -> Course:
    """What a training gave whose events are in its state."""
    rates = tuple(
        Rates(one.step, one.train, one.test, round(learnt.recognised_after_s[one.step], TIME_DECIMALS))
        for one in learnt.recognition
    )
    learning_s = round(learnt.learning_s, TIME_DECIMALS)
    return Course(rates, tuple(learnt.controls_by_step), learning_s, len(learnt.first_probes))
