"""Warm start: control currents computed from critical currents, and the recognition rates expected with them."""

from collections.abc import Sequence

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.warm_start import warm_start
from mtjlab.bench import Bench
from mtjlab.domain import ControlCurrents, Interval
from mtjlab.events import TokensEncoded
from mtjlab.procedures.inputs import InputMode
from mtjlab.procedures.training.events import WarmStarted
from mtjlab.procedures.training.expected import predict
from mtjlab.procedures.training.probing import planned_dwell_s
from mtjlab.procedures.training.steps import TrainingPlan
from mtjlab.procedures.types import Procedure


def start_warm(
    bench: Bench,
    plan: TrainingPlan,
    encoded: TokensEncoded,
    critical: Sequence[CriticalEstimate],
    inputs: InputMode,
) -> Procedure[ControlCurrents]:
    """Compute control currents that place every junction's threshold on a boundary of the encoding.

    Raises:
        BenchFaultError: no junction can reach a boundary within the allowed currents; nothing was written.
    """
    dwell_s = planned_dwell_s(bench, plan.config)
    controls = warm_controls(encoded, critical, inputs.allowed_controls(), dwell_s)
    yield WarmStarted(
        bench.time_s,
        controls,
        dwell_s,
        predict(encoded, critical, controls, dwell_s),
        predict(encoded, critical, inputs.start_controls(), dwell_s),
    )
    return controls


def warm_controls(
    encoded: TokensEncoded, critical: Sequence[CriticalEstimate], allowed: Sequence[Interval], dwell_s: float
) -> ControlCurrents:
    """Control currents on the boundaries of an encoding. Raises as ``start_warm``."""
    highest_ua = [max(inputs_ua) for inputs_ua in zip(*(token.inputs_ua for token in encoded.tokens), strict=True)]
    return warm_start(critical, encoded.encoding.boundaries_ua, highest_ua, allowed, dwell_s)
