"""What makes a training pause by itself, and what it takes to go on."""

from collections import deque
from collections.abc import Iterable, Sequence
from math import ceil

from mtjlab.config import SuspendSettings
from mtjlab.counted import counted
from mtjlab.detection.deviation import Deviation, deviations
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import Reading, Verdict, junction_label
from mtjlab.errors import BenchFaultError
from mtjlab.events import Presented
from mtjlab.rack import MagneticField

MOST_IN_A_ROW = 3
"""Suspensions without anything that shows that pausing helps in between."""
LEAST_MV = 1.0
"""Near zero current a small share of a voltage is less than meters tell."""


class Suspender:
    """Watches presentations, references and field; says in a sentence what is wrong, or nothing."""

    def __init__(self, settings: SuspendSettings, field: MagneticField | None) -> None:
        self._settings = settings
        self._field = field
        self._not_reset = self._silent = self._suspensions = self._good = 0
        self._good_that_help = 1
        self._failures: deque[bool] = deque(maxlen=settings.failures_over_presentations)
        self._many = ceil(settings.failures_percent / 100 * settings.failures_over_presentations)
        self._before: Reading | None = None
        self._misfit_ua: dict[int, float] = {}
        self._wanted_mt: float | None = None

    def check_presentation(self, presented: Presented) -> str:
        """What is wrong after this presentation; one that was not applied (it would leave the limits) tells nothing."""
        if not presented.outcomes:
            return ""
        is_reset, is_silent = all(outcome.reset for outcome in presented.outcomes), presented.configuration is None
        self._not_reset = 0 if is_reset else self._not_reset + 1
        self._silent = self._silent + 1 if is_silent else 0
        self._failures.append(is_silent or not is_reset)
        self._good += not self._failures[-1]
        if self._good >= self._good_that_help:
            self._suspensions, self._good_that_help = 0, 1
        return self._check_counts()

    def _check_counts(self) -> str:
        settings, failures = self._settings, sum(self._failures)
        if self._not_reset >= settings.reset_failures_in_a_row:
            return f"{counted(self._not_reset, 'presentation')} in a row ended with a junction that was not reset"
        if self._silent >= settings.without_configuration_in_a_row:
            return f"{counted(self._silent, 'presentation')} in a row gave no configuration"
        if failures >= self._many:
            self._good_that_help = self._many
            return (
                f"{failures} of the last {len(self._failures)} presentations gave no configuration, or were not reset"
            )
        return ""

    def check_field(self) -> str:
        """What is wrong with the field, as read back now."""
        if self._field is None:
            return ""
        field_mt = self._field.read_mt()
        if self._wanted_mt is None:
            self._wanted_mt = field_mt
        if abs(field_mt - self._wanted_mt) <= self._settings.field_tolerance_mt:
            return ""
        return f"the field reads {field_mt:.6g} mT, and was {self._wanted_mt:.6g} mT when the training began"

    def check_drift(self, references: Sequence[JunctionReference], idle: Reading) -> str:
        """What is wrong with the junctions, all antiparallel at ``idle``: how far they are from their references."""
        away = [one for one in deviations(references, idle) if self._is_too_far(one)]
        return f"junctions are off their references: {_listed(away)} ({self._limit})" if away else ""

    def begin_suspension(self, reason: str, idle: Reading | None) -> None:
        """The training pauses, with the junctions at ``idle`` if they were looked at.

        Raises:
            BenchFaultError: it has paused again and again, and nothing came of it.
        """
        self._suspensions += 1
        self._not_reset = self._silent = self._good = 0
        self._failures.clear()
        self._before = idle
        if self._suspensions > MOST_IN_A_ROW:
            raise BenchFaultError(
                f"{reason}. The run was suspended {MOST_IN_A_ROW} times in a row for such reasons, references were "
                "measured anew each time, and nothing came of it. Look at field, chip and plan, then go on with "
                "`mtjlab resume`."
            )

    def check_recovery(
        self, references: Sequence[JunctionReference], idle: Reading, verdicts: Sequence[Verdict]
    ) -> str:
        """What keeps a suspended training from going on; junctions that have drifted must stand still again.

        References are measured anew afterwards, so how far junctions are from the old ones does not count any more.
        """
        before, self._before = self._before, idle
        stuck = [f"{junction_label(k)} ({verdict})" for k, verdict in enumerate(verdicts) if verdict is not Verdict.AP]
        if stuck:
            return f"{', '.join(stuck)} not reset"
        if before is not None and (moving := self._moving(references, before, idle)):
            return f"since the last look, junctions have moved: {_listed(moving)} ({self._limit})"
        return self.check_field()

    def accept_references(self, references: Sequence[JunctionReference], idle: Reading) -> None:
        """What junctions are off their new references at once is of the law that was fitted to them."""
        self._misfit_ua = {one.junction: one.away_ua for one in deviations(references, idle) if one.is_beyond(0.0)}

    def _moving(self, references: Sequence[JunctionReference], before: Reading, idle: Reading) -> Iterable[Deviation]:
        """Against where they were; a chip is not measured while it moves."""
        pairs = zip(deviations(references, before), deviations(references, idle), strict=True)
        return [now.since(was) for was, now in pairs if self._is_too_far(now.since(was), knows=False)]

    def _is_too_far(self, deviation: Deviation, knows: bool = True) -> bool:
        known_ua = self._misfit_ua.get(deviation.junction, 0.0) if knows else 0.0
        share = self._settings.reference_drift_percent / 100
        return deviation.is_beyond(self._settings.reference_drift_ua, known_ua) or (
            deviation.share > share and abs(deviation.away_mv) > LEAST_MV
        )

    @property
    def _limit(self) -> str:
        return f"limits {self._settings.reference_drift_ua:.6g} uA and {self._settings.reference_drift_percent:.6g} %"


def _listed(found: Iterable[Deviation]) -> str:
    return ", ".join(map(str, found))
