"""A presentation: apply each input in turn, detect, back to zero, verify the reset."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mtjlab.bench import Bench
from mtjlab.config import PresentationSettings
from mtjlab.detection.detector import DetectorSettings, count_flips, judge, reading_input_ua, reading_samples
from mtjlab.domain import ControlCurrents, Reading, SwitchingConfiguration, Verdict, junction_label
from mtjlab.encoding.encode import Encoding
from mtjlab.errors import BenchFaultError
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
    """What was seen of all junctions at one input: every reading, and the verdicts of the last."""

    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    flips_back: int = 0

    @property
    def switched(self) -> int | None:
        """Number of junctions found parallel, or None if one is neither P nor AP."""
        if any(verdict is not Verdict.P and verdict is not Verdict.AP for verdict in self.verdicts):
            return None
        return self.verdicts.count(Verdict.P)


@dataclass(frozen=True, slots=True)
class Presenter:
    """Presents tokens on a bench whose junctions have been measured, under fixed control currents.

    A presentation begins and ends with the controls of the last input held; ``transitions[j]`` leads to those of input
    j from those of the input before.
    """

    bench: Bench
    measured: JunctionsMeasured
    encoding: Encoding
    detector: DetectorSettings
    settings: PresentationSettings
    controls: ControlCurrents
    transitions: tuple[Transition, ...]

    def present(self, token: EncodedToken, step: int, purpose: Purpose) -> Procedure[Presented]:
        """Present ``token``, again as often as the settings allow while it gives no configuration.

        Raises:
            BenchFaultError: the junctions cannot be reset.
        """
        for attempt in range(1, self.settings.attempts + 1):
            presented = self._present_once(token, step, purpose, attempt)
            yield presented
            if not all(outcome.reset for outcome in presented.outcomes):
                yield from self._recover(step)
            if presented.configuration is not None:
                break
        return presented

    def demand_reset(self) -> Procedure[None]:
        """Wait until every junction is antiparallel at zero input.

        Raises:
            BenchFaultError: they are not after as many looks as the settings allow.
        """
        for attempt in range(1, self.settings.reset_attempts + 1):
            look = self._look()
            if _all_antiparallel(look.verdicts):
                return
            yield ResetFailed(self.bench.time_s, attempt, look.readings, look.verdicts)
            self.bench.hold(self.settings.dwell_s)
        controls_ua = self.bench.controls_ua
        stuck = ", ".join(
            f"{junction_label(k)} ({verdict} at a control current of {controls_ua[k]:.6g} uA)"
            for k, verdict in enumerate(look.verdicts)
            if verdict is not Verdict.AP
        )
        raise BenchFaultError(
            f"Not reset at zero input: {stuck}. Lower the control currents, raise encoding.reset_margin_ua of the "
            "plan, or check the field."
        )

    def _recover(self, step: int) -> Procedure[None]:
        """Back to the controls of the last input, wherever a presentation broke off, and reset."""
        home = self.bench.plan(self.controls.by_input_ua[-1])
        yield ControlsPlanned(self.bench.time_s, step, self.controls, (home,))
        self.bench.execute(home)
        yield from self.demand_reset()

    def _present_once(self, token: EncodedToken, step: int, purpose: Purpose, attempt: int) -> Presented:
        outcomes: list[InputOutcome] = []
        for transition, input_ua in zip(self.transitions, token.inputs_ua, strict=True):
            self.bench.execute(transition)
            outcomes.append(self._apply(input_ua))
            if not outcomes[-1].reset:
                break
        configuration = _configuration(outcomes, len(token.inputs_ua))
        recognised_as = self.encoding.class_of(configuration) if configuration else None
        return Presented(step, purpose, token, attempt, tuple(outcomes), configuration, recognised_as)

    def _apply(self, input_ua: float) -> InputOutcome:
        bench = self.bench
        bench.apply(input_ua)
        bench.hold(self.settings.dwell_s)
        read_at_ua = reading_input_ua(bench.controls_ua, input_ua, self.measured.critical, self.detector)
        if read_at_ua is not None and read_at_ua != input_ua:
            bench.apply(read_at_ua)
        seen = self._look()
        bench.idle()
        reset = self._look()
        return InputOutcome(
            input_ua, seen.readings, seen.verdicts, seen.switched, seen.flips_back, reset.readings, reset.verdicts
        )

    def _look(self) -> Look:
        """Read until every junction has a verdict that repeats, or the settings say it is enough."""
        references, currents_ua = self.measured.references, self.bench.currents_ua
        samples = reading_samples(references, currents_ua, self.detector)
        readings: list[Reading] = []
        judged: list[tuple[Verdict | None, ...]] = []
        while len(readings) <= self.detector.rereads and (not judged or None in judged[-1]):
            readings.append(self.bench.read(samples))
            judged.append(judge(references, currents_ua, readings[-1].samples_mv, self.detector))
        flips_back = sum(count_flips(before, after).p_to_ap for before, after in pairwise(judged))
        return Look(tuple(readings), tuple([verdict or Verdict.UNDECIDED for verdict in judged[-1]]), flips_back)


def _configuration(outcomes: Sequence[InputOutcome], inputs: int) -> SwitchingConfiguration | None:
    """What the inputs switched, if each was decided and every junction was reset after it."""
    counts = [outcome.switched for outcome in outcomes if outcome.switched is not None and outcome.reset]
    return SwitchingConfiguration(tuple(counts)) if len(counts) == inputs else None


def _all_antiparallel(verdicts: Sequence[Verdict]) -> bool:
    return all(verdict is Verdict.AP for verdict in verdicts)
