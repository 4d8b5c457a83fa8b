"""Plan of a wiring check, and the wiring expected according to the bench file."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.config.bench import RESET_SHARE
from mtjlab.config.section import NotNegative, Positive, Section
from mtjlab.diagnosis.expected import Expected


class CheckOptions(Section):
    """No options: the bench file describes the wiring."""


class CheckPlan(Section):
    """Move of one source at a time, readings at each level, and time held before them."""

    probe_ua: Positive = 10.0
    samples: Annotated[int, Field(ge=1)] = 10
    hold_s: NotNegative = 0.5


@dataclass(frozen=True, slots=True)
class Wiring:
    """Plan of a wiring check, and the expected wiring."""

    plan: CheckPlan
    expected: Expected


def wiring_of(bench: BenchConfig, plan: CheckPlan = CheckPlan()) -> Wiring:  # noqa: B008  frozen
    """Return the wiring expected according to a bench file."""
    every, device = range(bench.junctions), bench.device
    parallel_ohm, antiparallel_ohm = (
        device.resistance_parallel_ohm * (1 + tmr / 100) for tmr in (0, device.tmr_percent)
    )
    instruments = bench if isinstance(bench, InstrumentBenchConfig) else None
    leads_ohm = [instruments.wiring.lead_ohm(j) if instruments else 0.0 for j in every]
    return Wiring(
        plan,
        Expected(
            to_ground=instruments is not None and instruments.wiring.voltmeters == "to-ground",
            parallel_ohm=tuple(parallel_ohm + lead for lead in leads_ohm),
            antiparallel_ohm=tuple(antiparallel_ohm + lead for lead in leads_ohm),
            reset_mv=(RESET_SHARE * bench.limits.junction_voltage_refuse_mv,) * bench.junctions,
            settle_s=bench.timing.settle_s,
            ranges_mv=tuple(instruments.voltmeters[label].range_mv for label in instruments.labels)
            if instruments
            else None,
            compliances_mv=tuple(instruments.compliance_mv(label) for label in instruments.labels)
            if instruments
            else None,
            probe_ua=plan.probe_ua,
            source_meters=frozenset(
                k
                for k, label in enumerate(instruments.labels if instruments else ())
                if instruments and instruments.sources[label].address == instruments.voltmeters[label].address
            ),
        ),
    )
