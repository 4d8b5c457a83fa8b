"""What makes a training pause by itself, and what it takes to go on."""

from collections.abc import Sequence
from statistics import fmean

from mtjlab.config import SuspendSettings
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import Reading, Verdict, junction_label
from mtjlab.errors import BenchFaultError
from mtjlab.events import Presented
from mtjlab.rack import MagneticField

MOST_IN_A_ROW = 3
"""Suspensions without a single configuration in between that are allowed."""
LEAST_MV = 1.0
"""Near zero current a small share of a voltage is less than meters tell."""


class Lookout:
    """Watches presentations, references and field; says in a sentence what is wrong, or nothing."""

    def __init__(self, settings: SuspendSettings, field: MagneticField | None) -> None:
        self._settings = settings
        self._field = field
        self._not_reset = self._silent = self._suspensions = 0
        self._stood_mv: list[float] | None = None
        self._wanted_mt: float | None = None

    def saw(self, presented: Presented) -> str:
        """What is wrong after this presentation; one that was not applied (it would leave the limits) tells nothing."""
        if not presented.outcomes:
            return ""
        self._not_reset = 0 if all(outcome.reset for outcome in presented.outcomes) else self._not_reset + 1
        self._silent = 0 if presented.configuration is not None else self._silent + 1
        if presented.configuration is not None:
            self._suspensions = 0
        if self._not_reset >= self._settings.reset_failures_in_a_row:
            return f"{self._not_reset} presentations in a row ended with a junction that was not reset"
        if self._silent >= self._settings.without_configuration_in_a_row:
            return f"{self._silent} presentations in a row gave no configuration"
        return ""

    def field_is_out(self) -> str:
        """What is wrong with the field, as read back now."""
        if self._field is None:
            return ""
        field_mt = self._field.read_mt()
        if self._wanted_mt is None:
            self._wanted_mt = field_mt
        if abs(field_mt - self._wanted_mt) <= self._settings.field_tolerance_mt:
            return ""
        return f"the field reads {field_mt:.6g} mT, and was {self._wanted_mt:.6g} mT when the training began"

    def drifted(self, references: Sequence[JunctionReference], idle: Reading) -> str:
        """What is wrong with the junctions, all antiparallel at ``idle``: how far they are from their references."""
        return self._away(idle, [reference.levels_mv(current)[1] for reference, current in _paired(references, idle)])

    def begin_suspension(self, reason: str, idle: Reading | None) -> None:
        """The training pauses, with the junctions at ``idle`` if they were looked at.

        Raises:
            BenchFaultError: it has paused again and again, and nothing came of it.
        """
        self._suspensions += 1
        self._not_reset = self._silent = 0
        self._stood_mv = _means_mv(idle) if idle else None
        if self._suspensions > MOST_IN_A_ROW:
            raise BenchFaultError(
                f"{reason}. The run was suspended {MOST_IN_A_ROW} times in a row for such reasons, references were "
                "measured anew each time, and nothing came of it. Look at field, chip and plan, then go on with "
                "`mtjlab resume`."
            )

    def still_wrong(self, references: Sequence[JunctionReference], idle: Reading, verdicts: Sequence[Verdict]) -> str:
        """What keeps a suspended training from going on; junctions that have drifted must stand still again.

        References are measured anew afterwards, so how far junctions are from the old ones does not count any more.
        """
        now_mv, before_mv = _means_mv(idle), self._stood_mv
        self._stood_mv = now_mv
        stuck = [junction_label(k) for k, verdict in enumerate(verdicts) if verdict is Verdict.P]
        if stuck:
            return f"{', '.join(stuck)} not reset"
        if before_mv is not None and (moving := self._away(idle, before_mv)):
            return f"since the last look, {moving}"
        return self.field_is_out()

    def _away(self, idle: Reading, expected_mv: Sequence[float]) -> str:
        share = self._settings.reference_drift_percent / 100
        away = [
            f"{junction_label(k)} from {was:.4g} to {now:.4g} mV"
            for k, (now, was) in enumerate(zip(_means_mv(idle), expected_mv, strict=True))
            if abs(now - was) > max(share * abs(was), LEAST_MV)
        ]
        return f"junctions have moved by more than {100 * share:.6g} %: {', '.join(away)}" if away else ""


def _means_mv(reading: Reading) -> list[float]:
    return [fmean(samples) for samples in zip(*reading.samples_mv, strict=True)]


def _paired(references: Sequence[JunctionReference], reading: Reading) -> list[tuple[JunctionReference, float]]:
    return list(zip(references, reading.currents_ua, strict=True))
