"""A presentation: apply each input in turn, or all to parallel chains, detect, reset; and its configuration."""

from collections.abc import Sequence
from dataclasses import dataclass

from mtjlab.config import PresentationSettings
from mtjlab.counted import counted
from mtjlab.domain import ControlCurrents, SwitchingConfiguration
from mtjlab.encoding.fitted import Encoding
from mtjlab.errors import BenchFaultError, LimitExceededError, StopRequestedError
from mtjlab.events import EncodedToken, InputOutcome, Presented, Purpose
from mtjlab.procedures.inputs import InputMode, Ways
from mtjlab.procedures.types import Procedure

MOST_DISTURBED = 3
"""Disturbed presentations of a token that are tolerated, beyond the attempts of the settings."""


@dataclass(frozen=True, slots=True)
class Presenter:
    """Presents tokens, at the control currents after ``step`` steps.

    Without an encoding, configurations represent no classes. ``ways[j]`` are the transitions of input j.
    """

    inputs: InputMode
    encoding: Encoding | None
    step: int
    controls: ControlCurrents
    ways: tuple[Ways, ...]

    @property
    def settings(self) -> PresentationSettings:
        """Settings of presentations."""
        return self.inputs.config.presentation

    def present(self, token: EncodedToken, step: int, purpose: Purpose) -> Procedure[Presented]:
        """Present ``token``, repeated while it gives no configuration, as often as the settings allow.

        A disturbed presentation does not count, and is never the last.

        Raises:
            NotResetError: the junctions cannot be reset.
            BenchFaultError: an instrument is lost, or repeatedly disturbs presentations.
            StopRequestedError: an immediate stop was requested. What was read so far is yielded, as after any fault.
        """
        for attempt in range(1, self.settings.attempts + MOST_DISTURBED + 1):
            outcomes: list[InputOutcome] = []
            if not self.inputs.allows_all(self.controls, token.inputs_ua):
                yield (presented := self._presented(token, step, purpose, attempt, outcomes))
                return presented
            yield from self.inputs.announce(token.inputs_ua)
            try:
                self.inputs.apply_all(self.ways, self.controls, token.inputs_ua, outcomes)
            except (BenchFaultError, LimitExceededError, StopRequestedError):
                yield self._presented(token, step, purpose, attempt, outcomes)
                raise
            presented = self._presented(token, step, purpose, attempt, outcomes)
            yield presented
            if not all(outcome.reset for outcome in outcomes):
                yield from self.inputs.return_home(self.controls, self.step)
                yield from self.inputs.demand_reset()
            if is_final(presented, self.settings):
                return presented
        raise BenchFaultError(
            f"{token.name} was presented {counted(attempt, 'time')}, and an input was applied for too long each "
            f"time: {presented.disturbed}. Find out what is slow: an instrument, its cable, or this computer."
        )

    def _presented(
        self, token: EncodedToken, step: int, purpose: Purpose, attempt: int, outcomes: Sequence[InputOutcome]
    ) -> Presented:
        configuration = configuration_of(outcomes, len(token.inputs_ua))
        recognised_as = self.encoding.table.class_of(configuration) if self.encoding else None
        return Presented(step, purpose, token, attempt, tuple(outcomes), configuration, recognised_as)


def prepare_presenter(
    inputs: InputMode, controls: ControlCurrents, step: int, encoding: Encoding | None = None
) -> Procedure[Presenter]:
    """Presenter at ``controls``, which are journalled with all transitions that it needs.

    Raises:
        LimitExceededError: a junction would leave its limits; nothing was written.
    """
    ways = yield from inputs.arrive(controls, step)
    return Presenter(inputs, encoding, step, controls, ways)


def is_final(presented: Presented, settings: PresentationSettings) -> bool:
    """Whether a presentation is the last of its token: it gave a configuration, or the attempts are used up.

    A presentation that was disturbed, or interrupted by a fault or a stop, is not final.
    """
    if presented.disturbed:
        return False
    if presented.configuration is not None:
        return True
    seen = [outcome for outcome in presented.outcomes if outcome.reset_verdicts]
    to_its_end = len(seen) == len(presented.token.inputs_ua) or (bool(seen) and not seen[-1].reset)
    return presented.attempt >= settings.attempts and to_its_end


def configuration_of(outcomes: Sequence[InputOutcome], inputs: int) -> SwitchingConfiguration | None:
    """Switching configuration, if every input was decided and undisturbed, and every junction was reset after it."""
    counts = [one.switched for one in outcomes if one.switched is not None and one.reset and not one.disturbed]
    return SwitchingConfiguration(tuple(counts)) if len(counts) == inputs else None
