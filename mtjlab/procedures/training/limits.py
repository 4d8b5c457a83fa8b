"""Check of the start of a training against the limits."""

from pathlib import Path

from mtjlab.config import PlanConfig
from mtjlab.domain import input_label
from mtjlab.envelope import Envelope
from mtjlab.errors import LimitExceededError, RefusedError
from mtjlab.procedures.reach import REFERENCE_KEYS
from mtjlab.procedures.reference_sweep import staircase_ua


def demand_inside_limits(config: PlanConfig, envelope: Envelope, plan_file: Path) -> None:
    """Check that the start control currents fit the bench, and that the limits allow them and the sweep.

    Raises:
        RefusedError: they do not; the message names key and file.
    """
    controls = config.training.start_controls(envelope.junctions, config.encoding.inputs)
    shape = (config.encoding.inputs, *{len(row) for row in controls.by_input_ua})
    if shape != (len(controls.by_input_ua), envelope.junctions):
        raise RefusedError(
            f"{plan_file}: training.start_control_ua needs one list per input ({config.encoding.inputs}), each "
            f"with one current per junction ({envelope.junctions}); or one number for all of them.",
            REFERENCE_KEYS[:1],
        )
    top_ua, zero_ua = staircase_ua(config.sweep)[-1], (0.0,) * envelope.junctions
    for j, row_ua in enumerate(controls.by_input_ua):
        try:
            envelope.plan(zero_ua, row_ua)
        except LimitExceededError as error:
            message = f"{plan_file}: training.start_control_ua, input {input_label(j)}: {error}"
            raise RefusedError(message, REFERENCE_KEYS[:1]) from error
    try:
        envelope.plan(zero_ua, [control + top_ua for control in controls.by_input_ua[0]])
    except LimitExceededError as error:
        raise RefusedError(f"{plan_file}: sweep.input_stop_ua = {top_ua:.6g}: {error}", REFERENCE_KEYS) from error
