"""Energy of a run, from the voltages and currents of its journal.

A junction takes V I; source k delivers V_k I_dck, with V_k the voltage from its node to ground; negative is absorbed.
Each reading tells the voltages of the time since the reading before, or since its input was applied. Where there is no
reading, as while control currents move, voltages are predicted from the references; that part is marked as estimated.
Leads outside the voltmeters are not seen; what the bench file gives as ``lead_resistance_ohm`` is inside.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from itertools import accumulate

from mtjlab.domain import PerJunction, Reading, source_currents_ua
from mtjlab.events import (
    ControlsPlanned,
    Event,
    JunctionsMeasured,
    Phase,
    PhaseName,
    Presented,
    Pulsed,
    PulsePhase,
    RunStarted,
    WentSafe,
    original_event,
)

J_PER_UA_MV = 1e-9
"""W per uA mV."""
W_PER_UA2_OHM = 1e-12
PHASES: tuple[PhaseName, ...] = ("input", "reset", "moves", "idle", "sweep")


@dataclass(frozen=True, slots=True)
class PhaseEnergy:
    """Energy (J) of all times of one phase, which took ``duration_s``; ``estimated_j`` is the part without readings."""

    duration_s: float = 0.0
    junctions_j: float = 0.0
    estimated_j: float = 0.0


@dataclass(frozen=True, slots=True)
class Energy:
    """Energy of a run: by phase, by junction, by source, and in leads.

    ``delivered_j`` and ``absorbed_j`` are of each source, both positive. ``inputs`` counts inputs that were presented,
    ``presented`` is the part of ``phases`` that was spent on them: the rest is sweeps, checks and pauses.
    """

    phases: dict[PhaseName, PhaseEnergy]
    presented: dict[PhaseName, PhaseEnergy]
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


@dataclass(slots=True)
class _Sums:
    duration_s: float = 0.0
    junctions_j: float = 0.0
    estimated_j: float = 0.0


@dataclass(slots=True)
class EnergyMeter:
    """Adds up the energy of a run, event by event, in bounded memory."""

    lead_resistance_ohm: float = 0.0
    _aperture_s: float = 0.0
    _measured: JunctionsMeasured | None = None
    _t_s: float | None = None
    _controls_ua: PerJunction = ()
    _phases: dict[PhaseName, _Sums] = field(default_factory=lambda: defaultdict(_Sums))
    _presented: dict[PhaseName, _Sums] = field(default_factory=lambda: defaultdict(_Sums))
    _is_presented: bool = False
    _junctions_j: list[float] = field(default_factory=list)
    _delivered_j: list[float] = field(default_factory=list)
    _absorbed_j: list[float] = field(default_factory=list)
    _leads_j: float = 0.0
    _inputs: int = 0
    _presentations: int = 0

    def take(self, event: Event) -> None:
        """Add an event; one that was taken over from another run is part of that run's energy."""
        if event is not original_event(event):
            return
        self._is_presented = isinstance(event, Presented | Pulsed)
        if isinstance(event, RunStarted):
            self._aperture_s = event.bench.aperture_s
        elif isinstance(event, JunctionsMeasured):
            self._measured = event
        elif isinstance(event, ControlsPlanned) and self._t_s is None:
            self._t_s = event.t_s  # from zero currents to those of the first reading
        elif isinstance(event, WentSafe) and self._t_s is not None and self._controls_ua:
            held_s = (event.t_s - self._t_s) / 2  # outputs are off at the end of it, currents zero somewhere before
            self._add_estimated("idle", held_s, self._controls_ua, self._controls_ua)
            self._t_s, self._controls_ua = None, ()
        elif isinstance(event, Pulsed):
            self._inputs += event.purpose == "probe"
        elif isinstance(event, Presented):
            self._inputs += len(event.outcomes)
            self._presentations += 1
        for phase in event.phases:
            if isinstance(phase, PulsePhase):
                self._add_pulse(phase)
            else:
                self._add_phase(phase)

    def energy(self) -> Energy:
        """What was added so far."""
        return Energy(
            _frozen(self._phases),
            _frozen(self._presented),
            tuple(self._junctions_j),
            tuple(self._delivered_j),
            tuple(self._absorbed_j),
            self._leads_j,
            self._inputs,
            self._presentations,
        )

    def _add_phase(self, phase: Phase) -> None:
        reading, controls_ua = phase.reading, phase.reading.controls_ua
        began_s = self._began_s(phase)
        before_s = 0.0 if self._t_s is None else max(0.0, began_s - self._t_s)
        if self._controls_ua:
            self._add_estimated("moves", before_s, self._controls_ua, controls_ua)
        else:  # from zero, before references are known: half of the energy after it
            voltages_mv = self._voltages_mv(reading)
            self._add("moves", before_s / 2, reading.currents_ua, voltages_mv, controls_ua, reading.input_ua, True)
        duration_s = max(0.0, reading.t_s - began_s)
        self._add(
            phase.name, duration_s, reading.currents_ua, self._voltages_mv(reading), controls_ua, reading.input_ua
        )
        self._t_s, self._controls_ua = reading.t_s, controls_ua

    def _add_pulse(self, pulse: PulsePhase) -> None:
        """A pulse is not read while it is applied: antiparallel junctions, for its measured duration."""
        if self._measured is None:
            return
        currents_ua = tuple([control + pulse.pulse_ua for control in pulse.controls_ua])
        voltages_mv = _antiparallel_mv(self._measured, currents_ua)
        self._add(
            pulse.name, pulse.width_s, currents_ua, voltages_mv, pulse.controls_ua, pulse.pulse_ua, is_estimated=True
        )
        if self._t_s is not None:
            self._t_s += pulse.width_s  # the rest of the time until the next reading was idle

    def _began_s(self, phase: Phase) -> float:
        """Since when the currents of a reading were carried."""
        reading = phase.reading
        if phase.since_s is not None:
            return phase.since_s - phase.apertures * self._aperture_s
        return (
            self._t_s
            if self._controls_ua and self._t_s is not None
            else reading.t_s - len(reading.samples_mv) * self._aperture_s
        )

    def _voltages_mv(self, reading: Reading) -> list[float]:
        """Mean voltages, without the offsets of the voltmeters where these are known."""
        offsets_mv = [one.offset_mv for one in self._measured.references] if self._measured else []
        means_mv = [sum(column) / len(column) for column in zip(*reading.samples_mv, strict=True)]
        return [mean - offset for mean, offset in zip(means_mv, offsets_mv or [0.0] * len(means_mv), strict=True)]

    def _add_estimated(self, name: PhaseName, duration_s: float, before_ua: PerJunction, after_ua: PerJunction) -> None:
        """Antiparallel junctions without an input: the mean of the energies before and after."""
        if self._measured is None:
            return
        for controls_ua in (before_ua, after_ua):
            voltages_mv = _antiparallel_mv(self._measured, controls_ua)
            self._add(name, duration_s / 2, controls_ua, voltages_mv, controls_ua, 0.0, is_estimated=True)

    def _add(
        self,
        name: PhaseName,
        duration_s: float,
        currents_ua: PerJunction,
        voltages_mv: Sequence[float],
        controls_ua: PerJunction,
        input_ua: float,
        is_estimated: bool = False,
    ) -> None:
        count = len(currents_ua)
        for sums in (self._junctions_j, self._delivered_j, self._absorbed_j):
            sums.extend([0.0] * (count - len(sums)))
        nodes_mv = list(accumulate(reversed(voltages_mv)))[::-1]
        added_j = 0.0
        for k, (current_ua, mv, source_ua, node_mv) in enumerate(
            zip(currents_ua, voltages_mv, source_currents_ua(controls_ua, input_ua), nodes_mv, strict=True)
        ):
            lead_j = self.lead_resistance_ohm * current_ua**2 * W_PER_UA2_OHM * duration_s
            junction_j = current_ua * mv * J_PER_UA_MV * duration_s - lead_j
            source_j = source_ua * node_mv * J_PER_UA_MV * duration_s
            self._junctions_j[k] += junction_j
            self._leads_j += lead_j
            (self._delivered_j if source_j > 0 else self._absorbed_j)[k] += abs(source_j)
            added_j += junction_j
        for sums_of in (self._phases[name], *((self._presented[name],) if self._is_presented else ())):
            sums_of.duration_s += duration_s
            sums_of.junctions_j += added_j
            sums_of.estimated_j += added_j if is_estimated else 0.0


