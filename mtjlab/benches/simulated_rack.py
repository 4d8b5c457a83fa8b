"""Junctions as [simulation] of a bench file describes them; simulated in process, in their own time."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from instruments.simulated.junction import JunctionModel
from instruments.simulated.meter import NoisyVoltmeter, VoltmeterModel
from instruments.simulated.physics import JunctionChain
from mtjlab.bench import MV_PER_V, UA_PER_A
from mtjlab.config import Simulation, Timing
from mtjlab.domain import ONE_CHAIN, GivenPulse, InstrumentReport, Survey
from mtjlab.errors import BenchFaultError, RefusedError

MT_PER_T = 1e3
LINE_HZ = 50.0
"""Frequency of the mains of a chain simulated in process."""


class SimulatedRack:
    """Junctions simulated in process, in their own time: a dwell costs no waiting, unless ``pause`` waits for it."""

    def __init__(
        self,
        chain: JunctionChain,
        meters: Sequence[NoisyVoltmeter],
        timing: Timing,
        pause: Callable[[float, bool], None] | None = None,
    ) -> None:
        self._chain = chain
        self._pause = pause
        self._meters = meters
        self._timing = timing
        self._sources_a = [0.0] * len(meters)
        self._read_s = 0.0

    @property
    def time_s(self) -> float:
        """Simulated time in seconds, to the microsecond."""
        return round(self._chain.time_s, 6)

    @property
    def reading_s(self) -> float:
        """Readings take no time of the clock."""
        return 0.0

    def write_source(self, source: int, current_a: float) -> None:
        """Set one source; it is there at once."""
        self._sources_a[source] = current_a
        self._chain.set_source(source, current_a)

    def connect(self) -> Sequence[float]:
        """There is nothing to connect to, and nothing is ever found on."""
        return self.delivered_a()

    def delivered_a(self) -> Sequence[float]:
        """What the simulated sources deliver."""
        return tuple(self._sources_a)

    @property
    def seen_off(self) -> Collection[int]:
        """None: simulated sources have no outputs that anybody could switch off."""
        return ()

    @property
    def settle_s(self) -> float:
        """As the bench file says."""
        return self._timing.settle_s

    @property
    def shortest_pulse_s(self) -> float:
        """Any: the limits of the bench say from where on the model of the junctions holds."""
        return 0.0

    def time_settings(self) -> None:
        """Settings of simulated sources take no time."""

    def pulse(self, source: int, base_a: float, current_a: float, width_s: float) -> GivenPulse:
        """A pulse of exactly this duration."""
        self.write_source(source, current_a)
        self._chain.advance(width_s)
        self.write_source(source, base_a)
        return GivenPulse(width_s)

    def zero_with_recovery(self, source: int) -> None:
        """Simulated sources obey the first one."""
        self.write_source(source, 0.0)

    def switch_on(self) -> tuple[InstrumentReport, ...]:
        """There are no instruments to prepare."""
        return ()

    def settle(self) -> None:
        """Let the settling time of the sources pass."""
        self._chain.advance(self.settle_s)

    def wait(self, duration_s: float, may_stop: bool = False) -> None:
        """Let simulated time pass."""
        if self._pause is not None:
            pause_s, self._read_s = duration_s + self._read_s, 0.0
            self._pause(pause_s, may_stop)
        self._chain.advance(duration_s)

    def read_voltages_v(self, samples: int) -> list[list[float]]:
        """Samples of every voltmeter, one aperture after another; with ``pause`` the next wait is longer by as much."""
        self._read_s += samples * self._timing.aperture_s
        return [self._sample_v() for _ in range(samples)]

    def _sample_v(self) -> list[float]:
        begun_s, aperture_s = self._chain.time_s, self._timing.aperture_s
        averages_v = self._chain.average_voltages_v(aperture_s)
        return [
            meter.reading_v(true_v, begun_s, aperture_s) for meter, true_v in zip(self._meters, averages_v, strict=True)
        ]

    def switch_off(self) -> None:
        """Outputs off. With a source not at zero this would cut a current, which nobody may ask for.

        Raises:
            BenchFaultError: a source is not at zero.
        """
        if any(self._sources_a):
            raise BenchFaultError(f"outputs were to be switched off with sources at {self._sources_a} A")

    def integrate(self, nplc: float | None) -> Sequence[float]:
        """Voltmeters simulated in process keep their aperture."""
        return (self._timing.aperture_s,) * len(self._meters)

    def delays(self, longest_s: float = math.inf) -> Sequence[str]:
        """Simulated time passes as it should."""
        return ()

    def survey(self, samples: int) -> Survey:
        """Simulated meters never fail, and simulated sources have no compliance."""
        began_s, taken = self.time_s, self.read_voltages_v(samples)
        by_meter = tuple(tuple(value * MV_PER_V for value in column) for column in zip(*taken, strict=True))
        every = len(self._meters)
        return Survey(began_s, self.time_s, by_meter, ("",) * every, (None,) * every, (True,) * every)

    def close(self) -> None:
        """Nothing to close."""


def simulated_chain(simulation: Simulation, seed: int, tops: Sequence[int] = ONE_CHAIN) -> JunctionChain:
    """The chip that a simulation describes, or those of parallel chains, whose first junctions are ``tops``.

    Raises:
        RefusedError: its junctions could not exist.
    """
    try:
        return JunctionChain(junction_models(simulation), seed, simulation.field_mt / MT_PER_T, tops)
    except ValueError as error:
        raise RefusedError(f"[simulation]: {error}.") from error


def simulated_rack(
    simulation: Simulation,
    timing: Timing,
    seed: int,
    chain: JunctionChain,
    pause: Callable[[float, bool], None] | None = None,
) -> SimulatedRack:
    """The rack around a simulated chip; ``pause`` waits wherever time is let pass."""
    meters = [NoisyVoltmeter(model, seed, k) for k, model in enumerate(voltmeter_models(simulation))]
    return SimulatedRack(chain, meters, timing, pause)


def voltmeter_models(simulation: Simulation) -> list[VoltmeterModel]:
    """Errors of the voltmeters, from the top of the chain."""
    errors = VoltmeterModel(
        simulation.meter_noise_mv / MV_PER_V,
        noise_aperture_s=simulation.meter_noise_aperture_s,
        hum_v=simulation.hum_mv / MV_PER_V,
        hum_hz=simulation.hum_hz or LINE_HZ,
    )
    return [replace(errors, offset_v=offset_mv / MV_PER_V) for offset_mv in simulation.each("meter_offset_mv")]


def junction_models(simulation: Simulation) -> list[JunctionModel]:
    """The junctions, from the top of the chain. Raises ValueError for parameters outside the model."""
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
