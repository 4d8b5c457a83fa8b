"""Requests, as tests ask for runs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtjlab.config.section import Section
from mtjlab.experiment import DEFAULT_BENCH, DEFAULT_PLAN, OnBench, Request, prepare
from mtjlab.figures.record import RunRecord
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.swept import record_of
from mtjlab.runs.opened import run_of


@dataclass(frozen=True, slots=True)
class MeasuringRequest:
    bench: Path
    plan: Path
    calibration: Path | None = None
    seed: int | None = 0
    simulate: bool = False
    faults: tuple[str, ...] = ()
    speed: float | None = None

    @property
    def on(self) -> OnBench:
        return OnBench(
            self.bench, self.plan, self.calibration, self.seed, self.simulate, self.faults, self.speed, Path("runs")
        )


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    bench: Path = DEFAULT_BENCH
    plan: Path = DEFAULT_PLAN
    seed: int | None = None
    steps: int | None = None
    recognition_every_steps: int | None = None
    simulate: bool = False
    faults: tuple[str, ...] = ()
    speed: float | None = None
    check: bool = False
    calibration: Path | None = None
    warm_start: bool = False


@dataclass(frozen=True, slots=True)
class CheckRequest:
    bench: Path = DEFAULT_BENCH
    seed: int = 0
    simulate: bool = False
    faults: tuple[str, ...] = ()
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class TokensAsked:
    table: Path | None = None
    features: tuple[tuple[float, ...], ...] = ()
    times: int = 1


def prepare_training(asked: TrainingRequest) -> Request:
    on = MeasuringRequest(
        asked.bench, asked.plan, asked.calibration, asked.seed, asked.simulate, asked.faults, asked.speed
    ).on
    kind = KINDS["train"]
    keys = ("steps", "recognition_every_steps", "check", "warm_start")
    return prepare(kind, kind.options(**{key: getattr(asked, key) for key in keys}), on)


def prepare_measuring(on: MeasuringRequest, plan: Any) -> Request:
    kind = KINDS[plan.procedure]
    return prepare(kind, kind.options(**{key: value for key, value in plan if key in kind.options.model_fields}), on.on)


def prepare_check(asked: CheckRequest) -> Request:
    kind = KINDS["check"]
    on = OnBench(asked.bench, None, seed=asked.seed, simulate=asked.simulate, faults=asked.faults, speed=asked.speed)
    return prepare(kind, kind.options(), on)


def prepare_classify(source: Path, on: MeasuringRequest, tokens: TokensAsked) -> Request:
    kind = KINDS["classify"]
    asked = kind.options(
        network=str(source.resolve()),
        tokens=str(tokens.table.resolve()) if tokens.table else None,
        features=tokens.features,
        times=tokens.times,
    )
    return prepare(kind, asked, on.on)


def prepare_live(on: MeasuringRequest, plan: Section) -> Request:
    return prepare(KINDS["live"], plan, on.on)


def figures_record(folder: Path) -> RunRecord:
    return record_of(run_of(folder))
