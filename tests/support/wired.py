"""Real drivers on simulated instruments in their own time: no socket, no clock, the same words."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from pymeasure.adapters import Adapter

from instruments.interfaces import NoReplyError
from instruments.models import MODELS
from instruments.simulated.bench import SimulatedBench
from instruments.traffic import Exchange
from mtjlab.bench import Bench
from mtjlab.benches import simulators
from mtjlab.benches.factory import instrument_parts
from mtjlab.benches.instrument_rack import InstrumentRack, Part
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import BenchDescription, Interval
from mtjlab.envelope import BenchLimits
from mtjlab.experiment.bench_file import with_faults
from mtjlab.stopping import nothing

LINK_S = 1e-4
"""What a message takes."""


class NoLog:
    """Nobody reads what happened."""

    def currents(self, *_: Any) -> None: ...

    def states(self, *_: Any) -> None: ...

    def received(self, *_: Any) -> None: ...

    def sent(self, *_: Any) -> None: ...

    def write(self, *_: Any, **__: Any) -> None: ...


class Wire(Adapter):
    """A line to one simulated instrument; waiting for a reply lets bench time pass."""

    def __init__(
        self, simulated: SimulatedBench, role: str, timeout_s: float, exchanges: list[Exchange] | None = None
    ) -> None:
        super().__init__()
        self._exchanges, self._asked = exchanges if exchanges is not None else [], -1
        self.role, self.address = role, "simulated"
        self._simulated, self._timeout_s = simulated, timeout_s
        self._station = simulated.station(role)
        self._replies: list[bytes] = []

    def _write(self, command: str, **_: Any) -> None:
        self._simulated.schedule.run_until(self._simulated.schedule.now_s + LINK_S)
        self._asked = len(self._exchanges)
        self._exchanges.append(Exchange(self._simulated.schedule.now_s, self.role, command, None, 0.0))
        self._station.receive(command, self._replies.append)

    def _read(self, **_: Any) -> str:
        schedule = self._simulated.schedule
        end_s = schedule.now_s + self._timeout_s
        while not self._replies and schedule.now_s < end_s:
            schedule.run_until(min(schedule.next_due_s, end_s))
        if not self._replies:
            raise NoReplyError(f"{self.role} ({self.address}): no reply")
        reply, asked = self._replies.pop(0).decode("latin-1"), self._exchanges[self._asked]
        self._exchanges[self._asked] = replace(asked, came=reply, took_s=schedule.now_s - asked.t_s)
        return reply

    def close(self) -> None: ...


class Wires:
    """Opens drivers over wires; keeps what is said."""

    def __init__(self, simulated: SimulatedBench) -> None:
        self._simulated = simulated
        self.exchanges: list[Exchange] = []

    def open(self, part: Part) -> Any:
        driver = MODELS[part.model].driver
        assert driver is not None
        instrument = driver(Wire(self._simulated, part.role, 20.0, self.exchanges))
        instrument.identity()
        return instrument


class OwnTimeRack(InstrumentRack):
    """A rack whose waits are bench time alone."""

    def __init__(self, simulated: SimulatedBench, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._simulated = simulated

    @property
    def time_s(self) -> float:
        return round(self._simulated.schedule.now_s, 6)

    def wait(self, duration_s: float, may_stop: bool = False) -> None:
        schedule = self._simulated.schedule
        schedule.run_until(schedule.now_s + duration_s)


CONFIGS = Path(__file__).parents[2] / "configs"


def wired_config(file: str, *faults: str) -> InstrumentBenchConfig:
    """A bench file of the project, with faults."""
    config = with_faults(read_bench(CONFIGS / file), simulate=True, faults=faults)
    assert isinstance(config, InstrumentBenchConfig)
    return config


def wired_bench(config: InstrumentBenchConfig) -> Bench:
    """The bench of ``config``, connected, outputs on."""
    bench = unconnected(config)
    bench.connect()
    bench.go_safe()
    bench.switch_on()
    return bench


def unconnected(config: InstrumentBenchConfig) -> Bench:
    """The bench of ``config``, nothing done yet."""
    return bench_on(simulated_bench(config), config)


def simulated_bench(config: InstrumentBenchConfig, log: NoLog | None = None) -> SimulatedBench:
    """The simulated instruments of ``config``."""
    return SimulatedBench(simulators.simulator_spec(config, Path("nowhere"), seed=0), log or NoLog())


def bench_on(simulated: SimulatedBench, config: InstrumentBenchConfig, wires: Wires | None = None) -> Bench:
    """The bench of ``config`` on these instruments, nothing done yet."""
    rack = OwnTimeRack(simulated, instrument_parts(config), wires or Wires(simulated), nothing)
    return Bench(
        rack,
        BenchDescription(config.name, config.kind, simulated=True, junctions=config.junctions),
        BenchLimits(Interval(-750, 750), voltage_warn_mv=850, voltage_refuse_mv=1000),
        ResistanceLaw(r_p_ohm=1100, tmr=1.2, half_bias_mv=500, bias_per_v2=0.1),
    )
