"""The bench: operations of the experiment on N sources and N voltmeters.

Only the bench converts uA to A, knows limits and plans transitions. The currents are driven by a rack: real
instruments, or junctions simulated in process; procedures do not depend on which.
"""

import logging
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial

from mtjlab.bench_failures import cut_at, failures_of
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import (
    BenchDescription,
    GivenPulse,
    InstrumentReport,
    Interval,
    PerJunction,
    Reading,
    Survey,
    junction_currents_ua,
    junction_label,
)
from mtjlab.envelope import BenchLimits, Envelope, demand_width
from mtjlab.errors import (
    BenchFaultError,
    ComplianceFaultError,
    LevelRefusedFaultError,
    LimitExceededError,
    RefusedError,
    joined_messages,
)
from mtjlab.rack import Rack
from mtjlab.transitions import Transition, controls_applied_s, junction_currents_on_the_way_ua, plan_transition

UA_PER_A = 1e6
MV_PER_V = 1e3
OTHER_UA = 0.5
"""Tolerance of readback: above the rounding of any source, below any effect on a junction."""
MV_DECIMALS = 9
UA_DECIMALS = 6
"""1 pV and 1 pA: far below the resolution of any instrument, so rounding only removes arithmetic noise."""

log = logging.getLogger(__name__)


