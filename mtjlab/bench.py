"""The bench: the few verbs of the experiment over N sources and N voltmeters.

It alone converts uA to A, alone knows limits, alone plans transitions. What carries the currents is a rack: real
instruments, or junctions simulated in process. Procedures cannot tell which.
"""

import logging
import math
from collections.abc import Callable, Sequence
from functools import partial

from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import (
    BenchDescription,
    InstrumentReport,
    Interval,
    PerJunction,
    Reading,
    Survey,
    junction_currents_ua,
    junction_label,
)
from mtjlab.envelope import BenchLimits, Envelope
from mtjlab.errors import (
    BenchFaultError,
    ComplianceFaultError,
    LevelRefusedFaultError,
    LimitExceededError,
    RefusedError,
    SilentSourceError,
    joined_messages,
)
from mtjlab.rack import Rack
from mtjlab.transitions import Transition, junction_currents_on_the_way_ua, plan_transition

UA_PER_A = 1e6
MV_PER_V = 1e3
OTHER_UA = 0.5
"""More than any source rounds a level to, less than matters to a junction."""
MV_DECIMALS = 9
UA_DECIMALS = 6
"""1 pV and 1 pA: far below what any meter and source resolve, so that rounding only takes off what arithmetic adds."""

log = logging.getLogger(__name__)


