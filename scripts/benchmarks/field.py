"""Runs against the field on the simulated bench: how often 95 % intervals cover the truth, and the slopes.

``configs/magnet.toml`` in process, a magnet with remanence and a gaussmeter with noise, the default plan: 8 loops and
sweeps in 5 fields. The truth is computed from the parameters of the simulation: the mean switching fields of a
continuous ramp at the rate of the loops, the resistances at the probing current, the configured slope. The bars:
coercive field and shift of each junction inside their intervals in 91 to 98.5 % of the seeds, the mean slope of each
junction within 1 % of the configured one, and a working point that keeps every margin in every seed.
"""

import argparse
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from joblib import Parallel, delayed
from rich.console import Console

from mtjlab.analysis.field_loops import LoopEstimate, Measured
from mtjlab.benches.factory import open_equipment
from mtjlab.benches.simulated_rack import junction_models
from mtjlab.config import SimulatedBenchConfig, read_bench
from mtjlab.experiment import OnBench, prepare
from mtjlab.procedures.field.events import LoopsMeasured, WorkingPointChosen
from mtjlab.procedures.field.plan import FieldOptions, FieldPlan
from mtjlab.procedures.field.procedure import measure_field
from mtjlab.procedures.kinds import KINDS
from mtjlab.supplied_configs import CONFIGS
from tests.analysis.field_chip import true_fields_mt

BENCH = CONFIGS / "magnet.toml"
LOWEST, HIGHEST, OFF = 0.91, 0.985, 0.01
QUANTITIES = ("coercive field", "shift", "TMR", "spread, rising", "spread, falling", "slope")


class Found(NamedTuple):
    """What a seed gave: whether each interval covers, by junction and quantity; slopes; field and margin chosen."""

    covers: list[list[bool]]
    widths_mt: list[float]
    slopes: list[float]
    field_mt: float
    margin_ua: float
    bench_s: float


def measured(seed: int) -> Found:
    """A whole run of one seed."""
    config = read_bench(BENCH)
    assert isinstance(config, SimulatedBenchConfig)
    request = prepare(KINDS["field"], FieldOptions(), OnBench(BENCH, seed=seed))
    assert isinstance(request.plan, FieldPlan)
    equipment = open_equipment(config, seed)
    assert equipment.field is not None
    equipment.bench.connect()
    equipment.field.switch_on()
    equipment.bench.switch_on()
    events = list(measure_field(equipment.bench, equipment.field, request.config, request.plan))
    loops = next(event for event in events if isinstance(event, LoopsMeasured)).loops
    chosen = events[-1]
    assert isinstance(chosen, WorkingPointChosen)
    assert chosen.point is not None
    shifts = [slope.shift_ua_per_mt for slope in chosen.slopes]
    kappa = config.simulation.critical_shift_ua_per_mt
    covers = [[*_loop_covers(config, one), holds(shift, kappa)] for one, shift in zip(loops, shifts, strict=True)]
    widths_mt = [one.coercive_mt.high - one.coercive_mt.low for one in loops if one.coercive_mt]
    slopes = [shift.value for shift in shifts if shift]
    return Found(covers, widths_mt, slopes, chosen.point.field_mt, chosen.point.margin_ua, equipment.bench.time_s)


def _loop_covers(config: SimulatedBenchConfig, one: LoopEstimate) -> Sequence[bool]:
    k, kappa = one.junction, config.simulation.critical_shift_ua_per_mt
    up_mt, down_mt = true_fields_mt(config, k, one.ramp_mt_per_s)
    spread_mt = config.simulation.each("critical_spread_ua")[k] / kappa
    return (
        holds(one.coercive_mt, (up_mt - down_mt) / 2),
        holds(one.shift_mt, (up_mt + down_mt) / 2),
        holds(one.tmr, true_tmr(config, k)),
        holds(one.up_spread_mt, spread_mt),
        holds(one.down_spread_mt, spread_mt),
    )


def true_tmr(config: SimulatedBenchConfig, junction: int, probe_ua: float = 20.0) -> float:
    """R_AP / R_P - 1 at the probing current, leads included as voltmeters see them."""
    model = junction_models(config.simulation)[junction]
    leads_v = probe_ua * 1e-6 * model.lead_resistance_ohm
    parallel_v, antiparallel_v = (model.voltage_v(state, probe_ua * 1e-6) + leads_v for state in ("P", "AP"))
    return antiparallel_v / parallel_v - 1.0


def holds(measured: Measured | None, truth: float) -> bool:
    """Whether an interval covers the truth; one that is not determined does not."""
    return measured is not None and measured.low <= truth <= measured.high


def main() -> None:
    """Measure, print, and end with 1 beyond a bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    seeds = range(parser.parse_args().seeds)
    found: list[Found] = Parallel(n_jobs=-1)(delayed(measured)(seed) for seed in seeds)
    shares = np.mean([one.covers for one in found], axis=0)
    console = Console()
    for name, of_junctions in zip(QUANTITIES, shares.T, strict=True):
        covered = ", ".join(f"{share:.1%}" for share in of_junctions)
        console.print(f"{name:16} covered in {covered} of {len(seeds)} seeds")
    widths_mt = np.mean([one.widths_mt for one in found])
    slopes = np.array([one.slopes for one in found])
    kappa = read_bench(BENCH).simulation.critical_shift_ua_per_mt
    means = slopes.mean(axis=0)
    console.print(f"interval of a coercive field {widths_mt:.3f} mT wide in the mean")
    console.print(
        f"slope {', '.join(f'{mean:.2f}' for mean in means)} uA/mT in the mean, standard deviation "
        f"{slopes.std(ddof=1):.2f}; configured {kappa:g}"
    )
    fields_mt, margins_ua = [one.field_mt for one in found], [one.margin_ua for one in found]
    console.print(
        f"working point {min(fields_mt):.2f} .. {max(fields_mt):.2f} mT, margin {min(margins_ua):.0f} .. "
        f"{max(margins_ua):.0f} uA; {found[0].bench_s:.0f} s of bench time a run"
    )
    loops = shares[:, :2]
    is_off = bool(np.abs(means / kappa - 1).max() > OFF)
    raise SystemExit(not (loops.min() >= LOWEST and loops.max() <= HIGHEST) or is_off or min(margins_ua) < 0)


if __name__ == "__main__":
    main()
