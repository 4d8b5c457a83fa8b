"""How often ``mtjlab check`` names a seeded mistake of wiring, and how often it finds one where there is none.

Benches of four kinds with junctions, leads, noise and offsets drawn at random; every fault of a kind on each of them,
by the circuit of the simulated instruments without their words. A mistake is *named* if the findings are just that,
*listed* if it is among the other explanations, otherwise *missed*. Bars: nothing missed, and nothing found on right
benches.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed
from rich.console import Console
from rich.table import Table

from instruments.simulated.bench import SimulatedBench
from instruments.simulated.compliance import Drive
from mtjlab.bench import Bench
from mtjlab.benches.simulators import simulator_spec
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import BenchDescription, Interval, Survey
from mtjlab.envelope import BenchLimits
from mtjlab.events import WiringChecked
from mtjlab.experiment.bench_file import with_faults
from mtjlab.procedures.check.plan import wiring_of
from mtjlab.procedures.check.procedure import check

CONFIGS = Path(__file__).parents[2] / "configs"
ANTIPARALLEL_AT_ZERO, PARALLEL_AT_ZERO = (224.0, -57.0), (-66.0, -347.0)
"""Critical currents (uA) of junctions that are in either state at zero current."""
MV_PER_V = 1e3
OVER_RANGE = 1.2

Named = frozenset[tuple[str, str]]
"""Parts of the bench and what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """A mistake: the kind of its row in the table, faults of the simulated instruments, and how it should be named."""

    kind: str
    faults: tuple[str, ...]
    named: Named


def racks() -> dict[str, InstrumentBenchConfig]:
    """Benches of each kind."""
    across, both, mixed = (
        read_bench(CONFIGS / f"{name}.toml") for name in ("keithley-6221-2182a", "keithley-2400", "mixed")
    )
    assert isinstance(across, InstrumentBenchConfig)
    assert isinstance(both, InstrumentBenchConfig)
    assert isinstance(mixed, InstrumentBenchConfig)
    wide = {label: meter.model_copy(update={"range_mv": 10_000.0}) for label, meter in across.voltmeters.items()}
    wiring = across.wiring.model_copy(update={"voltmeters": "to-ground"})
    to_ground = across.model_copy(update={"wiring": wiring, "voltmeters": wide})
    return {
        "6221, 2182A across": across,
        "2400 to ground": both,
        "mixed across": mixed,
        "6221, 2182A to ground": to_ground,
    }


def seeded(bench: InstrumentBenchConfig, rng: random.Random) -> Iterator[Seeded]:
    """Every single mistake, every swap, and every other order of cables."""
    labels = bench.labels
    for part, where, dead in (("source", "on-node", "dead-output"), ("voltmeter", "on-junction", "stuck")):
        yield from _misplaced(part, where, labels)
        for label in labels:
            yield _single(f"{part} reversed", part, label, "reversed", "reversed")
            yield _single(f"{part} {dead.split('-')[0]}", part, label, dead, dead.split("-")[0])
            if part == "source" or bench.wiring.voltmeters == "to-ground":
                for gain in (0.5, rng.uniform(0.5, 0.95), 0.95):
                    yield _single(f"{part} gain 0.5 - 0.95", part, label, f"gain={gain:.3f}", "gain")
    for label in labels:
        for kind in ("short", "open"):
            yield Seeded(f"junction {kind}", (f"junction {label}:{kind}",), frozenset({(label, kind)}))


def _misplaced(part: str, where: str, labels: Sequence[str]) -> Iterator[Seeded]:
    for label, place in permutations(labels, 2):
        yield _single(f"{part} elsewhere", part, label, f"{where}={place}", "misplaced")
    for pair in combinations(labels, 2):
        names = frozenset({(f"{part}s {', '.join(pair)}", "swapped")})
        yield Seeded(f"{part}s swapped", (f"{part}s:swapped={','.join(pair)}",), names)
    for one, other, third in permutations(labels, 3):
        if one < other and one < third:
            faults = f"{part}s:swapped={one},{other}", f"{part}s:swapped={other},{third}"
            names = frozenset((f"{part} {label}", "misplaced") for label in (one, other, third))
            yield Seeded(f"{part}s in another order", faults, names)


