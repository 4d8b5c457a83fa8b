"""Make the Bench of procedures from a bench file."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from instruments.interfaces import MeterSettings, SourceSettings
from instruments.simulated.magnet import Magnet
from instruments.traffic import Traffic
from mtjlab.bench import MV_PER_V, UA_PER_A, Bench
from mtjlab.benches.field import open_field
from mtjlab.benches.instrument_rack import InstrumentRack
from mtjlab.benches.parts import MeterPart, Parts, SourcePart, serial_settings
from mtjlab.benches.sessions import Claims, Opener
from mtjlab.benches.simulated_field import SimulatedField, magnet_model
from mtjlab.benches.simulated_rack import simulated_chain, simulated_rack
from mtjlab.config import BenchConfig, InstrumentBenchConfig, SimulatedBenchConfig
from mtjlab.domain import BenchDescription, GaussmeterReading, chain_tops
from mtjlab.envelope import BenchLimits, Envelope, nominal_law
from mtjlab.rack import MagneticField, Rack
from mtjlab.stopping import LookAround, nothing, wait


def open_bench(
    config: BenchConfig,
    seed: int = 0,
    simulated: bool = False,
    look_around: LookAround = nothing,
    in_real_time: bool = False,
    claims: Claims | None = None,
) -> Bench:
    """The bench that ``config`` describes; nothing is connected yet.

    ``seed`` sets the course of a chain simulated in process. ``simulated`` says that the addresses of ``config`` are
    those of simulated instruments. ``look_around`` is called in every wait for real time and may raise to end it; a
    chain simulated in process waits for no such time unless it shall be ``in_real_time``. Without ``claims`` the bench
    holds its instruments against other programs itself, from connecting to closing.

    Raises:
        RefusedError: the simulated junctions are none that could exist.
    """
    return open_equipment(config, seed, simulated, look_around, in_real_time, claims).bench


@dataclass(frozen=True, slots=True)
class Equipment:
    """A bench and its magnetic field; None where the field of junctions simulated in process is constant."""

    bench: Bench
    field: MagneticField | None


def open_equipment(  # noqa: PLR0913, PLR0917  what an engine has beside a bench file
    config: BenchConfig,
    seed: int = 0,
    simulated: bool = False,
    look_around: LookAround = nothing,
    in_real_time: bool = False,
    claims: Claims | None = None,
    said: GaussmeterReading | None = None,
    traffic: Traffic | None = None,
) -> Equipment:
    """The bench as ``open_bench`` makes it, and its field; nothing is connected yet.

    ``said`` is what a person read of a field that was set by hand. ``traffic`` takes all that is said to instruments.

    Raises:
        RefusedError: as ``open_bench``.
    """
    if isinstance(config, InstrumentBenchConfig):
        opener = Opener(config.link, claims, traffic=traffic)
        rack = InstrumentRack(instrument_parts(config, simulated), opener, look_around)
        field = open_field(config, simulated, said, look_around, claims, traffic)
        return Equipment(_bench(rack, config, simulated), field)
    pause = partial(wait, look_around=look_around) if in_real_time else None
    chain = simulated_chain(config.simulation, seed, chain_tops(config.chain_sizes))
    made = simulated_rack(config.simulation, config.timing, seed, chain, pause)
    magnet = None
    if config.field is not None:
        magnet = SimulatedField(chain, Magnet(magnet_model(config.simulation), seed), config.field, pause)
    return Equipment(_bench(made, config, True), magnet)


def envelope_of(config: BenchConfig, file: Path) -> Envelope:
    """What junctions of the bench in ``file`` may carry before they are measured.

    Raises:
        RefusedError: the simulated junctions are none that could exist.
    """
    if isinstance(config, SimulatedBenchConfig):
        simulated_chain(config.simulation, seed=0)
    return Envelope.of_bench(config, file)


def open_sources(config: InstrumentBenchConfig, simulated: bool, opener: Opener) -> Bench:
    """The sources of a bench alone, to take them to zero where their engine cannot."""
    parts = replace(instrument_parts(config, simulated), meters=())
    return _bench(InstrumentRack(parts, opener, nothing), config, simulated)


def cut_silent_sources(config: InstrumentBenchConfig, opener: Opener) -> list[str]:
    """Send zero and output off to every identified source without valid replies; return what was done."""
    return [report for part in instrument_parts(config).sources if (report := opener.cut_if_silent(part))]


def instrument_parts(config: InstrumentBenchConfig, simulated: bool = False) -> Parts:
    """All sources and voltmeters of a bench file, from the top of the chain."""
    frequency_hz = config.link.line_frequency_hz
    sources = tuple(
        SourcePart(
            f"source {label}",
            source.model,
            source.address,
            SourceSettings(source.range_ua / UA_PER_A, config.compliance_mv(label) / MV_PER_V),
            serial=serial_settings(source),
        )
        for label in config.labels
        for source in [config.sources[label]]
    )
    meters = tuple(
        MeterPart(
            f"voltmeter {label}",
            meter.model,
            meter.address,
            MeterSettings(meter.range_mv / MV_PER_V, meter.nplc, frequency_hz),
            serial=serial_settings(meter),
        )
        for label in config.labels
        for meter in [config.voltmeters[label]]
    )
    return Parts(
        sources,
        meters,
        to_ground=config.wiring.voltmeters == "to-ground",
        settle_s=config.timing.settle_s,
        speed=config.simulation.speed if simulated else 1.0,
        timeout_s=config.link.timeout_s,
        tops=chain_tops(config.chain_sizes),
    )


def _bench(rack: Rack, config: BenchConfig, simulated: bool) -> Bench:
    sizes = config.chain_sizes
    chains = sizes if len(sizes) > 1 else ()
    description = BenchDescription(config.name, config.kind, simulated, config.junctions, config.aperture_s, chains)
    return Bench(rack, description, BenchLimits.of(config), nominal_law(config.device))
