"""Pulses on top of rest currents, read at rest; junctions are reset by pulses."""

from collections.abc import Sequence
from dataclasses import dataclass

from mtjlab.analysis.rest import HELD_S, RestState
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.domain import GivenPulse, PerJunction, Reading, Verdict, junction_label
from mtjlab.errors import LimitExceededError
from mtjlab.events import (
    JunctionsMeasured,
    Pulsed,
    PulsePlanned,
    PulsePurpose,
    ResetFailed,
    ResetVerified,
    RestPlanned,
)
from mtjlab.procedures.curves import move_controls
from mtjlab.procedures.look import NotResetError, Observer
from mtjlab.procedures.types import Procedure
from mtjlab.transitions import Transition

RESET_FAILURE = 1e-6
"""Probability that a reset pulse without margin fails, according to the measured law."""
STRONGER_UA = 20.0
"""Increase of a reset pulse after one that did not reset."""
DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Pulser:
    """Applies pulses to junctions held at rest, and reads them at rest.

    ``controls_s``: time for which control currents are expected to be applied, together with the pulse; None where
    they are held before and after it.
    """

    observer: Observer
    rest: RestState
    reset_ua: float
    reset_s: float
    controls_s: float | None = None

    @property
    def bench(self) -> Bench:
        """The bench."""
        return self.observer.bench

    def pulse(
        self, pulse_ua: float, width_s: float, controls_ua: PerJunction, series: int, purpose: PulsePurpose = "probe"
    ) -> Procedure[Pulsed]:
        """Move from rest to control currents, apply a pulse of source 1, return to rest, and read.

        Raises:
            LimitExceededError: a junction would exceed its limits, or might lose its state; nothing was written.
            BenchFaultError: an instrument is lost. What was read so far is yielded.
        """
        bench = self.bench
        ways = self.plan_ways(controls_ua)
        bench.demand_pulse(controls_ua, pulse_ua)
        yield PulsePlanned(bench.time_s, purpose, series, pulse_ua, width_s, ways)
        bench.delays()  # discards earlier delays
        applied_s = bench.time_s
        given, _ = self.give(pulse_ua, width_s, ways)
        readings: list[Reading] = []
        verdicts: tuple[Verdict, ...] = ()
        try:
            verdicts = self.observer.look(readings).verdicts
        finally:
            pulsed = Pulsed(
                bench.time_s,
                purpose,
                series,
                pulse_ua,
                width_s,
                given,
                controls_ua,
                tuple(readings),
                verdicts,
                bench.delays(),
                applied_s,
            )
            yield pulsed
        return pulsed

    def plan_ways(self, controls_ua: PerJunction) -> tuple[Transition, ...]:
        """Plan the transitions from rest to control currents and back; none if these are the rest currents.

        Sources are set one after another, so that on the way back a junction that has just switched might be reset.

        Raises:
            LimitExceededError: a junction would exceed its limits, or might lose its state.
        """
        self.rest.demand([control - rest for control, rest in zip(controls_ua, self.rest.currents_ua, strict=True)])
        if controls_ua == self.rest.currents_ua:
            return ()
        return self.bench.plan_there_and_back(controls_ua, self.rest.controls_ua())

    def give(self, pulse_ua: float, width_s: float, ways: Sequence[Transition]) -> tuple[GivenPulse, float | None]:
        """Execute the first of planned ``ways``, apply a pulse, and execute the others.

        Also returns for how long control currents were applied, where they envelop the pulse.
        """
        if self.controls_s is not None and ways:
            there, back = ways
            return self.bench.pulse_with_controls(there, back, pulse_ua, width_s)
        for way in ways[:1]:
            self.bench.execute(way)
        given = self.bench.pulse(pulse_ua, width_s)
        for way in ways[1:]:
            self.bench.execute(way)
        return given, None

    def demand_reset(self) -> Procedure[Reading]:
        """Read at rest, and apply reset pulses until every junction is antiparallel; returns the last reading.

        Raises:
            NotResetError: as ``reset``.
        """
        readings: list[Reading] = []
        look = self.observer.look(readings)
        if look.is_reset:
            yield ResetVerified(self.bench.time_s, 1, tuple(readings), look.verdicts)
            return readings[-1]
        yield ResetFailed(self.bench.time_s, 1, tuple(readings), look.verdicts)
        return (yield from self.reset(None, 0)).readings[-1]

    def reset(self, last: Pulsed | None, series: int) -> Procedure[Pulsed]:
        """Apply reset pulses until every junction is antiparallel; none if they all were after the ``last`` pulse.

        Returns the pulse that reset them. Without a last pulse, their states are not known.

        Raises:
            NotResetError: they are not reset after the number of attempts in the settings, or within the limits.
        """
        reset_ua = self.reset_ua
        for _ in range(self.observer.settings.reset_attempts):
            if last is not None and last.is_reset:
                return last
            try:
                last = yield from self.pulse(reset_ua, self.reset_s, self.rest.currents_ua, series, "reset")
            except LimitExceededError as error:
                raise NotResetError(f"{self._not_reset(last)} A stronger pulse is refused: {error}") from error
            reset_ua = round(reset_ua - STRONGER_UA, DECIMALS)
        if last is None or not last.is_reset:
            self.bench.demand_sources()
            raise NotResetError(self._not_reset(last))
        return last

    def _not_reset(self, last: Pulsed | None) -> str:
        verdicts = last.verdicts if last else ()
        stuck = ", ".join(
            f"{junction_label(k)} ({verdict})" for k, verdict in enumerate(verdicts) if verdict is not Verdict.AP
        )
        return (
            f"Not reset by pulses of {self.reset_ua:.6g} uA and stronger for {self.reset_s:.6g} s: "
            f"{stuck or 'unknown'}. Measure the critical currents again with `mtjlab sweep`, increase reset_s, or "
            "check the field."
        )


def pulser(
    bench: Bench,
    config: PlanConfig,
    measured: JunctionsMeasured,
    reset_s: float,
    margin_ua: float,
    width_s: float | None = None,
    controls_are_pulsed: bool = False,
) -> Procedure[Pulser]:
    """Move to the rest currents of measured junctions, whose states there are not known.

    ``width_s``: duration of all pulses but resets, if it is the same. ``controls_are_pulsed``: control currents are
    applied together with a pulse, and not held.

    Raises:
        LimitExceededError: rest currents or a reset pulse would exceed the limits, or the states cannot be read at a
            rest current; nothing was written.
    """
    controls_s = bench.expected_controls_s(width_s) if controls_are_pulsed and width_s is not None else None
    rest = RestState.of(measured.critical, controls_s or HELD_S)
    rest.demand_readable(config.detector.dead_band_ua)
    reset_ua = round(rest.reset_pulse_ua(reset_s, RESET_FAILURE) - margin_ua, DECIMALS)
    bench.demand_pulse(rest.currents_ua, reset_ua)
    lifetimes_s = tuple(rest.lifetime_s(k) for k in range(len(rest.currents_ua)))
    yield from move_controls(bench, rest.currents_ua)
    yield RestPlanned(bench.time_s, rest.currents_ua, lifetimes_s, reset_ua, reset_s, width_s, controls_s)
    observer = Observer.of(bench, measured, config)
    return Pulser(observer, rest, reset_ua, reset_s, controls_s)
