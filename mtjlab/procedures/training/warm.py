"""Warm start: control currents computed from critical currents, and the recognition rates expected with them."""

from collections.abc import Sequence
from math import prod

import numpy as np

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.switching_map import critical_inputs, map_axis
from mtjlab.analysis.warm_start import warm_start
from mtjlab.bench import Bench
from mtjlab.domain import ControlCurrents, Subset
from mtjlab.events import TokensEncoded
from mtjlab.procedures.inputs import InputMode
from mtjlab.procedures.training.events import Prediction, WarmStarted
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
    dwell_s = plan.config.presentation_dwell_s(bench.description.aperture_s)
    highest_ua = [max(inputs_ua) for inputs_ua in zip(*(token.inputs_ua for token in encoded.tokens), strict=True)]
    controls = warm_start(critical, encoded.encoding.boundaries_ua, highest_ua, inputs.allowed_controls(), dwell_s)
    yield WarmStarted(
        bench.time_s,
        controls,
        dwell_s,
        predict(encoded, critical, controls, dwell_s),
        predict(encoded, critical, inputs.start_controls(), dwell_s),
    )
    return controls


def predict(
    encoded: TokensEncoded, critical: Sequence[CriticalEstimate], controls: ControlCurrents, dwell_s: float
) -> Prediction:
    """Recognition rates expected from critical currents at ``controls``."""
    return Prediction(*(_rate(encoded, critical, controls, dwell_s, subset) for subset in ("train", "test")))


def _rate(
    encoded: TokensEncoded,
    critical: Sequence[CriticalEstimate],
    controls: ControlCurrents,
    dwell_s: float,
    subset: Subset,
) -> float:
    tokens = [token for token in encoded.tokens if token.subset == subset]
    table = encoded.encoding.table
    axes = [
        map_axis(critical_inputs(critical, row_ua), np.array([token.inputs_ua[j] for token in tokens]), dwell_s)
        for j, row_ua in enumerate(controls.by_input_ua)
    ]
    right = [
        prod(axis.probabilities[n, count] for axis, count in zip(axes, configuration.counts, strict=True))
        for n, token in enumerate(tokens)
        for configuration in table.of_class(token.label)
    ]
    return float(sum(right) / len(tokens))
