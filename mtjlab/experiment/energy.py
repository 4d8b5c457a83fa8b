"""Energy of a run and what is expected of other chains, as ``--json`` prints it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtjlab.domain import junction_label
from mtjlab.energy import PHASES, Energy
from mtjlab.errors import RefusedError
from mtjlab.events import JunctionsMeasured
from mtjlab.procedures.kind import Run
from mtjlab.projection import (
    ANTIPARALLEL,
    ASSUMPTIONS,
    PAPER,
    TABLE_J,
    WIDTHS_S,
    Chain,
    Paper,
    measured_powers_w,
    power_at_w,
)
from mtjlab.runs.opened import run_of


@dataclass(frozen=True, slots=True)
class ProjectionRequest:
    """What to project for; what is None is as in the run. Currents are those of every junction."""

    junctions: int | None = None
    inputs: int | None = None
    widths_s: Sequence[float] = WIDTHS_S
    input_ua: float | None = None
    reset_ua: float | None = None


def energy_json(folder: Path, request: ProjectionRequest | None = None) -> dict[str, Any]:
    """Energy of the run in ``folder``.

    Raises:
        RefusedError: ``folder`` is no run folder, its journal is damaged, or it lacks what the projection needs.
    """
    run = run_of(folder)
    found = run.energy
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
        "leads_j": sum(found.leads_j),
        "estimated_share": found.estimated_share,
        **_projection(run, found, request or ProjectionRequest()),
    }


def _projection(run: Run[Any], found: Energy, request: ProjectionRequest) -> dict[str, Any]:
    chain = _chain(run, found, request)
    if chain is None:
        return {"projection": [], "projected_for": None}
    paper = Paper(chain.junctions, chain.inputs)
    is_at_currents = request.input_ua is not None or request.reset_ua is not None
    return {
        "projection": [
            {
                "width_s": one.width_s,
                "input_j": one.input_j,
                "reset_j": one.reset_j,
                "total_j": one.total_j,
                "paper_j": paper.pulses_j,
                "classification_j": one.classification_j,
                "classification_with_reset_j": one.classification_with_reset_j,
            }
            for one in chain.projections(request.widths_s)
        ],
        "projected_for": {
            "junctions": chain.junctions,
            "inputs": chain.inputs,
            "input_power_w": chain.input_w,
            "reset_power_w": chain.reset_w,
            "input_current_ua": request.input_ua,
            "reset_current_ua": request.reset_ua,
            "assumptions": [*ASSUMPTIONS, *([ANTIPARALLEL] if is_at_currents else [])],
            "paper": {
                "pulses_j": paper.pulses_j,
                "reading_j": list(paper.reading_j),
                "table_j": TABLE_J,
                "classification_j": list(paper.classification_j),
                "source": PAPER,
            },
        },
    }


def _chain(run: Run[Any], found: Energy, request: ProjectionRequest) -> Chain | None:
    """The chain to project for; None if neither the run nor the request tells the powers.

    Raises:
        RefusedError: powers at currents are requested of a run without references.
    """
    measured_w = measured_powers_w(found) or (None, None)
    powers_w = [
        known_w if current_ua is None else power_at_w(_references(run).references, current_ua)
        for known_w, current_ua in zip(measured_w, (request.input_ua, request.reset_ua), strict=True)
    ]
    at_input_w, at_reset_w = powers_w
    if at_input_w is None or at_reset_w is None:
        return None
    of_run = round(found.inputs / found.presentations) if found.presentations else 1
    return Chain(request.junctions or len(found.junctions_j), request.inputs or of_run, at_input_w, at_reset_w)


def _references(run: Run[Any]) -> JunctionsMeasured:
    if (measured := run.state.measured) is None:
        raise RefusedError(
            f"{run.folder}: the junctions were not measured in this run, so the energy at a given current is not "
            "known. Leave out the currents, or name another run."
        )
    return measured
