"""How fast the simulated instruments answer over TCP: bare loop, one client process, one server process.

    python3 scripts/benchmarks/simulator_rates.py [--seconds 2]

Bench time runs so fast that apertures cost nothing: what is left is the cost of messages. The medians of several turns
are printed, and the processor time that the server spent on each message.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psutil

from instruments.simulated.client import LineClient
from instruments.simulated.junction import JunctionModel
from instruments.simulated.process import RunningSimulators, start_simulators
from instruments.simulated.spec import InstrumentSpec, SimulatorSpec

TURNS = 5
SPEED = 1000.0
PREPARE_SOURCE = ":SOUR:CURR:RANG 2e-3;COMP 5;:SOUR:CURR -5e-4;:OUTP 1;*OPC?"
PREPARE_METER = ":SENS:VOLT:RANG 1;:SENS:VOLT:NPLC 1;*OPC?"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="time for each figure")
    seconds = parser.parse_args().seconds
    with (
        tempfile.TemporaryDirectory() as folder,
        start_simulators(three_and_three(Path(folder) / "log.jsonl")) as bench,
    ):
        sources = [LineClient(bench.ports[f"source J{k}"]) for k in (1, 2, 3)]
        meters = [LineClient(bench.ports[f"voltmeter J{k}"]) for k in (1, 2, 3)]
        for source in sources:
            source.ask(PREPARE_SOURCE)
        for meter in meters:
            meter.ask(PREPARE_METER)
        loops: dict[str, tuple[Callable[[int], object], int]] = {
            "short queries (*OPC?)": (lambda n: sources[0].ask("*OPC?"), 1),
            "set and acknowledge": (lambda n: set_level(sources[0], n), 1),
            "set, acknowledge, read": (lambda n: (set_level(sources[0], n), meters[0].ask(":READ?")), 2),
            "set 3, read 3 at once": (lambda n: everything(sources, meters, n), 6),
        }
        for name, (loop, messages) in loops.items():
            report(name, bench, loop, messages, seconds)
        for client in (*sources, *meters):
            client.close()


def three_and_three(log: Path) -> SimulatorSpec:
    """Three current sources and three voltmeters on three junctions that do not switch at these currents."""
    junction = JunctionModel(critical_current_up_a=224e-6, critical_current_down_a=-57e-6, lead_resistance_ohm=5.0)
    instruments = [
        InstrumentSpec(model=model, plays=plays, position=k)
        for model, plays in (("6221", "source"), ("2182A", "voltmeter"))
        for k in range(3)
    ]
    return SimulatorSpec(instruments=tuple(instruments), junctions=(junction,) * 3, log_path=str(log), speed=SPEED)


def set_level(source: LineClient, n: int) -> str:
    """Another level each time, acknowledged in the same message."""
    return source.ask(f":SOUR:CURR {-5e-4 + (n % 100) * 1e-6!r};*OPC?")


def everything(sources: list[LineClient], meters: list[LineClient], n: int) -> list[str]:
    """Every source set and acknowledged, every meter asked before any is listened to."""
    for source in sources:
        set_level(source, n % 2)
    for meter in meters:
        meter.write(":READ?")
    return [meter.read() for meter in meters]


def report(name: str, bench: RunningSimulators, loop: Callable[[int], object], messages: int, seconds: float) -> None:
    """Repeat one loop and print its rate."""
    server = psutil.Process(bench.process.pid)
    rates, spent_s, turns = [], sum(server.cpu_times()[:2]), 0
    for _ in range(TURNS):
        done, start_s = 0, time.perf_counter()
        while time.perf_counter() - start_s < seconds / TURNS:
            loop(done)
            done += 1
        rates.append(done / (time.perf_counter() - start_s))
        turns += done
    spent_us = (sum(server.cpu_times()[:2]) - spent_s) / (turns * messages) * 1e6
    print(f"{name:26} {median(rates):8.0f} /s   server {spent_us:6.0f} us a message")


if __name__ == "__main__":
    main()
