"""Trainings beside each other: recognition against training step."""

from collections.abc import Sequence

from mtjlab.comparison import Curve, Panel
from mtjlab.procedures.kind import Run
from mtjlab.procedures.training.plan import TrainPlan
from mtjlab.procedures.training.state import training_state


def recognition_panel(runs: Sequence[Run[TrainPlan]]) -> Panel:
    """Rates of both subsets; test solid, train dotted."""
    curves = []
    for of, run in enumerate(runs):
        measured = training_state(run.kind_state).recognition
        steps = tuple(float(one.step) for one in measured)
        curves.append(Curve(of, steps, tuple(100 * one.train for one in measured), "dotted"))
        curves.append(Curve(of, steps, tuple(100 * one.test for one in measured)))
    return Panel("recognition: solid test, dotted train", "training step", "rate (%)", tuple(curves))
