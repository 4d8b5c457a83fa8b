"""Prepare and carry out runs: files -> bench and plan -> procedure -> run folder.

All that can be refused is refused before a run folder is created.
"""

from mtjlab.experiment.bench_file import read_requested_bench
from mtjlab.experiment.engine import RunResult, execute
from mtjlab.experiment.recovering import recover
from mtjlab.experiment.redetecting import detector_settings, redetect
from mtjlab.experiment.request import OnBench, Request, prepare, prepare_file
from mtjlab.experiment.results import export, result_of
from mtjlab.experiment.resuming import prepare_rerun, prepare_resume
from mtjlab.experiment.shutdown import Shutdown, shut_down
from mtjlab.experiment.story import Story, story
from mtjlab.supplied_configs import DEFAULT_BENCH, DEFAULT_PLAN

__all__ = [
    "DEFAULT_BENCH",
    "DEFAULT_PLAN",
    "OnBench",
    "Request",
    "RunResult",
    "Shutdown",
    "Story",
    "detector_settings",
    "execute",
    "export",
    "prepare",
    "prepare_file",
    "prepare_rerun",
    "prepare_resume",
    "read_requested_bench",
    "recover",
    "redetect",
    "result_of",
    "shut_down",
    "story",
]