def _single(row: str, part: str, label: str, fault: str, kind: str) -> Seeded:
    return Seeded(row, (f"{part} {label}:{fault}",), frozenset({(f"{part} {label}", kind)}))


def other_chip(bench: InstrumentBenchConfig, rng: random.Random) -> InstrumentBenchConfig:
    """``bench`` with other junctions, in other states, other leads and meters; its file says what it always did."""
    every = range(bench.junctions)
    critical = [rng.choice((ANTIPARALLEL_AT_ZERO, PARALLEL_AT_ZERO)) for _ in every]
    truth = bench.simulation.model_copy(
        update={
            "critical_current_ap_to_p_ua": tuple(up for up, _ in critical),
            "critical_current_p_to_ap_ua": tuple(down for _, down in critical),
            "resistance_parallel_ohm": tuple(rng.uniform(500.0, 5000.0) for _ in every),
            "tmr_percent": tuple(rng.uniform(20.0, 250.0) for _ in every),
            "lead_resistance_ohm": tuple(rng.uniform(0.0, 50.0) for _ in every),
            "meter_noise_mv": rng.choice((0.001, 0.01, 0.05, 0.1)),
            "meter_offset_mv": tuple(rng.uniform(-1.0, 1.0) for _ in every),
        }
    )
    return bench.model_copy(update={"simulation": truth})


def checked(bench: InstrumentBenchConfig, seed: int, faults: Sequence[str] = ()) -> WiringChecked:
    """The check of ``bench`` on its simulated circuit."""
    config = with_faults(bench, simulate=True, faults=tuple(faults))
    assert isinstance(config, InstrumentBenchConfig)
    limits, device = config.limits, config.device
    wired = Bench(
        CircuitRack(config, seed),
        BenchDescription(config.name, config.kind, simulated=True, junctions=config.junctions),
        BenchLimits(
            Interval(limits.junction_current_min_ua, limits.junction_current_max_ua),
            limits.junction_voltage_warn_mv,
            limits.junction_voltage_refuse_mv,
        ),
        ResistanceLaw(
            device.resistance_parallel_ohm,
            device.tmr_percent / 100,
            device.half_bias_mv,
            device.bias_conductance_per_v2,
        ),
    )
    wired.switch_on()
    *_, last = check(wired, wiring_of(config))
    assert isinstance(last, WiringChecked)
    return last


class CircuitRack:
    """The circuit of simulated instruments, moved and read without their words."""

    def __init__(self, config: InstrumentBenchConfig, seed: int) -> None:
        self._simulated = SimulatedBench(simulator_spec(config, Path("nowhere"), seed), _Unread())
        self._config = config
        self._meters = [self._simulated.meters[f"voltmeter {label}"] for label in config.labels]
        self._aperture_s = 1.0 / config.link.line_frequency_hz

    @property
    def time_s(self) -> float:
        """Bench time."""
        return self._simulated.schedule.now_s

    def connect(self) -> Sequence[float]:
        """There is nothing to connect to."""
        return self.found_a()

    def found_a(self) -> Sequence[float]:
        """What the sources deliver."""
        return self._simulated.circuit.sources_a

    read_back_a = found_a

    def switch_on(self) -> tuple[()]:
        """Outputs on at zero."""
        for k in range(self._config.junctions):
            self.write_source(k, 0.0)
        return ()

    def write_source(self, source: int, current_a: float) -> None:
        """One source to a level, inside its compliance."""
        compliance_v = self._config.compliance_mv(self._config.labels[source]) / MV_PER_V
        self._simulated.circuit.drive(source, Drive.of_current(current_a, compliance_v), output_on=True)

    def settle(self) -> None:
        """The settling time of the bench."""
        self.wait(self._config.timing.settle_s)

    def wait(self, duration_s: float) -> None:
        """Bench time passes."""
        self._simulated.schedule.run_until(self._simulated.schedule.now_s + duration_s)

    def read_voltages_v(self, samples: int) -> Sequence[Sequence[float]]:
        """Samples of every voltmeter."""
        return [self._sample_v() for _ in range(samples)]

    def _sample_v(self) -> list[float]:
        before = [meter.volt_seconds() for meter in self._meters]
        self.wait(self._aperture_s)
        return [
            meter.reading_v(
                (meter.volt_seconds() - was) / self._aperture_s, self.time_s - self._aperture_s, self._aperture_s
            )
            for meter, was in zip(self._meters, before, strict=True)
        ]

    def survey(self, samples: int) -> Survey:
        """As instruments would tell: a voltmeter over its range has no readings."""
        began_s, circuit = self.time_s, self._simulated.circuit
        by_meter = [tuple(v * MV_PER_V for v in column) for column in zip(*self.read_voltages_v(samples), strict=True)]
        ranges_mv = [self._config.voltmeters[label].range_mv for label in self._config.labels]
        over = [max(map(abs, mv)) > OVER_RANGE * most for mv, most in zip(by_meter, ranges_mv, strict=True)]
        return Survey(
            began_s,
            self.time_s,
            tuple(() if too_much else mv for mv, too_much in zip(by_meter, over, strict=True)),
            tuple("over range" if too_much else "" for too_much in over),
            tuple(circuit.limited(k) != 0 for k in range(self._config.junctions)),
            tuple(output.on for output in circuit.outputs),
        )

    def switch_off(self) -> None:
        """There is nothing to switch off."""

    def close(self) -> None:
        """There is nothing to let go of."""


