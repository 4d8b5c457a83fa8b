"""What a training has learnt, in plain words and numbers."""

from dataclasses import asdict
from typing import Any

from mtjlab.run_state import RunState


def learnt_told(state: RunState) -> dict[str, Any]:
    """Recognition, control currents, and what went wrong on the way."""
    last = state.recognition[-1] if state.recognition else None
    return {
        "vowels": state.started.data if state.started else None,
        "seed": state.started.seed if state.started else None,
        "steps": state.step,
        "recognition": {"train": last.train, "test": last.test} if last else None,
        "recognition_by_step": [{"step": r.step, "train": r.train, "test": r.test} for r in state.recognition],
        "warm_start": {"expected": asdict(state.warm.warm), "cold": asdict(state.warm.cold)} if state.warm else None,
        "control_currents_ua": state.controls.by_label() if state.controls else None,
        "assignment_proven_optimal": state.encoded.encoding.proven_optimal if state.encoded else None,
        "presentations": state.presentations,
        "without_configuration": state.without_configuration,
        "reset_failures": state.reset_failures,
        "held_moves": state.held_moves,
        "suspensions": state.suspensions,
        "parent": state.started.parent.run if state.started and state.started.parent else None,
    }
