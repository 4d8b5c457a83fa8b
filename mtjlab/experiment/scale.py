"""How far chains scale within the limits of a bench, as ``--json`` prints it and as it is drawn."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from mtjlab.analysis.scale import ASSUMPTIONS, PRESENTATIONS, Build, Chains, Largest, Limit, chains_for
from mtjlab.config import BenchConfig
from mtjlab.counted import counted
from mtjlab.envelope import nominal_law
from mtjlab.errors import RefusedError
from mtjlab.figures.saving import save_figure
from mtjlab.figures.scale import Row, scale_figure
from mtjlab.provenance import software

MOST_ROWS = 200
"""More take longer than anybody waits for a table."""


@dataclass(frozen=True, slots=True)
class ScaleRequest:
    """Chains to look at, in all combinations; their junctions, the limits that are not those of the bench, classes.

    ``breakdown_mv`` is that of the stack, with its source.
    """

    junctions: tuple[int, ...]
    inputs: tuple[int, ...]
    spacings_ua: tuple[float, ...]
    spreads_ua: tuple[float, ...]
    clouds_ua: tuple[float, ...]
    classes: tuple[int, ...]
    up_ua: float
    down_ua: float
    margin_ua: float
    current_ua: float | None = None
    voltage_mv: float | None = None
    breakdown_mv: float | None = None
    breakdown_source: str | None = None
    seed: int = 0


def scale_json(bench: BenchConfig, file: str, request: ScaleRequest, figure: Path | None = None) -> dict[str, Any]:
    """Recognition and limits of all chains asked for; their figure is written to ``figure``.

    ``file`` names the bench, which has the limits.

    Raises:
        RefusedError: a breakdown voltage without its source, too many rows, or a figure that cannot be written.
    """
    build, chains = _build(bench, file, request), list(_chains(request))
    rows = tuple(Row(one, one.expected(), one.monte_carlo(request.seed)) for one in chains)
    if figure is not None:
        line = f"EXPECTED, not measured  ·  limits of {file}  ·  {software()}"
        save_figure(figure, lambda: scale_figure(rows, build, request.spacings_ua), line)
    return {
        "expected": True,
        "bench": file,
        "rows": [_row_json(row, build) for row in rows],
        "largest": [
            {
                "spacing_ua": spacing_ua,
                "equal": _largest_json(build.largest_equal(spacing_ua)),
                "graded": _largest_json(build.largest_graded(spacing_ua)),
                "classes": [_classes_json(n, build.largest_equal(spacing_ua)) for n in request.classes],
            }
            for spacing_ua in request.spacings_ua
        ],
        "junction": {"up_ua": build.up_ua, "down_ua": build.down_ua, "margin_ua": build.margin_ua},
        "breakdown": {"voltage_mv": request.breakdown_mv, "source": request.breakdown_source},
        "presentations": PRESENTATIONS,
        "seed": request.seed,
        "assumptions": list(ASSUMPTIONS),
        "figure": str(figure) if figure else None,
    }


def _chains(request: ScaleRequest) -> Iterator[Chains]:
    combinations = list(
        product(request.junctions, request.inputs, request.spacings_ua, request.spreads_ua, request.clouds_ua)
    )
    if len(combinations) > MOST_ROWS:
        raise RefusedError(f"These are {counted(len(combinations), 'row')}, more than {MOST_ROWS}. Give fewer numbers.")
    return (Chains(*one) for one in combinations)


def _build(bench: BenchConfig, file: str, request: ScaleRequest) -> Build:
    limits, law = bench.limits, nominal_law(bench.device)
    voltages = [
        Limit(
            f"limits.junction_voltage_refuse_mv = {limits.junction_voltage_refuse_mv:g} of {file}",
            0.0,
            limits.junction_voltage_refuse_mv,
        )
        if request.voltage_mv is None
        else Limit(f"--voltage-limit {request.voltage_mv:g}", 0.0, request.voltage_mv)
    ]
    if (request.breakdown_mv is None) != (request.breakdown_source is None):
        raise RefusedError(
            "A breakdown voltage is that of one stack: give both --breakdown and --breakdown-source, such as a "
            "measurement or a publication. There is no general value."
        )
    if request.breakdown_mv is not None:
        voltages.append(
            Limit(f"breakdown at {request.breakdown_mv:g} mV ({request.breakdown_source})", 0.0, request.breakdown_mv)
        )
    if request.current_ua is not None:
        drive = reset = Limit(f"--current-limit {request.current_ua:g}", request.current_ua)
    else:
        low_ua, high_ua = limits.junction_current_min_ua, limits.junction_current_max_ua
        drive = Limit(f"limits.junction_current_max_ua = {high_ua:g} of {file}", high_ua)
        reset = Limit(f"limits.junction_current_min_ua = {low_ua:g} of {file}", -low_ua)
    return Build(request.up_ua, request.down_ua, request.margin_ua, law, (drive, *voltages), (reset, *voltages))


def _row_json(row: Row, build: Build) -> dict[str, Any]:
    """Shares are fractions; ``fits``: the limits allow so many equal junctions."""
    most = build.largest_equal(row.chains.spacing_ua).binding.junctions
    shares = {"expected": row.expected, "monte_carlo": row.monte_carlo}
    return {**asdict(row.chains), **shares, "fits": row.chains.junctions <= most}


def _largest_json(largest: Largest) -> dict[str, Any]:
    binding = largest.binding
    return {
        "drive": largest.drive.junctions,
        "reset": largest.reset.junctions,
        "largest": binding.junctions,
        "binding": binding.name,
        "limit": binding.set_by,
    }


def _classes_json(classes: int, largest: Largest) -> dict[str, Any]:
    chains, junctions = chains_for(classes, largest.binding.junctions) or (None, None)
    return {"classes": classes, "chains": chains, "junctions": junctions}
