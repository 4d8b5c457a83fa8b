"""What one replica knows and learns between its presentations: everything by the functions of the event engine."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.thresholds import Thresholds
from mtjlab.domain import ControlCurrents, Interval, PerJunction, SwitchingConfiguration, Verdict
from mtjlab.encoding.chip import Chip
from mtjlab.events import EncodedToken, JunctionsMeasured, TokensEncoded
from mtjlab.learning import Lesson, averaged, draw_tokens
from mtjlab.procedures.inputs import held_controls
from mtjlab.procedures.training.probing import (
    demand_found,
    expected_from,
    found_critical,
    known_from,
    probe_currents,
    within,
)
from mtjlab.procedures.training.procedure import encoded_at
from mtjlab.procedures.training.steps import (
    AVERAGED_STEPS,
    TrainingPlan,
    learn_by_rule,
    moved,
    training_names_by_class,
)
from mtjlab.procedures.training.warm import warm_controls
from mtjlab.replicas.course import Rates


@dataclass(slots=True)
class Learner:
    """A training between presentations; ``allowed`` are currents of its junctions, as measured."""

    plan: TrainingPlan
    measured: JunctionsMeasured
    allowed: tuple[Interval, ...]
    dwell_s: float
    controls: ControlCurrents
    encoded: TokensEncoded | None = None
    known: Thresholds | None = None
    estimates: Sequence[CriticalEstimate] = ()
    lessons: list[Lesson] = field(default_factory=list)
    controls_by_step: list[ControlCurrents] = field(default_factory=list)
    recognition: list[Rates] = field(default_factory=list)
    _by_name: dict[str, EncodedToken] = field(default_factory=dict)
    _training_names: dict[str, list[str]] = field(default_factory=dict)

    @property
    def ranges(self) -> tuple[Interval, ...]:
        """Control currents that training may reach."""
        return held_controls(self.measured.critical, self.allowed, self.plan.config)

    def aim(self) -> tuple[float, PerJunction]:
        """Input and control currents of the next probe. Raises BenchFaultError if there are none."""
        if self.known is None:
            warm = self.plan.warm
            self.known = expected_from(self.measured) if warm is None else known_from(warm)
        return probe_currents(self.known.targets_ua(self.dwell_s), self.ranges)

    def tell(self, input_ua: float, controls_ua: PerJunction, held_s: float, verdicts: Sequence[Verdict]) -> None:
        """Learn from a probe."""
        assert self.known is not None
        currents_ua = tuple(round(control + input_ua, 6) for control in controls_ua)
        self.known = self.known.after(currents_ua, held_s, verdicts)

    def use_found(self) -> None:
        """Use the thresholds that probes have found from now on. Raises BenchFaultError if one has not been found."""
        assert self.known is not None
        demand_found(self.known)
        self.estimates = self.known.estimates(self.dwell_s)
        critical = found_critical(self.measured.critical, self.known, self.dwell_s)
        self.measured = replace(self.measured, critical=critical)

    def encode(self) -> None:
        """Fit the encoding and start with its control currents. Raises as ``encode`` and ``warm_start``."""
        config = self.plan.config
        chip = Chip.of_held(self.measured.critical, self.allowed, config.encoding.reset_margin_ua)
        self.encoded = encoded_at(self.measured.t_s, self.plan, chip, self.controls)
        if self.plan.starts_on_boundaries:
            self.controls = warm_controls(
                self.encoded, self.estimates or self.plan.warm or (), self.ranges, self.dwell_s
            )
        self.controls_by_step.append(self.controls)
        self._by_name = {token.name: token for token in self.encoded.tokens}
        self._training_names = training_names_by_class(self.encoded.tokens)

    def draw(self, step: int) -> list[EncodedToken]:
        """Tokens of a training step, in order, their inputs moved as the rule asks for."""
        names = draw_tokens(self.plan.config.seed, step, self._training_names)
        return [moved(self._by_name[name], by_ua) for name in names for by_ua in self.plan.config.training.offsets_ua]

    def hear(self, token: EncodedToken, counts: Sequence[int] | None) -> None:
        """Take the answer to a token of the step: junctions switched by each input, if it gave a configuration."""
        assert self.encoded is not None
        observed = SwitchingConfiguration(tuple(counts)) if counts is not None else None
        assigned = self.encoded.encoding.table.nearest(token.label, observed)
        self.lessons.append(Lesson(assigned, observed))

    def learn(self) -> None:
        """Move the control currents after a step."""
        settings = self.plan.config.training
        learning = learn_by_rule(self.lessons, self.controls, self.measured.critical, self.ranges, settings)
        self.lessons.clear()
        self.controls = self.controls.moved(learning.moves_ua)
        self.controls_by_step.append(self.controls)

    def average(self) -> None:
        """Take the mean control currents of the last steps."""
        last = self.controls_by_step[-AVERAGED_STEPS:]
        wanted, _ = averaged(last)
        self.controls, _ = within(wanted, last[-1], self.ranges)
        self.controls_by_step[-1] = self.controls
