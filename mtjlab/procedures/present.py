"""A presentation: apply each input in turn, detect, back to zero, verify the reset."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.bench import Bench
from mtjlab.config import DetectorSettings, PresentationSettings
from mtjlab.detection.detector import Flips, judge, judge_trace, reading_input_ua, reading_samples, trace_flips
from mtjlab.domain import ControlCurrents, Reading, SwitchingConfiguration, Verdict, junction_label
from mtjlab.encoding.encode import Encoding
from mtjlab.errors import BenchFaultError, LimitExceededError, StopRequestedError
from mtjlab.events import (
    ControlsPlanned,
    EncodedToken,
    InputOutcome,
    JunctionsMeasured,
    Presented,
    Purpose,
    ResetFailed,
)
from mtjlab.procedures.types import Procedure
from mtjlab.transitions import Transition


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of all junctions at one input: the verdicts of the last reading, and flips over all of them."""

    verdicts: tuple[Verdict, ...]
    flips: Flips

    @property
    def switched(self) -> int | None:
        """Number of junctions found parallel, or None if one is neither P nor AP, or was not looked at."""
        if not self.verdicts or any(
            verdict is not Verdict.P and verdict is not Verdict.AP for verdict in self.verdicts
        ):
            return None
        return self.verdicts.count(Verdict.P)


class NotResetError(BenchFaultError):
    """Some junction stays parallel at zero input."""


NOT_LOOKED = Look((), Flips())


