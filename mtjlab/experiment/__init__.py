"""Composes experiments: files -> bench and plan -> procedure -> run folder.

Everything that can be refused is refused before a run folder exists.
"""

from mtjlab.experiment.bench_file import read_asked_bench, with_faults
from mtjlab.experiment.check import CheckRequest, PreparedCheck, check_summary, prepare_check, run_check
from mtjlab.experiment.engine import RunResult
from mtjlab.experiment.memory import field_said, is_known_bench, remember_bench, remember_field
from mtjlab.experiment.results import draw, summary
from mtjlab.experiment.training import (
    DEFAULT_BENCH,
    DEFAULT_PLAN,
    PreparedTraining,
    TrainingRequest,
    prepare_training,
    run_training,
)

__all__ = [
    "DEFAULT_BENCH",
    "DEFAULT_PLAN",
    "CheckRequest",
    "PreparedCheck",
    "PreparedTraining",
    "RunResult",
    "TrainingRequest",
    "check_summary",
    "draw",
    "field_said",
    "is_known_bench",
    "prepare_check",
    "prepare_training",
    "read_asked_bench",
    "remember_bench",
    "remember_field",
    "run_check",
    "run_training",
    "summary",
    "with_faults",
]
