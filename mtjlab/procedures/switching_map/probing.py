"""Adaptive map: each input is probed only where junctions switch and the outcome is most informative."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

from mtjlab.analysis.adaptive import AdaptiveSearch, Probe
from mtjlab.analysis.estimates import CriticalEstimate, Estimate, NotDetermined
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.counted import counted
from mtjlab.detection.detector import reading_input_ua
from mtjlab.domain import ControlCurrents, CriticalCurrents, PerJunction, Reading
from mtjlab.errors import BenchFaultError, LimitExceededError, StopRequestedError
from mtjlab.events import Event, InputOutcome, JunctionsMeasured, Pulsed, SeriesMeasured
from mtjlab.procedures.curves import move_controls
from mtjlab.procedures.deviation_check import DeviationCheck
from mtjlab.procedures.inputs import HeldInputs, InputMode, Ways, input_mode
from mtjlab.procedures.judging import Judge
from mtjlab.procedures.look import Observer
from mtjlab.procedures.switching_map.events import Probed, ProbeStep
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.procedures.types import Procedure


def probe_all(
    bench: Bench, config: PlanConfig, plan: MapPlan, measured: JunctionsMeasured, taken_over: Sequence[Event]
) -> Procedure[tuple[tuple[SeriesMeasured, ...], int]]:
    """Probe the inputs in turn until every critical input is known well enough; returns also the number of readings.

    A junction that needs more than ``plan.most_probes`` is not determined: one that switches where it cannot be read
    would be probed forever.

    Raises:
        LimitExceededError: control currents outside the limits; nothing was written.
        BenchFaultError: the junctions cannot be reset.
    """
    inputs = yield from input_mode(bench, config, measured)
    series, readings = [], 0
    for j in range(len(plan.controls_ua)):
        before = [probe for probe in taken_over if isinstance(probe, Probed) and probe.series == j]
        measured_row, read = yield from _probe_input(inputs, config, plan, before, j)
        series.append(measured_row)
        readings += read
    return tuple(series), readings


def probes_expected(width_ua: float) -> tuple[float, float]:
    """Lower and upper number of probes expected for each junction and input.

    From simulations of the default chip, three seeds for each of five widths from 1 to 40 uA.
    """
    mean = 3 + 160 * width_ua**-1.6
    return 0.8 * mean, 1.3 * mean


def _probe_input(
    inputs: InputMode, config: PlanConfig, plan: MapPlan, known: Sequence[Probed], series: int
) -> Procedure[tuple[SeriesMeasured, int]]:
    row_ua, probes = plan.controls_ua[series], list(known)
    search = _search(config, plan, known, series)
    wanted = _next(search, probes, plan)
    if wanted is not None:
        prober = yield from _prober(inputs, row_ua, series)
        yield from inputs.demand_reset()
    while wanted is not None:
        for probe in (yield from prober.probe(wanted)):
            probes.append(probe)
            search = search.updated(probe.passages)
        wanted = _next(search, probes, plan)
    return SeriesMeasured(row_ua, _found(search, row_ua), ()), sum(probe.readings for probe in probes)


def probed_series(config: PlanConfig, plan: MapPlan, probes: Sequence[Probed]) -> tuple[SeriesMeasured, ...]:
    """Critical currents from ``probes``, for each input."""
    series = []
    for j, row_ua in enumerate(plan.controls_ua):
        search = _search(config, plan, [probe for probe in probes if probe.series == j], j)
        series.append(SeriesMeasured(row_ua, _found(search, row_ua), ()))
    return tuple(series)


class ProbesTally:
    """Critical currents from the probes of an incomplete map. Probes are few, so all are stored."""

    events: ClassVar = (Probed,)

    def __init__(self, config: PlanConfig, plan: MapPlan) -> None:
        self._config, self._plan = config, plan
        self._probes: list[Probed] = []

    def take(self, probe: Probed) -> None:
        """Add a probe."""
        self._probes.append(probe)

    def series(self) -> tuple[SeriesMeasured, ...]:
        """Critical currents for each input; those of an input that was not probed are empty."""
        rows = enumerate(self._plan.controls_ua) if self._probes else ()
        return tuple(SeriesMeasured(row_ua, _as_currents(self._estimates(j), row_ua), ()) for j, row_ua in rows)

    def _estimates(self, series: int) -> tuple[Estimate, ...]:
        probes = [probe for probe in self._probes if probe.series == series]
        return _search(self._config, self._plan, probes, series).estimates() if probes else ()


def reevaluated(event: Probed, judge: Judge) -> Probed:
    """Re-evaluate a probe."""
    steps = [replace(step, verdicts=judge.look(step.readings, step.verdicts).verdicts) for step in event.steps]
    after = judge.look(event.reset_readings, event.reset_verdicts)
    return replace(event, steps=tuple(steps), reset_verdicts=after.verdicts)


def _search(config: PlanConfig, plan: MapPlan, known: Sequence[Probed], series: int) -> AdaptiveSearch:
    """Search for one input, updated with its earlier probes."""
    dwell_s = config.presentation.pulse_width_s
    search = AdaptiveSearch.start(len(plan.controls_ua[series]), plan.inputs, plan.width_ua, dwell_s)
    for probe in known:
        search = search.updated(probe.passages)
    return search


def _next(search: AdaptiveSearch, probes: Sequence[Probed], plan: MapPlan) -> Probe | None:
    return search.next_probe() if len(probes) < plan.most_probes else None


class _Prober(Protocol):
    """Probes one input at its control currents."""

    def probe(self, probe: Probe) -> Procedure[list[Probed]]:
        """Apply the inputs of a probe; every junction is reset before and after."""


def _prober(inputs: InputMode, row_ua: PerJunction, series: int) -> Procedure[_Prober]:
    """Go to where probes start. Raises LimitExceededError."""
    deviation_check = DeviationCheck(inputs.bench, inputs.measured.references)
    if isinstance(inputs, HeldInputs):
        yield from move_controls(inputs.bench, row_ua, series)
        return _HeldProber(inputs, series, deviation_check)
    (ways,) = yield from inputs.arrive(ControlCurrents((row_ua,)), 0)
    return _PulsedProber(inputs, ways, row_ua, series, deviation_check)


@dataclass(frozen=True, slots=True)
class _HeldProber:
    inputs: HeldInputs
    series: int
    deviation_check: DeviationCheck

    def probe(self, probe: Probe) -> Procedure[list[Probed]]:
        """Hold rising inputs in turn."""
        bench, observer, critical = self.inputs.bench, self.inputs.observer, self.inputs.critical
        reading_s = observer.detector.settings.samples * bench.description.aperture_s  # holds it, too
        hold_s = max(0.0, probe.dwell_s - reading_s)
        steps = tuple([_step(observer, critical, input_ua, hold_s) for input_ua in probe.inputs_ua])
        bench.idle()
        reset: list[Reading] = []
        look = observer.look(reset)
        probed = Probed(bench.time_s, self.series, steps, tuple(reset), look.verdicts)
        yield probed
        yield from _reset_after(probed, self.inputs, self.deviation_check)
        return [probed]


@dataclass(frozen=True, slots=True)
class _PulsedProber:
    inputs: InputMode
    ways: Ways
    row_ua: PerJunction
    series: int
    deviation_check: DeviationCheck

    def probe(self, probe: Probe) -> Procedure[list[Probed]]:
        """Apply each input as a pulse of its own."""
        probes = []
        for input_ua in probe.inputs_ua:
            yield from self.inputs.announce((input_ua,))
            outcomes: list[InputOutcome] = []
            try:
                self.inputs.apply(self.ways, self.row_ua, input_ua, outcomes)
            except (BenchFaultError, LimitExceededError, StopRequestedError):
                yield from _broken_off(self.inputs.bench.time_s, self.series, outcomes)
                raise
            yield (probed := _pulsed(self.inputs.bench.time_s, self.series, outcomes[0]))
            probes.append(probed)
            yield from _reset_after(probed, self.inputs, self.deviation_check)
        return probes


def _pulsed(t_s: float, series: int, outcome: InputOutcome) -> Probed:
    """Probe by one pulse."""
    assert outcome.applied_s is not None
    until_s = round(outcome.applied_s + outcome.held_s, 9)
    step = ProbeStep(outcome.input_ua, outcome.applied_s, until_s, outcome.readings, outcome.verdicts, outcome.pulse)
    return Probed(t_s, series, (step,), outcome.reset_readings, outcome.reset_verdicts)


def _broken_off(t_s: float, series: int, outcomes: Sequence[InputOutcome]) -> Iterator[Event]:
    """What was read of a pulse that a fault or a stop interrupted; a probe tells whether junctions switched."""
    for one in outcomes:
        if (pulse := one.pulse) is not None:
            readings = (*one.readings, *one.reset_readings)
            width_s, controls_ua = pulse.given.width_s, pulse.controls_ua
            yield Pulsed(t_s, "probe", series, one.input_ua, width_s, pulse.given, controls_ua, readings, ())


def _reset_after(probed: Probed, inputs: InputMode, deviation_check: DeviationCheck) -> Procedure[None]:
    if probed.reset:
        yield from deviation_check.check(probed.reset_readings[-1])
    else:
        yield from inputs.demand_reset()


def _step(observer: Observer, critical: CriticalCurrents, input_ua: float, hold_s: float) -> ProbeStep:
    """Apply an input and read the states, at a lower input if a junction is in the dead band."""
    bench = observer.bench
    applied_s = bench.time_s
    bench.apply(input_ua)
    bench.hold(hold_s)
    lower_ua = reading_input_ua(bench.controls_ua, input_ua, critical, observer.detector.settings)
    read_at_ua = input_ua if lower_ua is None else lower_ua
    until_s = bench.time_s
    if read_at_ua != input_ua:
        bench.apply(read_at_ua)
    readings: list[Reading] = []
    look = observer.look(readings)
    if read_at_ua == input_ua:
        until_s = readings[-1].t_s - bench.description.aperture_s / 2
    return ProbeStep(input_ua, applied_s, round(until_s, 6), tuple(readings), look.verdicts)


def _found(search: AdaptiveSearch, row_ua: PerJunction) -> tuple[Estimate, ...]:
    """Critical currents; not determined where they are not known well enough."""
    estimates = [_unknown(search, k) if k in search.wanting else one for k, one in enumerate(search.estimates())]
    return _as_currents(estimates, row_ua)


def _as_currents(estimates: Sequence[Estimate], row_ua: PerJunction) -> tuple[Estimate, ...]:
    """Convert critical inputs to critical junction currents; empty without estimates."""
    return tuple(
        one.shifted(control) if isinstance(one, CriticalEstimate) else one
        for one, control in zip(estimates, row_ua, strict=False)
    )


def _unknown(search: AdaptiveSearch, junction: int) -> NotDetermined:
    belief = search.beliefs[junction]
    known = belief.known.mean_interval
    return NotDetermined(
        f"after {counted(len(belief.passages), 'probe')}, its critical input is only known to be between "
        f"{known.low_ua:.1f} and {known.high_ua:.1f} uA, not as accurately as requested. It may switch where it cannot "
        "be read, near zero junction current: change its control current, or allow a larger width or more probes."
    )
