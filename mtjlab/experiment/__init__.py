"""Composes experiments: files -> bench and plan -> procedure -> run folder.

Everything that can be refused is refused before a run folder exists.
"""

from mtjlab.experiment.again import prepare_rerun, prepare_resume
from mtjlab.experiment.bench_file import read_asked_bench
from mtjlab.experiment.engine import RunResult, execute
from mtjlab.experiment.recovering import recover
from mtjlab.experiment.redetecting import redetect, wanted_detector
from mtjlab.experiment.request import DEFAULT_BENCH, DEFAULT_PLAN, OnBench, Request, prepare, prepare_file
from mtjlab.experiment.results import draw, export, result_of
from mtjlab.experiment.story import Story, story
from mtjlab.experiment.taking_down import TakenDown, take_down

__all__ = [
    "DEFAULT_BENCH",
    "DEFAULT_PLAN",
    "OnBench",
    "Request",
    "RunResult",
    "Story",
    "TakenDown",
    "draw",
    "execute",
    "export",
    "prepare",
    "prepare_file",
    "prepare_rerun",
    "prepare_resume",
    "read_asked_bench",
    "recover",
    "redetect",
    "result_of",
    "story",
    "take_down",
    "wanted_detector",
]
