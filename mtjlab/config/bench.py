"""Bench file: the instruments and the chip of a bench, and its limits."""

from collections import Counter
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from mtjlab.config.field import FieldSection, SimulatedFieldSection
from mtjlab.config.section import NotNegative, Positive, Section
from mtjlab.config.simulation import InstrumentSimulation, Simulation
from mtjlab.config.twin import TwinOrigin
from mtjlab.config.wiring import Link, SourceSection, VoltmeterSection, Wiring
from mtjlab.counted import counted
from mtjlab.domain import PerJunction, chain_spans, chain_tops, junction_label
from mtjlab.typed_numbers import distinct_texts

SHORTEST_OF_MODEL_S = 0.5e-6
"""Below this, thermally activated switching is not a model of the junctions: precession takes over."""
SHORTEST_ON_WIRES_S = 1e-6
"""1 m of coaxial cable and a junction have a time constant of 0.1 to 0.25 us: shorter pulses do not arrive as sent."""
RESET_SHARE = 0.75
"""Voltage of a junction at reset over its limit: 0.73 V / 1.0 V for the paper's junctions at -500 uA, plus a margin."""


class Limits(Section):
    """Limits of junction currents and voltages, checked before each write for every intermediate state."""

    junction_current_min_ua: float = -750.0
    junction_current_max_ua: float = 750.0
    junction_voltage_warn_mv: Positive = 850.0
    junction_voltage_refuse_mv: Positive = 1000.0
    pulse_voltage_refuse_mv: Positive | None = None
    """The same during a pulse; without it junction_voltage_refuse_mv."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.junction_current_min_ua < 0 < self.junction_current_max_ua:
            raise ValueError("junction_current_min_ua must be below zero and junction_current_max_ua above it")
        if self.junction_voltage_warn_mv > self.junction_voltage_refuse_mv:
            raise ValueError("junction_voltage_warn_mv must not be above junction_voltage_refuse_mv")
        return self


class Device(Section):
    """The chip: its name, and parameters of a nominal junction, used to predict voltages until the chip is measured."""

    name: str = "unnamed"
    resistance_parallel_ohm: Positive = 1100.0
    tmr_percent: Annotated[float, Field(gt=0, lt=800)] = 120.0
    half_bias_mv: Positive = 500.0
    bias_conductance_per_v2: NotNegative = 0.1


class Timing(Section):
    """Settling time of the sources after a write, and averaging time of a voltmeter."""

    settle_s: NotNegative = 0.010
    aperture_s: Positive = 0.020


class InstrumentTiming(Section):
    """Settling time of the sources after a write; voltmeters average for their ``nplc``."""

    settle_s: NotNegative = 0.010


class _Bench(Section):
    """Tables that every bench file has."""

    name: str = "three junctions"
    limits: Limits = Limits()
    device: Device = Device()


class SimulatedBenchConfig(_Bench):
    """Bench of junctions simulated in process, in simulated time."""

    kind: Literal["simulated"] = "simulated"
    timing: Timing = Timing()
    simulation: Simulation = Simulation()
    chains: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=2, max_length=26)] | None = None
    """Number of junctions of each of parallel chains, in the order of [simulation]; None for a single chain."""
    field: SimulatedFieldSection | None = None
    twin: TwinOrigin | None = None
    """Of which chip and runs the simulation is a twin; None for a chip that nobody has measured."""

    @model_validator(mode="after")
    def _chains_have_every_junction(self) -> Self:
        if sum(self.chain_sizes) != self.junctions:
            raise ValueError(
                f"chains = {list(self.chain_sizes)} are {sum(self.chain_sizes)} junctions, and "
                f"simulation.critical_current_ap_to_p_ua has {counted(self.junctions, 'value')}"
            )
        return self

    @property
    def chain_sizes(self) -> tuple[int, ...]:
        """Number of junctions of each chain."""
        return self.chains or (self.junctions,)

    @model_validator(mode="after")
    def _twin_has_every_junction(self) -> Self:
        if self.twin is not None:
            self.twin.demand_fits(self.junctions)
        return self

    @property
    def largest_field_mt(self) -> float:
        """Largest field that can be set; 0 where it is constant."""
        return self.field.largest_mt if self.field else 0.0

    @property
    def junctions(self) -> int:
        """Number of junctions in the chain."""
        return len(self.simulation.critical_current_ap_to_p_ua)

    @property
    def aperture_s(self) -> float:
        """Averaging time of a voltmeter for one sample."""
        return self.timing.aperture_s

    @property
    def leads_ohm(self) -> PerJunction:
        """Resistance that a voltmeter sees in series with each junction."""
        return self.simulation.each("lead_resistance_ohm")

    @property
    def shortest_pulse_s(self) -> float:
        """Shortest pulse for which the simulated junctions hold."""
        return SHORTEST_OF_MODEL_S

    @property
    def shortest_pulse_set_by(self) -> str:
        """What sets it."""
        return "the model of the simulated junctions"


class InstrumentBenchConfig(_Bench):
    """Bench of sources and voltmeters on VISA, each named after the junction that it feeds or measures: J1, J2, ..."""

    kind: Literal["instruments"]
    timing: InstrumentTiming = InstrumentTiming()
    link: Link = Link()
    wiring: Wiring = Wiring()
    sources: dict[str, SourceSection]
    voltmeters: dict[str, VoltmeterSection]
    field: FieldSection = FieldSection()
    simulation: InstrumentSimulation = InstrumentSimulation()

    @model_validator(mode="after")
    def _one_source_and_voltmeter_each(self) -> Self:
        wanted = [junction_label(k, chain_tops(self.chain_sizes)) for k in range(max(1, len(self.sources)))]
        for table in ("sources", "voltmeters"):
            if sorted(getattr(self, table)) != sorted(wanted):
                raise ValueError(
                    f"[{table}] must name {', '.join(wanted)}, one table for each junction from the top of the chain; "
                    f"it names {', '.join(getattr(self, table)) or 'none'}"
                )
        self.wiring.demand_fits(len(wanted))
        return self

    @model_validator(mode="after")
    def _one_address_each(self) -> Self:
        for table in (self.sources, self.voltmeters):
            addresses = [section.address for section in table.values()]
            twice = {address for address in addresses if addresses.count(address) > 1}
            if twice:
                raise ValueError(f"address {', '.join(sorted(twice))} is given to two instruments of the same table")
        for label, source in self.sources.items():
            for other, meter in self.voltmeters.items():
                if source.address == meter.address and (source.model != meter.model or label != other):
                    raise ValueError(
                        f"address {source.address} is given to sources.{label} and voltmeters.{other}: one instrument "
                        "can be source and voltmeter of one junction only, and has one model"
                    )
                if source.address == meter.address and source.serial_keys != meter.serial_keys:
                    raise ValueError(
                        f"sources.{label} and voltmeters.{label} are one instrument at {source.address}: give both the "
                        f"same {', '.join(sorted({*source.serial_keys, *meter.serial_keys}))}"
                    )
        for role, _, address in self.field.parts:
            if self.addresses.count(address) > 1:
                raise ValueError(f"address {address} is given to {role} and to another instrument")
        return self

    @model_validator(mode="after")
    def _compliance_covers_the_reset(self) -> Self:
        for label, source in self.sources.items():
            if source.compliance_mv is not None and source.compliance_mv < self.reset_mv(label):
                compliance, needed = distinct_texts(source.compliance_mv, self.reset_mv(label))
                raise ValueError(
                    f"sources.{label}.compliance_mv = {compliance} is below the {needed} mV that the reset of the "
                    "junctions below this source needs"
                )
        return self

    @property
    def largest_field_mt(self) -> float:
        """Largest field that can be set; 0 where a person sets it."""
        return self.field.largest_mt

    @property
    def chain_sizes(self) -> tuple[int, ...]:
        """Number of junctions of each chain."""
        return tuple(Counter(label.rpartition(".")[0] for label in sorted(self.sources)).values()) or (0,)

    @property
    def junctions(self) -> int:
        """Number of junctions in the chain."""
        return len(self.sources)

    @property
    def aperture_s(self) -> float:
        """Averaging time of a voltmeter for one sample; the longest if they differ."""
        return max(meter.nplc for meter in self.voltmeters.values()) / self.link.line_frequency_hz

    @property
    def leads_ohm(self) -> PerJunction:
        """Resistance that a voltmeter sees in series with each junction."""
        return tuple(map(self.wiring.lead_ohm, range(self.junctions)))

    @property
    def shortest_pulse_s(self) -> float:
        """Shortest pulse that reaches the junctions as it is sent; instruments may need more."""
        return 0.0 if self.wiring.radio_frequency else SHORTEST_ON_WIRES_S

    @property
    def shortest_pulse_set_by(self) -> str:
        """What sets it."""
        return "wiring without wiring.radio_frequency = true"

    @property
    def labels(self) -> tuple[str, ...]:
        """J1, J2, ... from the top of the chain."""
        return tuple(junction_label(k, chain_tops(self.chain_sizes)) for k in range(self.junctions))

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses of sources, voltmeters, and of field supply and gaussmeter if there are any."""
        sources, meters = self.sources.values(), self.voltmeters.values()
        of_field = [address for _, _, address in self.field.parts]
        return (*[source.address for source in sources], *[meter.address for meter in meters], *of_field)

    def below(self, label: str) -> int:
        """Number of junctions between the node that the source of ``label`` feeds and ground."""
        place: int = self.labels.index(label)
        ends = [span.stop for span in chain_spans(self.chain_sizes)]
        below: int = min(end for end in ends if end > place)
        return below - place

    def compliance_mv(self, label: str) -> float:
        """Compliance of a source: as given, or else the number of junctions to ground times their voltage limit."""
        given = self.sources[label].compliance_mv
        return self.below(label) * self.limits.junction_voltage_refuse_mv if given is None else given

    def reset_mv(self, label: str) -> float:
        """Voltage at the node of a source during the reset of the nominal junctions below it."""
        return self.below(label) * RESET_SHARE * self.limits.junction_voltage_refuse_mv


BenchConfig: TypeAlias = SimulatedBenchConfig | InstrumentBenchConfig


def is_twin(bench: BenchConfig) -> bool:
    """Whether a bench is a twin of a chip, fitted to its runs."""
    return isinstance(bench, SimulatedBenchConfig) and bench.twin is not None
