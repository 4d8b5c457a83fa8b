"""Measurements of a few readings on the bench in process, and how far one had come when something interrupted it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from mtjlab.analysis.estimates import CriticalEstimate, NotDetermined
from mtjlab.bench import Bench
from mtjlab.benches import open_bench
from mtjlab.config import Network, PlanConfig, SimulatedBenchConfig, Simulation, SweepSettings
from mtjlab.domain import PerJunction, SwitchingConfiguration
from mtjlab.events import EncodedToken, Event, JunctionsMeasured
from mtjlab.procedures.classify.plan import ClassifyPlan, Token
from mtjlab.procedures.classify.procedure import classify
from mtjlab.procedures.handing_over import HandedOver, hand_over
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.reference_sweep import reference_sweep
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.shift.procedure import shift
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.sweep.procedure import sweep
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.procedures.switching_map.procedure import switching_map
from mtjlab.procedures.types import Procedure

START_UA = (-500.0, -500.0, -500.0)
SECOND_UA = (-460.0, -380.0, -560.0)
UP_UA, DOWN_UA = (224.0, -66.0, 196.0), (-57.0, -347.0, -85.0)
"""Critical currents of the default chip, which no procedure is told."""
SPREAD_UA = 4.3
CONFIG = PlanConfig(sweep=SweepSettings(input_step_ua=25.0, repetitions=1))
COARSE = SweepSettings(input_step_ua=30.0, repetitions=2)
ONCE = SweepSettings(input_step_ua=30.0, repetitions=1)
CLASSES = {SwitchingConfiguration((1, 0)): "x", SwitchingConfiguration((3, 1)): "y"}
TOKENS = (
    EncodedToken("x1", "x", "test", (560.0, 300.0)),
    EncodedToken("y1", "y", "test", (850.0, 560.0)),
    EncodedToken("far", "", "test", (560.0, 560.0)),
)


def bench_of(seed: int = 1, **truth: object) -> Bench:
    """The default chip, or another one."""
    return open_bench(SimulatedBenchConfig(simulation=Simulation(**truth)), seed)  # type: ignore[arg-type]


def references_of(bench: Bench) -> JunctionsMeasured:
    """References measured as before any measurement."""
    bench.execute(bench.plan([-500.0] * bench.description.junctions))
    last = list(reference_sweep(bench, SweepSettings()))[-1]
    assert isinstance(last, JunctionsMeasured)
    return last


@cache
def calibrated() -> JunctionsMeasured:
    """References of the default chip."""
    return references_of(bench_of(seed=9))


def map_asked(way: str, **asked: object) -> MapPlan:
    """A map under two sets of control currents, coarse unless ``asked`` says otherwise."""
    coarse = {"staircase": COARSE, "cell_ua": 450.0, "times": 2, "width_ua": 150.0}
    return MapPlan.model_validate({"controls_ua": (START_UA, SECOND_UA), "way": way, **coarse, **asked})


Tiny = Callable[[Bench, Sequence[Event]], Procedure[object]]

MAPS: dict[str, Tiny] = {
    way: lambda bench, taken, way=way: switching_map(bench, CONFIG, map_asked(way), calibrated(), taken)  # type: ignore[misc]
    for way in ("curves", "raster", "adaptive")
}
TINY: dict[str, Tiny] = {
    "sweep": lambda bench, taken: sweep(
        bench, CONFIG, SweepPlan(controls_ua=START_UA, staircase=COARSE), calibrated(), taken
    ),
    "shift": lambda bench, taken: shift(
        bench, CONFIG, ShiftPlan(controls_ua=START_UA, by_ua=(-30.0, 30.0), staircase=ONCE), calibrated(), taken
    ),
    **MAPS,
    "classify": lambda bench, taken: classify(bench, CONFIG, classify_plan(), calibrated(), taken),
}
"""One of each, over in a blink."""


def classify_plan(
    tokens: Sequence[EncodedToken] = TOKENS,
    times: int = 2,
    controls_ua: Sequence[PerJunction] = (START_UA, START_UA),
    classes: Mapping[SwitchingConfiguration, str] = CLASSES,
) -> ClassifyPlan:
    """Tokens of the default chip's start, two of them of a known class."""
    network = Network(
        device="chip",
        run="a run",
        features=("f1",),
        control_currents_ua=tuple(controls_ua),
        coefficients_ua=((0.0, 1.0),) * len(controls_ua),
        classes={str(configuration): label for configuration, label in classes.items()},
    )
    asked = tuple(Token(name=one.name, label=one.label, inputs_ua=one.inputs_ua) for one in tokens)
    return ClassifyPlan(network=network, times=times, tokens=asked)


def handed_over_after(events: Iterable[Event]) -> HandedOver:
    """What a run that resumes one which came so far takes over."""
    return hand_over("2026-11-22/0001-map", enumerate(events), KINDS["map"])


def estimated(found: Sequence[CriticalEstimate | NotDetermined]) -> list[CriticalEstimate]:
    """Estimates, all of which are determined."""
    assert all(isinstance(one, CriticalEstimate) for one in found), found
    return [one for one in found if isinstance(one, CriticalEstimate)]
