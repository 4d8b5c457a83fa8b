"""Opening a bench: from a bench file to the Bench that procedures are given."""

from collections.abc import Sequence

from instruments.simulated.junction import JunctionModel
from instruments.simulated.meter import NoisyVoltmeter, VoltmeterModel
from instruments.simulated.physics import JunctionChain
from mtjlab.bench import MV_PER_V, UA_PER_A, Bench, BenchLimits
from mtjlab.config import BenchConfig, Device, Limits, Simulation, Timing
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import BenchDescription, Interval
from mtjlab.errors import BenchFaultError, RefusedError

MT_PER_T = 1e3


class SimulatedRack:
    """Junctions simulated in process, in their own time: a dwell costs no waiting."""

    def __init__(self, chain: JunctionChain, meters: Sequence[NoisyVoltmeter], timing: Timing) -> None:
        self._chain = chain
        self._meters = meters
        self._timing = timing
        self._sources_a = [0.0] * len(meters)

    @property
    def time_s(self) -> float:
        """Simulated time in seconds, to the microsecond."""
        return round(self._chain.time_s, 6)

    def write_source(self, source: int, current_a: float) -> None:
        """Set one source; it is there at once."""
        self._sources_a[source] = current_a
        self._chain.set_source(source, current_a)

    def settle(self) -> None:
        """Let the settling time of the sources pass."""
        self._chain.advance(self._timing.settle_s)

    def wait(self, duration_s: float) -> None:
        """Let simulated time pass."""
        self._chain.advance(duration_s)

    def read_voltages_v(self) -> list[float]:
        """One sample of every voltmeter over one aperture."""
        averages_v = self._chain.average_voltages_v(self._timing.aperture_s)
        return [meter.reading_v(true_v) for meter, true_v in zip(self._meters, averages_v, strict=True)]

    def switch_off(self) -> None:
        """Outputs off. With a source not at zero this would cut a current, which nobody may ask for.

        Raises:
            BenchFaultError: a source is not at zero.
        """
        if any(self._sources_a):
            raise BenchFaultError(f"outputs were to be switched off with sources at {self._sources_a} A")

    def read_back_a(self) -> Sequence[float]:
        """What the simulated sources deliver."""
        return tuple(self._sources_a)


def open_bench(config: BenchConfig, seed: int) -> Bench:
    """The bench that ``config`` describes; ``seed`` sets the course of a simulated one.

    Raises:
        RefusedError: the simulated junctions are none that could exist.
    """
    simulation = config.simulation
    try:
        chain = JunctionChain(_junction_models(simulation), seed, simulation.field_mt / MT_PER_T)
    except ValueError as error:
        raise RefusedError(f"[simulation] of bench {config.name!r}: {error}.") from error
    meters = [
        NoisyVoltmeter(VoltmeterModel(simulation.meter_noise_mv / MV_PER_V, offset_mv / MV_PER_V), seed, k)
        for k, offset_mv in enumerate(simulation.each("meter_offset_mv"))
    ]
    return Bench(
        SimulatedRack(chain, meters, config.timing),
        BenchDescription(config.name, config.kind, simulated=True, junctions=config.junctions),
        _limits(config.limits),
        _nominal(config.device),
    )


def _limits(limits: Limits) -> BenchLimits:
    return BenchLimits(
        Interval(limits.junction_current_min_ua, limits.junction_current_max_ua),
        limits.junction_voltage_warn_mv,
        limits.junction_voltage_refuse_mv,
    )


def _nominal(device: Device) -> ResistanceLaw:
    return ResistanceLaw(
        r_p_ohm=device.resistance_parallel_ohm,
        tmr=device.tmr_percent / 100,
        half_bias_mv=device.half_bias_mv,
        bias_per_v2=device.bias_conductance_per_v2,
    )


def _junction_models(simulation: Simulation) -> list[JunctionModel]:
    columns = {
        "critical_current_up_a": (simulation.each("critical_current_ap_to_p_ua"), UA_PER_A),
        "critical_current_down_a": (simulation.each("critical_current_p_to_ap_ua"), UA_PER_A),
        "critical_spread_a": (simulation.each("critical_spread_ua"), UA_PER_A),
        "critical_drift_a_per_h": (simulation.each("critical_drift_ua_per_h"), UA_PER_A),
        "resistance_p_ohm": (simulation.each("resistance_parallel_ohm"), 1.0),
        "tmr0": (simulation.each("tmr_percent"), 100.0),
        "half_voltage_v": (simulation.each("half_bias_mv"), MV_PER_V),
        "curvature_per_v2": (simulation.each("bias_conductance_per_v2"), 1.0),
        "resistance_drift_per_h": (simulation.each("resistance_drift_percent_per_h"), 100.0),
        "lead_resistance_ohm": (simulation.each("lead_resistance_ohm"), 1.0),
    }
    shift_a_per_t = simulation.critical_shift_ua_per_mt * MT_PER_T / UA_PER_A
    return [
        JunctionModel(
            **{name: values[k] / per_si for name, (values, per_si) in columns.items()},
            critical_shift_a_per_t=shift_a_per_t,
        )
        for k in range(len(simulation.critical_current_ap_to_p_ua))
    ]
