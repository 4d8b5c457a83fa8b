"""Energy of a run, from the voltages and currents of its journal.

A junction takes V I; source k delivers V_k I_dck, with V_k the voltage from its node to ground; negative is absorbed.
Each reading tells the voltages of the time since the reading before, or since its input was applied. Where there is no
reading, as while control currents move or during a pulse, voltages are predicted from the references; that part is
marked as estimated. Leads inside the voltmeters are counted apart, with the resistance that the bench file gives; leads
outside are not seen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np

from mtjlab.arrays import FloatArray, IntArray
from mtjlab.domain import PerJunction
from mtjlab.events import (
    ControlsPlanned,
    Event,
    JunctionsMeasured,
    Phase,
    PhaseName,
    Presented,
    Pulsed,
    RunStarted,
    WentSafe,
)

W_PER_UA_MV = 1e-9
W_PER_UA2_OHM = 1e-12
PHASES: tuple[PhaseName, ...] = ("input", "reset", "moves", "idle", "sweep")
BLOCK = 2000
"""Spells that are added up at once."""


class _Spell(NamedTuple):
    """A time of constant currents; without samples, its voltages are those of antiparallel junctions."""

    phase: int
    is_presented: bool
    duration_s: float
    currents_ua: PerJunction
    samples_mv: tuple[PerJunction, ...]
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class Powers:
    """Powers (W) at several times: into each junction, from each source (negative: absorbed), into its leads."""

    junctions_w: FloatArray
    sources_w: FloatArray
    leads_w: FloatArray

    @classmethod
    def of(cls, currents_ua: FloatArray, voltages_mv: FloatArray, leads_ohm: FloatArray) -> "Powers":
        """Powers at currents and voltages ``[time, junction]``; voltmeters see each junction with its leads.

        A source carries what its junction carries more than the junction above it.
        """
        leads_w = leads_ohm * currents_ua**2 * W_PER_UA2_OHM
        nodes_mv = voltages_mv[:, ::-1].cumsum(axis=1)[:, ::-1]
        sources_ua = np.diff(currents_ua, axis=1, prepend=0.0)
        return cls(currents_ua * voltages_mv * W_PER_UA_MV - leads_w, sources_ua * nodes_mv * W_PER_UA_MV, leads_w)


@dataclass(frozen=True, slots=True)
class PhaseEnergy:
    """Energy (J) of all times of one phase, which took ``duration_s``; ``estimated_j`` is the part without readings."""

    duration_s: float = 0.0
    junctions_j: float = 0.0
    estimated_j: float = 0.0


Phases: TypeAlias = Mapping[PhaseName, PhaseEnergy]


@dataclass(frozen=True, slots=True)
class Energy:
    """Energy of a run: by phase, by junction, by source, and in leads.

    ``delivered_j`` and ``absorbed_j`` are of each source, both positive. ``inputs`` counts inputs that were presented,
    ``presented`` is the part of ``phases`` that was spent on them: the rest is sweeps, checks and pauses.
    """

    phases: Phases
    presented: Phases
    junctions_j: PerJunction
    delivered_j: PerJunction
    absorbed_j: PerJunction
    leads_j: float
    inputs: int
    presentations: int

    @property
    def total_j(self) -> float:
        """In all junctions."""
        return sum(self.junctions_j)

    @property
    def estimated_share(self) -> float:
        """Share of the energy that was computed from the references."""
        estimated_j = sum(one.estimated_j for one in self.phases.values())
        return estimated_j / self.total_j if self.total_j else 0.0

    def per_input_j(self, phase: PhaseName) -> float | None:
        """Of a phase, for each input that was presented; None if there are none."""
        return self.presented[phase].junctions_j / self.inputs if self.inputs else None

    def power_w(self, phase: PhaseName) -> float | None:
        """Mean power of all junctions in a phase of presentations; None if it took no time."""
        spent = self.presented[phase]
        return spent.junctions_j / spent.duration_s if spent.duration_s else None


@dataclass(slots=True)
class _Sums:
    """Energies (J) and times by [presented, phase], and by junction or source."""

    durations_s: FloatArray
    junctions_by_phase_j: FloatArray
    estimated_j: FloatArray
    junctions_j: FloatArray
    sources_j: FloatArray
    absorbed_j: FloatArray
    leads_j: float = 0.0

    @classmethod
    def none(cls, junctions: int) -> "_Sums":
        by_phase, each = np.zeros((2, len(PHASES))), np.zeros(junctions)
        return cls(by_phase, by_phase.copy(), by_phase.copy(), each, each.copy(), each.copy())

    def add(self, spells: Sequence[_Spell], powers: Powers) -> None:
        """Add the energies of spells at their powers."""
        durations_s = np.array([spell.duration_s for spell in spells])
        places = np.array([spell.is_presented * len(PHASES) + spell.phase for spell in spells])
        estimated = np.array([spell.is_estimated for spell in spells])
        totals_j = powers.junctions_w.sum(axis=1) * durations_s
        self.durations_s += _by_place(places, durations_s)
        self.junctions_by_phase_j += _by_place(places, totals_j)
        self.estimated_j += _by_place(places, totals_j * estimated)
        self.junctions_j += durations_s @ powers.junctions_w
        self.sources_j += durations_s @ powers.sources_w
        self.absorbed_j -= durations_s @ np.minimum(powers.sources_w, 0.0)
        self.leads_j += float(durations_s @ powers.leads_w.sum(axis=1))

    def phases(self, presented: Sequence[int]) -> Phases:
        """Energies by phase, of presentations (1), of all else (0), or of both."""
        tables = (self.durations_s, self.junctions_by_phase_j, self.estimated_j)
        rows = zip(*(table[list(presented)].sum(axis=0).tolist() for table in tables), strict=True)
        return {name: PhaseEnergy(*row) for name, row in zip(PHASES, rows, strict=True)}


def _by_place(places: IntArray, values: FloatArray) -> FloatArray:
    """Sums of values by [presented, phase]."""
    sums: FloatArray = np.bincount(places, values, minlength=2 * len(PHASES)).astype(np.float64)
    return sums.reshape(2, len(PHASES))


@dataclass(slots=True)
class EnergyMeter:
    """Adds up the energy of a run, event by event, in bounded memory.

    ``leads_ohm``: resistance of the leads of each junction; none if empty.
    """

    leads_ohm: PerJunction = ()
    _aperture_s: float = 0.0
    _measured: JunctionsMeasured | None = None
    _t_s: float | None = None
    _controls_ua: PerJunction = ()
    _is_presented: bool = False
    _spells: list[_Spell] = field(default_factory=list)
    _sums: _Sums = field(default_factory=lambda: _Sums.none(0))
    _inputs: int = 0
    _presentations: int = 0

    def take(self, event: Event) -> None:
        """Add an event; one that was taken over from another run is part of that run's energy."""
        self._is_presented = isinstance(event, Presented | Pulsed)
        if isinstance(event, RunStarted):
            self._aperture_s = event.bench.aperture_s
        elif isinstance(event, JunctionsMeasured):
            self._add_up()  # what came before is not known by these references
            self._measured = event
        elif isinstance(event, ControlsPlanned) and self._t_s is None:
            self._t_s = event.t_s  # from zero currents to those of the first reading
        elif isinstance(event, WentSafe) and self._t_s is not None and self._controls_ua:
            held_s = (event.t_s - self._t_s) / 2  # outputs are off at the end of it, currents zero somewhere before
            self._add_estimated("idle", held_s, self._controls_ua)
            self._t_s, self._controls_ua = None, ()
        elif isinstance(event, Pulsed):
            self._add_pulse(event)
        elif isinstance(event, Presented):
            self._inputs += len(event.outcomes)
            self._presentations += 1
        for phase in event.phases:
            self._add_phase(phase)
        if len(self._spells) >= BLOCK:
            self._add_up()

    @property
    def energy(self) -> Energy:
        """What was added so far."""
        self._add_up()
        sums = self._sums
        return Energy(
            sums.phases((0, 1)),
            sums.phases((1,)),
            tuple(sums.junctions_j.tolist()),
            tuple((sums.sources_j + sums.absorbed_j).tolist()),
            tuple(sums.absorbed_j.tolist()),
            sums.leads_j,
            self._inputs,
            self._presentations,
        )

    def _add_phase(self, phase: Phase) -> None:
        reading = phase.reading
        controls_ua = reading.controls_ua
        began_s = self._began_s(phase)
        before_s = 0.0 if self._t_s is None else max(0.0, began_s - self._t_s)
        if before_s and self._controls_ua:
            for currents_ua in (self._controls_ua, controls_ua):
                self._add_estimated("moves", before_s / 2, currents_ua)
        elif before_s:  # from zero, before references are known: half of the energy after it
            self._add("moves", before_s / 2, reading.currents_ua, reading.samples_mv, is_estimated=True)
        self._add(phase.name, max(0.0, reading.t_s - began_s), reading.currents_ua, reading.samples_mv)
        self._t_s, self._controls_ua = reading.t_s, controls_ua

    def _add_pulse(self, pulsed: Pulsed) -> None:
        """A pulse is not read while it is given: antiparallel junctions, for as long as it was measured to be."""
        width_s = pulsed.given.width_s
        self._add_estimated("input" if pulsed.purpose == "probe" else "reset", width_s, pulsed.currents_ua)
        self._inputs += pulsed.purpose == "probe"
        if self._t_s is not None:
            self._t_s += width_s  # the time until the next reading is that at rest

    def _began_s(self, phase: Phase) -> float:
        """Since when the currents of a reading were carried."""
        if phase.since_s is not None:
            return phase.since_s - phase.apertures * self._aperture_s
        if self._t_s is not None and self._controls_ua:
            return self._t_s
        return phase.reading.t_s - len(phase.reading.samples_mv) * self._aperture_s

    def _add_estimated(self, phase: PhaseName, duration_s: float, currents_ua: PerJunction) -> None:
        if self._measured is not None:
            self._add(phase, duration_s, currents_ua, (), is_estimated=True)

    def _add(
        self,
        phase: PhaseName,
        duration_s: float,
        currents_ua: PerJunction,
        samples_mv: tuple[PerJunction, ...],
        is_estimated: bool = False,
    ) -> None:
        place = PHASES.index(phase)
        self._spells.append(_Spell(place, self._is_presented, duration_s, currents_ua, samples_mv, is_estimated))

    def _add_up(self) -> None:
        """Add up the spells so far."""
        if not self._spells:
            return
        spells, self._spells = self._spells, []
        currents_ua = np.array([spell.currents_ua for spell in spells])
        junctions = currents_ua.shape[1]
        if not self._sums.junctions_j.size:
            self._sums = _Sums.none(junctions)
        leads_ohm = np.array(self.leads_ohm or (0.0,) * junctions)
        self._sums.add(spells, Powers.of(currents_ua, self._voltages_mv(spells, currents_ua), leads_ohm))

    def _voltages_mv(self, spells: Sequence[_Spell], currents_ua: FloatArray) -> FloatArray:
        """Mean voltages, without the offsets of the voltmeters where these are known; else by the references."""
        voltages_mv = np.empty_like(currents_ua)
        are_read = np.array([bool(spell.samples_mv) for spell in spells])
        for count in {len(spell.samples_mv) for spell in spells if spell.samples_mv}:
            of_count = np.array([len(spell.samples_mv) == count for spell in spells])
            samples_mv = [spell.samples_mv for spell in spells if len(spell.samples_mv) == count]
            voltages_mv[of_count] = np.array(samples_mv).mean(axis=1)
        for k, reference in enumerate(self._measured.references if self._measured else ()):
            voltages_mv[are_read, k] -= reference.offset_mv
            voltages_mv[~are_read, k] = reference.law.voltages_trace_mv(currents_ua[~are_read, k])[1]
        return voltages_mv


def energy_of(events: Iterable[Event], leads_ohm: PerJunction = ()) -> Energy:
    """Energy of a run from its events."""
    meter = EnergyMeter(leads_ohm)
    for event in events:
        meter.take(event)
    return meter.energy


PREFIXES = ((1.0, "J"), (1e-3, "mJ"), (1e-6, "uJ"), (1e-9, "nJ"), (1e-12, "pJ"), (1e-15, "fJ"))


def unit_of(energy_j: float) -> tuple[float, str]:
    """The unit that makes an energy a handy number: its size in joules, and its name."""
    return next((prefix for prefix in PREFIXES if abs(energy_j) >= prefix[0]), PREFIXES[-1 if energy_j else 0])


def joules(energy_j: float | None) -> str:
    """An energy with three digits and its unit; empty for None."""
    if energy_j is None:
        return ""
    factor, unit = unit_of(energy_j)
    return f"{energy_j / factor:.3g} {unit}"