class Bench:
    """N junctions in series. Control currents change only at zero input; an input changes source 1 alone."""

    def __init__(self, rack: Rack, description: BenchDescription, limits: BenchLimits, nominal: ResistanceLaw) -> None:
        """Use ``rack``, its outputs off; predict voltages from ``nominal`` until junctions are measured."""
        self.description, self.nominal = description, nominal
        self._envelope = Envelope.of(limits, [nominal] * description.junctions, description.tops)
        self._rack = rack
        self._held_ua: PerJunction = (0.0,) * description.junctions  # source currents at zero input
        self._sources_ua = [0.0] * description.junctions  # as read back; NaN if unknown
        self._tops = description.tops
        self._inputs_ua = (0.0,) * len(self._tops)
        self._is_off, self._is_elsewhere, self._going_safe = True, False, False
        self._was_driven = False
        self._owes_settling = False  # the last settings have not settled: all of them went up
        self._cut: dict[int, str] = {}  # outputs switched off at a nonzero or unknown current

    @property
    def time_s(self) -> float:
        """Bench time in seconds."""
        return self._rack.time_s

    @property
    def reading_s(self) -> float:
        """Computer time (s) that readings should have taken so far."""
        return self._rack.reading_s

    @property
    def is_safe(self) -> bool:
        """Whether all sources read zero and then their outputs were confirmed off; also true before connecting.

        False for good once an output went off without reading zero before.
        """
        return self._is_off and not self._cut

    @property
    def is_off(self) -> bool:
        """Whether all outputs were last confirmed off."""
        return self._is_off

    @property
    def is_in_use(self) -> bool:
        """Whether another program uses the bench, so that this one must not change its currents."""
        return self._is_elsewhere

    @property
    def was_driven(self) -> bool:
        """Whether a source was ever set to another current than zero."""
        return self._was_driven

    @property
    def input_ua(self) -> float:
        """Input applied now, to the first of parallel chains."""
        return self._inputs_ua[0]

    @property
    def controls_ua(self) -> PerJunction:
        """Control currents held now."""
        return junction_currents_ua(self._held_ua, self._tops)

    @property
    def currents_ua(self) -> PerJunction:
        """Junction currents flowing now."""
        return _rounded_ua(self._currents_ua(self._inputs_ua))

    @property
    def envelope(self) -> Envelope:
        """Allowed junction currents, from what is known of the junctions."""
        return self._envelope

    def predict_voltages_with(self, laws: Sequence[ResistanceLaw]) -> None:
        """Predict junction voltages with the antiparallel branch of ``laws`` from now on."""
        self._envelope = self._envelope.with_laws(laws)

    def connect(self) -> Transition:
        """Connect to every instrument; returns the transition to zero from the currents found on outputs.

        Raises:
            BenchFaultError: an instrument does not respond or is another one; going safe ramps down what was on.
            RefusedError: another program uses one of them; nothing was set, and nothing will be.
        """
        self._is_off = False
        try:
            found = self._rack.connect()
        except RefusedError:
            self._is_off, self._is_elsewhere = True, True
            raise
        except BenchFaultError:
            delivered_ua = [current * UA_PER_A for current in self._rack.delivered_a()]
            self._sources_ua = [0.0 if math.isnan(current) else current for current in delivered_ua]
            raise
        self._sources_ua = [current * UA_PER_A for current in found]
        return self._way_to_zero()

    def switch_on(self) -> tuple[InstrumentReport, ...]:
        """Configure every instrument, and switch the outputs on at zero; all outputs must be off before."""
        self._is_off = False
        return self._rack.switch_on()

    def close(self) -> None:
        """Disconnect from the instruments."""
        self._rack.close()

    def plan(self, controls_ua: Sequence[float], start_ua: Sequence[float] | None = None) -> Transition:
        """Plan the transition at zero input to control currents, from ``start_ua`` or from those held now.

        Nothing is written.

        Raises:
            LimitExceededError: a junction would leave its limits.
        """
        if start_ua is None:
            return self._envelope.plan_from(self._held_ua, controls_ua)
        return self._envelope.plan(start_ua, controls_ua)

    def plan_there_and_back(
        self, controls_ua: Sequence[float], keeps: Sequence[Interval] | None = None
    ) -> tuple[Transition, Transition]:
        """Plan the transition from the held control currents to others, and back to exactly the held ones.

        ``keeps`` are junction currents at which a state is kept: on the way back, none is left for a moment.

        Raises:
            LimitExceededError: a junction would leave its limits.
        """
        there = self._envelope.plan_from(self._held_ua, controls_ua)
        return there, self._envelope.plan_between(there.target_ua, self._held_ua, keeps)

    def execute(self, transition: Transition, next_input_ua: float = 0.0) -> None:
        """Execute a planned transition.

        ``next_input_ua`` is applied next, before anything else. If it and the last group of settings all go up, it is
        not waited for that group: junctions only rise to what they carry with the input, and settle with it.

        Raises:
            BenchFaultError: an input is applied, or the currents differ from the start of the plan; nothing written.
            LimitExceededError: limits have changed since the plan was made; nothing was written.
            ComplianceFaultError: a source was at its compliance; what was written until then is held.
            LevelRefusedFaultError: a source did not take its level; what the sources read back is held.
        """
        self._demand_possible(transition, self._held_ua)
        with self._holding_what_is_read_back():
            self._carry_out(transition, settles_last=not (next_input_ua > 0.0 and transition.ends_with_ups))
            self._held_ua = transition.target_ua

    def step(self, transition: Transition) -> tuple[float, float]:
        """Execute a planned transition as ``execute``, but return at once, to see how sources settle.

        Returns the times (s) before its first setting and after its last.
        """
        self._settle_owed()
        self._demand_possible(transition, self._held_ua)
        began_s = self.time_s
        with self._holding_what_is_read_back():
            self._carry_out(transition, settles_last=False)
            self._held_ua = transition.target_ua
        return began_s, self.time_s

    def integrate(self, nplc: float | None) -> Sequence[float]:
        """Set integration times of voltmeters for trying them; see ``Rack``."""
        return self._rack.integrate(nplc)

    def apply(self, input_ua: float) -> None:
        """Apply an input: move source 1 alone, that of every chain if there are several, then settle.

        Raises:
            LimitExceededError: a junction would leave its limits; nothing was written.
        """
        self.apply_each((input_ua,) * len(self._tops))

    def apply_each(self, inputs_ua: PerJunction) -> None:
        """Apply an input to each of parallel chains: move their first sources alone, then settle once.

        Raises:
            LimitExceededError: a junction would leave its limits; nothing was written.
        """
        named = " and ".join(f"{input_ua:.6g}" for input_ua in dict.fromkeys(inputs_ua))
        self._envelope.demand(self._currents_ua(inputs_ua), f"an input of {named} uA")
        if any(to < now for to, now in zip(inputs_ua, self._inputs_ua, strict=True)):
            self._settle_owed()
        self._inputs_ua = inputs_ua
        for top, input_ua in zip(self._tops, inputs_ua, strict=True):
            self._write(top, self._held_ua[top] + input_ua)
        self._settle()

    def pulse(self, input_ua: float, width_s: float) -> GivenPulse:
        """Apply an input for ``width_s``, then set it to zero, by moving source 1 alone; then settle.

        Raises:
            LimitExceededError: a junction would leave its limits; nothing was written.
            RefusedError: the pulse is too short for the bench; nothing was written.
            BenchFaultError: an input is applied; nothing was written.
        """
        self._demand_possible_pulse(self.controls_ua, input_ua, width_s)
        self._settle_owed()
        given = self._give(input_ua, width_s)
        self._settle()
        return given

    def pulse_with_controls(
        self, there: Transition, back: Transition, input_ua: float, width_s: float
    ) -> tuple[GivenPulse, float]:
        """Apply control currents for a pulse alone: way ``there``, the pulse, way ``back``, then settle.

        Sources are waited for only between settings in opposite directions, as inside a transition. Returns the pulse,
        and the time (s) from the first setting to the last.

        Raises:
            LimitExceededError, RefusedError, BenchFaultError: as ``execute`` and ``pulse``.
        """
        self._demand_possible(there, self._held_ua)
        self._demand_possible(back, there.target_ua)
        self._demand_possible_pulse(junction_currents_ua(there.target_ua, self._tops), input_ua, width_s)
        began_s = self.time_s
        with self._holding_what_is_read_back():
            self._carry_out(there, settles_last=input_ua < 0.0 or not there.ends_with_ups)
            self._owes_settling = False
            self._held_ua = there.target_ua
            given = self._give(input_ua, width_s)
            if input_ua < 0.0 or not back.sub_steps[0].downs:
                self._settle()
            self._carry_out(back, settles_last=False)
            self._held_ua = back.target_ua
        took_s = self.time_s - began_s
        self._settle()
        return given, round(took_s, UA_DECIMALS)

    def expected_controls_s(self, width_s: float) -> float:
        """Time (s) for which ``pulse_with_controls`` is expected to apply control currents, with two sub-steps back."""
        settings = 3 * self.description.junctions + 2  # each source there and back twice, and the pulse
        return controls_applied_s(width_s, self._rack.settle_s, settings * self._rack.shortest_pulse_s)

    def demand_widths(self, widths_s: Iterable[float]) -> None:
        """Check that pulses of these durations are possible, by the limits and by the measured delays of the link.

        Where these are not known yet, sources are set to their present levels.

        Raises:
            RefusedError: one is too short for the bench.
        """
        widths_s = tuple(widths_s)
        for width_s in widths_s:
            self._envelope.limits.demand_width(width_s)
        if widths_s:
            self._rack.time_settings()
        for width_s in widths_s:
            demand_width(width_s, self._rack.shortest_pulse_s, "the time that the link needs to set a source")

    def demand_pulse(self, controls_ua: Sequence[float], input_ua: float) -> None:
        """Check that the limits allow a pulse at control currents.

        Raises:
            LimitExceededError: a junction would leave its limits.
        """
        currents_ua = tuple([control + input_ua for control in controls_ua])
        self._envelope.demand_pulse(currents_ua, f"a pulse of {input_ua:.6g} uA")

    def idle(self) -> None:
        """Set the input to zero, control currents held."""
        self.apply(0.0)

    def hold(self, duration_s: float) -> None:
        """Wait at the present currents."""
        self._rack.wait(duration_s)

    def rest(self, duration_s: float) -> None:
        """Wait at a safe point: a requested stop ends the wait at once, as at a yield."""
        self._rack.wait(duration_s, may_stop=True)

    def read(self, samples: int) -> Reading:
        """Read the voltages of all junctions at the present currents.

        Raises:
            BenchFaultError: a voltmeter gives no finite value.
            ComplianceFaultError: a source is at its compliance.
        """
        try:
            samples_mv = tuple([_sample_mv(volts) for volts in self._rack.read_voltages_v(samples)])
        except ComplianceFaultError as error:
            self._check_other_sources(error)
            raise
        return Reading(self._rack.time_s, self.input_ua, self.currents_ua, samples_mv)

    def delays(self, longest_s: float = math.inf) -> str:
        """Delays since the last call, during which currents were applied for too long; empty if none.

        Too long is what an instrument of the bench does not need, or more than ``longest_s``.
        """
        return "; ".join(self._rack.delays(longest_s))

    def survey(self, samples: int) -> Survey:
        """Readings of each voltmeter at the present currents, and the status of each source.

        Raises:
            BenchFaultError: the connection to an instrument is lost.
        """
        return self._rack.survey(samples)

    def demand_sources(self) -> None:
        """Check that every source reads back what was set.

        Raises:
            BenchFaultError: an output or a level was changed by somebody else.
        """
        delivered_ua = [current * UA_PER_A for current in self._rack.delivered_a()]
        off = self._rack.seen_off
        wrong = [
            f"source {junction_label(k, self._tops)} says that "
            f"{'its output is off' if k in off else f'it delivers {delivered:.6g} uA'}, where {was_set:.6g} uA was set"
            for k, (delivered, was_set) in enumerate(zip(delivered_ua, self._sources_ua, strict=True))
            if k in off or not abs(delivered - was_set) <= OTHER_UA
        ]
        if wrong:
            raise BenchFaultError(
                f"{'; '.join(wrong)}. Somebody else switched an output off or changed a level: another program, a "
                "person at the front panel, or an interlock. Readings taken since then are invalid. Find out who, "
                "then continue with `mtjlab resume`, or start a new run."
            )

    def go_safe(self) -> PerJunction:
        """Ramp all sources to zero, confirm zero, switch outputs off, and return the currents read back (uA).

        A source with its output off reads back 0 whatever it delivered, so levels are read before. A source that is
        not at zero is set again, then by the alternative commands of its model, and is switched off in any case. A
        failure never prevents the remaining steps.

        Raises:
            BenchFaultError: an output may be on; or all are off (see ``is_off``), but one did not read zero before.
        """
        self._going_safe = True
        failures = [
            *failures_of(self._ramp_to_zero),
            *failures_of(self._read_back),
            *self._zero_each(lambda source: self._rack.write_source(source, 0.0)),
            *self._zero_each(self._rack.zero_with_recovery),
        ]
        seen_ua = tuple(self._sources_ua)
        failures += (still_on := failures_of(self._rack.switch_off))
        self._going_safe = False
        self._is_off = not still_on
        self._cut |= {k: cut_at(junction_label(k, self._tops), seen) for k, seen in enumerate(seen_ua) if seen != 0.0}
        self._inputs_ua, self._held_ua = (0.0,) * len(self._tops), (0.0,) * self.description.junctions
        message = joined_messages(f"{failure.removesuffix('.')}." for failure in failures)
        if still_on:
            raise BenchFaultError(message if "may be on" in message else f"{message} An output may still be on.")
        if failures:
            log.warning("On the way to zero: %s", message)
        if self._cut:
            raise BenchFaultError(f"outputs off; {', '.join(self._cut.values())}")
        return self._held_ua

    def _read_back(self) -> None:
        """Read the levels of all sources; unknown (NaN) where this fails."""
        self._sources_ua = [math.nan] * self.description.junctions
        self._sources_ua = [current * UA_PER_A for current in self._rack.delivered_a()]

    def _ramp_to_zero(self) -> None:
        if any(map(math.isnan, self._sources_ua)):
            self._read_back()
        if any(map(math.isnan, self._sources_ua)):
            raise BenchFaultError("the current of a source is not known, so a ramp to zero cannot be planned")
        if any(self._inputs_ua):
            for top in self._tops:
                self._write(top, self._held_ua[top])
            self._inputs_ua = (0.0,) * len(self._tops)
            self._settle()
        self._carry_out(self._way_to_zero())

    def _zero_each(self, to_zero: Callable[[int], None]) -> list[str]:
        """Set each source to zero that is not known to be there, positive currents first; returns failures."""
        failures: list[str] = []
        for k in sorted(range(len(self._sources_ua)), key=lambda k: not self._sources_ua[k] > 0.0):
            if self._sources_ua[k] != 0.0:
                failures += failures_of(partial(self._send, k, 0.0, partial(to_zero, k)))
        return failures

    def _way_to_zero(self) -> Transition:
        """Plan from the present currents to zero without exceeding them; without limits if there is no other way.

        A plan of several steps needs a library, which a guardian process may no longer find.
        """
        zero = (0.0,) * self.description.junctions
        here = junction_currents_ua(self._sources_ua, self._tops)
        widened = [
            Interval(min(allowed.low_ua, now), max(allowed.high_ua, now))
            for allowed, now in zip(self._envelope.allowed_ua, here, strict=True)
        ]
        try:
            return plan_transition(self._sources_ua, zero, widened, self._tops)
        except (LimitExceededError, ImportError, OSError):
            anywhere = (Interval(-math.inf, math.inf),) * self.description.junctions
            return plan_transition(self._sources_ua, zero, anywhere, self._tops)

    def _write(self, source: int, current_ua: float) -> None:
        self._send(source, current_ua, partial(self._rack.write_source, source, current_ua / UA_PER_A))

    def _send(self, source: int, current_ua: float, send: Callable[[], None]) -> None:
        """Send a level, and update the known current of the source."""
        self._sources_ua[source] = math.nan
        self._was_driven |= current_ua != 0.0
        try:
            send()
        except LevelRefusedFaultError as refused:
            self._sources_ua[source] = refused.delivered_a * UA_PER_A
            raise
        except ComplianceFaultError as error:
            self._sources_ua[source] = current_ua
            if not self._going_safe:
                self._check_other_sources(error)
                raise
        self._sources_ua[source] = current_ua

    def _check_other_sources(self, reached: ComplianceFaultError) -> None:
        """Raise a more precise fault if the compliance was reached because somebody else changed another source."""
        try:
            self.demand_sources()
        except BenchFaultError as found:
            raise ComplianceFaultError(f"{found} So another reached its compliance: {reached}") from reached

    def _give(self, input_ua: float, width_s: float) -> GivenPulse:
        base_ua = self._held_ua[0]
        given: list[GivenPulse] = []

        def send() -> None:
            base_a, level_a = base_ua / UA_PER_A, (base_ua + input_ua) / UA_PER_A
            given.append(self._rack.pulse(0, base_a, level_a, width_s))

        self._send(0, base_ua, send)
        return given[0]

    def _demand_possible(self, transition: Transition, start_ua: PerJunction) -> None:
        """Check that a transition begins at the source currents ``start_ua``, without input, and inside the limits."""
        if any(self._inputs_ua) or transition.start_ua != start_ua:
            raise BenchFaultError(
                f"A transition planned from sources at {transition.start_ua} uA and no input met {start_ua} uA "
                f"with an input of {self.input_ua:.6g} uA. Nothing was written: controls move only as planned."
            )
        for currents_ua in junction_currents_on_the_way_ua(transition, self._tops):
            self._envelope.demand(currents_ua, "the transition")

    def _demand_possible_pulse(self, controls_ua: PerJunction, input_ua: float, width_s: float) -> None:
        if any(self._inputs_ua):
            raise BenchFaultError(
                f"A pulse was requested at an input of {self.input_ua:.6g} uA instead of zero. Nothing was written."
            )
        self._envelope.limits.demand_width(width_s)
        self.demand_pulse(controls_ua, input_ua)

    @contextmanager
    def _holding_what_is_read_back(self) -> Iterator[None]:
        """Hold what was written until a source failed, and what it reads back."""
        try:
            yield
        except (ComplianceFaultError, LevelRefusedFaultError):
            self._held_ua = tuple(self._sources_ua)
            raise

    def _carry_out(self, transition: Transition, settles_last: bool = True) -> None:
        """Set every source; wait after each group of settings, after the last only if ``settles_last``."""
        self._settle_owed()
        groups = [group for step in transition.sub_steps for group in (step.downs, step.ups) if group]
        for left, group in zip(range(len(groups))[::-1], groups, strict=True):
            for write in group:
                self._write(write.source, write.current_ua)
            if left or settles_last:
                self._settle()
            else:
                self._owes_settling = True

    def _settle(self) -> None:
        self._rack.settle()
        self._owes_settling = False

    def _settle_owed(self) -> None:
        """Settle if the last settings were not waited for, and something else follows than what was to follow."""
        if self._owes_settling:
            self._settle()

    def _currents_ua(self, inputs_ua: PerJunction) -> PerJunction:
        sources_ua = list(self._held_ua)
        for top, input_ua in zip(self._tops, inputs_ua, strict=True):
            sources_ua[top] += input_ua
        return junction_currents_ua(sources_ua, self._tops)


@lru_cache(maxsize=64)
def _rounded_ua(currents_ua: PerJunction) -> PerJunction:
    """Currents without arithmetic noise; kept, since most readings are taken at the currents of an earlier one."""
    return tuple([round(current, UA_DECIMALS) for current in currents_ua])


def _sample_mv(volts: Sequence[float]) -> PerJunction:
    """One sample of every voltmeter in mV. Raises BenchFaultError if one is not finite."""
    if not math.isfinite(sum(volts)):
        raise BenchFaultError(f"The voltmeters read {tuple(volts)} V: no finite voltage for each junction.")
    return tuple([round(value * MV_PER_V, MV_DECIMALS) for value in volts])
