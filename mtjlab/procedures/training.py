"""Live training: measure the junctions, encode the tokens, then present, detect and move the controls, step by step."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.domain import ControlCurrents, CriticalCurrents, Interval, Subset
from mtjlab.encoding.encode import Chip, encode
from mtjlab.events import (
    Confusion,
    ControlsPlanned,
    EncodedToken,
    JunctionsMeasured,
    RecognitionMeasured,
    StepTrained,
    TokensEncoded,
)
from mtjlab.learning import Lesson, draw_tokens, learn
from mtjlab.procedures.present import Presenter
from mtjlab.procedures.sweep import reference_sweep
from mtjlab.procedures.types import Procedure
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.splits import Split


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """What is to be learnt, from which subset, and how; ``config.seed`` sets the order of tokens."""

    config: PlanConfig
    data: DataSet
    split: Split

    def start_controls(self, junctions: int) -> ControlCurrents:
        """Control currents at step 0 for a chain of ``junctions``."""
        start_ua = self.config.training.start_control_ua
        if isinstance(start_ua, tuple):
            return ControlCurrents(start_ua)
        return ControlCurrents.uniform(start_ua, junctions, self.config.encoding.inputs)

    def measures_recognition(self, step: int) -> bool:
        """Whether every token is presented after ``step`` training steps: first, last, and every so many."""
        every = self.config.training.recognition_every_steps
        return every != 0 and (step in (0, self.config.training.steps) or step % (every or 1) == 0)


def train(bench: Bench, plan: TrainingPlan) -> Procedure[ControlCurrents]:
    """Train the chain on ``bench`` by the rule of the paper; returns the control currents that were learnt.

    Raises:
        LimitExceededError: the plan would take a junction outside its limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    controls = plan.start_controls(bench.description.junctions)
    yield from take_controls(bench, controls)
    measured = yield from reference_sweep(bench, plan.config.sweep)
    bench.predict_voltages_with([reference.law for reference in measured.references])
    encoded = yield from encode_tokens(bench, plan, measured.critical, controls)
    training = Training(bench, plan, measured, encoded)
    steps = plan.config.training.steps
    for step in range(steps + 1):
        presenter = yield from training.prepare(controls, step)
        if plan.measures_recognition(step):
            yield from recognise(presenter, encoded.tokens, step)
        if step < steps:
            controls = yield from training.step(presenter, step + 1)
    return controls


def take_controls(bench: Bench, controls: ControlCurrents) -> Procedure[None]:
    """Move from wherever the bench stands to the control currents of the first input."""
    first_ua = controls.by_input_ua[0]
    transition = bench.plan(first_ua)
    yield ControlsPlanned(bench.time_s, 0, controls, (transition,), bench.cautions(first_ua))
    bench.execute(transition)


def encode_tokens(
    bench: Bench, plan: TrainingPlan, critical: CriticalCurrents, controls: ControlCurrents
) -> Procedure[TokensEncoded]:
    """Fit the encoding to the training subset and turn every token into input currents."""
    tokens = {token.name: token for token in plan.data.tokens}
    settings = plan.config.encoding
    encoding = encode(
        [tokens[name] for name in plan.split.train],
        Chip(critical, bench.allowed_ua, settings.reset_margin_ua),
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


@dataclass(frozen=True, slots=True)
class Training:
    """What stays the same over the steps of a training."""

    bench: Bench
    plan: TrainingPlan
    measured: JunctionsMeasured
    encoded: TokensEncoded

    def prepare(self, controls: ControlCurrents, step: int) -> Procedure[Presenter]:
        """Journal all moves of the controls that presentations will need, and take those of the last input."""
        bench, rows = self.bench, controls.by_input_ua
        around = tuple(bench.plan(here, before) for before, here in zip((rows[-1], *rows), rows, strict=False))
        arrival = bench.plan(rows[-1])
        cautions = tuple(caution for row in rows for caution in bench.cautions(row))
        yield ControlsPlanned(bench.time_s, step, controls, (arrival, *around), cautions)
        bench.execute(arrival)
        presenter = Presenter(
            bench,
            self.measured,
            self.encoded.encoding,
            self.plan.config.detector,
            self.plan.config.presentation,
            controls,
            around,
        )
        yield from presenter.demand_reset()
        return presenter

    def step(self, presenter: Presenter, step: int) -> Procedure[ControlCurrents]:
        """Present one token of each class, then move the controls; returns the new ones."""
        tokens = {token.name: token for token in self.encoded.tokens}
        assigned = dict(self.encoded.encoding.configurations)
        lessons = []
        for name in draw_tokens(self.plan.config.seed, step, self._training_names_by_class()):
            presented = yield from presenter.present(tokens[name], step, "training")
            lessons.append(Lesson(assigned[tokens[name].label], presented.configuration))
        learning = learn(
            lessons,
            presenter.controls,
            self.measured.critical,
            self._allowed(),
            self.plan.config.training.control_step_ua,
        )
        controls = presenter.controls.moved(learning.moves_ua)
        yield StepTrained(self.bench.time_s, step, learning, controls)
        return controls

    def _training_names_by_class(self) -> dict[str, list[str]]:
        by_class: dict[str, list[str]] = {}
        for token in self.encoded.tokens:
            if token.subset == "train":
                by_class.setdefault(token.label, []).append(token.name)
        return by_class

    def _allowed(self) -> tuple[Interval, ...]:
        """Control currents at which each junction still resets, and has room for the dips of a transition."""
        margin_ua = self.plan.config.encoding.reset_margin_ua
        dip_ua = self.bench.description.junctions * self.plan.config.training.control_step_ua
        return tuple(
            Interval(limit.low_ua + dip_ua, min(limit.high_ua, down_ua - margin_ua))
            for limit, down_ua in zip(self.bench.allowed_ua, self.measured.critical.down_ua, strict=True)
        )


def recognise(presenter: Presenter, tokens: Sequence[EncodedToken], step: int) -> Procedure[RecognitionMeasured]:
    """Present every token once and count what is recognised."""
    confusions: dict[Subset, Counter[tuple[str, str | None]]] = {"train": Counter(), "test": Counter()}
    for token in tokens:
        presented = yield from presenter.present(token, step, "recognition")
        confusions[token.subset][token.label, presented.recognised_as] += 1
    measured = RecognitionMeasured(
        presenter.bench.time_s,
        step,
        train=_rate(confusions["train"]),
        test=_rate(confusions["test"]),
        train_confusion=_listed(confusions["train"]),
        test_confusion=_listed(confusions["test"]),
    )
    yield measured
    return measured


def _rate(confusion: Counter[tuple[str, str | None]]) -> float:
    right = sum(count for (label, recognised_as), count in confusion.items() if label == recognised_as)
    return right / confusion.total()


def _listed(confusion: Counter[tuple[str, str | None]]) -> Confusion:
    return tuple((label, recognised_as, count) for (label, recognised_as), count in confusion.items())
