"""The trainings of a study, each with its key, and how one of them is made."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

from mtjlab.benches import open_bench
from mtjlab.config import PlanConfig, SimulatedBenchConfig, bench_of, plan_of
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.procedures.training.state import TrainingState
from mtjlab.replicas.course import Course, Left, course_of
from mtjlab.replicas.training import train_replicas
from mtjlab.study.file import StudyChip, StudyFile, StudyPlan, StudyRule
from mtjlab.supplied_configs import supplied_file
from mtjlab.text import read_toml
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.splits import split
from mtjlab.vowels.tables import read_table

Row = dict[str, Any]
"""A training that was made or has failed, as it is kept and as JSON has it."""


@dataclass(frozen=True)
class Cell:
    """One chip, plan and rule of a study: its trainings differ by the seed alone."""

    chip: str
    plan: str
    rule: str
    bench: SimulatedBenchConfig
    config: PlanConfig
    data: DataSet

    @property
    def digest(self) -> str:
        """What the trainings depend on beside the seed, in few letters."""
        told = [self.bench.model_dump(mode="json"), self.config.model_dump(mode="json"), self.data.checksum]
        return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]

    def training(self, seed: int) -> TrainingPlan:
        """The plan of the training with ``seed``."""
        parts = split(self.data, seed, self.config.data.split, self.config.data.train_fraction)
        return TrainingPlan(self.config.model_copy(update={"seed": seed}), self.data, parts)

    def key(self, seed: int) -> str:
        """Key of a training in a study."""
        return f"{self.chip}/{self.plan}/{self.rule}/{seed}"


def cells_of(study: StudyFile, file: Path) -> list[Cell]:
    """All cells of a study. Raises RefusedError naming file, key and remedy."""
    found = product(study.chips, study.plans, study.rules)
    return [_cell(file, chip, plan, rule) for chip, plan, rule in found]


def _cell(file: Path, chip: StudyChip, plan: StudyPlan, rule: StudyRule) -> Cell:
    bench_file, plan_file = supplied_file(Path(chip.bench)), supplied_file(Path(plan.plan))
    described = _merged(read_toml(bench_file), {"simulation": chip.simulation})
    bench = bench_of(file if chip.simulation else bench_file, described)
    if not isinstance(bench, SimulatedBenchConfig):
        raise RefusedError(f"{bench_file}: a study needs junctions simulated in process, a bench of kind 'simulated'.")
    changed = _merged(_merged(read_toml(plan_file), plan.changes), {"training": rule.training})
    config = plan_of(file, changed).with_references_for_probes()
    return Cell(chip.name, plan.name, rule.name, bench, config, _data(config.data.table))


@lru_cache(maxsize=8)
def _data(table: str | None) -> DataSet:
    return read_table(Path(table)) if table else find_vowels()


def _merged(content: dict[str, Any], changes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """``content`` with the keys of some of its tables changed."""
    return content | {name: {**content.get(name, {}), **table} for name, table in changes.items() if table}


def make(cell: Cell, seeds: Sequence[int], engine: str) -> list[Row]:
    """Make the trainings of a cell with ``seeds``; one that fails is a row, too."""
    made = dict(zip(seeds, _replicas(cell, seeds), strict=True)) if engine == "replicas" else {}
    return [_row(cell, seed, made.get(seed)) for seed in seeds]


def _replicas(cell: Cell, seeds: Sequence[int]) -> list[Course | Left]:
    try:
        return train_replicas([cell.bench] * len(seeds), [cell.training(seed) for seed in seeds])
    except (BenchFaultError, RefusedError) as error:
        return [Left(str(error))] * len(seeds)


def _row(cell: Cell, seed: int, made: Course | Left | None) -> Row:
    """The row of a training; by the event engine, if it was not made by replicas."""
    row: Row = {
        "key": cell.key(seed),
        "digest": cell.digest,
        "chip": cell.chip,
        "plan": cell.plan,
        "rule": cell.rule,
        "seed": seed,
        "engine": "replicas" if isinstance(made, Course) else "events",
        "failed": "",
        "recognition": [],
    }
    try:
        course = made if isinstance(made, Course) else _by_events(cell, seed)
    except Exception as error:  # whatever it is, the others are made
        return {**row, "failed": str(error) or type(error).__name__}
    return {
        **row,
        "recognition": [asdict(rates) for rates in course.recognition],
        "steps": len(course.controls_by_step) - 1,
        "learning_s": course.learning_s,
        "probes": course.probes,
    }


def _by_events(cell: Cell, seed: int) -> Course:
    return course_of(TrainingState.of(train(open_bench(cell.bench, seed), cell.training(seed))))
