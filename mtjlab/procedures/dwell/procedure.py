"""Hold junctions at given currents and read them continuously, to measure the dwell times in each state."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from mtjlab.analysis.telegraph import Levels
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.domain import JunctionState, Reading, junction_label
from mtjlab.errors import BenchFaultError, LimitExceededError
from mtjlab.events import Event, JunctionsMeasured
from mtjlab.procedures.curves import get_references, move_controls
from mtjlab.procedures.deviation_check import DeviationCheck
from mtjlab.procedures.dwell.events import DwellsMeasured, HoldsPlanned, JunctionsHeld
from mtjlab.procedures.dwell.holds import currents_for, currents_of, planned_holds
from mtjlab.procedures.dwell.plan import READ_AFTER_RESET_S, DwellPlan
from mtjlab.procedures.dwell.state import DwellState
from mtjlab.procedures.limits import demand_inside_limits
from mtjlab.procedures.look import Observer
from mtjlab.procedures.types import Procedure

READ_S = 2.0
"""Bench time of one event of a continuous hold; the run cannot be stopped within it."""
SOURCES_EVERY_S = 10.0
"""Bench time between readbacks of the sources."""
OFF_SCALE = 0.5
"""Distance from the nearer level, relative to that between the levels, that no junction in either state has."""
MANY = 0.5
"""Share of off-scale samples in an event that is a fault."""


def dwell(
    bench: Bench,
    config: PlanConfig,
    plan: DwellPlan,
    calibrated: JunctionsMeasured | None = None,
    taken_over: Sequence[Event] = (),
    differences: bool = False,
) -> Procedure[DwellsMeasured]:
    """Hold junctions according to ``plan``, less what the events ``taken_over`` from the resumed run contain.

    ``differences``: the voltmeters measure to ground.

    Raises:
        LimitExceededError: a hold would leave the limits; nothing was written.
        RefusedError: the states cannot be distinguished for any junction, or junctions would not reset.
        BenchFaultError: the junctions cannot be measured or reset, or are at neither of their levels.
    """
    state = DwellState(bench.description.aperture_s)
    for event in taken_over:
        state.take(event)
    measured = yield from get_references(bench, config, calibrated)
    state.take(measured)
    if state.planned is None:
        currents = currents_of(state.latest[-1], plan) if state.latest else currents_for(plan, config, measured)
        state.take(planned_holds(bench, currents, config, measured, differences))
        _demand_allowed(bench, _planned(state), plan)
        yield _planned(state)
    holds = _planned(state)
    yield from move_controls(bench, holds.controls_ua)
    holder = _Holder(bench, plan, holds, state)
    observer = Observer.of(bench, measured, config)
    deviation_check = DeviationCheck(bench, measured.references)
    for series in range(len(holds.inputs_ua)):
        while not holder.is_done(series):
            if holds.resets:
                yield from deviation_check.check((yield from observer.demand_reset()))
            yield from holder.hold(series)
    found = DwellsMeasured(bench.time_s, state.dwells(), state.samples)
    yield found
    return found


def _demand_allowed(bench: Bench, holds: HoldsPlanned, plan: DwellPlan) -> None:
    try:
        demand_inside_limits(bench.envelope, bench.controls_ua, [holds.controls_ua], holds.inputs_ua)
    except LimitExceededError as error:
        if plan.controls_ua is not None:
            raise
        inputs = ", ".join(f"{input_ua:.6g}" for input_ua in holds.inputs_ua)
        raise LimitExceededError(
            f"With inputs_ua of {inputs} uA, the control currents computed from the measured junctions exceed a "
            f"limit. {error} Give controls_ua, or smaller inputs_ua."
        ) from error


def _planned(state: DwellState) -> HoldsPlanned:
    assert state.planned is not None
    return state.planned


@dataclass(frozen=True, slots=True)
class _Holder:
    """Holds junctions at the inputs of ``holds`` and reads them."""

    bench: Bench
    plan: DwellPlan
    holds: HoldsPlanned
    state: DwellState

    def is_done(self, series: int) -> bool:
        """Whether an input was held for the planned time, to within half a sample."""
        return self.plan.for_s - self.state.held_s(series) < self.bench.description.aperture_s / 2

    def hold(self, series: int) -> Procedure[None]:
        """Carry out one hold: without resets, of the whole time; with resets, until every junction has switched."""
        bench, number = self.bench, self.state.holds
        applied_s = sources_s = bench.time_s
        bench.apply(self.holds.inputs_ua[series])
        while not self._ends(series, bench.time_s - applied_s):
            event = self._read(series, number, applied_s)
            self.state.take(event)
            yield event
            self._demand_on_scale(event)
            if bench.time_s >= sources_s + SOURCES_EVERY_S:
                bench.demand_sources()
                sources_s = bench.time_s
        bench.idle()
        bench.demand_sources()

    def _ends(self, series: int, after_s: float) -> bool:
        if self.is_done(series):
            return True
        if not self.holds.resets or after_s < READ_AFTER_RESET_S:
            return False
        return after_s >= self.plan.longest_s or self.state.all_are(JunctionState.P, series)

    def _demand_on_scale(self, event: JunctionsHeld) -> None:
        """Check that junctions are at their levels; if not, report a source that reads back wrong as the cause."""
        try:
            _demand_on_scale(event.reading, event.levels)
        except BenchFaultError:
            self.bench.demand_sources()
            raise

    def _read(self, series: int, number: int, applied_s: float) -> JunctionsHeld:
        aperture_s = self.bench.description.aperture_s
        longest_s = READ_AFTER_RESET_S if self.holds.resets else READ_S
        samples = max(1, ceil(min(longest_s, self.plan.for_s - self.state.held_s(series)) / aperture_s - 1e-6))
        began_s = self.bench.time_s
        reading = self.bench.read(samples)
        reset_s = applied_s if self.holds.resets else None
        return JunctionsHeld(series, number, began_s, reading, self.holds.levels[series], reset_s)


def _demand_on_scale(reading: Reading, levels: Sequence[Levels | None]) -> None:
    """Check that junctions are near the levels of their states.

    Raises:
        BenchFaultError: a junction is far outside them for most of a reading.
    """
    voltages_mv = np.array(reading.samples_mv)
    for k, (of_junction_mv, expected) in enumerate(zip(voltages_mv.T, levels, strict=True)):
        if expected is None:
            continue
        beyond = np.abs(expected.on_scale(of_junction_mv) - 0.5) > 0.5 + OFF_SCALE
        if np.mean(beyond) > MANY:
            raise BenchFaultError(
                f"{junction_label(k)} reads {np.median(of_junction_mv):.6g} mV at {reading.currents_ua[k]:.6g} uA, "
                f"where its states are at {expected.parallel_mv:.6g} mV (P) and {expected.antiparallel_mv:.6g} mV "
                "(AP): its resistance has changed, or it does not carry that current. Run `mtjlab check`, then "
                "continue with `mtjlab resume`."
            )
