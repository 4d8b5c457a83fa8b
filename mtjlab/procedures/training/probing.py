"""Probes first: thresholds of all junctions from a few inputs, before a training and between its presentations.

The control currents of a probe put every junction at its own target (``analysis.thresholds``). The input is the least
that leaves every control current where its junction resets.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.rest import RestState
from mtjlab.analysis.thresholds import Thresholds, near_law
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.counted import counted
from mtjlab.domain import ControlCurrents, CriticalCurrents, Interval, PerJunction, junction_label
from mtjlab.errors import BenchFaultError, LimitExceededError, StopRequestedError
from mtjlab.events import InputOutcome, JunctionsMeasured
from mtjlab.procedures.deviation_check import DeviationCheck, demand_not_lasting
from mtjlab.procedures.inputs import InputMode, input_mode
from mtjlab.procedures.look import NotResetError
from mtjlab.procedures.quick_look import cause_event, quick_look
from mtjlab.procedures.training.events import ThresholdsProbed
from mtjlab.procedures.types import Procedure

LOOP_ERROR_UA = 18.0
"""Standard deviation of a threshold that one coarse loop has shown; also of what a pause may change."""
DRIFT_UA = 4.0
"""Standard deviation of a drift from one refresh to the next."""
PROBES_AFTER_PAUSE = 8
"""Probes of the refresh that follows a pause."""
_ROOM_UA = 1.0
"""Distance of control currents from the end of their range."""


@dataclass(frozen=True, slots=True)
class Prober:
    """Probes all junctions at once; they are reset before and after a probe."""

    inputs: InputMode
    deviation_check: DeviationCheck

    @classmethod
    def of(cls, inputs: InputMode) -> "Prober":
        """Prober of the junctions of ``inputs``."""
        return cls(inputs, DeviationCheck(inputs.bench, inputs.measured.references))

    def probe(self, known: Thresholds, step: int, is_first: bool) -> Procedure[Thresholds]:
        """What is known after one more probe; one that was disturbed tells nothing.

        Raises:
            NotResetError: a junction is not reset at the control currents of the probe.
            BenchFaultError: no input suits all junctions, or a source or the wiring is faulty.
        """
        dwell_s = planned_dwell_s(self.inputs.bench, self.inputs.config)
        input_ua, controls_ua = probe_currents(known.targets_ua(dwell_s), self.inputs.allowed_controls())
        self._demand_allowed(controls_ua, input_ua)
        (ways,) = yield from self.inputs.arrive(ControlCurrents((controls_ua,)), step)
        idle = yield from self.inputs.demand_reset()  # before an input: a source may not deliver its control current
        yield from self.deviation_check.check(idle)
        yield from self.inputs.announce((input_ua,))
        outcomes: list[InputOutcome] = []
        try:
            self.inputs.apply(ways, controls_ua, input_ua, outcomes)
        except (BenchFaultError, LimitExceededError, StopRequestedError):
            for outcome in outcomes:
                yield ThresholdsProbed(self.inputs.bench.time_s, step, is_first, controls_ua, outcome)
            raise
        probed = ThresholdsProbed(self.inputs.bench.time_s, step, is_first, controls_ua, outcomes[0])
        known = updated(known, [probed])
        yield replace(probed, thresholds_ua=known.held_ua(dwell_s), errors_ua=known.errors_ua)
        return known

    def probe_times(self, times: int, known: Thresholds, step: int, is_first: bool = False) -> Procedure[Thresholds]:
        """What is known after a number of probes. Raises as ``probe``."""
        for _ in range(times):
            known = yield from self.probe(known, step, is_first)
        return known

    def _demand_allowed(self, controls_ua: PerJunction, input_ua: float) -> None:
        if not self.inputs.allows(controls_ua, input_ua):
            raise BenchFaultError(
                f"A probe of all junctions needs an input of {input_ua:.6g} uA, which is outside their limits. Start "
                "from a calibration instead: `mtjlab sweep`, then --warm-start."
            )


def planned_dwell_s(bench: Bench, config: PlanConfig) -> float:
    """How long an input of ``config`` is applied on ``bench``."""
    return config.presentation_dwell_s(bench.description.aperture_s)


def probe_currents(targets_ua: Sequence[float], allowed: Sequence[Interval]) -> tuple[float, PerJunction]:
    """The input, and the control currents within ``allowed``, that put every junction at its target.

    Raises:
        BenchFaultError: there are none.
    """
    least_ua = [target - one.high_ua + _ROOM_UA for target, one in zip(targets_ua, allowed, strict=True)]
    input_ua = round(max(0.0, *least_ua), 3)
    controls_ua = tuple(round(target - input_ua, 3) for target in targets_ua)
    for k, (control_ua, one) in enumerate(zip(controls_ua, allowed, strict=True)):
        if control_ua < one.low_ua:
            raise BenchFaultError(
                f"No probe suits all junctions: {junction_label(k)} would need a control current of {control_ua:.6g} "
                f"uA, and {one.low_ua:.6g} uA is the least. Start from a calibration instead: `mtjlab sweep`, then "
                "--warm-start."
            )
    return input_ua, controls_ua


def expected_from(measured: JunctionsMeasured) -> Thresholds:
    """Before any probe: thresholds are about where the loops of the references showed them."""
    critical = measured.critical
    return Thresholds.near([near_law(up, critical.ramp_ua_per_s) for up in critical.up_ua], LOOP_ERROR_UA)


def known_from(critical: Sequence[CriticalEstimate]) -> Thresholds:
    """Before any probe: thresholds are about where a calibration has found them."""
    return Thresholds.near([estimate.law for estimate in critical], DRIFT_UA)


def find_thresholds(inputs: InputMode, known: Thresholds, probes: int) -> Procedure[Thresholds]:
    """Probe until there are ``probes``, and every threshold has been found.

    Raises:
        BenchFaultError: a threshold has not been found, or the junctions cannot be reset; a faulty source is named.
    """
    try:
        known = yield from Prober.of(inputs).probe_times(probes - known.probes, known, step=0, is_first=True)
    except NotResetError as error:
        cause = yield from quick_look(inputs.bench, inputs.measured.references)
        yield cause_event(inputs.bench, str(error), cause)
        demand_not_lasting(str(error), cause)
        raise
    demand_found(known)
    return known


def with_found(inputs: InputMode, known: Thresholds, drift_ua: Sequence[float] = ()) -> Procedure[InputMode]:
    """Inputs for the junctions with the thresholds that probes have found, which are journalled.

    A drift of the thresholds AP -> P since they were last known moves those P -> AP, too, as a field does.
    """
    dwell_s = planned_dwell_s(inputs.bench, inputs.config)
    critical = found_critical(inputs.measured.critical, known, dwell_s, drift_ua)
    measured = replace(inputs.measured, t_s=inputs.bench.time_s, critical=critical)
    yield measured
    return (yield from input_mode(inputs.bench, inputs.config, measured))


def followed(
    controls: ControlCurrents, drift_ua: Sequence[float], allowed: Sequence[Interval]
) -> tuple[ControlCurrents, tuple[tuple[int, int], ...]]:
    """Control currents that follow a drift, and (input, junction) of those that their range does not let follow."""
    moved = tuple(
        tuple(round(control + drift, 3) for control, drift in zip(row_ua, drift_ua, strict=True))
        for row_ua in controls.by_input_ua
    )
    return within(ControlCurrents(moved), controls, allowed)


def within(
    wanted: ControlCurrents, before: ControlCurrents, allowed: Sequence[Interval]
) -> tuple[ControlCurrents, tuple[tuple[int, int], ...]]:
    """``wanted`` control currents within their ranges: those outside stay as ``before``, and are (input, junction)."""
    held = tuple(
        (j, k)
        for j, row_ua in enumerate(wanted.by_input_ua)
        for k, one_ua in enumerate(row_ua)
        if one_ua not in allowed[k]
    )
    rows_ua = tuple(
        tuple(before.by_input_ua[j][k] if (j, k) in held else one_ua for k, one_ua in enumerate(row_ua))
        for j, row_ua in enumerate(wanted.by_input_ua)
    )
    return ControlCurrents(rows_ua), held


def updated(known: Thresholds, probes: Iterable[ThresholdsProbed]) -> Thresholds:
    """What is known after ``probes``."""
    for one in probes:
        if one.counts:
            known = known.after(one.currents_ua, one.outcome.held_s, one.outcome.verdicts)
    return known


def demand_followed(before: Thresholds, known: Thresholds) -> None:
    """Raise BenchFaultError if every probe since ``before`` found a junction on the same side of its target."""
    probes = known.probes - before.probes
    switched = [after - n for n, after in zip(before.switched, known.switched, strict=True)]
    if one_sided := [junction_label(k) for k, n in enumerate(switched) if n in (0, probes)]:
        raise BenchFaultError(
            f"The thresholds have drifted farther than a refresh can follow: in the last {counted(probes, 'probe')} "
            f"{', '.join(one_sided)} switched always, or never. Check the field; let a refresh come sooner "
            "(training.refresh_every_steps), then continue with `mtjlab resume`, which probes anew."
        )


def demand_found(known: Thresholds) -> None:
    """Raise BenchFaultError, naming them, if thresholds have not been found."""
    if known.lost:
        lost = "; ".join(
            f"{junction_label(k)} switched in {known.switched[k]} of them, and might switch anywhere between "
            f"{one.low_ua:.0f} and {one.high_ua:.0f} uA"
            for k in known.lost
            for one in [known.beliefs[k].mean_interval]
        )
        raise BenchFaultError(
            f"After {counted(known.probes, 'probe')} the critical current of a junction has not been found: {lost}. "
            "Raise training.probe_first (--probe-first), or measure a calibration (`mtjlab sweep`) and start from it "
            "(--warm-start)."
        )


def found_critical(
    critical: CriticalCurrents, known: Thresholds, dwell_s: float, drift_ua: Sequence[float] = ()
) -> CriticalCurrents:
    """Critical currents with those AP -> P of the probes, on the ramp of those P -> AP.

    Their means are such that the laws which are made of critical currents, with spreads drawn towards each other, have
    the thresholds that were found for inputs as they are applied.
    """
    spreads_ua = tuple(round(estimate.law.spread_ua, 3) for estimate in known.estimates(dwell_s))
    moved = replace(
        critical,
        up_spread_ua=spreads_ua,
        down_spread_ua=spreads_ua if critical.repetitions == 1 else critical.down_spread_ua,
        down_ua=tuple(round(down + drift, 3) for down, drift in zip_longest(critical.down_ua, drift_ua, fillvalue=0.0)),
    )
    laws = RestState.of(moved).rising
    up_ua = tuple(
        round(law.mean_ua + held_ua - law.held_ua(dwell_s), 3)
        for law, held_ua in zip(laws, known.held_ua(dwell_s), strict=True)
    )
    return replace(moved, up_ua=up_ua)