@dataclass(frozen=True, slots=True)
class Presenter:
    """Presents tokens on a bench whose junctions have been measured, under the control currents after ``step`` steps.

    A presentation begins and ends with the controls of the last input held; ``transitions[j]`` leads to those of input
    j from those of the input before.
    """

    bench: Bench
    measured: JunctionsMeasured
    encoding: Encoding
    detector: DetectorSettings
    settings: PresentationSettings
    step: int
    controls: ControlCurrents
    transitions: tuple[Transition, ...]

    def present(self, token: EncodedToken, step: int, purpose: Purpose) -> Procedure[Presented]:
        """Present ``token``, again as often as the settings allow while it gives no configuration.

        Raises:
            NotResetError: the junctions cannot be reset.
            StopRequestedError: somebody wants to stop now. What was read by then is told, as after any fault.
        """
        for attempt in range(1, self.settings.attempts + 1):
            outcomes: list[InputOutcome] = []
            try:
                self._apply_all(token, outcomes)
            except (BenchFaultError, LimitExceededError, StopRequestedError):
                yield self._presented(token, step, purpose, attempt, outcomes)
                raise
            presented = self._presented(token, step, purpose, attempt, outcomes)
            yield presented
            if not all(outcome.reset for outcome in outcomes):
                yield from self._recover()
            if presented.configuration is not None or not outcomes:
                break
        return presented

    def demand_reset(self) -> Procedure[Reading]:
        """Wait until every junction is antiparallel at zero input; returns the reading that shows it.

        Raises:
            NotResetError: they are not after as many looks as the settings allow.
        """
        for attempt in range(1, self.settings.reset_attempts + 1):
            readings: list[Reading] = []
            look = self._look(readings)
            if _all_antiparallel(look.verdicts):
                return readings[-1]
            yield ResetFailed(self.bench.time_s, attempt, tuple(readings), look.verdicts)
            self.bench.hold(self.settings.dwell_s)
        controls_ua = self.bench.controls_ua
        stuck = ", ".join(
            f"{junction_label(k)} ({verdict} at a control current of {controls_ua[k]:.6g} uA)"
            for k, verdict in enumerate(look.verdicts)
            if verdict is not Verdict.AP
        )
        raise NotResetError(
            f"Not reset at zero input: {stuck}. Lower the control currents, raise encoding.reset_margin_ua of the "
            "plan, or check the field."
        )

    def look_at_idle(self) -> tuple[Reading, tuple[Verdict, ...]]:
        """The junctions at the present controls without input: the last reading, and what it says of each."""
        readings: list[Reading] = []
        look = self._look(readings)
        return readings[-1], look.verdicts

    def _recover(self) -> Procedure[None]:
        """Back to the controls of the last input, wherever a presentation broke off, and reset."""
        home = self.bench.plan(self.controls.by_input_ua[-1])
        yield ControlsPlanned(self.bench.time_s, self.step, self.controls, (home,))
        self.bench.execute(home)
        yield from self.demand_reset()

    def _apply_all(self, token: EncodedToken, outcomes: list[InputOutcome]) -> None:
        """Apply each input in turn into ``outcomes``; none at all if one of them would leave the limits."""
        for controls_ua, input_ua in zip(self.controls.by_input_ua, token.inputs_ua, strict=True):
            if not all(c + input_ua in allowed for c, allowed in zip(controls_ua, self.bench.allowed_ua, strict=True)):
                return
        for transition, input_ua in zip(self.transitions, token.inputs_ua, strict=True):
            self.bench.execute(transition)
            self._apply(input_ua, outcomes)
            if not outcomes[-1].reset:
                return

    def _presented(
        self, token: EncodedToken, step: int, purpose: Purpose, attempt: int, outcomes: Sequence[InputOutcome]
    ) -> Presented:
        configuration = _configuration(outcomes, len(token.inputs_ua))
        recognised_as = self.encoding.class_of(configuration) if configuration else None
        return Presented(step, purpose, token, attempt, tuple(outcomes), configuration, recognised_as)

    def _apply(self, input_ua: float, outcomes: list[InputOutcome]) -> None:
        """One input into ``outcomes``: all that was read, also where a fault breaks it off."""
        bench = self.bench
        seen_in: list[Reading] = []
        reset_in: list[Reading] = []
        seen = reset = NOT_LOOKED
        bench.apply(input_ua)
        try:
            bench.hold(self.settings.dwell_s)
            read_at_ua = reading_input_ua(bench.controls_ua, input_ua, self.measured.critical, self.detector)
            if read_at_ua is not None and read_at_ua != input_ua:
                bench.apply(read_at_ua)
            seen = self._look(seen_in)
            bench.idle()
            reset = self._look(reset_in)
        finally:
            outcomes.append(
                InputOutcome(
                    input_ua, tuple(seen_in), seen.verdicts, seen.switched, seen.flips, tuple(reset_in), reset.verdicts
                )
            )

    def _look(self, readings: list[Reading]) -> Look:
        """Read into ``readings`` until every junction has a verdict that repeats, or the settings say it is enough."""
        references, currents_ua = self.measured.references, self.bench.currents_ua
        samples = reading_samples(references, currents_ua, self.detector)
        judged: list[tuple[Verdict | None, ...]] = []
        while len(readings) <= self.detector.rereads and (not judged or None in judged[-1]):
            readings.append(self.bench.read(samples))
            judged.append(judge(references, currents_ua, readings[-1].samples_mv, self.detector))
        return Look(tuple([verdict or Verdict.UNDECIDED for verdict in judged[-1]]), self._flips(readings))

    def _flips(self, readings: Sequence[Reading]) -> Flips:
        """Changes of state from sample to sample, all junctions together; two samples that agree have none."""
        if len(readings) == 1 and len(readings[0].samples_mv) == 2:
            return Flips()
        samples_mv = np.array([sample for reading in readings for sample in reading.samples_mv])
        currents_ua = np.broadcast_to(np.array(readings[0].currents_ua), samples_mv.shape)
        by_junction = trace_flips(judge_trace(self.measured.references, currents_ua, samples_mv, self.detector))
        return Flips(sum(f.ap_to_p for f in by_junction), sum(f.p_to_ap for f in by_junction))


def _configuration(outcomes: Sequence[InputOutcome], inputs: int) -> SwitchingConfiguration | None:
    """What the inputs switched, if each was decided and every junction was reset after it."""
    counts = [outcome.switched for outcome in outcomes if outcome.switched is not None and outcome.reset]
    return SwitchingConfiguration(tuple(counts)) if len(counts) == inputs else None


def _all_antiparallel(verdicts: Sequence[Verdict]) -> bool:
    return all(verdict is Verdict.AP for verdict in verdicts)
