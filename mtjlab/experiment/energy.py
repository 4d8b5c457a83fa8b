"""Energy of a run, as ``--json`` prints it."""

from pathlib import Path
from typing import Any

from mtjlab.domain import junction_label
from mtjlab.energy import PHASES, Energy, energy_of, projections
from mtjlab.runs.opened import run_of

WIDTHS_S = (50e-3, 1e-3, 50e-6, 1e-6, 300e-9, 10e-9)
"""Widths of a projection: a dwell on the bench, what sources can do, and the paper's pulses."""


def energy_json(folder: Path) -> dict[str, Any]:
    """Energy of the run in ``folder``.

    Raises:
        RefusedError: ``folder`` is no run folder, or its journal is damaged.
    """
    run = run_of(folder)
    found = energy_of(run.events())
    return {
        "run": str(folder),
        "simulated": run.started.bench.simulated if run.started else None,
        "inputs": found.inputs,
        "presentations": found.presentations,
        "total_j": found.total_j,
        "per_input_j": {name: found.per_input_j(name) for name in PHASES},
        "phases": {
            name: {"duration_s": one.duration_s, "junctions_j": one.junctions_j, "estimated_j": one.estimated_j}
            for name, one in found.phases.items()
        },
        "junctions_j": [
            {"junction": junction_label(k), "energy_j": energy_j} for k, energy_j in enumerate(found.junctions_j)
        ],
        "sources_j": [
            {"source": junction_label(k), "delivered_j": delivered_j, "absorbed_j": absorbed_j}
            for k, (delivered_j, absorbed_j) in enumerate(zip(found.delivered_j, found.absorbed_j, strict=True))
        ],
        "leads_j": found.leads_j,
        "estimated_share": found.estimated_share,
        "projection": _projection(found),
    }


def _projection(found: Energy) -> list[dict[str, float]]:
    """Of an input and a reset of equal duration, at the mean powers of this run; nothing without inputs."""
    at_input, at_reset = found.presented["input"], found.presented["reset"]
    if not (found.inputs and at_input.duration_s and at_reset.duration_s):
        return []
    powers_w = at_input.junctions_j / at_input.duration_s, at_reset.junctions_j / at_reset.duration_s
    return [
        {
            "width_s": one.width_s,
            "input_j": one.input_j,
            "reset_j": one.reset_j,
            "total_j": one.total_j,
            "paper_j": one.paper_j,
        }
        for one in projections(*powers_w, len(found.junctions_j), WIDTHS_S)
    ]
