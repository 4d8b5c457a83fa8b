"""Conditions that suspend a training, and those for continuing it."""

from collections import deque
from collections.abc import Iterable, Sequence
from math import ceil

from mtjlab.config import SuspendSettings
from mtjlab.counted import counted
from mtjlab.detection.deviation import Deviation
from mtjlab.domain import FieldReading, Verdict, junction_label
from mtjlab.errors import BenchFaultError
from mtjlab.events import Presented
from mtjlab.procedures.magnet import field_drift
from mtjlab.rack import MagneticField

MOST_IN_A_ROW = 3
"""Maximum number of suspensions without enough good presentations in between."""
LEAST_MV = 1.0
"""Near zero current, a small share of the voltage is below the resolution of the meters."""


class Suspender:
    """Monitors presentations, references and field; each check returns the problem as a sentence, or an empty text."""

    def __init__(self, settings: SuspendSettings, field: MagneticField | None) -> None:
        self._settings = settings
        self._field = field
        self._not_reset = self._silent = self._suspensions = self._good = 0
        self._good_that_help = 1
        self._failures: deque[bool] = deque(maxlen=settings.failures_over_presentations)
        self._many = ceil(settings.failures_percent / 100 * settings.failures_over_presentations)
        self._before: Sequence[Deviation] | None = None
        self._misfit_ua: dict[int, float] = {}
        self._first_field: FieldReading | None = None

    def check_presentation(self, presented: Presented) -> str:
        """Problem after a presentation, if any; one that was not applied because of the limits does not count."""
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
            return f"{counted(self._not_reset, 'presentation')} in a row ended with a junction not reset"
        if self._silent >= settings.without_configuration_in_a_row:
            return f"{counted(self._silent, 'presentation')} in a row gave no configuration"
        if failures >= self._many:
            self._good_that_help = self._many
            return (
                f"{failures} of the last {len(self._failures)} presentations gave no configuration, or were not reset"
            )
        return ""

    def check_field(self) -> str:
        """Problem with the field as read back now, if any."""
        if self._field is None:
            return ""
        reading = self._field.read()
        self._first_field = self._first_field or reading
        return field_drift(reading, self._first_field, self._settings.field_tolerance_mt)

    def check_drift(self, found: Iterable[Deviation]) -> str:
        """Deviations from the references that are beyond the limits."""
        away = [one for one in found if self._is_too_far(one)]
        return f"junctions deviate from their references: {_listed(away)} ({self._limit})" if away else ""

    def begin_suspension(self, reason: str, found: Sequence[Deviation] | None) -> None:
        """Record a suspension, with the deviations of the junctions if they were read.

        Raises:
            BenchFaultError: too many suspensions in a row.
        """
        self._suspensions += 1
        self._not_reset = self._silent = self._good = 0
        self._failures.clear()
        self._before = found
        if self._suspensions > MOST_IN_A_ROW:
            raise BenchFaultError(
                f"{reason}. The run was suspended {MOST_IN_A_ROW} times in a row for such reasons, and measuring the "
                "references again did not help. Check field, chip and plan, then continue with `mtjlab resume`."
            )

    def check_recovery(self, found: Sequence[Deviation], verdicts: Sequence[Verdict]) -> str:
        """Why a suspended training cannot continue yet; junctions that have drifted must be stable again.

        References are measured again afterwards, so deviations from the old ones do not matter.
        """
        before, self._before = self._before, found
        stuck = [f"{junction_label(k)} ({verdict})" for k, verdict in enumerate(verdicts) if verdict is not Verdict.AP]
        if stuck:
            return f"{', '.join(stuck)} not reset"
        if before is not None and (moving := self._moving(before, found)):
            return f"junctions have changed since the last look: {_listed(moving)} ({self._limit})"
        return self.check_field()

    def accept_references(self, found: Iterable[Deviation]) -> None:
        """Store the deviations right after measuring references as the misfit of the fitted law, not drift."""
        self._misfit_ua = {one.junction: one.away_ua for one in found if one.is_beyond(0.0)}

    def _moving(self, before: Sequence[Deviation], found: Sequence[Deviation]) -> Iterable[Deviation]:
        """Junctions that changed since ``before``; a chip is not measured while it drifts."""
        pairs = zip(before, found, strict=True)
        return [now.since(was) for was, now in pairs if self._is_too_far(now.since(was), subtract_misfit=False)]

    def _is_too_far(self, deviation: Deviation, subtract_misfit: bool = True) -> bool:
        misfit_ua = self._misfit_ua.get(deviation.junction, 0.0) if subtract_misfit else 0.0
        share = self._settings.reference_drift_percent / 100
        return deviation.is_beyond(self._settings.reference_drift_ua, misfit_ua) or (
            deviation.share > share and abs(deviation.away_mv) > LEAST_MV
        )

    @property
    def _limit(self) -> str:
        return f"limits {self._settings.reference_drift_ua:.6g} uA and {self._settings.reference_drift_percent:.6g} %"


def _listed(found: Iterable[Deviation]) -> str:
    return ", ".join(map(str, found))
