"""Trainings of many replicas at once, from cold chips to the last measurement of recognition.

Each is the training that the event engine makes of the same bench, plan and seed, with the same noise. A replica that
leaves the usual course (a suspension, a fault, a state that noise may hide) is left to the event engine, which tells
what happens.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.arrays import FloatArray, IntArray
from mtjlab.benches.simulated_rack import MT_PER_T, junction_models, voltmeter_models
from mtjlab.config import SimulatedBenchConfig
from mtjlab.detection.detector import VERDICTS
from mtjlab.domain import ControlCurrents
from mtjlab.envelope import BenchLimits, Envelope, nominal_law
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.events import JunctionsMeasured
from mtjlab.procedures.training.plan import measures_recognition
from mtjlab.procedures.training.steps import TrainingPlan
from mtjlab.replicas.chain import ReplicaChain
from mtjlab.replicas.course import TIME_DECIMALS, Course, Left, Rates
from mtjlab.replicas.failures import Failures
from mtjlab.replicas.learner import Learner
from mtjlab.replicas.looks import Looks
from mtjlab.replicas.measuring import reference_sweeps
from mtjlab.replicas.meters import ReplicaMeters
from mtjlab.replicas.moves import Limits, sources_ua
from mtjlab.replicas.presenting import NONE, Going, Held
from mtjlab.replicas.sources import Sources
from mtjlab.replicas.tokens import TokenArrays


@dataclass(frozen=True, slots=True, eq=False)
class Replicas:
    """Replicas whose junctions have been measured."""

    chain: ReplicaChain
    held: Held
    learners: list[Learner]
    going: Going


def train_replicas(benches: Sequence[SimulatedBenchConfig], plans: Sequence[TrainingPlan]) -> list[Course | Left]:
    """Train every plan on its bench, with the seed of the plan. Arguments and errors as ``measured_replicas``."""
    return _Lockstep(measured_replicas(benches, plans)).train()


def measured_replicas(benches: Sequence[SimulatedBenchConfig], plans: Sequence[TrainingPlan]) -> Replicas:
    """Replicas of each plan on its bench, with the seed of the plan, after their references were measured.

    All plans have the same settings but the seed, all or none a calibration; all benches have the same timing, limits
    and number of junctions.

    Raises:
        RefusedError: the plan has pulses, or follows a drift, which replicas do not do; or junctions could not exist.
        BenchFaultError: the junctions of no replica can be measured.
    """
    config = plans[0].config
    if config.presentation.is_pulsed or config.training.refresh_every_steps:
        raise RefusedError(
            "Replicas hold their inputs and follow no drift: presentation.mode = 'pulse' and "
            'training.refresh_every_steps need engine = "events".'
        )
    going, seeds = Going(len(plans)), [plan.config.seed for plan in plans]
    timing, limits = benches[0].timing, [BenchLimits.of(bench) for bench in benches]
    chain = ReplicaChain(
        [junction_models(bench.simulation) for bench in benches],
        [bench.simulation.field_mt / MT_PER_T for bench in benches],
        seeds,
    )
    meters = ReplicaMeters([voltmeter_models(bench.simulation) for bench in benches], seeds, timing.aperture_s)
    nominal = [
        Envelope.of(limit, [nominal_law(bench.device)] * bench.junctions)
        for limit, bench in zip(limits, benches, strict=True)
    ]
    sources = Sources(chain, Limits.of([envelope.allowed_ua for envelope in nominal]), timing.settle_s)
    measured = _measure(sources, meters, plans, timing.aperture_s, going)
    allowed = [
        Envelope.of(limit, [one.law for one in junctions.references]).allowed_ua
        for limit, junctions in zip(limits, measured, strict=True)
    ]
    sources.limits = Limits.of(allowed)
    references = [junctions.references for junctions in measured]
    looks = Looks(chain, meters, references, config.detector, timing.aperture_s)
    ends_ua = sources.limits.low_ua.min(), sources.limits.high_ua.max()
    going.leave(~looks.sure(*map(float, ends_ua)), "noise may hide a state, or a junction deviates from its reference")
    dwell_s = config.presentation_dwell_s(timing.aperture_s)
    learners = [
        Learner(plan, one, limit, dwell_s, plan.start_controls((len(limit),)))
        for plan, one, limit in zip(plans, measured, allowed, strict=True)
    ]
    held = Held(sources, looks, config, going, [junctions.critical for junctions in measured])
    return Replicas(chain, held, learners, going)


def _measure(
    sources: Sources, meters: ReplicaMeters, plans: Sequence[TrainingPlan], aperture_s: float, going: Going
) -> list[JunctionsMeasured]:
    """Go to the first control currents and sweep, unless calibrations are given; of replicas left, anything."""
    junctions = sources.controls_ua.shape[1]
    moves = sources.plan(sources_ua([plan.start_controls((junctions,)) for plan in plans], 0))
    going.leave(~moves.possible, "the first control currents are outside the limits")
    sources.go(moves, going.now)
    calibrated = [plan.calibrated for plan in plans]
    if None in calibrated:
        calibrated = reference_sweeps(sources, meters, plans[0].config.sweep, aperture_s, going)
    placeholder = next((one for one in calibrated if one is not None), None)
    if placeholder is None:
        raise BenchFaultError(f"No replica could be measured. {next(iter(going.left.values()))}")
    return [one or placeholder for one in calibrated]


class _Lockstep:
    """Trainings step by step."""

    def __init__(self, replicas: Replicas) -> None:
        self._chain, self._held = replicas.chain, replicas.held
        self._learners, self._going = replicas.learners, replicas.going
        self._config = self._learners[0].plan.config
        self._failures = Failures(self._config.suspend, self._going)
        self._learning_s = self._until_s = np.zeros(len(self._learners))
        self._tokens = TokenArrays.of([], 0, 0)

    def train(self) -> list[Course | Left]:
        settings = self._config.training
        for _ in range(settings.probe_first):
            self._probe()
        if settings.probe_first:
            self._each(lambda learner: learner.use_found())
            self._know()
        self._each(lambda learner: learner.encode())
        encoded = [learner.encoded for learner in self._learners]
        self._tokens = TokenArrays.of(encoded, self._chain.currents_a.shape[1], self._config.encoding.inputs)
        self._learn_until_now()
        for step in range(settings.steps + 1):
            if step == settings.steps and step > 0 and settings.rule == "paired":
                self._each(lambda learner: learner.average())
            self._arrive()
            if measures_recognition(settings, step):
                self._recognise(step)
            if step < settings.steps:
                self._step(step + 1)
        return [self._course(r) for r in range(len(self._learners))]

    def _course(self, r: int) -> Course | Left:
        if r in self._going.left:
            return Left(self._going.left[r])
        one, learning_s = self._learners[r], round(float(self._learning_s[r]), TIME_DECIMALS)
        probes = one.known.probes if one.known is not None else 0
        return Course(tuple(one.recognition), tuple(one.controls_by_step), learning_s, probes)

    def _each(self, act: Callable[[Learner], object]) -> None:
        """Do something with every replica that is going; one that cannot go on is left."""
        for r in self._going.each:
            try:
                act(self._learners[r])
            except (BenchFaultError, RefusedError) as error:
                self._going.leave_one(r, str(error))

    def _know(self) -> None:
        self._held.know([learner.measured.critical for learner in self._learners])

    def _arrive(self) -> None:
        self._held.arrive([learner.controls for learner in self._learners])
        self._held.demand_reset()

    def _probe(self) -> None:
        """Probe all junctions once more."""
        aims = [(0.0, learner.controls.by_input_ua[0]) for learner in self._learners]
        for r in self._going.each:
            try:
                aims[r] = self._learners[r].aim()
            except BenchFaultError as error:
                self._going.leave_one(r, str(error))
        inputs_ua = np.array([input_ua for input_ua, _ in aims])
        self._held.arrive([ControlCurrents((controls_ua,)) for _, controls_ua in aims])
        self._going.leave(~self._held.allows(inputs_ua[:, np.newaxis]), "a probe is outside the limits")
        self._held.demand_reset()
        outcome = self._held.apply(0, inputs_ua, self._going.now)
        for r in self._going.each:
            verdicts = [VERDICTS[code] for code in outcome.codes[r].tolist()]
            self._learners[r].tell(*aims[r], float(outcome.held_s[r]), verdicts)

    def _present(self, inputs_ua: FloatArray) -> IntArray:
        """Present a token [R, M] to every replica that is going and has one (NaN: none)."""
        where = self._going.now & ~np.isnan(inputs_ua).any(axis=1) & self._held.allows(inputs_ua)
        counts = self._held.present(np.where(np.isnan(inputs_ua), 0.0, inputs_ua), where)
        self._failures.take((counts == NONE).any(axis=1), where & self._going.now)
        return counts

    def _recognise(self, step: int) -> None:
        """Present every token once."""
        tokens = self._tokens
        right = np.zeros((2, len(self._learners)))
        for t, inputs_ua in enumerate(tokens.inputs_ua):
            counts = self._present(np.where(tokens.present[t][:, np.newaxis], inputs_ua, np.nan))
            recognised = tokens.recognised(t, counts) & tokens.present[t]
            right += recognised * np.stack([tokens.in_train[t], ~tokens.in_train[t]])
        of = np.stack([(tokens.in_train & tokens.present).sum(axis=0), (~tokens.in_train & tokens.present).sum(axis=0)])
        for r in self._going.each:
            train, test = (right[:, r] / of[:, r]).tolist()
            self._learners[r].recognition.append(
                Rates(step, train, test, round(float(self._learning_s[r]), TIME_DECIMALS))
            )
        self._until_s = self._chain.time_s

    def _step(self, step: int) -> None:
        """Present one token of each class, as the rule asks for; then move the control currents."""
        drawn = {r: self._learners[r].draw(step) for r in self._going.each}
        for number in range(max(map(len, drawn.values()), default=0)):
            inputs_ua = np.full((len(self._learners), self._config.encoding.inputs), np.nan)
            for r, tokens in drawn.items():
                inputs_ua[r] = tokens[number].inputs_ua
            counts = self._present(inputs_ua)
            silent = (counts == NONE).any(axis=1)
            for r in self._going.each:
                self._learners[r].hear(drawn[r][number], None if silent[r] else counts[r].tolist())
        self._each(lambda learner: learner.learn())
        self._learn_until_now()

    def _learn_until_now(self) -> None:
        self._learning_s = self._learning_s + self._chain.time_s - self._until_s
        self._until_s = self._chain.time_s
