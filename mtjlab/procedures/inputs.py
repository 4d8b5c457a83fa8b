"""How the inputs of a presentation are applied: held and read, or as pulses that start and end at rest."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, TypeAlias

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.detection.detector import reading_input_ua
from mtjlab.domain import (
    AllowedInterval,
    ControlCurrents,
    CriticalCurrents,
    GivenPulse,
    Interval,
    PerJunction,
    Reading,
    Verdict,
    junction_label,
)
from mtjlab.encoding.chip import WANDER_UA, Chip
from mtjlab.events import (
    ControlsPlanned,
    InputOutcome,
    InputPulse,
    JunctionsMeasured,
    PulsePlanned,
)
from mtjlab.procedures.look import NOT_LOOKED, Look, NotResetError, Observer
from mtjlab.procedures.pulsing import Pulser, pulser
from mtjlab.procedures.types import Procedure
from mtjlab.transitions import Transition

ROOM_UA = 1.0
"""Enough for any way back to rest, in at most four sub-steps: sources that need to be set first are."""
MOST_OFF = 0.2
"""Relative error of the duration of a pulse that is tolerated: as an error of the current, it is below 1 uA."""
LONGEST_DELAY = 5.6
"""Longest delay of a held input, over the time for which it is to be held: thresholds move by 6.3 uA. It is a quarter
of the default timeout with the default dwell."""
MOST_LONGER = 3.0
"""Factor by which control currents may be applied for longer than expected: so much more states are lost."""
Ways: TypeAlias = tuple[Transition, ...]
"""Planned transitions of one input."""


class InputMode(Protocol):
    """A way to apply inputs to measured junctions."""

    @property
    def bench(self) -> Bench:
        """The bench."""

    @property
    def config(self) -> PlanConfig:
        """The plan file."""

    @property
    def measured(self) -> JunctionsMeasured:
        """The junctions."""

    @property
    def critical(self) -> CriticalCurrents:
        """Currents that switch a junction as often as not, if applied this way."""

    def allowed_controls(self) -> tuple[Interval, ...]:
        """Control currents that training may reach, for each junction."""

    def start_controls(self) -> ControlCurrents:
        """Control currents before the first step of a training."""

    def chip(self) -> Chip:
        """What an encoding needs to know of the junctions."""

    def arrive(self, controls: ControlCurrents, step: int) -> Procedure[tuple[Ways, ...]]:
        """Journal all transitions that presentations will need, and go where these start; returns those of each input.

        Raises:
            LimitExceededError: a junction would leave its limits; nothing was written.
        """

    def return_home(self, controls: ControlCurrents, step: int) -> Procedure[None]:
        """Return to where presentations start, after an interrupted one."""

    def demand_reset(self) -> Procedure[Reading]:
        """Wait for every junction to be antiparallel, or reset it; returns the reading that shows it.

        Raises:
            NotResetError: a junction is not reset.
        """

    def look_again(self) -> Procedure[tuple[tuple[Reading, ...], tuple[Verdict, ...]]]:
        """Read the junctions of a suspended run, after another attempt to reset them: readings and verdicts."""

    def allows(self, controls_ua: PerJunction, input_ua: float) -> bool:
        """Whether an input at control currents is inside the limits."""

    def allows_all(self, controls: ControlCurrents, inputs_ua: Sequence[float]) -> bool:
        """Whether all inputs of a token are."""

    def announce(self, inputs_ua: Sequence[float]) -> Procedure[None]:
        """Journal inputs that will be applied, if nothing else in the journal tells it."""

    def apply(self, ways: Ways, controls_ua: PerJunction, input_ua: float, outcomes: list[InputOutcome]) -> None:
        """Apply one input and reset; the result into ``outcomes``, with all readings even if a fault interrupts it."""

    def apply_all(
        self,
        ways: Sequence[Ways],
        controls: ControlCurrents,
        inputs_ua: Sequence[float],
        outcomes: list[InputOutcome],
    ) -> None:
        """Apply the inputs of a token as ``apply``, one after another until a junction is not reset, or together."""


def input_mode(bench: Bench, config: PlanConfig, measured: JunctionsMeasured) -> Procedure[InputMode]:
    """The mode of the plan. For pulses, go to the rest currents.

    Raises:
        LimitExceededError: rest currents or a reset pulse would exceed the limits; nothing was written.
        RefusedError: a pulse is shorter than the bench can give.
    """
    settings = config.presentation
    if not settings.is_pulsed:
        return HeldInputs(bench, config, measured)
    bench.demand_widths(settings.widths_s)
    made = yield from pulser(
        bench,
        config,
        measured,
        settings.reset_s,
        settings.reset_margin_ua,
        settings.width_s,
        settings.control == "pulsed",
    )
    return PulsedInputs(bench, config, measured, made)


@dataclass(frozen=True)
class HeldInputs:
    """Inputs are held while the junctions are read. A presentation begins and ends with the controls of the last.

    Those of parallel chains are applied and read together: control currents do not move, and there is one reset.
    """

    bench: Bench
    config: PlanConfig
    measured: JunctionsMeasured

    @cached_property
    def observer(self) -> Observer:
        """Observer of the junctions."""
        return Observer.of(self.bench, self.measured, self.config)

    @property
    def critical(self) -> CriticalCurrents:
        """As measured on a ramp."""
        return self.measured.critical

    @property
    def longest_delay_s(self) -> float:
        """Longest delay of an input that still counts."""
        return LONGEST_DELAY * self.config.presentation_dwell_s(self.bench.description.aperture_s)

    def allowed_controls(self) -> tuple[Interval, ...]:
        """Currents at which a junction resets and can be read, with room for the dips of a transition."""
        return held_controls(self.critical, self.bench.envelope.allowed_ua, self.config)

    def chip(self) -> Chip:
        """Junctions that must reset at their control currents."""
        return Chip.of_held(self.critical, self.bench.envelope.allowed_ua, self.config.encoding.reset_margin_ua)

    def start_controls(self) -> ControlCurrents:
        """Those of the plan."""
        return self.config.training.start_controls(self.bench.description.chain_sizes, self.config.encoding.inputs)

    def arrive(self, controls: ControlCurrents, step: int) -> Procedure[tuple[Ways, ...]]:
        """Move to the control currents of the last input; the way of each input leads from those of the one before."""
        bench, rows = self.bench, self._held_rows(controls)
        around = tuple(bench.plan(here, before) for before, here in zip((rows[-1], *rows), rows, strict=False))
        arrival = bench.plan(rows[-1])
        yield ControlsPlanned(bench.time_s, step, controls, (arrival, *around), _cautions(bench, rows))
        bench.execute(arrival)
        return tuple((way,) for way in around)

    def return_home(self, controls: ControlCurrents, step: int) -> Procedure[None]:
        """Return to the control currents of the last input."""
        home = self.bench.plan(self._held_rows(controls)[-1])
        yield ControlsPlanned(self.bench.time_s, step, controls, (home,))
        self.bench.execute(home)

    def demand_reset(self) -> Procedure[Reading]:
        """Wait until every junction is antiparallel at zero input."""
        return (yield from self.observer.demand_reset())

    def look_again(self) -> Procedure[tuple[tuple[Reading, ...], tuple[Verdict, ...]]]:
        """Read the junctions, which reset by themselves."""
        return self.observer.look_at_idle()
        yield  # a generator, as in the other mode

    def allows(self, controls_ua: PerJunction, input_ua: float) -> bool:
        """Whether an input may be held."""
        return _are_inside(controls_ua, input_ua, self.bench.envelope.allowed_ua)

    def allows_all(self, controls: ControlCurrents, inputs_ua: Sequence[float]) -> bool:
        """Whether the inputs of a token may be held."""
        allowed = self.bench.envelope.allowed_ua
        spans = controls.spans(len(allowed))
        each = zip(controls.by_input_ua, inputs_ua, spans, strict=True)
        return all(_are_inside(row_ua, input_ua, allowed[span]) for row_ua, input_ua, span in each)

    def announce(self, inputs_ua: Sequence[float]) -> Procedure[None]:
        """Nothing: inputs are journalled with the encoding, or with the plan."""
        return
        yield  # a generator, as in the other mode

    def apply(self, ways: Ways, controls_ua: PerJunction, input_ua: float, outcomes: list[InputOutcome]) -> None:
        """Hold an input and read the states, at a lower input if a junction is in the dead band; then zero input."""
        self._hold(ways, (input_ua,), outcomes)

    def apply_all(
        self,
        ways: Sequence[Ways],
        controls: ControlCurrents,
        inputs_ua: Sequence[float],
        outcomes: list[InputOutcome],
    ) -> None:
        """Hold the inputs of a token one after another, or those of parallel chains together."""
        if self.bench.description.chains:
            self._hold(ways[0], tuple(inputs_ua), outcomes)
        else:
            _one_after_another(self, ways, controls, inputs_ua, outcomes)

    def _held_rows(self, controls: ControlCurrents) -> tuple[PerJunction, ...]:
        """Control currents of all junctions that are held one after another: for each input, or for all together."""
        is_parallel = bool(self.bench.description.chains)
        return (controls.first_ua(self.bench.description.junctions),) if is_parallel else controls.by_input_ua

    def _hold(self, ways: Ways, inputs_ua: PerJunction, outcomes: list[InputOutcome]) -> None:
        """Hold an input on each chain; an outcome for each."""
        bench, observer, settings = self.bench, self.observer, self.config.presentation
        spans = bench.description.spans
        for way in ways:
            bench.execute(way, next_input_ua=min(inputs_ua))
        seen_in: list[Reading] = []
        reset_in: list[Reading] = []
        seen = reset = NOT_LOOKED
        disturbed = ""
        bench.delays()  # discards earlier delays
        began_s, held_s = bench.time_s, 0.0
        read_at_ua = inputs_ua
        bench.apply_each(inputs_ua)
        try:
            bench.hold(settings.dwell_s)
            read_at_ua = self._read_at_ua(inputs_ua)
            lowered_s = bench.time_s
            is_same_input = read_at_ua == inputs_ua
            if not is_same_input:
                bench.apply_each(read_at_ua)
            seen = observer.look(seen_in)
            disturbed = bench.delays(self.longest_delay_s)
            held_s = (
                seen_in[-1].t_s - bench.description.aperture_s / 2 - began_s if is_same_input else lowered_s - began_s
            )
            bench.idle()
            reset = observer.look(reset_in)
        finally:
            for span, input_ua, at_ua in zip(spans, inputs_ua, read_at_ua, strict=True):
                seen_here = observer.look_of(span, seen, seen_in, at_ua)
                reset_here = observer.look_of(span, reset, reset_in, 0.0)
                outcomes.append(_outcome(input_ua, seen_here, reset_here, round(held_s, 6), disturbed, began_s))

    def _read_at_ua(self, inputs_ua: PerJunction) -> PerJunction:
        """The input at which each chain is read; the same where no lower one takes its junctions off the dead band."""
        controls_ua, settings, critical = self.bench.controls_ua, self.config.detector, self.critical
        found = [
            reading_input_ua(controls_ua[span], input_ua, critical.of(span), settings)
            for span, input_ua in zip(self.bench.description.spans, inputs_ua, strict=True)
        ]
        return tuple([input_ua if at is None else at for input_ua, at in zip(inputs_ua, found, strict=True)])


def held_controls(critical: CriticalCurrents, allowed: Sequence[Interval], config: PlanConfig) -> tuple[Interval, ...]:
    """Control currents within ``allowed`` at which junctions reset and can be read, with room for a transition."""
    dip_ua = len(allowed) * config.training.control_step_ua
    readable_ua = -config.detector.dead_band_ua
    return tuple(
        Interval(limit.low_ua + dip_ua, min(limit.high_ua, down - config.encoding.reset_margin_ua, readable_ua))
        for limit, down in zip(allowed, critical.down_ua, strict=True)
    )


@dataclass(frozen=True, slots=True)
class PulsedInputs:
    """Inputs are pulses on top of control currents that are applied for the pulse; states are read at rest.

    Every input is followed by a reset pulse at rest, so that no pulse meets a junction that is not antiparallel.
    """

    bench: Bench
    config: PlanConfig
    measured: JunctionsMeasured
    pulser: Pulser

    @property
    def critical(self) -> CriticalCurrents:
        """For pulses of the width in the plan."""
        return self.pulser.rest.of_pulses(self.measured.critical, self.config.presentation.width_s)

    def allowed_controls(self) -> tuple[Interval, ...]:
        """Currents at which no state is lost, with room for the dips of a transition back to rest."""
        return tuple(Interval(one.low_ua + ROOM_UA, one.high_ua) for one in self.pulser.rest.controls_ua())

    def chip(self) -> Chip:
        """Junctions whose control currents are limited such that no state is lost.

        A threshold may miss its boundary by half a step of training.
        """
        off_ua = self.config.training.control_step_ua / 2
        controls = tuple(
            AllowedInterval(
                one.low_ua - off_ua,
                one.high_ua + off_ua,
                f"{junction_label(k)} loses its state below {one.low_ua:.0f} uA",
                f"{junction_label(k)} loses its state above {one.high_ua:.0f} uA",
            )
            for k, one in enumerate(self.allowed_controls())
        )
        return Chip(self.critical, self.bench.envelope.pulse_allowed_ua, controls, WANDER_UA)

    def start_controls(self) -> ControlCurrents:
        """Rest currents."""
        return ControlCurrents((self.pulser.rest.currents_ua,) * self.config.encoding.inputs)

    def arrive(self, controls: ControlCurrents, step: int) -> Procedure[tuple[Ways, ...]]:
        """Stay at rest; the ways of each input lead to its control currents and back."""
        ways = tuple(self.pulser.plan_ways(row) for row in controls.by_input_ua)
        both = tuple(way for pair in ways for way in pair)
        yield ControlsPlanned(self.bench.time_s, step, controls, both, _cautions(self.bench, controls.by_input_ua))
        return ways

    def return_home(self, controls: ControlCurrents, step: int) -> Procedure[None]:
        """Nothing: every input ends at rest."""
        return
        yield  # a generator, as in the other mode

    def demand_reset(self) -> Procedure[Reading]:
        """Read at rest, and apply reset pulses if necessary."""
        return (yield from self.pulser.demand_reset())

    def look_again(self) -> Procedure[tuple[tuple[Reading, ...], tuple[Verdict, ...]]]:
        """Try to reset the junctions, then read them."""
        with suppress(NotResetError):
            yield from self.pulser.demand_reset()
        return self.pulser.observer.look_at_idle()

    def allows(self, controls_ua: PerJunction, input_ua: float) -> bool:
        """Whether an input may be applied as a pulse."""
        return _are_inside(controls_ua, input_ua, self.bench.envelope.pulse_allowed_ua)

    def allows_all(self, controls: ControlCurrents, inputs_ua: Sequence[float]) -> bool:
        """Whether the inputs of a token may be applied as pulses."""
        return all(map(self.allows, controls.by_input_ua, inputs_ua))

    def announce(self, inputs_ua: Sequence[float]) -> Procedure[None]:
        """Journal the pulses, and the reset pulse after each."""
        t_s, width_s = self.bench.time_s, self.config.presentation.width_s
        for j, input_ua in enumerate(inputs_ua):
            yield PulsePlanned(t_s, "input", j, input_ua, width_s)
        yield PulsePlanned(t_s, "reset", 0, self.pulser.reset_ua, self.pulser.reset_s)

    def apply(self, ways: Ways, controls_ua: PerJunction, input_ua: float, outcomes: list[InputOutcome]) -> None:
        """Apply a pulse and read at rest, then a reset pulse, and read again; a stop may come before the next pulse."""
        bench, pulses, width_s = self.bench, self.pulser, self.config.presentation.width_s
        seen_in: list[Reading] = []
        reset_in: list[Reading] = []
        seen = reset = NOT_LOOKED
        pulse = InputPulse(controls_ua, GivenPulse(0.0), pulses.reset_ua)
        if outcomes:
            bench.rest(0.0)  # a stop does not wait for another pulse, which may be long
        bench.delays()  # discards earlier delays
        began_s, disturbed = bench.time_s, ""
        try:
            given, controls_s = pulses.give(input_ua, width_s, ways)
            pulse = replace(pulse, given=given, controls_s=controls_s)
            disturbed = bench.delays() or _stretched(pulse, width_s, pulses.controls_s)
            seen = pulses.observer.look(seen_in)
            bench.rest(0.0)
            pulse = replace(pulse, reset=bench.pulse(pulses.reset_ua, pulses.reset_s))
            reset = pulses.observer.look(reset_in)
        finally:
            width_s = pulse.given.width_s
            outcomes.append(_outcome(input_ua, (seen_in, seen), (reset_in, reset), width_s, disturbed, began_s, pulse))

    def apply_all(
        self,
        ways: Sequence[Ways],
        controls: ControlCurrents,
        inputs_ua: Sequence[float],
        outcomes: list[InputOutcome],
    ) -> None:
        """Apply the pulses one after another."""
        _one_after_another(self, ways, controls, inputs_ua, outcomes)


def _one_after_another(
    mode: InputMode,
    ways: Sequence[Ways],
    controls: ControlCurrents,
    inputs_ua: Sequence[float],
    outcomes: list[InputOutcome],
) -> None:
    """Apply each input in turn, results into ``outcomes``, until a junction is not reset."""
    for way, controls_ua, input_ua in zip(ways, controls.by_input_ua, inputs_ua, strict=True):
        mode.apply(way, controls_ua, input_ua, outcomes)
        if not outcomes[-1].reset:
            return


def _are_inside(controls_ua: PerJunction, input_ua: float, allowed: Sequence[Interval]) -> bool:
    return all(control + input_ua in limit for control, limit in zip(controls_ua, allowed, strict=True))


def _cautions(bench: Bench, rows: Sequence[PerJunction]) -> tuple[str, ...]:
    return tuple(caution for row_ua in rows for caution in bench.envelope.cautions(row_ua))


def _outcome(
    input_ua: float,
    seen: tuple[Sequence[Reading], Look],
    reset: tuple[Sequence[Reading], Look],
    held_s: float,
    disturbed: str,
    applied_s: float,
    pulse: InputPulse | None = None,
) -> InputOutcome:
    """Outcome of an input from the readings, and their evaluation, after it was applied and after the reset."""
    (seen_in, look), (reset_in, reset_look) = seen, reset
    return InputOutcome(
        input_ua,
        tuple(seen_in),
        look.verdicts,
        look.switched,
        look.flips,
        tuple(reset_in),
        reset_look.verdicts,
        held_s,
        disturbed,
        applied_s,
        pulse,
    )


def _stretched(pulse: InputPulse, width_s: float, controls_s: float | None) -> str:
    """Why a pulse does not count that was not as long as planned, or its control currents; empty if they were."""
    given, took_s = pulse.given, pulse.controls_s
    if abs(given.width_s - width_s) > MOST_OFF * width_s + given.uncertainty_s:
        return f"the pulse of {width_s:.6g} s took {given.width_s:.6g} s"
    if took_s is not None and controls_s is not None and took_s > MOST_LONGER * controls_s:
        return f"control currents were applied for {took_s:.3g} s, and not for {controls_s:.3g} s"
    return ""
