"""Recognition rates expected from thresholds, spreads and the encoding, where they were not measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.rest import RestState
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.analysis.switching_map import count_probabilities, critical_inputs, map_axis
from mtjlab.arrays import FloatArray
from mtjlab.domain import ControlCurrents, CriticalCurrents, Subset
from mtjlab.events import TokensEncoded
from mtjlab.procedures.training.events import Prediction
from mtjlab.procedures.training.state import TrainingState

Probabilities: TypeAlias = Callable[[int, FloatArray], FloatArray]
"""Of an input and its currents [L]: probability [L, N+1] that each number of junctions switches."""

_JOINED_STEPS = 1


def predict(
    encoded: TokensEncoded, critical: Sequence[CriticalEstimate], controls: ControlCurrents, dwell_s: float
) -> Prediction:
    """Rates expected at ``controls``, with what is not known of the critical currents averaged in."""
    rows_ua, spans = controls.by_input_ua, controls.spans(len(critical))
    return _rates(
        encoded,
        lambda j, at_ua: map_axis(critical_inputs(critical[spans[j]], rows_ua[j]), at_ua, dwell_s).probabilities,
    )


def expected_at(
    encoded: TokensEncoded, laws: Sequence[SwitchingLaw], controls: ControlCurrents, dwell_s: float
) -> Prediction:
    """Rates expected at ``controls`` if junctions follow ``laws``."""
    rows_ua, spans = controls.by_input_ua, controls.spans(len(laws))

    def probabilities(j: int, at_ua: FloatArray) -> FloatArray:
        shifted = [law.shifted(-control) for law, control in zip(laws[spans[j]], rows_ua[j], strict=True)]
        return count_probabilities(shifted, at_ua, dwell_s)

    return _rates(encoded, probabilities)


def are_joined(steps: Sequence[int]) -> bool:
    """Whether a line may join rates measured at ``steps``: farther apart, it would show a course that nobody saw."""
    return all(after - before <= _JOINED_STEPS for before, after in pairwise(steps))


@dataclass(frozen=True, slots=True)
class ExpectedRates:
    """Expected rates of the steps of a training, each computed once."""

    _known: dict[tuple[int, ControlCurrents], Prediction] = field(default_factory=dict)

    def between(self, learnt: TrainingState) -> dict[int, Prediction]:
        """By step, those at which the rates were not measured; none before inputs have been applied."""
        if learnt.encoded is None or not learnt.critical or not learnt.held_s:
            return {}
        measured = {one.step for one in learnt.recognition}
        return {
            step: self._at(learnt, learnt.encoded, step, controls)
            for step, controls in enumerate(learnt.controls_by_step)
            if step not in measured
        }

    def _at(self, learnt: TrainingState, encoded: TokensEncoded, step: int, controls: ControlCurrents) -> Prediction:
        if (step, controls) not in self._known:
            laws = RestState.of(_critical_at(learnt, step)).rising
            self._known[step, controls] = expected_at(encoded, laws, controls, learnt.held_s)
        return self._known[step, controls]


def _critical_at(learnt: TrainingState, step: int) -> CriticalCurrents:
    """Critical currents that were known last at a step."""
    known = [critical for since, critical in learnt.critical if since <= step]
    return known[-1] if known else learnt.critical[0][1]


def _rates(encoded: TokensEncoded, probabilities: Probabilities) -> Prediction:
    return Prediction(*(_rate(encoded, probabilities, subset) for subset in ("train", "test")))


def _rate(encoded: TokensEncoded, probabilities: Probabilities, subset: Subset) -> float:
    """Mean probability of the configurations that stand for the class of a token."""
    tokens = [token for token in encoded.tokens if token.subset == subset]
    labels = np.array([token.label for token in tokens])
    inputs_ua = np.array([token.inputs_ua for token in tokens]).T
    by_input = [probabilities(j, at_ua) for j, at_ua in enumerate(inputs_ua)]
    right = 0.0
    for label, configuration in encoded.encoding.configurations:
        shown = [of_input[:, count] for of_input, count in zip(by_input, configuration.counts, strict=True)]
        right += float(np.prod(shown, axis=0) @ (labels == label))
    return right / len(tokens)
