"""Loops of the simulated chip against the field, and the coercive fields and shifts that they should find."""

from collections.abc import Sequence
from math import log, pi, sqrt

import numpy as np

from mtjlab.analysis.field_legs import FieldLeg
from mtjlab.benches.factory import open_equipment
from mtjlab.config import SimulatedBenchConfig, SimulatedFieldSection, Simulation

APERTURE_S = 0.02
FIELD_MT = 6.0
"""Field in which the critical currents of the simulated chip are given."""


def magnet_bench(**truth: object) -> SimulatedBenchConfig:
    """The default chip in a magnet, or another one."""
    return SimulatedBenchConfig(
        simulation=Simulation(**truth),  # type: ignore[arg-type]
        field=SimulatedFieldSection(),
    )


def loops(
    config: SimulatedBenchConfig,
    seed: int = 1,
    probes_ua: Sequence[float] = (20.0, -20.0),
    count: int = 4,
    step_mt: float = 0.25,
    ends_mt: tuple[float, float] = (-20.0, 20.0),
) -> list[FieldLeg]:
    """Legs of so many loops, read as a run does."""
    equipment = open_equipment(config, seed)
    bench, field = equipment.bench, equipment.field
    assert field is not None
    bench.connect()
    field.switch_on()
    bench.switch_on()
    steps = round((ends_mt[1] - ends_mt[0]) / step_mt)
    rising_mt = ends_mt[0] + step_mt * np.arange(steps + 1)
    legs = []
    for loop in range(count):
        probe_ua = probes_ua[loop % len(probes_ua)]
        bench.execute(bench.plan((probe_ua,) * config.junctions))
        for rising in (True, False):
            rows = []
            for field_mt in (rising_mt if rising else rising_mt[::-1]).tolist():
                field.set_mt(field_mt)
                reached_s = bench.time_s
                reading = bench.read(2)
                rows.append((field.read().field_mt, reached_s, reading.t_s, reading.samples_mv))
            fields_mt, reached_s, read_s, samples_mv = (np.array(column) for column in zip(*rows, strict=True))
            currents_ua = np.array(bench.currents_ua)
            legs.append(FieldLeg(rising, currents_ua, fields_mt, reached_s, read_s, samples_mv))
    return legs


def true_fields_mt(
    config: SimulatedBenchConfig, junction: int, ramp_mt_per_s: float, probe_ua: float = 0.0
) -> tuple[float, float]:
    """Mean switching fields of a continuous ramp, rising and falling.

    A field H adds kappa (H - 6 mT) to the current; on a ramp at another rate than the 100 uA/s of the configured
    critical currents, thresholds lie ln(kappa ramp / 100) / s farther, with s = pi / (sqrt(6) spread).
    """
    chip = config.simulation
    kappa, spread_ua = chip.critical_shift_ua_per_mt, chip.each("critical_spread_ua")[junction]
    later_ua = log(kappa * ramp_mt_per_s / 100.0) * sqrt(6.0) * spread_ua / pi
    up_ua = chip.critical_current_ap_to_p_ua[junction] + later_ua
    down_ua = chip.critical_current_p_to_ap_ua[junction] - later_ua
    return FIELD_MT + (up_ua - probe_ua) / kappa, FIELD_MT + (down_ua - probe_ua) / kappa
