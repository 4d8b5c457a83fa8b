"""Composes experiments: files -> bench and plan -> procedure -> run folder.

Everything that can be refused is refused before a run folder exists.
"""

from mtjlab.experiment.again import prepare_rerun, prepare_resume
from mtjlab.experiment.bench_file import read_asked_bench, with_faults
from mtjlab.experiment.check import CheckRequest, PreparedCheck, check_summary, prepare_check, run_check
from mtjlab.experiment.engine import RunResult
from mtjlab.experiment.listing import Listed, list_runs
from mtjlab.experiment.memory import field_said, is_known_bench, remember_bench, remember_field
from mtjlab.experiment.recovering import recover
from mtjlab.experiment.results import draw, summary
from mtjlab.experiment.story import Story, result_of, story
from mtjlab.experiment.training import (
    DEFAULT_BENCH,
    DEFAULT_PLAN,
    PreparedTraining,
    TrainingRequest,
    prepare_training,
    run_training,
)
from mtjlab.experiment.watching import ask_to_stop, extent_of, find_run, follow
from mtjlab.run_status import standing

__all__ = [
    "DEFAULT_BENCH",
    "DEFAULT_PLAN",
    "CheckRequest",
    "Listed",
    "PreparedCheck",
    "PreparedTraining",
    "RunResult",
    "Story",
    "TrainingRequest",
    "ask_to_stop",
    "check_summary",
    "draw",
    "extent_of",
    "field_said",
    "find_run",
    "follow",
    "is_known_bench",
    "list_runs",
    "prepare_check",
    "prepare_rerun",
    "prepare_resume",
    "prepare_training",
    "read_asked_bench",
    "recover",
    "remember_bench",
    "remember_field",
    "result_of",
    "run_check",
    "run_training",
    "standing",
    "story",
    "summary",
    "with_faults",
]
