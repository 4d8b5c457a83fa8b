"""Energy of a run, from the voltages and currents of its journal.

A junction takes V I; source k delivers V_k I_dck, with V_k the voltage from its node to ground; negative is absorbed.
Each reading tells the voltages of the time since the reading before, or since its input was applied. Where there is no
reading, as while control currents move or during a pulse, voltages are predicted from the references; that part is
marked as estimated. A junction that has switched in a pulse was parallel for the mean share of it that its switching
law gives. Leads inside the voltmeters are counted apart, with the resistance that the bench file gives; leads
outside are not seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mtjlab.analysis.rest import RestState
from mtjlab.arrays import FloatArray
from mtjlab.domain import ONE_CHAIN, PerJunction, Reading, Verdict
from mtjlab.energy import (
    A_PER_UA,
    NOTHING,
    PHASES,
    STRESS_MV,
    W_PER_UA2_OHM,
    W_PER_UA_MV,
    Energy,
    PhaseEnergy,
    Phases,
    Spent,
)
from mtjlab.events import (
    ControlsPlanned,
    Event,
    JunctionsMeasured,
    Phase,
    PhaseName,
    Presented,
    Pulsed,
    PulsePhase,
    PulsePlanned,
    RestPlanned,
    RunStarted,
    WentSafe,
)
from mtjlab.transitions import Transition

BLOCK = 2000
"""Segments that are added up at once."""


class _Segment(NamedTuple):
    """A time of constant currents; without samples, its voltages are predicted from the references.

    ``event`` is the place of its event among those that are added up together. ``parallel`` is the share of the time
    for which each junction was parallel; none if all were antiparallel.
    """

    event: int
    is_presented: bool
    phase: int
    duration_s: float
    currents_ua: PerJunction
    samples_mv: tuple[PerJunction, ...]
    is_estimated: bool
    parallel: PerJunction = ()


@dataclass(frozen=True, slots=True)
class Powers:
    """Powers (W) at several times: into each junction, from each source (negative: absorbed), into its leads.

    And what wears a junction: its current (A, without sign), and whether it stands more than ``STRESS_MV``.
    """

    junctions_w: FloatArray
    sources_w: FloatArray
    leads_w: FloatArray
    currents_a: FloatArray
    is_stressed: FloatArray

    @classmethod
    def of(cls, currents_ua: FloatArray, voltages_mv: FloatArray, leads_ohm: FloatArray) -> "Powers":
        """Powers at currents and voltages ``[time, junction]``; voltmeters see each junction with its leads.

        A source carries what its junction carries more than the junction above it.
        """
        leads_w = leads_ohm * currents_ua**2 * W_PER_UA2_OHM
        nodes_mv = voltages_mv[:, ::-1].cumsum(axis=1)[:, ::-1]
        sources_ua = np.diff(currents_ua, axis=1, prepend=0.0)
        return cls(
            currents_ua * voltages_mv * W_PER_UA_MV - leads_w,
            sources_ua * nodes_mv * W_PER_UA_MV,
            leads_w,
            np.abs(currents_ua) * A_PER_UA,
            np.where(np.abs(voltages_mv) > STRESS_MV, 1.0, 0.0),
        )


@dataclass(frozen=True, slots=True)
class _Sums:
    """Times and energies of several events.

    ``by_phase[event, presented, phase]``: time (s), energy (J), estimated energy. ``by_junction[event]``: energy in the
    junction, from its source, absorbed by its source, and in its leads, charge (C) and time under stress (s), each
    ``[junction]``.
    """

    by_phase: FloatArray
    by_junction: FloatArray

    @classmethod
    def none(cls, events: int, junctions: int) -> "_Sums":
        """Nothing yet."""
        return cls(np.zeros((events, 2, len(PHASES), 3)), np.zeros((events, 6, junctions)))

    def add(self, segments: Sequence[_Segment], powers: Powers) -> None:
        """Add segments at their powers."""
        places = tuple(np.array([segment[:3] for segment in segments], dtype=np.int64).T)
        durations_s = np.array([segment.duration_s for segment in segments])
        energies_j = powers.junctions_w.sum(axis=1) * durations_s
        estimated_j = energies_j * np.array([segment.is_estimated for segment in segments])
        np.add.at(self.by_phase, places, np.stack([durations_s, energies_j, estimated_j], axis=1))
        absorbed_w = np.maximum(-powers.sources_w, 0.0)
        rates = powers.junctions_w, powers.sources_w, absorbed_w, powers.leads_w, powers.currents_a, powers.is_stressed
        np.add.at(self.by_junction, places[0], np.stack(rates, axis=1) * durations_s[:, None, None])

    def add_all(self, other: "_Sums") -> None:
        """Add all events of ``other`` as one."""
        self.by_phase[0] += other.by_phase.sum(axis=0)
        self.by_junction[0] += other.by_junction.sum(axis=0)

    def phases(self, event: int = 0, presented: slice = slice(None)) -> Phases:
        """Energies of an event by phase; of presentations alone for ``slice(1, 2)``."""
        rows = self.by_phase[event, presented].sum(axis=0).tolist()
        return {name: PhaseEnergy(*row) for name, row in zip(PHASES, rows, strict=True)}

    def each(self) -> list[Spent]:
        """What each event added."""
        rows, junctions_j = self.by_phase.sum(axis=1).tolist(), self.by_junction[:, 0].tolist()
        return [
            Spent({name: PhaseEnergy(*row) for name, row in zip(PHASES, by_phase, strict=True)}, of_junctions_j)
            for by_phase, of_junctions_j in zip(rows, junctions_j, strict=True)
        ]


@dataclass(slots=True)
class EnergyMeter:
    """Adds up the energy of a run, event by event, in bounded memory.

    ``leads_ohm``: resistance of the leads of each junction; none if empty.
    """

    leads_ohm: PerJunction = ()
    _aperture_s: float = 0.0
    _tops: tuple[int, ...] = ONE_CHAIN
    _measured: JunctionsMeasured | None = None
    _antiparallel_mv: dict[PerJunction, PerJunction] = field(default_factory=dict)
    """Voltages of antiparallel junctions without offsets, by their currents."""
    _t_s: float | None = None
    _settled_ua: list[PerJunction] = field(default_factory=list)
    """Currents at which sources settle on the last way that was planned first."""
    _controls_ua: PerJunction = ()
    _away_ua: PerJunction = ()
    """Control currents of a pulse, until junctions are read at rest again."""
    _away_parallel: PerJunction = ()
    _ways: dict[PerJunction, tuple[list[PerJunction], list[PerJunction]]] = field(default_factory=dict)
    """Currents at which sources settle, on the way to control currents and back."""
    _controls_are_pulsed: bool = False
    _rest: RestState | None = None
    """Laws of switching in pulses."""
    _event: int = 0
    _is_presented: bool = False
    _segments: list[_Segment] = field(default_factory=list)
    _sums: _Sums = field(default_factory=lambda: _Sums.none(1, 0))
    _inputs: int = 0
    _presentations: int = 0

    def take(self, event: Event) -> None:
        """Add an event; one that was taken over from another run is part of that run's energy."""
        self._is_presented = isinstance(event, Presented | Pulsed)
        self._note(event)
        for phase in event.phases:
            if isinstance(phase, PulsePhase):
                self._add_pulse(phase)
            else:
                self._add_phase(phase)
        if len(self._segments) >= BLOCK:
            self._add_up()

    def _note(self, event: Event) -> None:
        """What an event says besides its readings and pulses."""
        match event:
            case RunStarted():
                self._aperture_s, self._tops = event.bench.aperture_s, event.bench.tops
            case JunctionsMeasured():
                self._add_up()  # what came before is not known by these references
                self._measured, self._antiparallel_mv, self._rest = event, {}, None
            case ControlsPlanned():
                self._plan(event)
                self._ways = _ways_of(event.transitions)
            case PulsePlanned() if event.transitions:
                self._ways = _ways_of(event.transitions)
            case RestPlanned():
                self._controls_are_pulsed = event.controls_s is not None
                self._arrive_at_rest(event)
            case Pulsed():
                self._inputs += event.purpose == "probe"
            case Presented():
                self._inputs += len(event.outcomes)
                self._presentations += 1
            case WentSafe():
                self._end(event)

    def _end(self, event: WentSafe) -> None:
        """The ramp is short; in older journals, currents were zero somewhere between the last reading and the end."""
        if self._t_s is None or not self._controls_ua:
            return
        until_s = (event.t_s + self._t_s) / 2 if event.began_s is None else max(self._t_s, event.began_s)
        self._add_estimated("idle", until_s - self._t_s, self._controls_ua)
        self._t_s, self._controls_ua = None, ()

    def take_each(self, events: Sequence[Event]) -> list[Spent]:
        """Add events, and return what each of them added."""
        self._add_up()
        whole, self._sums = self._sums, _Sums.none(len(events), 0)
        for place, event in enumerate(events):
            self._event = place
            self.take(event)
        self._add_up()
        each, self._sums, self._event = self._sums, whole, 0
        if not each.by_junction.size:
            return [NOTHING] * len(events)
        self._make_room(each.by_junction.shape[2])
        self._sums.add_all(each)
        return each.each()

    @property
    def is_empty(self) -> bool:
        """Whether no current was seen to flow so far."""
        return not (self._segments or self._sums.by_junction.size)

    @property
    def energy(self) -> Energy:
        """What was added so far."""
        self._add_up()
        junctions_j, sources_j, absorbed_j, leads_j, charges_c, stressed_s = self._sums.by_junction[0]
        return Energy(
            self._sums.phases(),
            self._sums.phases(presented=slice(1, 2)),
            tuple(junctions_j.tolist()),
            tuple((sources_j + absorbed_j).tolist()),
            tuple(absorbed_j.tolist()),
            tuple(leads_j.tolist()),
            self._inputs,
            self._presentations,
            tuple(charges_c.tolist()),
            tuple(stressed_s.tolist()),
        )

    def _plan(self, event: ControlsPlanned) -> None:
        """Control currents are held until others are planned: fits and encodings may take long."""
        self._settled_ua = event.transitions[0].settled_ua(self._tops) if event.transitions else []
        if self._t_s is None:
            self._t_s = event.t_s  # from zero currents to those of the first reading
        elif self._controls_ua and self._measured is not None:
            held_s = max(0.0, event.t_s - self._t_s)
            self._add_estimated("idle", held_s, self._controls_ua)
            self._t_s += held_s

    def _arrive_at_rest(self, event: RestPlanned) -> None:
        """The way to the rest currents is over."""
        if self._t_s is None or self._measured is None or not self._settled_ua:
            return
        each_s = max(0.0, event.t_s - self._t_s) / len(self._settled_ua)
        for currents_ua in self._settled_ua:
            self._add_estimated("moves", each_s, currents_ua)
        self._t_s, self._controls_ua = max(self._t_s, event.t_s), event.currents_ua

    def _add_phase(self, phase: Phase) -> None:
        reading = phase.reading
        controls_ua = reading.controls_ua
        self._come_back(reading)
        began_s = self._began_s(phase)
        before_s = 0.0 if self._t_s is None else max(0.0, began_s - self._t_s)
        if before_s and self._controls_ua:
            for currents_ua in (self._controls_ua, controls_ua):
                self._add_estimated("moves", before_s / 2, currents_ua)
        elif before_s:  # from zero, before references are known: the currents of the reading flow in the last wait
            self._add(
                "moves",
                before_s / max(1, len(self._settled_ua)),
                reading.currents_ua,
                reading.samples_mv,
                is_estimated=True,
            )
        self._add(phase.name, max(0.0, reading.t_s - began_s), reading.currents_ua, reading.samples_mv)
        self._t_s, self._controls_ua = reading.t_s, controls_ua

    def _add_pulse(self, pulse: PulsePhase) -> None:
        """A pulse is not read while it is applied: its measured duration counts."""
        currents_ua = tuple([control_ua + pulse.pulse_ua for control_ua in pulse.controls_ua])
        self._add_estimated(pulse.name, pulse.width_s, currents_ua, self._parallel_in(pulse, currents_ua))
        if self._t_s is None:
            return
        if pulse.since_s is not None and self._controls_ua not in ((), pulse.controls_ua):
            self._add_estimated("idle", max(0.0, pulse.since_s - self._t_s), self._controls_ua)
            self._t_s, self._away_ua = pulse.since_s, pulse.controls_ua
            self._away_parallel = tuple([float(verdict is Verdict.P) for verdict in pulse.verdicts])
        self._t_s += pulse.width_s  # the rest of the time until the next reading was idle, or on the way

    def _come_back(self, reading: Reading) -> None:
        """The way to the control currents of a pulse and back, until the reading at rest begins."""
        if self._t_s is None or not self._away_ua:
            return
        began_s = reading.t_s - len(reading.samples_mv) * self._aperture_s
        there, back = self._ways.get(_key(self._away_ua), ([self._away_ua], [reading.currents_ua]))
        before, after = (there[:-1], back) if self._controls_are_pulsed else (there, [self._away_ua, *back])
        each_s = max(0.0, began_s - self._t_s) / len([*before, *after])
        for currents_ua in before:
            self._add_estimated("moves", each_s, currents_ua)
        for currents_ua in after:
            self._add_estimated("moves", each_s, currents_ua, self._away_parallel)
        self._t_s, self._away_ua, self._away_parallel = began_s, (), ()

    def _parallel_in(self, pulse: PulsePhase, currents_ua: PerJunction) -> PerJunction:
        """Mean share of a pulse for which each junction was parallel: after switching, or before being reset."""
        if self._measured is None or Verdict.P not in pulse.verdicts:
            return ()
        if self._rest is None:
            self._rest = RestState.of(self._measured.critical)
        is_reset = pulse.name == "reset"
        laws = self._rest.falling if is_reset else self._rest.rising
        after = [law.share_after(current_ua, pulse.width_s) for law, current_ua in zip(laws, currents_ua, strict=True)]
        shares = [1.0 - one for one in after] if is_reset else after
        return tuple([share * (verdict is Verdict.P) for share, verdict in zip(shares, pulse.verdicts, strict=True)])

    def _began_s(self, phase: Phase) -> float:
        """Since when the currents of a reading were carried."""
        if phase.since_s is not None:
            return phase.since_s - phase.apertures * self._aperture_s
        if self._t_s is not None and self._controls_ua:
            return self._t_s
        return phase.reading.t_s - len(phase.reading.samples_mv) * self._aperture_s

    def _add_estimated(
        self, phase: PhaseName, duration_s: float, currents_ua: PerJunction, parallel: PerJunction = ()
    ) -> None:
        if self._measured is not None:
            self._add(phase, duration_s, currents_ua, (), is_estimated=True, parallel=parallel)

    def _add(
        self,
        phase: PhaseName,
        duration_s: float,
        currents_ua: PerJunction,
        samples_mv: tuple[PerJunction, ...],
        is_estimated: bool = False,
        parallel: PerJunction = (),
    ) -> None:
        place = self._event, self._is_presented, PHASES.index(phase)
        self._segments.append(_Segment(*place, duration_s, currents_ua, samples_mv, is_estimated, parallel))

    def _add_up(self) -> None:
        """Add up the segments so far."""
        if not self._segments:
            return
        segments, self._segments = self._segments, []
        currents_ua = np.array([segment.currents_ua for segment in segments])
        junctions = currents_ua.shape[1]
        self._make_room(junctions)
        leads_ohm = np.array(self.leads_ohm or (0.0,) * junctions)
        self._sums.add(segments, Powers.of(currents_ua, self._voltages_mv(segments, junctions), leads_ohm))

    def _make_room(self, junctions: int) -> None:
        """The number of junctions is known from the first reading on."""
        if not self._sums.by_junction.size:
            self._sums = _Sums.none(len(self._sums.by_junction), junctions)

    def _voltages_mv(self, segments: Sequence[_Segment], junctions: int) -> FloatArray:
        """Mean voltages, without the offsets of the voltmeters where these are known; else by the references."""
        voltages_mv = np.zeros((len(segments), junctions))
        counts = np.array([len(segment.samples_mv) for segment in segments])
        for count in set(counts.tolist()) - {0}:
            samples_mv = [segment.samples_mv for segment in segments if len(segment.samples_mv) == count]
            voltages_mv[counts == count] = np.array(samples_mv).mean(axis=1)
        if self._measured is not None:
            voltages_mv -= [reference.offset_mv for reference in self._measured.references]
            not_read = [self._predicted_mv(segment) for segment in segments if not segment.samples_mv]
            voltages_mv[counts == 0] = np.array(not_read).reshape(-1, junctions)
        return voltages_mv

    def _predicted_mv(self, segment: _Segment) -> PerJunction:
        """Mean voltages of a time without readings."""
        antiparallel_mv = self._antiparallel(segment.currents_ua)
        if self._measured is None or not any(segment.parallel):
            return antiparallel_mv
        laws = [reference.law for reference in self._measured.references]
        return tuple(
            [
                voltage_mv if not share else voltage_mv + share * (law.voltages_mv(current_ua)[0] - voltage_mv)
                for law, current_ua, voltage_mv, share in zip(
                    laws, segment.currents_ua, antiparallel_mv, segment.parallel, strict=True
                )
            ]
        )

    def _antiparallel(self, currents_ua: PerJunction) -> PerJunction:
        """Voltages of antiparallel junctions, by the references."""
        if (known := self._antiparallel_mv.get(currents_ua)) is not None:
            return known
        references = self._measured.references if self._measured else ()
        pairs = zip(references, currents_ua, strict=True)
        voltages_mv = tuple([reference.law.voltages_mv(current_ua)[1] for reference, current_ua in pairs])
        self._antiparallel_mv[currents_ua] = voltages_mv
        return voltages_mv


def _ways_of(transitions: Sequence[Transition]) -> dict[PerJunction, tuple[list[PerJunction], list[PerJunction]]]:
    """Where sources settle on the way to control currents and back, by these currents."""
    ways = {}
    for there, back in pairwise(transitions):
        if there.target_ua == back.start_ua and (settled_ua := there.settled_ua()):
            ways[_key(settled_ua[-1])] = settled_ua, back.settled_ua()
    return ways


def _key(currents_ua: PerJunction) -> PerJunction:
    """Sums of source currents, without what rounding makes of them."""
    return tuple([round(current_ua, 3) for current_ua in currents_ua])


def takes_energy(event: Event) -> bool:
    """Whether a junction carried a current at a reading of the event."""
    return any(any(phase.reading.currents_ua) for phase in event.phases if isinstance(phase, Phase))


def energy_of(events: Iterable[Event], leads_ohm: PerJunction = ()) -> Energy:
    """Energy of a run from its events."""
    meter = EnergyMeter(leads_ohm)
    for event in events:
        meter.take(event)
    return meter.energy
