"""Composes experiments: files -> bench and plan -> procedure -> run folder.

Everything that can be refused is refused before a run folder exists.
"""

from mtjlab.experiment.engine import RunResult
from mtjlab.experiment.faults import with_faults
from mtjlab.experiment.results import draw, summary
from mtjlab.experiment.shorted import is_known_bench, remember_bench
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
    "PreparedTraining",
    "RunResult",
    "TrainingRequest",
    "draw",
    "is_known_bench",
    "prepare_training",
    "remember_bench",
    "run_training",
    "summary",
    "with_faults",
]
