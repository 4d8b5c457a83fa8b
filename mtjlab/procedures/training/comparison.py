"""Trainings beside each other: recognition against training step, and against bench time."""

from collections.abc import Callable, Sequence

from mtjlab.comparison import Curve, Panel
from mtjlab.procedures.kind import Run
from mtjlab.procedures.training.plan import TrainPlan
from mtjlab.procedures.training.state import TrainingState, training_state

TITLE = "recognition: solid test, dotted train"


def recognition_panels(runs: Sequence[Run[TrainPlan]]) -> tuple[Panel, Panel]:
    """Rates of both subsets, test solid, train dotted: by steps, and by how long learning took."""
    return (
        Panel(TITLE, "training step", "rate (%)", _curves(runs, lambda _, step: float(step))),
        Panel(
            TITLE,
            "bench time from a cold chip, without measuring recognition (s)",
            "rate (%)",
            _curves(runs, lambda learnt, step: learnt.recognised_after_s[step]),
        ),
    )


def _curves(runs: Sequence[Run[TrainPlan]], at: Callable[[TrainingState, int], float]) -> tuple[Curve, ...]:
    curves = []
    for of, run in enumerate(runs):
        learnt = training_state(run.kind_state)
        across = tuple(at(learnt, one.step) for one in learnt.recognition)
        curves.append(Curve(of, across, tuple(100 * one.train for one in learnt.recognition), "dotted"))
        curves.append(Curve(of, across, tuple(100 * one.test for one in learnt.recognition)))
    return tuple(curves)
