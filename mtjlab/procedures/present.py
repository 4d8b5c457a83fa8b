"""A presentation: apply each input in turn, detect, back to zero, verify the reset."""

from collections.abc import Sequence
from dataclasses import dataclass

from mtjlab.bench import Bench
from mtjlab.config import DetectorSettings, PlanConfig, PresentationSettings
from mtjlab.counted import counted
from mtjlab.detection.detector import reading_input_ua
from mtjlab.domain import ControlCurrents, Reading, SwitchingConfiguration
from mtjlab.encoding.fitted import Encoding
from mtjlab.errors import BenchFaultError, LimitExceededError, StopRequestedError
from mtjlab.events import (
    ControlsPlanned,
    EncodedToken,
    InputOutcome,
    JunctionsMeasured,
    Presented,
    Purpose,
)
from mtjlab.procedures.look import NOT_LOOKED, Observer
from mtjlab.procedures.types import Procedure
from mtjlab.transitions import Transition

MOST_DISTURBED = 3
"""Disturbed presentations of a token that are tolerated, beyond the attempts of the settings."""


@dataclass(frozen=True, slots=True)
class Presenter:
    """Presents tokens on a bench with measured junctions, at the control currents after ``step`` steps.

    Without an encoding, configurations represent no classes. A presentation begins and ends with the control currents
    of the last input; ``transitions[j]`` leads to those of input j from those of the previous input.
    """

    bench: Bench
    measured: JunctionsMeasured
    encoding: Encoding | None
    detector: DetectorSettings
    settings: PresentationSettings
    step: int
    controls: ControlCurrents
    transitions: tuple[Transition, ...]

    @property
    def observer(self) -> Observer:
        """Observer of the junctions."""
        return Observer(self.bench, self.measured.references, self.detector, self.settings)

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
            try:
                self._apply_all(token, outcomes)
            except (BenchFaultError, LimitExceededError, StopRequestedError):
                yield self._presented(token, step, purpose, attempt, outcomes)
                raise
            presented = self._presented(token, step, purpose, attempt, outcomes)
            yield presented
            if not all(outcome.reset for outcome in outcomes):
                yield from self._recover()
            if not outcomes or is_final(presented, self.settings):
                return presented
        raise BenchFaultError(
            f"{token.name} was presented {counted(attempt, 'time')}, and an input was applied for too long each "
            f"time: {presented.disturbed}. Find out what is slow: an instrument, its cable, or this computer."
        )

    def _recover(self) -> Procedure[None]:
        """Return to the control currents of the last input after an interrupted presentation, and reset."""
        home = self.bench.plan(self.controls.by_input_ua[-1])
        yield ControlsPlanned(self.bench.time_s, self.step, self.controls, (home,))
        self.bench.execute(home)
        yield from self.observer.demand_reset()

    def _apply_all(self, token: EncodedToken, outcomes: list[InputOutcome]) -> None:
        """Apply each input in turn, results into ``outcomes``; none at all if one would leave the limits."""
        allowed_ua = self.bench.envelope.allowed_ua
        for controls_ua, input_ua in zip(self.controls.by_input_ua, token.inputs_ua, strict=True):
            if not all(c + input_ua in allowed for c, allowed in zip(controls_ua, allowed_ua, strict=True)):
                return
        for j, (transition, input_ua) in enumerate(zip(self.transitions, token.inputs_ua, strict=True)):
            self.bench.execute(transition)
            self._apply(j, input_ua, outcomes)
            if not outcomes[-1].reset:
                return

    def _presented(
        self, token: EncodedToken, step: int, purpose: Purpose, attempt: int, outcomes: Sequence[InputOutcome]
    ) -> Presented:
        configuration = configuration_of(outcomes, len(token.inputs_ua))
        recognised_as = self.encoding.class_of(configuration) if self.encoding and configuration else None
        return Presented(step, purpose, token, attempt, tuple(outcomes), configuration, recognised_as)

    def _apply(self, j: int, input_ua: float, outcomes: list[InputOutcome]) -> None:
        """Apply one input, result into ``outcomes``: all readings, even if a fault interrupts it."""
        bench = self.bench
        seen_in: list[Reading] = []
        reset_in: list[Reading] = []
        seen = reset = NOT_LOOKED
        disturbed = ""
        bench.delays()  # discards earlier delays
        began_s, held_s = bench.time_s, 0.0
        bench.apply(input_ua)
        try:
            bench.hold(self.settings.dwell_s)
            read_at_ua = reading_input_ua(bench.controls_ua, input_ua, self.measured.of_input(j), self.detector)
            lowered_s = bench.time_s
            if read_at_ua is not None and read_at_ua != input_ua:
                bench.apply(read_at_ua)
            seen = self.observer.look(seen_in)
            is_same_input = read_at_ua is None or read_at_ua == input_ua
            disturbed = bench.delays()
            held_s = (
                seen_in[-1].t_s - bench.description.aperture_s / 2 - began_s if is_same_input else lowered_s - began_s
            )
            bench.idle()
            reset = self.observer.look(reset_in)
        finally:
            outcomes.append(
                InputOutcome(
                    input_ua,
                    tuple(seen_in),
                    seen.verdicts,
                    seen.switched,
                    seen.flips,
                    tuple(reset_in),
                    reset.verdicts,
                    round(held_s, 6),
                    disturbed,
                    began_s,
                )
            )


def prepare_presenter(
    bench: Bench, config: PlanConfig, measured: JunctionsMeasured, controls: ControlCurrents, step: int
) -> Procedure[Presenter]:
    """Prepare a presenter of inputs without classes at ``controls``; the junctions are reset."""
    rows = controls.by_input_ua
    arrival = bench.plan(rows[-1])
    around = tuple(bench.plan(here, before) for before, here in zip((rows[-1], *rows), rows, strict=False))
    cautions = tuple(caution for row in rows for caution in bench.envelope.cautions(row))
    yield ControlsPlanned(bench.time_s, step, controls, (arrival, *around), cautions)
    bench.execute(arrival)
    made = Presenter(bench, measured, None, config.detector, config.presentation, step, controls, around)
    yield from made.observer.demand_reset()
    return made


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
