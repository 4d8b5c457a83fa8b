"""What a run folder tells of its run."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from mtjlab.events import RecognitionMeasured
from mtjlab.reading import read_events
from mtjlab.run_state import RunState, fold
from mtjlab.run_status import standing
from mtjlab.store import span_s


def summary(folder: Path) -> dict[str, Any]:
    """The result of a run in plain words and numbers, as ``--json`` prints it.

    Raises:
        RefusedError: ``folder`` is no run folder, or its journal is damaged.
    """
    state = fold(read_events(folder), keeps=(RecognitionMeasured,))
    last = state.recognition[-1] if state.recognition else None
    return {
        **of_any_run(folder, state),
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


def of_any_run(folder: Path, state: RunState) -> dict[str, Any]:
    """What every run has: where it is, how it ended, on which bench, how long it took."""
    started, stands = state.started, standing(folder)
    return {
        "run": str(folder),
        "status": stands.status,
        "reason": stands.why,
        "ended": stands.sentence if stands.is_over else None,
        "outputs_may_be_on": stands.may_be_on,
        "bench": started.bench.name if started else None,
        "simulated": started.bench.simulated if started else None,
        "derived_from": started.derived_from.run if started and started.derived_from else None,
        "duration_s": span_s(folder),
    }


def draw(folder: Path) -> list[Path]:
    """Draw all figures of a run into its folder.

    Raises:
        RefusedError: ``folder`` is no run folder, its journal is damaged, or nothing was measured yet.
    """
    from mtjlab.figures import draw_figures  # noqa: PLC0415  drawing is slow to import and not always wanted

    return draw_figures(folder)
