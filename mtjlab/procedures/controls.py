"""Control currents as entered: one for all junctions or one for each; default: those of a training."""

from collections.abc import Sequence

from mtjlab.config import PlanConfig
from mtjlab.domain import PerJunction


def control_row(entered_ua: PerJunction | None, config: PlanConfig, junctions: int) -> PerJunction:
    """One control current for each junction (uA); default: those at the start of a training."""
    (row,) = control_rows(None if entered_ua is None else [entered_ua], config, junctions, inputs=1)
    return row


def control_rows(
    entered_ua: Sequence[PerJunction] | None, config: PlanConfig, junctions: int, inputs: int
) -> tuple[PerJunction, ...]:
    """A row of control currents (uA) for each input; a single row applies to all inputs."""
    if entered_ua is None:
        rows = config.training.start_controls((junctions,), inputs).by_input_ua[:inputs]
    else:
        rows = tuple(tuple(row) * junctions if len(row) == 1 else tuple(row) for row in entered_ua)
    return rows * inputs if len(rows) == 1 else rows
