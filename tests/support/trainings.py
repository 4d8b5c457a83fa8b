"""Trainings of a few tokens, over in a blink."""

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import tomli_w

from instruments.simulated.meter import NoisyVoltmeter, VoltmeterModel
from instruments.simulated.physics import JunctionChain
from mtjlab.bench import Bench
from mtjlab.benches.simulated_rack import MT_PER_T, SimulatedRack, junction_models
from mtjlab.config import PlanConfig, PresentationSettings, Simulation, SuspendSettings, SweepSettings, Timing
from mtjlab.config import TrainingSettings as Settings
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import BenchDescription, FieldReading, FieldReport, Interval
from mtjlab.envelope import BenchLimits
from mtjlab.events import Event, Presented, Purpose
from mtjlab.procedures.training.procedure import TrainingPlan
from mtjlab.vowels.data_set import DataSet, Token
from mtjlab.vowels.splits import split

SWEEP = {"repetitions": 1, "input_step_ua": 25.0}
PLACES = {"a": (0.0, 0.0), "b": (10.0, 2.0), "c": (4.0, 12.0)}
DATA = DataSet(
    "few",
    ("x", "y"),
    tuple(
        Token(f"{label}{k}", label, None, (x + 0.3 * k, y - 0.2 * k))
        for label, (x, y) in PLACES.items()
        for k in range(3)
    ),
)
TABLE = "label,name,x,y\n" + "".join(f"{t.label},{t.name},{t.features[0]!r},{t.features[1]!r}\n" for t in DATA.tokens)


class Field:
    """A field that reads what it is told to."""

    def __init__(self, field_mt: float) -> None:
        self.field_mt = field_mt

    largest_mt, ramp_mt_per_s = 10.0, 1.0

    def read(self) -> FieldReading:
        return FieldReading(self.field_mt)

    def set_mt(self, field_mt: float) -> FieldReport:
        self.field_mt = field_mt
        return FieldReport(field_mt, "fake")

    def switch_on(self) -> FieldReport:
        return FieldReport(self.field_mt, "fake")

    def switch_off(self) -> None: ...

    def close(self) -> None: ...


def plan_of_few(steps: int = 2, dwell_s: float = 0.05, seed: int = 1, **suspend: Any) -> TrainingPlan:
    """Three classes of four tokens, all of them recognised after each step."""
    config = PlanConfig(
        seed=seed,
        sweep=SweepSettings(**SWEEP),
        presentation=PresentationSettings(dwell_s=dwell_s),
        training=Settings(steps=steps),
        suspend=SuspendSettings(**suspend),
    )
    return TrainingPlan(config, DATA, split(DATA, seed))


class WrongRack(SimulatedRack):
    """Sources may deliver a share of what is set, and somebody else may set them."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._gains = [1.0] * len(self._sources_a)
        self._by_others_a: dict[int, float] = {}
        self._shown: dict[int, Callable[[float], float]] = {}

    def write_source(self, source: int, current_a: float) -> None:
        super().write_source(source, current_a)
        self._drive()

    def delivered_a(self) -> tuple[float, ...]:
        return tuple(self._by_others_a.get(k, set_a) for k, set_a in enumerate(self._sources_a))

    def deliver(self, source: int, gain: float) -> None:
        """From now on."""
        self._gains[source] = gain
        self._drive()

    def somebody_sets(self, source: int, current_ua: float) -> None:
        """At the front panel; an output that is off delivers 0."""
        self._by_others_a[source] = current_ua * 1e-6
        self._drive()

    def shows(self, meter: int, what: Callable[[float], float]) -> None:
        """A voltmeter makes something else of every voltage (V) from now on."""
        self._shown[meter] = what

    def read_voltages_v(self, samples: int) -> list[list[float]]:
        read = super().read_voltages_v(samples)
        return [[self._shown.get(k, float)(volts) for k, volts in enumerate(sample)] for sample in read]

    def _drive(self) -> None:
        for k, told_a in enumerate(self.delivered_a()):
            self._chain.set_source(k, self._gains[k] * told_a)


def bench_and_rack(seed: int = 1, **truth: Any) -> tuple[Bench, WrongRack]:
    """A bench in process, and its rack, which may go wrong."""
    bench, _ = bench_and_chain(seed, **truth)
    rack = bench._rack
    assert isinstance(rack, WrongRack)
    return bench, rack


def bench_and_chain(
    seed: int = 1, pause: Callable[[float, bool], None] | None = None, **truth: Any
) -> tuple[Bench, JunctionChain]:
    """A bench in process, and the chain behind it, of which no procedure knows; ``pause`` waits wherever it waits."""
    simulation = Simulation(**truth)
    chain = JunctionChain(junction_models(simulation), seed, simulation.field_mt / MT_PER_T)
    junctions = len(simulation.critical_current_ap_to_p_ua)
    meters = [NoisyVoltmeter(VoltmeterModel(50e-6, 0.0), seed, k) for k in range(junctions)]
    bench = Bench(
        WrongRack(chain, meters, Timing(), pause),
        BenchDescription("three", "simulated", simulated=True, junctions=junctions),
        BenchLimits(
            Interval(-750, 750),
            voltage_warn_mv=850,
            voltage_refuse_mv=1000,
            pulse_min_s=0.5e-6,
            pulse_min_set_by="model",
        ),
        ResistanceLaw(r_p_ohm=1100, tmr=1.2, half_bias_mv=500, bias_per_v2=0.1),
    )
    return bench, chain


def tokens_of(events: Iterable[Event]) -> list[tuple[int, Purpose, str]]:
    """Step, purpose and name of each token in turn, however often it had to be presented."""
    presented = [(e.step, e.purpose, e.token.name) for e in events if isinstance(e, Presented)]
    return [token for token, _ in groupby(presented)]


def write_plan(folder: Path, steps: int = 2, **tables: dict[str, Any]) -> Path:
    """A plan file for the same few tokens, and their table beside it."""
    (folder / "few.csv").write_text(TABLE, encoding="utf-8")
    content = {"seed": 1, "data": {"table": "few.csv"}, "sweep": SWEEP, "training": {"steps": steps}, **tables}
    (folder / "plan.toml").write_text(tomli_w.dumps(content), encoding="utf-8")
    return folder / "plan.toml"
