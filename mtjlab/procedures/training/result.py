"""Result of a training, as printed by ``--json``."""

from dataclasses import asdict
from typing import Any

import numpy as np

from mtjlab.analysis.probability import share_interval
from mtjlab.domain import input_label, junction_label
from mtjlab.procedures.training.events import DEVIATIONS, RecognitionMeasured
from mtjlab.procedures.training.expected import ExpectedRates
from mtjlab.procedures.training.state import TrainingState
from mtjlab.record import Record


def training_json(state: Record, learnt: TrainingState, needed_s: float | None) -> dict[str, Any]:
    """Recognition, control currents, and counts of problems.

    ``needed_s`` is what settling, dwell and apertures need of the time of a presentation.
    """
    last, tallies = learnt.recognition[-1] if learnt.recognition else None, state.tallies
    return {
        "vowels": state.started.data if state.started else None,
        "seed": state.started.seed if state.started else None,
        "steps": learnt.step,
        "recognition": {"train": last.train, "test": last.test} if last else None,
        "recognition_tokens": dict(last.tokens) if last else None,
        "recognition_interval": _intervals(last) if last else None,
        "recognition_by_step": [{"step": r.step, "train": r.train, "test": r.test} for r in learnt.recognition],
        "expected_recognition_by_step": [
            {"step": step, "train": expected.train, "test": expected.test}
            for step, expected in ExpectedRates().between(learnt).items()
        ],
        "warm_start": {"expected": asdict(learnt.warm.warm), "cold": asdict(learnt.warm.cold)} if learnt.warm else None,
        "inputs_before_training": len(learnt.first_probes),
        "bench_time_s": round(learnt.learning_s, 3),
        "presentation_s": _mean_s(learnt),
        "presentation_needs_s": None if needed_s is None else round(needed_s, 6),
        "refreshes": len(learnt.refreshed),
        "drift_ua": _drift(learnt),
        "control_currents_ua": learnt.controls.by_label() if learnt.controls else None,
        "chains": _chains(state, learnt),
        "assignment_proven_optimal": _proven_optimal(learnt),
        "presentations": tallies["presentations"],
        "without_configuration": tallies["without_configuration"],
        "reset_failures": tallies["reset_failures"],
        "held_moves": tallies["held_moves"],
        "suspensions": tallies["suspensions"],
        "parent": state.started.parent.run if state.started and state.started.parent else None,
    }


def _chains(state: Record, learnt: TrainingState) -> dict[str, Any] | None:
    """Control currents of each of parallel chains; None for a single chain."""
    if state.started is None or not state.started.bench.chains or learnt.controls is None:
        return None
    return {
        input_label(j): {"control_currents_ua": list(row_ua)} for j, row_ua in enumerate(learnt.controls.by_input_ua)
    }


def _mean_s(learnt: TrainingState) -> float | None:
    """Mean bench time of a presentation; None if no two followed each other at once."""
    return round(learnt.presentations_s / learnt.presentations_timed, 6) if learnt.presentations_timed else None


def _drift(learnt: TrainingState) -> dict[str, Any] | None:
    """Drift of the thresholds that control currents have followed, since the probes before the training.

    ``*_error`` are half widths of the 95 % intervals of what the probes at both ends tell.
    """
    if not learnt.refreshed or not learnt.probes[-1].errors_ua:
        return None
    own_ua = [sum(each_ua) for each_ua in zip(*(one.own_ua for one in learnt.refreshed), strict=True)]
    before = learnt.first_probes[-1:] or learnt.probes[:1]
    errors_ua = DEVIATIONS * np.hypot(before[0].errors_ua, learnt.probes[-1].errors_ua)
    return {
        "common": round(sum(one.common_ua for one in learnt.refreshed), 3),
        "common_error": round(float(np.linalg.norm(errors_ua)) / len(errors_ua), 3),
        "own": {junction_label(k): round(one, 3) for k, one in enumerate(own_ua)},
        "own_error": {junction_label(k): round(float(one), 3) for k, one in enumerate(errors_ua)},
    }


def _proven_optimal(learnt: TrainingState) -> bool | None:
    """None also if no configuration was assigned to a class, as all were fitted together."""
    encoding = learnt.encoded.encoding if learnt.encoded else None
    return None if encoding is None or encoding.is_joint else encoding.proven_optimal


def _intervals(measured: RecognitionMeasured) -> dict[str, list[float]]:
    """95 % interval of each rate: that of a few tokens is uncertain."""
    rates, tokens = measured.rates, measured.tokens
    return {subset: list(share_interval(rates[subset] * tokens[subset], tokens[subset])) for subset in rates}
