"""Events of encoding and presenting tokens. Times ``t_s`` are bench time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from mtjlab.analysis.passage import Passage, joined, seen_after
from mtjlab.detection.flips import Flips
from mtjlab.domain import (
    GivenPulse,
    JoinedReading,
    PerJunction,
    Reading,
    Subset,
    SwitchingConfiguration,
    Verdict,
)
from mtjlab.encoding.fitted import Encoding
from mtjlab.events.base import Event, Phase, PulsePhase

Purpose: TypeAlias = Literal["training", "recognition", "map", "classify"]


@dataclass(frozen=True, slots=True)
class EncodedToken:
    """A token as presented: one input current for each input."""

    name: str
    label: str
    subset: Subset
    inputs_ua: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TokensEncoded(Event):
    """The encoding fitted to the training subset, and the input currents of every token."""

    milestone: ClassVar[bool] = True

    t_s: float
    encoding: Encoding
    tokens: tuple[EncodedToken, ...]
    type: Literal["tokens-encoded"] = "tokens-encoded"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        table = self.encoding.table
        assigned = ", ".join(" ".join((label, *map(str, table.of_class(label)))) for label in table.classes)
        how = "fitted together" if self.encoding.is_joint else "not proven optimal"
        return f"encoded: {assigned}" + ("" if self.encoding.proven_optimal else f" ({how})")


@dataclass(frozen=True, slots=True)
class InputPulse:
    """An input that was applied as a pulse from rest, and the reset pulse after it, with their measured durations.

    Each junction carried its control current plus the input, then its rest current plus ``reset_ua``. ``reset`` is None
    if the reset pulse was not applied any more. ``controls_s``: time for which control currents were applied, together
    with the pulse; None where they were held before and after it.
    """

    controls_ua: PerJunction
    given: GivenPulse
    reset_ua: float
    reset: GivenPulse | None = None
    controls_s: float | None = None

    def phases(
        self,
        input_ua: float,
        since_s: float | None,
        readings: Sequence[Reading],
        verdicts: Sequence[Verdict],
        reset_readings: Sequence[Reading],
    ) -> Iterator[Phase | PulsePhase]:
        """Both pulses, each with the readings at rest after it; ``verdicts`` are those between the pulses."""
        yield PulsePhase("input", self.controls_ua, input_ua, self.given.width_s, since_s, verdicts)
        yield from (Phase("idle", reading) for reading in readings)
        if self.reset is not None:
            yield PulsePhase("reset", readings[-1].controls_ua, self.reset_ua, self.reset.width_s, None, verdicts)
        yield from (Phase("idle", reading) for reading in reset_readings)


@dataclass(frozen=True, slots=True)
class InputOutcome:
    """One input of a presentation: applied, read (at a lower input where a junction ended in the dead band), reset.

    A ``pulse`` is read at rest, after it and after its reset.

    ``switched`` counts parallel junctions; None if a junction was neither P nor AP. ``flips`` counts changes of state
    in both directions, from sample to sample at the input. ``held_s`` is how long the input was applied before the
    time of the last reading; 0 if it was not read. ``disturbed`` says why it was applied for too long, so that the
    presentation does not count. ``applied_s``: bench time at which the input was set; None in older journals.
    """

    input_ua: float
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    switched: int | None
    flips: Flips
    reset_readings: tuple[Reading, ...]
    reset_verdicts: tuple[Verdict, ...]
    held_s: float = 0.0
    disturbed: str = ""
    applied_s: float | None = None
    pulse: InputPulse | None = None

    @property
    def reset(self) -> bool:
        """Whether all junctions were antiparallel afterwards."""
        return 0 < len(self.reset_verdicts) == self.reset_verdicts.count(Verdict.AP)

    @property
    def evidence(self) -> Sequence[Sequence[Passage]]:
        """Which junctions the input switched, if it was read and not disturbed."""
        if self.disturbed or not self.verdicts or not self.held_s:
            return ()
        controls_ua = self.readings[0].controls_ua if self.pulse is None else self.pulse.controls_ua
        held_s = self.held_s if self.pulse is None else self.pulse.given.width_s
        return seen_after([control_ua + self.input_ua for control_ua in controls_ua], held_s, self.verdicts)

    @property
    def phases(self) -> Iterator[Phase | PulsePhase]:
        """Readings at the input, the first since it was applied, then those at zero input; of a pulse those at rest."""
        if self.pulse is not None:
            yield from self.pulse.phases(
                self.input_ua, self.applied_s, self.readings, self.verdicts, self.reset_readings
            )
            return
        first, *others = self.readings or (None,)
        if first is not None:
            yield self._first_phase(first)
        for reading in others:
            yield Phase("input", reading)
        for reading in self.reset_readings:
            yield Phase("reset", reading)

    def _first_phase(self, first: Reading) -> Phase:
        """Of older journals: ``held_s`` ends in the middle of the last sample.

        Where the input was lowered to be read, it ends there, and the reading took as long as that of the reset.
        """
        if self.applied_s is not None:
            return Phase("input", first, self.applied_s)
        last_s = self.readings[-1].t_s
        if not self.held_s:
            return Phase("input", first)
        if first.input_ua == self.input_ua:
            return Phase("input", first, last_s - self.held_s, apertures=0.5)
        lowered_for_s = self.reset_readings[0].t_s - last_s if self.reset_readings else 0.0
        return Phase("input", first, first.t_s - lowered_for_s - self.held_s)


def _phases_of_chains(outcomes: Sequence[InputOutcome]) -> Iterator[Phase]:
    """Phases of inputs that were applied to parallel chains at the same time, with the readings of all junctions."""
    readings = list(zip(*(outcome.readings for outcome in outcomes), strict=True))
    for n, each in enumerate(readings):
        yield Phase("input", JoinedReading.of_chains(each), None if n else outcomes[0].applied_s)
    for each in zip(*(outcome.reset_readings for outcome in outcomes), strict=True):
        yield Phase("reset", JoinedReading.of_chains(each))


@dataclass(frozen=True, slots=True)
class Presented(Event):
    """One presentation of a token; ``configuration`` is None if none was determined."""

    is_routine: ClassVar[bool] = True

    step: int
    purpose: Purpose
    token: EncodedToken
    attempt: int
    outcomes: tuple[InputOutcome, ...]
    configuration: SwitchingConfiguration | None
    recognised_as: str | None
    type: Literal["presented"] = "presented"

    @property
    def is_parallel(self) -> bool:
        """Whether the inputs were applied at the same time, to a chain each."""
        first = self.outcomes[0].applied_s if self.outcomes else None
        return len(self.outcomes) > 1 and first is not None and self.outcomes[1].applied_s == first

    def idle_readings(self, junctions: int) -> list[Reading]:
        """Readings at zero input of all ``junctions``, each after a reset; parallel chains are read at once."""
        reset = [outcome.reset_readings[-1] for outcome in self.outcomes if outcome.reset]
        if not self.is_parallel:
            return reset
        if not reset:
            return []
        whole = JoinedReading.of_chains(reset)
        return [whole] if len(whole.currents_ua) == junctions else []

    @property
    def phases(self) -> Sequence[Phase | PulsePhase]:
        """Each input, and the reset after it; inputs of parallel chains as one."""
        if self.is_parallel:
            return list(_phases_of_chains(self.outcomes))
        return [phase for outcome in self.outcomes for phase in outcome.phases]

    @property
    def evidence(self) -> Sequence[Sequence[Passage]]:
        """Which junctions each input switched."""
        each = [outcome.evidence for outcome in self.outcomes]
        return [one for of_chain in each for one in of_chain] if self.is_parallel else joined(each)

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """All detector verdicts of the event."""
        return tuple(one for outcome in self.outcomes for one in (*outcome.verdicts, *outcome.reset_verdicts))

    @property
    def broken_off(self) -> bool:
        """Whether a stop or a fault interrupted it before its last input was read: its readings are not evaluated."""
        if not self.outcomes:
            return False
        last = self.outcomes[-1]
        return not last.reset_verdicts or (last.reset and len(self.outcomes) < len(self.token.inputs_ua))

    @property
    def disturbed(self) -> str:
        """Why it does not count and is repeated, if an input was applied for longer than planned."""
        return "; ".join([outcome.disturbed for outcome in self.outcomes if outcome.disturbed])

    @property
    def tallies(self) -> Mapping[str, int]:
        """Increments of the run's counters; an interrupted presentation only counts as such."""
        if self.broken_off:
            return {"presentations": 1}
        return {
            "presentations": 1,
            "without_configuration": self.configuration is None,
            "reset_failures": not all(outcome.reset for outcome in self.outcomes),
        }

    @property
    def is_trouble(self) -> bool:
        """Whether the event reports a problem."""
        return self.configuration is None and not self.broken_off

    @property
    def sentence(self) -> str:
        """Why there is no configuration; empty if there is one."""
        is_broken_off = self.broken_off
        if self.configuration is not None and not is_broken_off:
            return ""
        which = f"{self.token.name}, attempt {self.attempt}"
        if is_broken_off:
            return f"{which}: interrupted; its readings are not evaluated"
        verdicts = "; ".join(" ".join((*o.verdicts, "reset", *o.reset_verdicts)) for o in self.outcomes)
        why = self.disturbed or verdicts or "its inputs would leave the limits, so it was not applied"
        return f"{which}: no configuration ({why})"
