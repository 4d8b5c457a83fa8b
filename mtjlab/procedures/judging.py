"""Re-evaluation of presentations and looks from their readings, with other detector settings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mtjlab.detection.detector import Detector
from mtjlab.domain import Reading, Verdict, chain_spans
from mtjlab.encoding.fitted import Encoding
from mtjlab.events import InputOutcome, LookedAgain, Presented, ResetFailed, ResetVerified
from mtjlab.procedures.look import NOT_LOOKED, Look, reevaluate_look
from mtjlab.procedures.present import configuration_of


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges readings by a detector; without an encoding, configurations represent no classes."""

    detector: Detector
    encoding: Encoding | None = None

    def presented(self, event: Presented) -> Presented:
        """Re-evaluate a presentation."""
        judges = self._of_chains(event)
        outcomes = tuple([judge.outcome(one) for judge, one in zip(judges, event.outcomes, strict=True)])
        configuration = configuration_of(outcomes, len(event.token.inputs_ua))
        recognised_as = self.encoding.table.class_of(configuration) if self.encoding else None
        return replace(event, outcomes=outcomes, configuration=configuration, recognised_as=recognised_as)

    def _of_chains(self, event: Presented) -> "list[Judge]":
        """A judge for each input: of all junctions, or of those of its chain."""
        if not event.is_parallel:
            return [self] * len(event.outcomes)
        references, settings = self.detector.references, self.detector.settings
        sizes = [len(one.readings[0].currents_ua) if one.readings else 0 for one in event.outcomes]
        return [Judge(Detector(references[span], settings)) for span in chain_spans(sizes)]

    def reset(self, event: ResetVerified | ResetFailed) -> ResetVerified | ResetFailed:
        """Re-evaluate a reset check; the result decides the event type."""
        look = self.look(event.readings, event.verdicts)
        kind = ResetVerified if look.is_reset else ResetFailed
        return kind(event.t_s, event.attempt, event.readings, look.verdicts)

    def looked(self, event: LookedAgain) -> LookedAgain:
        """Re-evaluate a check of a suspended run; the decision of the run is unchanged."""
        return replace(event, verdicts=self.look(event.readings, event.verdicts).verdicts)

    def look(self, readings: Sequence[Reading], before: Sequence[Verdict]) -> Look:
        """Re-evaluate readings; an interrupted look stays without verdicts."""
        return reevaluate_look(self.detector, readings) if before else NOT_LOOKED

    def outcome(self, outcome: InputOutcome) -> InputOutcome:
        """Re-evaluate one input."""
        seen = self.look(outcome.readings, outcome.verdicts)
        after = self.look(outcome.reset_readings, outcome.reset_verdicts)
        return replace(
            outcome, verdicts=seen.verdicts, switched=seen.switched, flips=seen.flips, reset_verdicts=after.verdicts
        )
