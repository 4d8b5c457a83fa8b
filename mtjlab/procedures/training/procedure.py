"""Training: measure the junctions, encode the tokens; then each step presents, detects and moves control currents."""

from collections.abc import Sequence

from mtjlab.bench import Bench
from mtjlab.domain import ControlCurrents, Subset
from mtjlab.encoding.encode import encode
from mtjlab.events import EncodedToken, Event, TokensEncoded
from mtjlab.procedures.inputs import InputMode, input_mode
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
    controls = before.controls or inputs.start_controls()
    encoded = before.encoded or (yield from encode_tokens(bench, plan, inputs, controls))
    if plan.warm is not None and before.warm is None:
        controls = yield from start_warm(bench, plan, encoded, plan.warm, inputs)
    training = Training(bench, plan, measured, inputs, encoded, field)
    recognised = bool(before.recognition) and before.recognition[-1].step == before.step
    return (yield from train_from(training, controls, before.step, recognised))


def train_from(
    training: Training, controls: ControlCurrents, step: int = 0, recognised: bool = False
) -> Procedure[ControlCurrents]:
    """Train from ``controls`` after ``step`` steps to the last step; ``recognised``: rates of ``step`` are known."""
    steps = training.plan.config.training.steps
    for now in range(step, steps + 1):
        yield from training.prepare(controls, now)
        if training.plan.measures_recognition(now) and not (recognised and now == step):
            yield from training.recognise()
        if now < steps:
            controls = yield from training.step()
    return controls


def encode_tokens(
    bench: Bench, plan: TrainingPlan, inputs: InputMode, controls: ControlCurrents
) -> Procedure[TokensEncoded]:
    """Fit the encoding to the training subset and turn every token into input currents."""
    tokens = {token.name: token for token in plan.data.tokens}
    settings = plan.config.encoding
    encoding = encode(
        [tokens[name] for name in plan.split.train],
        inputs.chip(),
        controls,
        settings.boundary_spacing_ua,
        plan.config.seed,
    )
    subsets: tuple[tuple[Subset, tuple[str, ...]], ...] = (("train", plan.split.train), ("test", plan.split.test))
    encoded = TokensEncoded(
        bench.time_s,
        encoding,
        tuple(
            EncodedToken(name, tokens[name].label, subset, encoding.inputs_ua(tokens[name].features))
            for subset, names in subsets
            for name in names
        ),
    )
    yield encoded
    return encoded
