"""Training: measure the junctions, encode the tokens; then each step presents, detects and moves control currents."""

from collections.abc import Sequence
from dataclasses import replace

from mtjlab.analysis.thresholds import Thresholds
from mtjlab.bench import Bench
from mtjlab.domain import ControlCurrents, Subset
from mtjlab.encoding.chip import Chip
from mtjlab.encoding.encode import encode
from mtjlab.events import EncodedToken, Event, JunctionsMeasured, TokensEncoded
from mtjlab.procedures.inputs import InputMode, input_mode
from mtjlab.procedures.training.probing import (
    expected_from,
    find_thresholds,
    known_from,
    planned_dwell_s,
    updated,
    with_found,
)
from mtjlab.procedures.training.state import TrainingState
from mtjlab.procedures.training.steps import Training, TrainingPlan, measure
from mtjlab.procedures.training.warm import start_warm
from mtjlab.procedures.types import Procedure
from mtjlab.rack import MagneticField

__all__ = ["TrainingPlan", "encode_tokens", "resume_training", "train", "train_from"]


def train(bench: Bench, plan: TrainingPlan, field: MagneticField | None = None) -> Procedure[ControlCurrents]:
    """Train the chain on ``bench`` by the rule of the paper; returns the learnt control currents.

    Raises:
        LimitExceededError: a junction would exceed its limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    return (yield from resume_training(bench, plan, (), field))


def resume_training(
    bench: Bench, plan: TrainingPlan, taken_over: Sequence[Event], field: MagneticField | None = None
) -> Procedure[ControlCurrents]:
    """Resume a training after the last complete step in the events ``taken_over``, with newly measured references.

    The encoding, the subsets and the order of tokens do not change.

    Raises:
        LimitExceededError: as ``train``.
        BenchFaultError: as ``train``.
    """
    before = TrainingState.of(taken_over)
    measured = yield from measure(bench, plan, plan.calibrated)
    inputs = yield from input_mode(bench, plan.config, measured)
    known, critical = known_before(plan, measured, before), plan.warm
    if plan.probes_first and before.warm is None:
        known = yield from find_thresholds(inputs, known, plan.config.training.probe_first)
        critical = known.estimates(planned_dwell_s(bench, plan.config))
        inputs = yield from with_found(inputs, known)
    controls = before.controls or inputs.start_controls()
    encoded = before.encoded or (yield from encode_tokens(bench, plan, inputs, controls))
    if critical is not None and before.warm is None:
        controls = yield from start_warm(bench, plan, encoded, critical, inputs)
    training = Training(bench, plan, inputs.measured, inputs, encoded, known, field)
    training.is_stale = before.warm is not None
    recognised = bool(before.recognition) and before.recognition[-1].step == before.step
    courses = [*before.controls_by_step[: before.step], controls]
    is_averaged = before.averaged is not None
    return (yield from train_from(training, courses, recognised, is_averaged))


def known_before(plan: TrainingPlan, measured: JunctionsMeasured, before: TrainingState) -> Thresholds:
    """What is known of the thresholds before a run probes them."""
    expected = expected_from(measured) if plan.warm is None else known_from(plan.warm)
    return updated(expected, before.probes)


def train_from(
    training: Training, courses: Sequence[ControlCurrents], recognised: bool = False, is_averaged: bool = False
) -> Procedure[ControlCurrents]:
    """Train to the last step after the steps that led to ``courses``, the control currents after 0, 1, 2, ... steps.

    ``recognised``: rates of the present step are known. ``is_averaged``: so are mean control currents.
    """
    settings, courses = training.plan.config.training, list(courses)
    step = len(courses) - 1
    for now in range(step, settings.steps + 1):
        if now == settings.steps and now > 0 and settings.rule == "paired" and not is_averaged:
            courses[-1] = yield from training.average(courses)
        yield from training.prepare(courses[-1], now)
        if training.plan.measures_recognition(now) and not (recognised and now == step):
            yield from training.recognise()
        if now < settings.steps:
            courses.append((yield from training.step()))
    return training.controls


def encode_tokens(
    bench: Bench, plan: TrainingPlan, inputs: InputMode, controls: ControlCurrents
) -> Procedure[TokensEncoded]:
    """Fit the encoding to the training subset and turn every token into input currents."""
    encoded = encoded_at(bench.time_s, plan, inputs.chip(), controls)
    yield encoded
    return encoded


def encoded_at(t_s: float, plan: TrainingPlan, chip: Chip, controls: ControlCurrents) -> TokensEncoded:
    """Encoding for a chip that starts at ``controls``, and the input currents of every token. Raises as ``encode``."""
    tokens = {token.name: token for token in plan.data.tokens}
    settings = plan.config.encoding
    encoding = encode(
        [tokens[name] for name in plan.split.train],
        replace(chip, moved_ua=max(plan.config.training.offsets_ua)),
        controls,
        settings.boundary_spacing_ua,
        plan.config.seed,
        settings.is_joint(len(chip.allowed), plan.starts_on_boundaries),
    )
    subsets: tuple[tuple[Subset, tuple[str, ...]], ...] = (("train", plan.split.train), ("test", plan.split.test))
    return TokensEncoded(
        t_s,
        encoding,
        tuple(
            EncodedToken(name, tokens[name].label, subset, encoding.inputs_ua(tokens[name].features))
            for subset, names in subsets
            for name in names
        ),
    )
