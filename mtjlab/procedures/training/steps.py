"""Steps of a training (prepare, present, learn), and its automatic suspensions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.thresholds import Thresholds
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig, TrainingSettings
from mtjlab.counted import counted
from mtjlab.detection.cause import Cause
from mtjlab.detection.common_source import common_source_of_chains
from mtjlab.detection.deviation import Deviation
from mtjlab.domain import ControlCurrents, CriticalCurrents, Interval
from mtjlab.errors import BenchFaultError
from mtjlab.events import (
    Continued,
    ControlsPlanned,
    EncodedToken,
    JunctionsMeasured,
    LookedAgain,
    Presented,
    Purpose,
    Suspended,
    TokensEncoded,
)
from mtjlab.learning import LearningStep, Lesson, averaged, draw_tokens, learn
from mtjlab.procedures.deviation_check import DeviationCheck, demand_not_lasting
from mtjlab.procedures.inputs import InputMode, input_mode
from mtjlab.procedures.look import NotResetError
from mtjlab.procedures.present import Presenter, prepare_presenter
from mtjlab.procedures.quick_look import cause_event, quick_look
from mtjlab.procedures.reference_sweep import UnsteadyError, reference_sweep
from mtjlab.procedures.training.events import ControlsAveraged, RecognitionMeasured, Refreshed, StepTrained
from mtjlab.procedures.training.plan import REFRESH_PROBES, measures_recognition
from mtjlab.procedures.training.probing import (
    DRIFT_UA,
    LOOP_ERROR_UA,
    PROBES_AFTER_PAUSE,
    Prober,
    demand_followed,
    demand_found,
    followed,
    with_found,
    within,
)
from mtjlab.procedures.training.recognition import recognition_of
from mtjlab.procedures.training.suspender import Suspender
from mtjlab.procedures.types import Procedure
from mtjlab.rack import MagneticField
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.splits import Split

AVERAGED_STEPS = 20
"""Steps whose control currents the paired rule averages."""


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """Data set, subsets and settings of a training; ``config.seed`` sets the order of tokens.

    ``calibrated``: references from a calibration; ``warm``: critical currents of every junction (AP -> P), from which
    the start control currents are computed unless thresholds are probed first.
    """

    config: PlanConfig
    data: DataSet
    split: Split
    calibrated: JunctionsMeasured | None = None
    warm: tuple[CriticalEstimate, ...] | None = None

    def start_controls(self, chains: Sequence[int]) -> ControlCurrents:
        """Control currents of the plan: those of the reference sweep, and of inputs that are held before step 1."""
        return self.config.training.start_controls(chains, self.config.encoding.inputs)

    @property
    def probes_first(self) -> bool:
        """Whether thresholds are probed before control currents are computed."""
        return self.config.training.probe_first > 0

    @property
    def starts_on_boundaries(self) -> bool:
        """Whether control currents put the thresholds onto the boundaries of the encoding before the first step."""
        return self.warm is not None or self.probes_first

    def measures_recognition(self, step: int) -> bool:
        """Whether every token is presented after ``step`` training steps."""
        return measures_recognition(self.config.training, step)


def measure(
    bench: Bench, plan: TrainingPlan, calibrated: JunctionsMeasured | None = None
) -> Procedure[JunctionsMeasured]:
    """Measure the references at the start control currents, unless they are ``calibrated``."""
    bench.demand_widths(plan.config.presentation.widths_s)
    controls = plan.start_controls(bench.description.chain_sizes)
    first_ua = controls.first_ua(bench.description.junctions)
    transition = bench.plan(first_ua)
    yield ControlsPlanned(bench.time_s, 0, controls, (transition,), bench.envelope.cautions(first_ua))
    bench.execute(transition)
    if calibrated is None:
        measured = yield from reference_sweep(bench, plan.config.sweep)
    else:
        measured = replace(calibrated, t_s=bench.time_s)
        yield measured
    bench.predict_voltages_with([reference.law for reference in measured.references])
    return measured


class Training:
    """A training in progress: references, and the control currents for presentations."""

    def __init__(
        self,
        bench: Bench,
        plan: TrainingPlan,
        measured: JunctionsMeasured,
        inputs: InputMode,
        encoded: TokensEncoded,
        known: Thresholds,
        field: MagneticField | None = None,
    ) -> None:
        self.bench = bench
        self.plan = plan
        self._measured = measured
        self._encoded = encoded
        self._tokens = {token.name: token for token in encoded.tokens}
        self._training_names = training_names_by_class(encoded.tokens)
        self._suspender = Suspender(plan.config.suspend, field)
        self._deviation_check = DeviationCheck(bench, measured.references)
        self._inputs = inputs
        self._presenter: Presenter
        self._known = known
        self._presented = 0
        self.is_stale = False
        """Whether thresholds may have changed by more than a drift since they were probed."""

    @property
    def controls(self) -> ControlCurrents:
        """Present control currents."""
        return self._presenter.controls

    def prepare(self, controls: ControlCurrents, step: int) -> Procedure[None]:
        """Journal all transitions that presentations will need, and move to the control currents of the last input."""
        yield from self._take(controls, step)
        found: Sequence[Deviation] | None = None
        reason = self._suspender.check_field()
        try:
            found = self._deviation_check.deviations((yield from self._inputs.demand_reset()))
            reason = reason or self._suspender.check_drift(found)
        except NotResetError as error:
            reason = reason or str(error)
        if reason:
            yield from self._suspend(reason, found)
        elif found is not None:
            yield from self._deviation_check.check_found(found)

    def step(self) -> Procedure[ControlCurrents]:
        """Present one token of each class, then compute the new control currents."""
        step = self._presenter.step + 1
        table = self._encoded.encoding.table
        lessons = []
        settings = self.plan.config.training
        for name in draw_tokens(self.plan.config.seed, step, self._training_names):
            for offset_ua in settings.offsets_ua:
                presented = yield from self._present(moved(self._tokens[name], offset_ua), step, "training")
                nearest = table.nearest(self._tokens[name].label, presented.configuration)
                lessons.append(Lesson(nearest, presented.configuration))
        controls = self._presenter.controls  # a refresh may have moved them
        learning = learn_by_rule(lessons, controls, self._inputs.critical, self._inputs.allowed_controls(), settings)
        learnt = controls.moved(learning.moves_ua)
        yield StepTrained(self.bench.time_s, step, learning, learnt)
        return learnt

    def average(self, courses: Sequence[ControlCurrents]) -> Procedure[ControlCurrents]:
        """Mean control currents of the last of ``courses``, one for each step."""
        last = courses[-AVERAGED_STEPS:]
        wanted, slope_ua = averaged(last)
        controls, held = within(wanted, last[-1], self._inputs.allowed_controls())
        yield ControlsAveraged(self.bench.time_s, len(courses) - 1, len(last), slope_ua, controls, held)
        return controls

    def recognise(self) -> Procedure[RecognitionMeasured]:
        """Present every token once and count what is recognised."""
        step, presented = self._presenter.step, []
        for token in self._encoded.tokens:
            presented.append((yield from self._present(token, step, "recognition")))
        measured = recognition_of(self.bench.time_s, step, presented)
        yield measured
        return measured

    def _present(self, token: EncodedToken, step: int, purpose: Purpose) -> Procedure[Presented]:
        """Present ``token``; repeat it after a suspension during the presentation, or a drift."""
        while True:
            try:
                if self._needs_refresh:
                    yield from self._refresh()
                presented = yield from self._presenter.present(token, step, purpose)
            except NotResetError as error:
                yield from self._suspend(str(error))
                continue
            idle = presented.idle_readings(self.bench.description.junctions)
            found = [self._deviation_check.deviations(one) for one in idle]
            drifted = [reason for one in found if (reason := self._suspender.check_drift(one))]
            if drifted:
                yield from self._suspend(drifted[0], found[-1])
                continue
            for one in found:
                yield from self._deviation_check.check_found(one)
            reason = self._suspender.check_presentation(presented)
            if reason:
                yield from self._suspend(reason)
            self._presented += 1
            return presented

    @property
    def _needs_refresh(self) -> bool:
        """Whether as many tokens as those of the steps in the plan were presented, or a pause may have changed more."""
        every = self.plan.config.training.refresh_every_steps * len(self._encoded.encoding.table.classes)
        return every > 0 and (self.is_stale or self._presented >= every)

    def _refresh(self) -> Procedure[None]:
        """Follow the drift of the thresholds since the last probes.

        Raises:
            BenchFaultError: a threshold has been lost, or the junctions cannot be reset.
        """
        before, controls, step = self._known, self._presenter.controls, self._presenter.step
        probes, by_ua = (PROBES_AFTER_PAUSE, LOOP_ERROR_UA) if self.is_stale else (REFRESH_PROBES, DRIFT_UA)
        prober, known = Prober.of(self._inputs), before.widened(by_ua)
        known = yield from prober.probe_times(probes, known, step)
        if known.is_one_sided:
            lost = known
            known = yield from prober.probe_times(PROBES_AFTER_PAUSE, lost.widened(LOOP_ERROR_UA), step)
            demand_followed(lost, known)
        demand_found(known)
        drift = known.drift_since(before)
        followed_by, held = followed(controls, drift.by_junction_ua, self._inputs.allowed_controls())
        yield Refreshed(self.bench.time_s, step, drift.common_ua, drift.own_ua, followed_by, held)
        self._inputs = yield from with_found(self._inputs, known, drift.by_junction_ua)
        self._measured = self._inputs.measured
        self._known, self._presented, self.is_stale = known, 0, False
        yield from self._take(followed_by, step)
        yield from self._inputs.demand_reset()

    def _name_cause(self, reason: str, before: Cause | None = None) -> Procedure[Cause]:
        """Find the likely cause (field, or quick look), and yield it unless it is the same as ``before``."""
        field = self._suspender.check_field()
        cause = Cause("field", (), field) if field else (yield from quick_look(self.bench, self._measured.references))
        if before is None or not _are_same(before, cause):
            yield cause_event(self.bench, reason, cause)
        return cause

    def _demand_not_lasting(self, reason: str, cause: Cause) -> Procedure[None]:
        """Raise BenchFaultError if a pause cannot resolve the cause and a second quick look confirms it."""
        if cause.is_lasting and _are_same(cause, (yield from self._name_cause(reason))):
            demand_not_lasting(reason, cause)

    def _take(self, controls: ControlCurrents, step: int) -> Procedure[None]:
        encoding = self._encoded.encoding
        self._presenter = yield from prepare_presenter(self._inputs, controls, step, encoding)

    def _suspend(self, reason: str, found: Sequence[Deviation] | None = None) -> Procedure[None]:
        """Suspend the run at zero input until the problem is resolved and the junctions have been measured again.

        Raises:
            BenchFaultError: the problem persists for the number of looks in the plan, or recurs; or junctions do not
                carry the set currents.
        """
        began_s = self.bench.time_s
        cause = yield from self._name_cause(reason)
        yield Suspended(began_s, reason, cause.summary)
        demand_not_lasting(reason, cause)
        while reason:
            self._suspender.begin_suspension(reason, found)
            yield from self._wait_until_clear(reason, cause)
            reason, found = (yield from self._measure_again()), None
        yield Continued(self.bench.time_s, round(self.bench.time_s - began_s, 6))

    def _measure_again(self) -> Procedure[str]:
        """Measure the junctions, and verify that all reset at the present control currents; returns the problem if not.

        Raises:
            BenchFaultError: a source or the wiring has changed, or a junction cannot be measured any more.
        """
        controls, step, before = self._presenter.controls, self._presenter.step, self._measured
        try:
            self._measured = yield from measure(self.bench, self.plan)
        except UnsteadyError as error:
            yield from self._take(controls, step)
            return str(error)
        self._deviation_check = DeviationCheck(self.bench, self._measured.references)
        description = self.bench.description
        controls_ua = self.plan.start_controls(description.chain_sizes).first_ua(description.junctions)
        source = common_source_of_chains(before, self._measured, controls_ua, description.spans)
        if source is not None:
            demand_not_lasting("references were measured again", source)
        self._inputs = yield from input_mode(self.bench, self.plan.config, self._measured)
        yield from self._take(controls, step)
        try:
            idle = yield from self._inputs.demand_reset()
        except NotResetError as error:
            return str(error)
        yield from self._demand_not_lasting(
            "references were measured again", (yield from quick_look(self.bench, self._measured.references))
        )
        found = self._deviation_check.deviations(idle)
        self._suspender.accept_references(found)
        self._deviation_check.accept(found)
        self.is_stale = True
        return ""

    def _wait_until_clear(self, reason: str, cause: Cause) -> Procedure[None]:
        settings = self.plan.config.suspend
        for look in range(1, settings.most_looks + 1):
            self.bench.rest(settings.look_every_s)
            self.bench.demand_sources()
            readings, verdicts = yield from self._inputs.look_again()
            still = self._suspender.check_recovery(self._deviation_check.deviations(readings[-1]), verdicts)
            yield LookedAgain(self.bench.time_s, look, still, readings, verdicts)
            if not still:
                return
            cause = yield from self._name_cause(still, cause)
            yield from self._demand_not_lasting(still, cause)
        why = Suspended(self.bench.time_s, reason, cause.summary).why
        raise BenchFaultError(
            f"{why[:1].upper()}{why[1:]}. The run was suspended and could not continue after {counted(look, 'look')}: "
            f"{still}."
        )


def learn_by_rule(
    lessons: Sequence[Lesson],
    controls: ControlCurrents,
    critical: CriticalCurrents,
    allowed: Sequence[Interval],
    settings: TrainingSettings,
) -> LearningStep:
    """Moves of the control currents after a step, by the rule of the plan."""
    spans = controls.spans(len(allowed))
    return learn(
        lessons if settings.rule != "none" else (),
        controls,
        lambda j: critical.of(spans[j]),
        lambda j: allowed[spans[j]],
        settings.control_step_ua,
    )


def training_names_by_class(tokens: Iterable[EncodedToken]) -> dict[str, list[str]]:
    """Names of the tokens that are trained on, by class."""
    by_class: dict[str, list[str]] = {}
    for token in tokens:
        if token.subset == "train":
            by_class.setdefault(token.label, []).append(token.name)
    return by_class


def moved(token: EncodedToken, by_ua: float) -> EncodedToken:
    """The token with moved inputs, to the nA."""
    return replace(token, inputs_ua=tuple(round(one + by_ua, 3) for one in token.inputs_ua)) if by_ua else token


def _are_same(one: Cause, other: Cause) -> bool:
    return (one.part, one.positions) == (other.part, other.positions)
