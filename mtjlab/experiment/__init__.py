"""Composes experiments: files -> bench and plan -> procedure -> run folder.

Everything that can be refused is refused before a run folder exists.
"""

from mtjlab.experiment.again import Prepared, prepare_rerun, prepare_resume
from mtjlab.experiment.bench_file import read_asked_bench
from mtjlab.experiment.calibration import Calibration, calibration_warnings
from mtjlab.experiment.check import CheckRequest, PreparedCheck, check_summary, prepare_check, run_check
from mtjlab.experiment.classifying import (
    PreparedClassify,
    TokensAsked,
    classify_result,
    prepare_classify,
    run_classify,
)
from mtjlab.experiment.engine import RunResult
from mtjlab.experiment.exporting import export
from mtjlab.experiment.living import PreparedLive, ask_live, live_result, prepare_live, run_live
from mtjlab.experiment.measured import measuring_result
from mtjlab.experiment.measuring import (
    MeasuringRequest,
    PreparedMeasuring,
    asked_controls,
    controls_of,
    currents_ua,
    prepare_measuring,
    rows_of,
    run_measuring,
)
from mtjlab.experiment.recovering import recover
from mtjlab.experiment.redetecting import redetect, wanted_detector
from mtjlab.experiment.results import draw, summary
from mtjlab.experiment.story import Story, result_of, story
from mtjlab.experiment.taking_down import TakenDown, take_down
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
    "Calibration",
    "CheckRequest",
    "MeasuringRequest",
    "Prepared",
    "PreparedCheck",
    "PreparedClassify",
    "PreparedLive",
    "PreparedMeasuring",
    "PreparedTraining",
    "RunResult",
    "Story",
    "TakenDown",
    "TokensAsked",
    "TrainingRequest",
    "ask_live",
    "asked_controls",
    "calibration_warnings",
    "check_summary",
    "classify_result",
    "controls_of",
    "currents_ua",
    "draw",
    "export",
    "live_result",
    "measuring_result",
    "prepare_check",
    "prepare_classify",
    "prepare_live",
    "prepare_measuring",
    "prepare_rerun",
    "prepare_resume",
    "prepare_training",
    "read_asked_bench",
    "recover",
    "redetect",
    "result_of",
    "rows_of",
    "run_check",
    "run_classify",
    "run_live",
    "run_measuring",
    "run_training",
    "story",
    "summary",
    "take_down",
    "wanted_detector",
]
