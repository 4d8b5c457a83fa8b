"""``--simulate``: simulated instruments of exactly the models, roles and wiring of a bench file, on loopback."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from instruments.simulated.process import RunningSimulators, start_simulators
from instruments.simulated.spec import InstrumentSpec, SimulatorSpec
from mtjlab.bench import MV_PER_V
from mtjlab.benches.simulated_field import magnet_model
from mtjlab.benches.simulated_rack import MT_PER_T, junction_models
from mtjlab.config import InstrumentBenchConfig, InstrumentSimulation, Link, SerialKeys
from mtjlab.domain import chain_tops, junction_label
from mtjlab.errors import RefusedError

LOG = "simulators.jsonl"
MOST_LOGS = 1000
LINGER_S = 10.0
"""Simulated instruments outlive a killed engine until its guardian has ended, and then for so long without a word."""


def free_log() -> Path:
    """Where simulated instruments log that are started by hand: here, into a file that does not exist yet."""
    log = Path(LOG)
    names = (log, *(log.with_stem(f"{log.stem}-{n}") for n in range(2, MOST_LOGS)))
    return next((name for name in names if not os.path.exists(name)), log)


@contextmanager
def simulated(
    bench: InstrumentBenchConfig, log_path: Path, seed: int, linger_s: float | None = LINGER_S
) -> Iterator[RunningSimulators]:
    """The simulated instruments of ``bench``, one port each, sharing one chain; they log into ``log_path``.

    Raises:
        RefusedError: a model cannot be simulated, a fault is none that exists, or the junctions could not exist.
    """
    try:
        running = start_simulators(simulator_spec(bench, log_path, seed, linger_s))
    except ValueError as error:
        raise RefusedError(f"The bench cannot be simulated: {error}") from error
    with running:
        yield running


def simulator_spec(
    bench: InstrumentBenchConfig, log_path: Path, seed: int, linger_s: float | None = LINGER_S
) -> SimulatorSpec:
    """What the simulated instruments of ``bench`` are to be. Raises ValueError for junctions that could not exist."""
    simulation = bench.simulation.of(bench.junctions)
    return SimulatorSpec(
        instruments=tuple(_instruments(bench, simulation)),
        junctions=tuple(junction_models(_with_leads(bench, simulation))),
        log_path=str(log_path),
        field_t=simulation.field_mt / MT_PER_T,
        magnet=magnet_model(simulation, bench.field.ma_per_mt, simulation.magnet_lag_s),
        seed=seed,
        speed=simulation.speed,
        source_settling_s=simulation.source_settling_s,
        faults=tuple(_counted_through(fault, bench.labels) for fault in simulation.faults),
        tops=chain_tops(bench.chain_sizes),
        traffic=str(Path(simulation.traffic).resolve()) if simulation.traffic else "",
        linger_s=linger_s,
        batch=f"{token_hex(3).upper()}-",
    )


NOT_SERIAL = dict.fromkeys(SerialKeys.model_fields)
"""Of addresses that are none of serial ports."""


def redirected(bench: InstrumentBenchConfig, simulators: RunningSimulators) -> InstrumentBenchConfig:
    """The bench with the addresses of its simulated instruments."""
    addresses, field = simulators.addresses, bench.field
    if field.address is not None:
        field = field.model_copy(update={**NOT_SERIAL, "address": addresses["field"]})
    if field.gaussmeter is not None:
        meter = field.gaussmeter.model_copy(update={**NOT_SERIAL, "address": addresses["gaussmeter"]})
        field = field.model_copy(update={"gaussmeter": meter})
    return bench.model_copy(
        update={
            "link": Link(
                visa_library="@py", timeout_s=bench.link.timeout_s, line_frequency_hz=bench.link.line_frequency_hz
            ),
            "field": field,
            "sources": {
                label: source.model_copy(update={**NOT_SERIAL, "address": addresses[f"source {junction_label(k)}"]})
                for k, label in enumerate(bench.labels)
                for source in [bench.sources[label]]
            },
            "voltmeters": {
                label: meter.model_copy(update={**NOT_SERIAL, "address": addresses[f"voltmeter {junction_label(k)}"]})
                for k, label in enumerate(bench.labels)
                for meter in [bench.voltmeters[label]]
            },
        }
    )


def _counted_through(fault: str, labels: Sequence[str]) -> str:
    """A fault with junctions counted through all chains, as the simulated instruments are: B.J1 after three is J4."""

    def name(found: re.Match[str]) -> str:
        label = found.group()
        return junction_label(labels.index(label)) if label in labels else label

    return re.sub(r"[A-Z]\.J\d+", name, fault)


def _with_leads(bench: InstrumentBenchConfig, simulation: InstrumentSimulation) -> InstrumentSimulation:
    """Leads as the wiring says, unless the simulation has its own."""
    if "lead_resistance_ohm" in simulation.model_fields_set:
        return simulation
    return simulation.model_copy(update={"lead_resistance_ohm": bench.wiring.lead_resistance_ohm})


def _instruments(bench: InstrumentBenchConfig, simulation: InstrumentSimulation) -> list[InstrumentSpec]:
    offsets_mv, specs = simulation.each("meter_offset_mv"), []
    for k, label in enumerate(bench.labels):
        source, meter = bench.sources[label], bench.voltmeters[label]
        both = source.address == meter.address
        as_meter = InstrumentSpec(
            model=meter.model,
            plays="both" if both else "voltmeter",
            position=k,
            measures="across" if bench.wiring.voltmeters == "across" and not both else "ground",
            line_frequency_hz=float(bench.link.line_frequency_hz),
            noise_v=simulation.meter_noise_mv / MV_PER_V,
            offset_v=offsets_mv[k % len(offsets_mv)] / MV_PER_V,
            noise_aperture_s=simulation.meter_noise_aperture_s,
            hum_v=simulation.hum_mv / MV_PER_V,
            hum_hz=simulation.hum_hz or float(bench.link.line_frequency_hz),
        )
        if not both:
            specs.append(InstrumentSpec(model=source.model, plays="source", position=k))
        specs.append(as_meter)
    of_field = [InstrumentSpec(model=model, plays=role, position=0) for role, model, _ in bench.field.parts]
    return [*specs, *of_field]