class _Unread:
    """Nobody reads what happened."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_, **__: None


def verdict(result: WiringChecked, named: Named) -> str:
    """``named``, ``listed`` or ``missed``."""
    if {(found.role, found.kind) for found in result.mistakes} == named:
        return "named"
    listed = [frozenset(zip(one.part.split("; "), one.kind.split("; "), strict=True)) for one in result.explanations]
    return "listed" if named in listed and result.mistakes else "missed"


def campaign(rack: str, seed: int) -> list[tuple[str, str, str]]:
    """Kind, verdict and what it was about, for every mistake on one chip."""
    rng = random.Random(f"{rack} {seed}")
    bench = other_chip(racks()[rack], rng)
    told = []
    for one in seeded(bench, rng):
        result = checked(bench, seed, one.faults)
        found = "; ".join(f"{x.role} {x.kind}" for x in result.mistakes)
        also = " | ".join(f"{x.part} {x.kind} {x.misfit}" for x in result.explanations)
        told.append((one.kind, verdict(result, one.named), f"{rack} {seed} {one.faults}: {found} [{also}]"))
    return told


def false_alarms(rack: str, seeds: range) -> list[str]:
    """What was found on right benches."""
    found = []
    for seed in seeds:
        bench = other_chip(racks()[rack], random.Random(f"right {rack} {seed}"))
        result = checked(bench, seed)
        if result.mistakes or result.explanations:
            found.append(f"{rack} {seed}: " + "; ".join(f"{x.role} {x.kind} {x.measured}" for x in result.mistakes))
    return found


def main() -> None:
    """Print the table, and every miss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chips", type=int, default=10, help="chips for each kind of bench, with every mistake each")
    parser.add_argument("--right", type=int, default=3000, help="right benches in all")
    asked = parser.parse_args()
    console, names = Console(width=110), list(racks())
    jobs = Parallel(n_jobs=-1)
    each = asked.right // len(names)
    table = Table("mistake", *[f"{name}\nnamed / listed / missed" for name in names])
    by_rack: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in names}
    missed = []
    told = jobs(delayed(campaign)(name, seed) for name in names for seed in range(asked.chips))
    for name, results in zip([name for name in names for _ in range(asked.chips)], told, strict=True):
        by_rack[name].update((kind, how) for kind, how, _ in results)
        missed += [text for _, how, text in results if how == "missed"]
    for kind in dict.fromkeys(kind for name in names for kind, _ in by_rack[name]):
        counts = [" / ".join(str(by_rack[name][kind, how]) for how in ("named", "listed", "missed")) for name in names]
        table.add_row(kind, *counts)
    console.print(table)
    for text in missed:
        console.print(f"missed: {text}", markup=False, highlight=False)
    parts = [(name, range(begin, min(begin + 50, each))) for name in names for begin in range(0, each, 50)]
    alarms = [text for found in jobs(delayed(false_alarms)(*part) for part in parts) for text in found]
    console.print(f"{len(alarms)} of {each * len(names)} right benches with a false mistake")
    for text in alarms:
        console.print(text, markup=False, highlight=False)


if __name__ == "__main__":
    main()
