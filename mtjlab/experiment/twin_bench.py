"""A twin as a bench: parameters of a fitted chip to and from [simulation] and [twin] of a bench file."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import tomli_w

from mtjlab.analysis.pooled_references import PooledReference
from mtjlab.analysis.twin import NOT_KNOWN_UA, ChipLaws, Layout, TwinFit
from mtjlab.arrays import FloatArray
from mtjlab.config import BenchConfig, SimulatedBenchConfig, Simulation, Timing
from mtjlab.config.twin import TwinOrigin
from mtjlab.domain import junction_label
from mtjlab.errors import RefusedError

TWIN = "TWIN of "
PER_CENT = 100.0
_DECIMALS = 4
_LARGEST_PERCENT, _LEAST_SPREAD_UA = 799.0, 0.3
_LEAST_TMR_PERCENT = 1.0


def twin_bench(
    bench: BenchConfig,
    fit: TwinFit,
    references: Sequence[PooledReference],
    runs: Sequence[str],
    at: str,
    simulated: bool,
) -> SimulatedBenchConfig:
    """The bench of a twin of the chip of ``bench``, fitted to ``runs`` at the time ``at``.

    Limits are those of ``bench``; its settling, and the aperture of its voltmeters, are the timing of the twin.
    """
    n, chip = fit.layout.junctions, fit.chip
    kept = 3 * n + fit.layout.drifts
    unknown = _not_seen(fit)
    simulation = simulation_of(chip, [one.law for one in references], [one.offset_mv for one in references])
    noise_mv = float(np.sqrt(np.mean([one.noise_mv**2 for one in references])))
    return SimulatedBenchConfig(
        name=f"{TWIN}{bench.name}",
        limits=bench.limits,
        device=bench.device.model_copy(update={"name": f"{TWIN}{bench.device.name}"}),
        timing=Timing(settle_s=bench.timing.settle_s, aperture_s=bench.aperture_s),
        chains=bench.chain_sizes if len(bench.chain_sizes) > 1 else None,
        simulation=simulation.model_copy(update={"meter_noise_mv": round(noise_mv, 6)}),
        twin=TwinOrigin(
            of=bench.device.name,
            runs=tuple(runs),
            fitted_at=at,
            of_simulated=simulated,
            drift={0: "none", 1: "common"}.get(fit.layout.drifts, "own"),  # type: ignore[arg-type]
            switching_covariance=_rows(fit.covariance[:kept, :kept]),
            resistance_covariance=tuple(_rows(one.covariance) for one in references),
            not_seen=unknown,
        ),
    )


def _not_seen(fit: TwinFit) -> tuple[str, ...]:
    ways = "AP -> P", "P -> AP"
    return tuple(
        f"{junction_label(k)} {way}"
        for k in range(fit.layout.junctions)
        for way, error_ua in zip(ways, fit.mean_errors_ua(k), strict=True)
        if error_ua > NOT_KNOWN_UA
    )


def simulation_of(chip: ChipLaws, laws: Sequence[Any], offsets_mv: Sequence[float]) -> Simulation:
    """[simulation] of a chip with these switching laws, resistance laws and offsets."""
    rounded = [[round(float(one), _DECIMALS) for one in column] for column in _columns(chip, laws, offsets_mv)]
    keys = (
        "critical_current_ap_to_p_ua", "critical_current_p_to_ap_ua", "critical_spread_ua", "critical_drift_ua_per_h",
        "resistance_parallel_ohm", "tmr_percent", "half_bias_mv", "bias_conductance_per_v2", "meter_offset_mv",
    )  # fmt: skip
    return Simulation.model_validate({key: tuple(column) for key, column in zip(keys, rounded, strict=True)})


def _columns(chip: ChipLaws, laws: Sequence[Any], offsets_mv: Sequence[float]) -> tuple[Sequence[float], ...]:
    return (
        chip.up_ua,
        chip.down_ua,
        chip.spread_ua,
        chip.drift_ua_per_h,
        [law.r_p_ohm for law in laws],
        [law.tmr * PER_CENT for law in laws],
        [law.half_bias_mv for law in laws],
        [law.bias_per_v2 for law in laws],
        offsets_mv,
    )


def fit_in(bench: SimulatedBenchConfig, origin: TwinOrigin) -> TwinFit:
    """The switching laws of a twin with their covariance, as its bench file has them."""
    simulation, n = bench.simulation, bench.junctions
    layout = Layout(n, origin.drifts(n), 0)
    own = np.array(
        [
            simulation.each("critical_current_ap_to_p_ua"),
            simulation.each("critical_current_p_to_ap_ua"),
            np.log(simulation.each("critical_spread_ua")),
        ]
    ).T.ravel()
    values: FloatArray = np.concatenate([own, simulation.each("critical_drift_ua_per_h")[: layout.drifts]])
    return TwinFit(layout, values, np.array(origin.switching_covariance), 0.0)


def drawn(bench: BenchConfig, seed: int) -> SimulatedBenchConfig:
    """The twin with parameters drawn from what is uncertain of them, by ``seed``.

    Raises:
        RefusedError: the bench is no twin.
    """
    if not isinstance(bench, SimulatedBenchConfig) or bench.twin is None:
        raise RefusedError(
            "--draw draws the uncertainties of a twin, and this bench is none. `mtjlab twin fit` makes twins of runs."
        )
    rng = np.random.default_rng([seed, 0x7717])
    (chip,) = fit_in(bench, bench.twin).drawn(1, rng)
    simulation = bench.simulation
    values = np.array(
        [
            simulation.each("resistance_parallel_ohm"),
            np.array(simulation.each("tmr_percent")) / PER_CENT,
            simulation.each("half_bias_mv"),
            simulation.each("bias_conductance_per_v2"),
            simulation.each("meter_offset_mv"),
        ]
    ).T
    rows = [
        rng.multivariate_normal(row, np.array(covariance), method="svd")
        for row, covariance in zip(values, bench.twin.resistance_covariance, strict=True)
    ]
    resistance = np.array(rows).T
    new = {
        "critical_current_ap_to_p_ua": chip.up_ua,
        "critical_current_p_to_ap_ua": chip.down_ua,
        "critical_spread_ua": tuple(max(one, _LEAST_SPREAD_UA) for one in chip.spread_ua),
        "critical_drift_ua_per_h": chip.drift_ua_per_h,
        "resistance_parallel_ohm": tuple(resistance[0].tolist()),
        "tmr_percent": tuple(np.clip(PER_CENT * resistance[1], _LEAST_TMR_PERCENT, _LARGEST_PERCENT).tolist()),
        "half_bias_mv": tuple(resistance[2].tolist()),
        "bias_conductance_per_v2": tuple(np.maximum(resistance[3], 0.0).tolist()),
        "meter_offset_mv": tuple(resistance[4].tolist()),
    }
    return SimulatedBenchConfig.model_validate(
        {
            **bench.model_dump(exclude_none=True),
            "name": f"{bench.name}, drawn with seed {seed}",
            "simulation": simulation.model_dump() | new,
            "twin": bench.twin.model_dump() | {"drawn_with_seed": seed},
        }
    )


def twin_text(bench: SimulatedBenchConfig) -> str:
    """The bench file of a twin."""
    return tomli_w.dumps(bench.model_dump(mode="json", exclude_none=True), multiline_strings=False)


def _rows(matrix: FloatArray) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(f"{one:.6g}") for one in row) for row in matrix)
