"""Control currents as a person asks for them: one for all junctions, or one for each; or those of a training."""

from collections.abc import Sequence

from mtjlab.config import PlanConfig
from mtjlab.domain import PerJunction


def control_row(asked_ua: PerJunction | None, config: PlanConfig, junctions: int) -> PerJunction:
    """One control current for each junction (uA); without any those at which a training starts."""
    (row,) = control_rows(None if asked_ua is None else [asked_ua], config, junctions, inputs=1)
    return row


def control_rows(
    asked_ua: Sequence[PerJunction] | None, config: PlanConfig, junctions: int, inputs: int
) -> tuple[PerJunction, ...]:
    """A row of control currents (uA) for each input; a row that is alone is that of all inputs."""
    if asked_ua is None:
        rows = config.training.start_controls(junctions, inputs).by_input_ua[:inputs]
    else:
        rows = tuple(tuple(row) * junctions if len(row) == 1 else tuple(row) for row in asked_ua)
    return rows * inputs if len(rows) == 1 else rows
