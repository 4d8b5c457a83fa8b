"""Small runs of every kind, made by the engine on the simulated bench: over in a blink."""

from collections.abc import Callable
from pathlib import Path

from mtjlab import experiment
from mtjlab.config import SweepSettings
from mtjlab.config.section import Section
from mtjlab.events import Event, SweepPoint
from mtjlab.procedures.dwell.plan import DwellPlan
from mtjlab.procedures.field.plan import FieldPlan
from mtjlab.procedures.manual.events import JunctionsRead
from mtjlab.procedures.manual.plan import ManualPlan
from mtjlab.procedures.pulse.plan import PulsePlan
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.requests import ManualRequest
from mtjlab.runner import Viewer
from mtjlab.store import STOP, add_request
from mtjlab.supplied_configs import CONFIGS
from tests.support.asking import (
    CheckRequest,
    MeasuringRequest,
    TokensAsked,
    TrainingRequest,
    prepare_check,
    prepare_classify,
    prepare_live,
    prepare_measuring,
    prepare_training,
)
from tests.support.trainings import TABLE

PLAN = """
[data]
table = "few.csv"

[sweep]
input_step_ua = 25
repetitions = 1

[training]
steps = 2
"""
START_UA = (-500.0, -500.0, -500.0)
SECOND_UA = (-460.0, -380.0, -560.0)


def plan_in(folder: Path) -> Path:
    """A plan file of a few tokens of three classes."""
    (folder / "few.csv").write_text(TABLE, encoding="utf-8")
    path = folder / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def staircase(repetitions: int = 2) -> SweepSettings:
    return SweepSettings(input_step_ua=25.0, repetitions=repetitions)


def made_training(folder: Path) -> Path:
    request = TrainingRequest(plan=plan_in(folder), seed=1)
    return experiment.execute(prepare_training(request), folder).folder


def made_check(folder: Path) -> Path:
    return experiment.execute(prepare_check(CheckRequest()), folder).folder


def made_classification(folder: Path, training: Path) -> Path:
    request = MeasuringRequest(experiment.DEFAULT_BENCH, plan_in(folder))
    prepared = prepare_classify(training, request, TokensAsked(times=2))
    return experiment.execute(prepared, folder).folder


MAGNET_BENCH = CONFIGS / "magnet.toml"


def made_in_field(folder: Path, asked: Section, *viewers: Viewer) -> Path:
    """As ``made_measurement``, on a bench with a magnet."""
    request = MeasuringRequest(MAGNET_BENCH, plan_in(folder))
    return experiment.execute(prepare_measuring(request, asked), folder, viewers).folder


def made_measurement(folder: Path, asked: Section, *viewers: Viewer) -> Path:
    request = MeasuringRequest(experiment.DEFAULT_BENCH, plan_in(folder))
    return experiment.execute(prepare_measuring(request, asked), folder, viewers).folder


def sweep_asked(repetitions: int = 2) -> SweepPlan:
    return SweepPlan(controls_ua=START_UA, staircase=staircase(repetitions))


def shift_asked() -> ShiftPlan:
    return ShiftPlan(controls_ua=START_UA, by_ua=(-30.0, 30.0), staircase=staircase(1))


def curves_asked() -> MapPlan:
    return MapPlan(controls_ua=(START_UA, SECOND_UA), way="curves", staircase=staircase())


def raster_asked() -> MapPlan:
    return MapPlan(controls_ua=(START_UA, SECOND_UA), way="raster", staircase=staircase(1), cell_ua=180.0, times=2)


def adaptive_asked() -> MapPlan:
    return MapPlan(controls_ua=(START_UA, SECOND_UA), way="adaptive", staircase=staircase(1), width_ua=40.0)


def dwell_asked() -> DwellPlan:
    """Two seconds, the paper's junctions reset again and again."""
    row = (-500.0, -500.0, -500.0)
    return DwellPlan(controls_ua=row, inputs_ua=(700.0,), way="reset", for_s=2.0, longest_s=0.5)


def pulse_asked() -> PulsePlan:
    """A few pulses of two widths."""
    return PulsePlan(widths_s=(1e-4, 1e-2), probes=8)


def field_asked() -> FieldPlan:
    """Two coarse loops, and a sweep in two fields."""
    return FieldPlan(
        loops=2,
        from_mt=-16.0,
        to_mt=20.0,
        field_step_mt=2.0,
        fields_mt=(4.0, 8.0),
        controls_ua=START_UA,
        staircase=staircase(1),
        critical_inputs_ua=(40.0, 860.0),
    )


def made_by_hand(folder: Path) -> Path:
    """Held controls, then an input, as soon as it has been seen that all is at zero."""
    wishes = [ManualRequest(controls_ua=START_UA), ManualRequest(input_ua=300.0)]

    def turn(event: Event) -> None:
        if wishes and isinstance(event, JunctionsRead):
            (run,) = (path for path in folder.glob("*/*") if path.is_dir())
            add_request(run, wishes.pop(0))

    request = MeasuringRequest(experiment.DEFAULT_BENCH, plan_in(folder))
    prepared = prepare_live(request, ManualPlan(every_s=0.02, for_s=0.4))
    return experiment.execute(prepared, folder, [turn]).folder


def stopper(folder: Path, after: int, kind: type = SweepPoint) -> Viewer:
    """A viewer that asks the run under ``folder`` to stop after so many events of a kind."""
    seen = 0

    def see(event: Event) -> None:
        nonlocal seen
        seen += isinstance(event, kind)
        if seen == after:
            (run,) = (path for path in folder.glob("*/*") if path.is_dir())
            (run / STOP).touch()

    return see


Maker = Callable[[Path], Path]
MADE: dict[str, Maker] = {
    "train": made_training,
    "sweep": lambda folder: made_measurement(folder, sweep_asked()),
    "shift": lambda folder: made_measurement(folder, shift_asked()),
    "curves-map": lambda folder: made_measurement(folder, curves_asked()),
    "raster-map": lambda folder: made_measurement(folder, raster_asked()),
    "adaptive-map": lambda folder: made_measurement(folder, adaptive_asked()),
    "dwell": lambda folder: made_measurement(folder, dwell_asked()),
    "pulse": lambda folder: made_measurement(folder, pulse_asked()),
    "field": lambda folder: made_in_field(folder, field_asked()),
    "stopped-sweep": lambda folder: made_measurement(folder, sweep_asked(3), stopper(folder, 74 + 74 + 20)),
    "check": made_check,
    "by-hand": made_by_hand,
}
