"""Critical currents of the simulated bench: how often 95 % intervals cover the truth, and what an adaptive map saves.

Sweeps as `mtjlab sweep` makes them, on the bench in process, of the chip of configs/simulated.toml: AP -> P and P -> AP
under two settings of the control currents. Maps: probes against 160 curves of 0 to 900 uA in steps of 5 uA, both on the
bench in process, to the same 95 % width. The bars: coverage of 91 to 98.5 % by sweeps and of 92 % or more by probes,
and ten times fewer readings, those of the search and of every look at the reset counted.
"""

import argparse
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from rich.console import Console
from rich.table import Table

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.benches import open_bench
from mtjlab.config import PlanConfig, SweepSettings, read_bench
from mtjlab.domain import Interval
from mtjlab.events import SwitchingMeasured
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.sweep.procedure import sweep
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.procedures.switching_map.procedure import switching_map

BENCH = read_bench(Path(__file__).parents[2] / "configs" / "simulated.toml")
TRUTH = BENCH.simulation
UP_UA, DOWN_UA = TRUTH.critical_current_ap_to_p_ua, TRUTH.critical_current_p_to_ap_ua
SETTINGS = ((-500.0, -500.0, -500.0), (-460.0, -380.0, -560.0))
CURVES_READINGS = 28_960
LOWEST, HIGHEST, LOWEST_PROBES = 0.91, 0.985, 0.92


def swept(seed: int, repetitions: int) -> list[list[bool]]:
    """Whether mean and spread are covered: for each setting, direction and junction."""
    rows = []
    for setting, row_ua in enumerate(SETTINGS):
        asked = SweepPlan(controls_ua=row_ua, staircase=SweepSettings(repetitions=repetitions))
        (series,) = last(sweep(open_bench(BENCH, 2 * seed + setting), PlanConfig(), asked)).series
        for found, truth in (
            (series.up, TRUTH.critical_current_ap_to_p_ua),
            (series.down, TRUTH.critical_current_p_to_ap_ua),
        ):
            rows += [covers(one, mean_ua) for one, mean_ua in zip(found, truth, strict=True)]
    return rows


def covers(found: object, mean_ua: float) -> list[bool]:
    """Whether the intervals of an estimate hold the truth: of the mean, and of the spread."""
    if not isinstance(found, CriticalEstimate):
        return [False, False]
    return [mean_ua in found.mean_interval, TRUTH.critical_spread_ua in found.spread_interval]


def mapped(seed: int, width_ua: float, way: str = "adaptive") -> tuple[int, list[bool], list[float]]:
    """Readings of a map, whether each critical input is covered, and the widths of its intervals."""
    asked = MapPlan(controls_ua=SETTINGS, way=way, width_ua=width_ua)  # type: ignore[arg-type]
    found = last(switching_map(open_bench(BENCH, 10_000 + seed), PlanConfig(), asked))
    ups = [one for series in found.series for one in series.up]
    means_ua = UP_UA * len(SETTINGS)
    covered = [covers(one, mean_ua)[0] for one, mean_ua in zip(ups, means_ua, strict=True)]
    return found.readings, covered, [width(one.mean_interval) for one in ups if isinstance(one, CriticalEstimate)]


def last(procedure: object) -> SwitchingMeasured:
    """The result of a procedure."""
    *_, found = procedure  # type: ignore[misc]
    assert isinstance(found, SwitchingMeasured)
    return found


def width(interval: Interval) -> float:
    """How wide it is."""
    return interval.high_ua - interval.low_ua


def report_sweeps(covered: np.ndarray) -> bool:
    """Print coverage [seed, setting x direction x junction, (mean, spread)]; whether the bars hold for each direction.

    Two standard errors of a single junction's share, of 200 seeds, are 3 %: it may well lie outside.
    """
    shares = covered.mean(axis=0).reshape(len(SETTINGS), 2, -1, 2)
    table = Table(
        "control currents", "direction", "means J1 J2 J3 %", "spreads J1 J2 J3 %", title=f"{len(covered)} sweeps each"
    )
    for setting, row_ua in enumerate(SETTINGS):
        for direction, name in enumerate(("AP -> P", "P -> AP")):
            told = [" ".join(f"{100 * s:.1f}" for s in shares[setting, direction, :, k]) for k in (0, 1)]
            table.add_row(", ".join(f"{c:.0f}" for c in row_ua), name, *told)
    Console(width=100).print(table)
    means, spreads = covered.mean(axis=(0, 1))
    print(
        f"all means {100 * means:.1f} %, all spreads {100 * spreads:.1f} %; bar {100 * LOWEST:g} to {100 * HIGHEST:g} %"
    )
    by_direction = shares.mean(axis=2)  # of three junctions: 600 cases each
    return bool(np.all((by_direction >= LOWEST) & (by_direction <= HIGHEST)))


def report_maps(maps: list[tuple[int, list[bool], list[float]]], width_ua: float) -> bool:
    """Print what probes need; whether the bars hold."""
    readings = np.array([one[0] for one in maps])
    covered = float(np.mean([one[1] for one in maps]))
    widest = max(max(one[2]) for one in maps)
    print(
        f"{len(maps)} adaptive maps to {width_ua:.2f} uA: {readings.mean():.0f} readings in the mean, at worst "
        f"{readings.max()}, against {CURVES_READINGS}: {CURVES_READINGS / readings.mean():.1f} times fewer, at worst "
        f"{CURVES_READINGS / readings.max():.1f}; widest interval {widest:.2f} uA; coverage {100 * covered:.1f} %"
    )
    return CURVES_READINGS / readings.max() >= 10 and covered >= LOWEST_PROBES


def main() -> None:
    """Sweep, map and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=-1)
    options = parser.parse_args()
    parallel = Parallel(n_jobs=options.jobs)
    sweeps = np.array(parallel(delayed(swept)(seed, options.repetitions) for seed in range(options.seeds)))
    sound = report_sweeps(sweeps)
    readings, _, widths = mapped(0, 2.0, "curves")
    assert readings == CURVES_READINGS
    width_ua = float(np.mean(widths))
    print(f"160 curves: {readings} readings, intervals of the critical inputs {width_ua:.2f} uA wide in the mean")
    maps = parallel(delayed(mapped)(seed, width_ua) for seed in range(options.seeds))
    holds = report_maps(maps, width_ua)
    print("every bar holds" if sound and holds else "A BAR DOES NOT HOLD")


if __name__ == "__main__":
    main()