class Bench:
    """N junctions in series. Control currents move only at zero input; an input moves source 1 alone."""

    def __init__(self, rack: Rack, description: BenchDescription, limits: BenchLimits, nominal: ResistanceLaw) -> None:
        """Take over ``rack``, its outputs off; predict voltages from ``nominal`` until junctions are measured."""
        self.description = description
        self._envelope = Envelope.of(limits, [nominal] * description.junctions)
        self._rack = rack
        self._held_ua: PerJunction = (0.0,) * description.junctions  # source currents without the input
        self._sources_ua = [0.0] * description.junctions  # by their own word; NaN where it is not known
        self._input_ua = 0.0
        self._is_off, self._is_elsewhere, self._going_safe = True, False, False
        self._cut: dict[int, str] = {}  # outputs that went off at a current, or at one that is not known

    @property
    def time_s(self) -> float:
        """Bench time in seconds."""
        return self._rack.time_s

    @property
    def reading_s(self) -> float:
        """Seconds of the computer's clock that readings were to take so far."""
        return self._rack.reading_s

    @property
    def is_safe(self) -> bool:
        """Whether all sources were last seen at zero, and then their outputs off; also before anything was connected.

        Never again once an output was not seen at zero before it went off.
        """
        return self._is_off and not self._cut

    @property
    def is_off(self) -> bool:
        """Whether all outputs were last seen off, so that nobody has to do anything about them."""
        return self._is_off

    @property
    def is_in_use(self) -> bool:
        """Whether another program uses it, so that its currents are not for this one to change."""
        return self._is_elsewhere

    @property
    def input_ua(self) -> float:
        """The input that is applied now."""
        return self._input_ua

    @property
    def controls_ua(self) -> PerJunction:
        """Control currents that are held now."""
        return junction_currents_ua(self._held_ua)

    @property
    def currents_ua(self) -> PerJunction:
        """Junction currents that flow now."""
        return tuple([round(current, UA_DECIMALS) for current in self._currents_ua(self._input_ua)])

    @property
    def envelope(self) -> Envelope:
        """What junctions may carry, as far as they are known."""
        return self._envelope

    def predict_voltages_with(self, laws: Sequence[ResistanceLaw]) -> None:
        """From now on predict junction voltages with the antiparallel branch of ``laws``."""
        self._envelope = self._envelope.with_laws(laws)

    def connect(self) -> Transition:
        """Make sure of every instrument; returns the way to zero from what outputs were found to deliver.

        Raises:
            BenchFaultError: an instrument does not answer, or is another; going safe ramps down what was found on.
            RefusedError: another program uses one of them, so none was set, and none will be.
        """
        self._is_off = False
        try:
            found = self._rack.connect()
        except RefusedError:
            self._is_off, self._is_elsewhere = True, True
            raise
        except BenchFaultError:
            told = [current * UA_PER_A for current in self._rack.delivered_a()]
            self._sources_ua = [0.0 if math.isnan(current) else current for current in told]
            raise
        self._sources_ua = [current * UA_PER_A for current in found]
        return self._way_to_zero()

    def switch_on(self) -> tuple[InstrumentReport, ...]:
        """Prepare every instrument, and switch the outputs on at zero; no output may be on before."""
        self._is_off = False
        return self._rack.switch_on()

    def close(self) -> None:
        """Let go of the instruments."""
        self._rack.close()

    def plan(self, controls_ua: Sequence[float], start_ua: Sequence[float] | None = None) -> Transition:
        """The transition at zero input to other control currents, from ``start_ua`` or from what is held now.

        Nothing is written.

        Raises:
            LimitExceededError: a junction would leave its limits.
        """
        if start_ua is None:
            return self._envelope.plan_from(self._held_ua, controls_ua)
        return self._envelope.plan(start_ua, controls_ua)

    def plan_there_and_back(self, controls_ua: Sequence[float]) -> tuple[Transition, Transition]:
        """From what is held to other control currents, and back to exactly that.

        Raises:
            LimitExceededError: a junction would leave its limits.
        """
        there = self._envelope.plan_from(self._held_ua, controls_ua)
        return there, self._envelope.plan_between(there.target_ua, self._held_ua)

    def execute(self, transition: Transition) -> None:
        """Carry out a planned transition.

        Raises:
            BenchFaultError: an input is applied, or the bench is not where the plan starts; nothing was written.
            LimitExceededError: limits have changed since the plan was made; nothing was written.
            ComplianceFaultError: a source was at its compliance; what was written until then is held.
            LevelRefusedFaultError: a source did not take its level; what the sources say is held.
        """
        if self._input_ua != 0.0 or transition.start_ua != self._held_ua:
            raise BenchFaultError(
                f"A transition planned from sources at {transition.start_ua} uA and no input met {self._held_ua} uA "
                f"with an input of {self._input_ua:.6g} uA. Nothing was written: controls move only as planned."
            )
        for currents_ua in junction_currents_on_the_way_ua(transition):
            self._envelope.demand(currents_ua, "the transition")
        try:
            self._carry_out(transition)
        except (ComplianceFaultError, LevelRefusedFaultError):
            self._held_ua = tuple(self._sources_ua)
            raise
        self._held_ua = transition.target_ua

    def apply(self, input_ua: float) -> None:
        """Apply an input: move source 1 alone, then settle.

        Raises:
            LimitExceededError: a junction would leave its limits; nothing was written.
        """
        self._envelope.demand(self._currents_ua(input_ua), f"an input of {input_ua:.6g} uA")
        self._input_ua = input_ua
        self._write(0, self._held_ua[0] + input_ua)
        self._rack.settle()

    def idle(self) -> None:
        """Input to zero, control currents held."""
        self.apply(0.0)

    def hold(self, duration_s: float) -> None:
        """Let time pass at the present currents."""
        self._rack.wait(duration_s)

    def rest(self, duration_s: float) -> None:
        """Let time pass at a safe point: whoever wants the run to stop ends it at once, as at a yield."""
        self._rack.wait(duration_s, may_stop=True)

    def read(self, samples: int) -> Reading:
        """Voltages of all junctions at the present currents.

        Raises:
            BenchFaultError: a voltmeter gives no finite number.
            ComplianceFaultError: a source is at its compliance.
        """
        try:
            taken = tuple([_sample_mv(volts) for volts in self._rack.read_voltages_v(samples)])
        except ComplianceFaultError as error:
            self._blame_others(error)
            raise
        return Reading(self._rack.time_s, self._input_ua, self.currents_ua, taken)

    def delays(self) -> str:
        """What went slower than it should since this was asked last, so that currents stood for too long."""
        return "; ".join(self._rack.delays())

    def survey(self, samples: int) -> Survey:
        """What each voltmeter reads at the present currents, and what each source says of itself.

        Raises:
            BenchFaultError: an instrument is lost.
        """
        return self._rack.survey(samples)

    def demand_sources(self) -> None:
        """Make sure that every source says of itself what was set.

        Raises:
            BenchFaultError: an output was switched off, or a level changed, by somebody else.
        """
        told_ua = [current * UA_PER_A for current in self._rack.delivered_a()]
        off = self._rack.seen_off
        wrong = [
            f"source {junction_label(k)} says that "
            f"{'its output is off' if k in off else f'it delivers {told:.6g} uA'}, where {was_set:.6g} uA was set"
            for k, (told, was_set) in enumerate(zip(told_ua, self._sources_ua, strict=True))
            if k in off or not abs(told - was_set) <= OTHER_UA
        ]
        if wrong:
            raise BenchFaultError(
                f"{'; '.join(wrong)}. Somebody else switched an output off or changed a level: another program, a "
                "person at the front panel, or an interlock. What was read since then is worth nothing. Find out who, "
                "then go on with `mtjlab resume`, or begin anew."
            )

    def go_safe(self) -> PerJunction:
        """Ramp all sources to zero, see that they are there, switch outputs off, and return what was seen (uA).

        With its output off a source says 0 whatever it delivered, so its level is read before. One that is not at zero
        is set again, then by the second way of its model, and goes off all the same. Whatever fails on the way,
        everything else is still attempted.

        Raises:
            BenchFaultError: an output may be on; or all are off (see ``is_off``), but one was not seen at zero before.
        """
        self._going_safe = True
        failures = [
            *_failures_of(self._ramp_to_zero),
            *_failures_of(self._look),
            *self._zero_each(lambda source: self._rack.write_source(source, 0.0)),
            *self._zero_each(self._rack.zero_with_recovery),
        ]
        seen_ua = tuple(self._sources_ua)
        failures += (still_on := _failures_of(self._rack.switch_off))
        self._going_safe = False
        self._is_off = not still_on
        self._cut |= {k: _cut_at(k, seen) for k, seen in enumerate(seen_ua) if seen != 0.0}
        self._input_ua, self._held_ua = 0.0, (0.0,) * self.description.junctions
        told = joined_messages(f"{failure.removesuffix('.')}." for failure in failures)
        if still_on:
            raise BenchFaultError(told if "may be on" in told else f"{told} An output may still be on.")
        if failures:
            log.warning("On the way to zero: %s", told)
        if self._cut:
            raise BenchFaultError(f"outputs off; {', '.join(self._cut.values())}")
        return self._held_ua

    def _look(self) -> None:
        """What the sources say now; nothing else is believed from here on."""
        self._sources_ua = [math.nan] * self.description.junctions
        self._sources_ua = [current * UA_PER_A for current in self._rack.delivered_a()]

    def _ramp_to_zero(self) -> None:
        if any(map(math.isnan, self._sources_ua)):
            self._look()
        if any(map(math.isnan, self._sources_ua)):
            raise BenchFaultError("what a source delivers is not known, so that there is no way down to plan")
        if self._input_ua != 0.0:
            self._write(0, self._held_ua[0])
            self._input_ua = 0.0
            self._rack.settle()
        self._carry_out(self._way_to_zero())

    def _zero_each(self, to_zero: Callable[[int], None]) -> list[str]:
        """Zero to each source that is not known to be there, what pushes junctions up first; says what failed."""
        failures: list[str] = []
        for k in sorted(range(len(self._sources_ua)), key=lambda k: not self._sources_ua[k] > 0.0):
            if self._sources_ua[k] != 0.0:
                failures += _failures_of(partial(self._send, k, 0.0, partial(to_zero, k)))
        return failures

    def _way_to_zero(self) -> Transition:
        """From wherever the sources stand, without going farther out than that; any way is better than none.

        A way in several steps needs a library, which a rescuer may not find any more.
        """
        zero = (0.0,) * self.description.junctions
        here = junction_currents_ua(self._sources_ua)
        widened = [
            Interval(min(allowed.low_ua, now), max(allowed.high_ua, now))
            for allowed, now in zip(self._envelope.allowed_ua, here, strict=True)
        ]
        try:
            return plan_transition(self._sources_ua, zero, widened)
        except (LimitExceededError, ImportError, OSError):
            anywhere = (Interval(-math.inf, math.inf),) * self.description.junctions
            return plan_transition(self._sources_ua, zero, anywhere)

    def _write(self, source: int, current_ua: float) -> None:
        self._send(source, current_ua, partial(self._rack.write_source, source, current_ua / UA_PER_A))

    def _send(self, source: int, current_ua: float, send: Callable[[], None]) -> None:
        """Send a level, and keep what is known of the source afterwards."""
        self._sources_ua[source] = math.nan
        try:
            send()
        except LevelRefusedFaultError as refused:
            self._sources_ua[source] = refused.delivered_a * UA_PER_A
            raise
        except ComplianceFaultError as error:
            self._sources_ua[source] = current_ua
            if not self._going_safe:
                self._blame_others(error)
                raise
        self._sources_ua[source] = current_ua

    def _blame_others(self, reached: ComplianceFaultError) -> None:
        """Raises another fault for a compliance that a source reached because somebody else set one."""
        try:
            self.demand_sources()
        except BenchFaultError as found:
            raise ComplianceFaultError(f"{found} So another reached its compliance: {reached}") from reached

    def _carry_out(self, transition: Transition) -> None:
        for step in transition.sub_steps:
            for group in (step.downs, step.ups):
                for write in group:
                    self._write(write.source, write.current_ua)
                if group:
                    self._rack.settle()

    def _currents_ua(self, input_ua: float) -> PerJunction:
        return junction_currents_ua((self._held_ua[0] + input_ua, *self._held_ua[1:]))


def _failures_of(attempt: Callable[[], None]) -> list[str]:
    """What kept an attempt from being done, if anything did: it keeps nothing else from being attempted.

    That a source does not answer is said when it cannot be switched off either.
    """
    try:
        attempt()
    except SilentSourceError:
        return []
    except Exception as error:
        return [str(error)]
    return []


def _cut_at(source: int, seen_ua: float) -> str:
    name = f"source {junction_label(source)}"
    if math.isnan(seen_ua):
        return f"what {name} delivered until then is not known"
    return f"{name} was cut at {seen_ua:.6g} uA"


def _sample_mv(volts: Sequence[float]) -> PerJunction:
    if not math.isfinite(sum(volts)):
        raise BenchFaultError(f"The voltmeters read {tuple(volts)} V: no finite voltage for each junction.")
    return tuple([round(value * MV_PER_V, MV_DECIMALS) for value in volts])
