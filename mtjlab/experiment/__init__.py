"""Composes experiments: files -> bench and plan -> procedure -> run folder.

Everything that can be refused is refused before a run folder exists.
"""

from mtjlab.experiment.engine import RunResult
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
    "PreparedTraining",
    "RunResult",
    "TrainingRequest",
    "draw",
    "prepare_training",
    "run_training",
    "summary",
]