def _antiparallel_mv(measured: JunctionsMeasured, currents_ua: PerJunction) -> list[float]:
    pairs = zip(measured.references, currents_ua, strict=True)
    return [reference.law.voltages_mv(current_ua)[1] for reference, current_ua in pairs]


def _frozen(phases: Mapping[PhaseName, _Sums]) -> dict[PhaseName, PhaseEnergy]:
    return {name: PhaseEnergy(*astuple(phases.get(name, _Sums()))) for name in PHASES}


def energy_of(events: Iterable[Event], lead_resistance_ohm: float = 0.0) -> Energy:
    """Energy of a run from its events."""
    meter = EnergyMeter(lead_resistance_ohm)
    for event in events:
        meter.take(event)
    return meter.energy()


@dataclass(frozen=True, slots=True)
class Projection:
    """Expected energy (J) of one input of a duration: of the input itself, and of the reset after it.

    ``paper_j`` is the paper's (1 + 0.2 N) pJ for each input of pulses of 1 to 10 ns, which counts no reset.
    """

    width_s: float
    input_j: float
    reset_j: float
    paper_j: float

    @property
    def total_j(self) -> float:
        """With the reset."""
        return self.input_j + self.reset_j


def projections(input_w: float, reset_w: float, junctions: int, widths_s: Iterable[float]) -> Iterator[Projection]:
    """The same powers during inputs and resets of other widths. Currents that shorter pulses need are not added."""
    for width_s in widths_s:
        yield Projection(width_s, input_w * width_s, reset_w * width_s, (1.0 + 0.2 * junctions) * 1e-12)
