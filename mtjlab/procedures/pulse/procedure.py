"""Pulses of several widths, each at the most informative amplitude."""

from collections.abc import Sequence
from dataclasses import dataclass

from mtjlab.analysis.pulses import ThresholdSearch, width_slopes
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.domain import PerJunction
from mtjlab.events import Event, JunctionsMeasured, Pulsed
from mtjlab.procedures.curves import get_references
from mtjlab.procedures.deviation_check import DeviationCheck
from mtjlab.procedures.pulse.events import PulsesMeasured
from mtjlab.procedures.pulse.plan import PulsePlan
from mtjlab.procedures.pulse.state import PulseState, outcomes_of
from mtjlab.procedures.pulsing import DECIMALS, Pulser, pulser
from mtjlab.procedures.types import Procedure


def pulse(
    bench: Bench,
    config: PlanConfig,
    plan: PulsePlan,
    calibrated: JunctionsMeasured | None = None,
    taken_over: Sequence[Event] = (),
) -> Procedure[PulsesMeasured]:
    """Probe every width of ``plan``, except for pulses ``taken_over`` from the resumed run.

    Raises:
        RefusedError: a pulse is shorter than the bench can give.
        LimitExceededError: rest currents, control parts or pulses would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    state, widths_s = PulseState(), (*plan.widths_s, plan.reset_s)
    bench.demand_widths(widths_s)
    junctions = yield from get_references(bench, config, calibrated)
    for event in (junctions, *taken_over):
        state.take(event)
    prober = _Prober((yield from pulser(bench, config, junctions, plan.reset_s, plan.reset_margin_ua)), plan, state)
    bench.demand_widths(widths_s)  # once: settings take longer now and then, and each width is measured
    deviation_check = DeviationCheck(bench, junctions.references)
    last: Pulsed | None = None
    for series in range(len(plan.widths_s)):
        searches = prober.searches(series)
        while state.pulses[series] < plan.probes:
            last = yield from prober.pulser.reset(last, series)
            yield from deviation_check.check(last.readings[-1])
            last = yield from prober.probe(series, searches)
            state.take(last)
            searches = _after(searches, last)
    found = measured(bench.time_s, state)
    yield found
    return found


@dataclass(frozen=True, slots=True)
class _Prober:
    pulser: Pulser
    plan: PulsePlan
    state: PulseState

    def searches(self, series: int) -> tuple[ThresholdSearch, ...]:
        """Search of each junction at a width, updated with the outcomes so far."""
        rising, width_s = self.pulser.rest.rising, self.plan.widths_s[series]
        searches = [ThresholdSearch.start(law, width_s) for law in rising]
        for k in range(len(searches)):
            for outcome in self.state.outcomes.get((series, k), ()):
                searches[k] = searches[k].after(outcome)
        return tuple(searches)

    def probe(self, series: int, searches: Sequence[ThresholdSearch]) -> Procedure[Pulsed]:
        """Apply one pulse to all junctions, each at its most informative current."""
        pulse_ua, controls_ua = self._currents([search.next_ua for search in searches])
        return (yield from self.pulser.pulse(pulse_ua, self.plan.widths_s[series], controls_ua, series))

    def _currents(self, wanted_ua: Sequence[float]) -> tuple[float, PerJunction]:
        """Pulse, and control currents closest to rest, for the wanted junction currents."""
        step_ua, rest_ua = self.plan.step_ua, self.pulser.rest.currents_ua
        wanted_ua = [step_ua * round(current / step_ua) for current in wanted_ua]
        beyond_ua = [wanted - rest for wanted, rest in zip(wanted_ua, rest_ua, strict=True)]
        pulse_ua = round((min(beyond_ua) + max(beyond_ua)) / 2, DECIMALS)
        return pulse_ua, tuple(round(wanted - pulse_ua, DECIMALS) for wanted in wanted_ua)


def measured(t_s: float, state: PulseState) -> PulsesMeasured:
    """Results from all pulses so far."""
    thresholds = state.thresholds()
    return PulsesMeasured(t_s, thresholds, width_slopes(thresholds), state.pulses.total())


def _after(searches: Sequence[ThresholdSearch], pulsed: Pulsed) -> tuple[ThresholdSearch, ...]:
    pairs = zip(searches, outcomes_of(pulsed), strict=True)
    return tuple(search if outcome is None else search.after(outcome) for search, outcome in pairs)
