"""The simulated bench: circuit, instruments and faults in one bench time; no socket, no clock."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from instruments.simulated.circuit import Circuit, Observer
from instruments.simulated.connections import ConnectedMagnet, ConnectedMeter, ConnectedSource, IdleMeter, IdleSource
from instruments.simulated.fault_effects import effect_of
from instruments.simulated.faults import Fault, parse_fault
from instruments.simulated.magnet import DrivenMagnet
from instruments.simulated.meter import NoisyVoltmeter
from instruments.simulated.physics import JunctionChain
from instruments.simulated.playback import PlayedInstrument
from instruments.simulated.schedule import Schedule
from instruments.simulated.source_output import SourceOutput
from instruments.simulated.spec import InstrumentSpec, SimulatorSpec
from instruments.simulated.station import Recorder, Station
from instruments.simulated.vocabulary.models import Build, Terminals, find_model
from instruments.simulated.wiring import Measures, Wiring
from instruments.traffic import read_traffic


class Log(Observer, Recorder, Protocol):
    """Log of all messages, currents, states and other changes."""

    def write(self, time_s: float, kind: str, **fields: Any) -> None:
        """Write one line of any kind."""


class SimulatedBench:
    """Instruments of the specified models over one chain.

    Raises:
        ValueError: a model that is not simulated, or a role that it does not have.
    """

    def __init__(self, spec: SimulatorSpec, log: Log) -> None:
        self.log = log
        self._batch = spec.batch
        self._played = read_traffic(Path(spec.traffic)) if spec.traffic else None
        models = {one: find_model(one.model, one.plays) for one in spec.instruments}
        hardware_v = {one.position: model.hardware_v for one, model in models.items() if "source" in one.parts}
        of_junctions = [one for one in spec.instruments if not one.is_of_the_field]
        has_supply = any(one.plays == "field" for one in spec.instruments)
        self._magnet = DrivenMagnet(spec.magnet, spec.seed, 0.0 if has_supply else spec.field_t)
        chain = JunctionChain(spec.junctions, spec.seed, self._magnet.field_t(0.0), spec.tops)
        outputs = [SourceOutput(spec.source_settling_s, hardware_v.get(k, 0.0)) for k in range(len(spec.junctions))]
        self.circuit = Circuit(chain, outputs, log)
        self.circuit.magnet = self._magnet
        self.schedule = Schedule(self.circuit.advance_to)
        self.circuit.rewire(Wiring.straight(len(spec.junctions), [_tap(one) for one in of_junctions], spec.tops))
        self.meters: Mapping[str, ConnectedMeter] = {
            one.roles[-1]: ConnectedMeter(
                self.circuit, one.roles[-1], NoisyVoltmeter(one.errors(), spec.seed, one.position)
            )
            for one in of_junctions
        }
        self.stations = tuple(
            self._station(n, one, models[one].build) for n, one in enumerate(spec.instruments, start=1)
        )
        for fault in spec.faults:
            self.add_fault(fault)

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles of all instruments."""
        return tuple([role for station in self.stations for role in station.roles])

    def station(self, role: str) -> Station:
        """The instrument with this role. Raises ValueError if there is none."""
        for station in self.stations:
            if role in station.roles:
                return station
        raise ValueError(f"there is no {role}; there are {', '.join(self.roles)}")

    def add_fault(self, text: str) -> None:
        """Add a fault, now or later.

        Raises:
            ValueError: the text is not a fault, or its target does not exist.
        """
        fault = parse_fault(text)
        self._demand_targets(fault)
        if fault.after_s > 0.0:
            self.schedule.at(self.schedule.now_s + fault.after_s, lambda: self._apply_fault(fault))
        else:
            self._apply_fault(fault)

    def set_field(self, field_t: float) -> None:
        """Set the field along the easy axis."""
        self.shift_field(field_t - self.circuit.chain.field_t)

    def shift_field(self, by_t: float) -> None:
        """Add a field that the supply does not make."""
        self._magnet.ambient_t += by_t
        field_t = self.circuit.chain.field_t = self.circuit.chain.field_t + by_t
        self.circuit.refresh()
        self.log.write(self.schedule.now_s, "field", field_t=field_t)

    def state(self) -> dict[str, Any]:
        """True state of the circuit now, in SI units."""
        circuit = self.circuit
        return {
            "t_s": self.schedule.now_s,
            "sources_a": circuit.sources_a,
            "outputs_on": [output.on for output in circuit.outputs],
            "limited": [circuit.limited(k) for k in range(len(circuit.outputs))],
            "junctions_a": circuit.chain.junction_currents_a,
            "junctions_v": circuit.chain.junction_voltages_v,
            "states": circuit.chain.states,
            "field_t": circuit.chain.field_t,
        }

    def _apply_fault(self, fault: Fault) -> None:
        self.log.write(self.schedule.now_s, "fault", fault=fault.text)
        effect_of(fault)(self, fault)

    def _demand_targets(self, fault: Fault) -> None:
        junctions = len(self.circuit.outputs)
        if any(position >= junctions for position in (fault.position, *fault.named)):
            raise ValueError(f"fault {fault.text!r}: there are {junctions} junctions")
        if fault.is_of_an_instrument:
            self.station(fault.role)
        if fault.kind == "swapped":
            for position in fault.named:
                self.station(f"{fault.target.removesuffix('s')} J{position + 1}")

    def _station(self, number: int, one: InstrumentSpec, build: Build) -> Station:
        if self._played is not None:
            played = PlayedInstrument(self._played.of(one.roles[0]), self.schedule, self._played.speed)
            return Station(one.roles, played, self.schedule, self.log)
        source = self._source(one) if "source" in one.parts else IdleSource()
        meter = IdleMeter() if one.is_of_the_field else self.meters[one.roles[-1]]
        magnet = ConnectedMagnet(self.circuit, self._magnet)
        terminals = Terminals(source, meter, one.line_frequency_hz, magnet)
        return Station(
            one.roles, build(f"SIM{self._batch}{number:05d}", self.schedule, terminals), self.schedule, self.log
        )

    def _source(self, one: InstrumentSpec) -> ConnectedSource:
        def switched(on: bool, level_a: float) -> None:
            self.log.write(self.schedule.now_s, "output", role=one.roles[0], on=on, level_a=level_a)

        return ConnectedSource(self.circuit, one.position, switched)


def _tap(one: InstrumentSpec) -> tuple[str, int, Measures]:
    """Tap of an instrument; one used as a source only still measures at its own terminals."""
    return one.roles[-1], one.position, one.measures if "voltmeter" in one.parts else "ground"
