"""How a junction switches on a staircase of currents: the pace it was driven at, and what the law says for it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mtjlab.analysis.passage import Passage
from mtjlab.analysis.switching_law import SwitchingLaw, sensitivity_per_ua
from mtjlab.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Staircase:
    """Steps of ``step_ua``, each held for ``step_s``; a reading shows the state ``early_s`` before its step ends."""

    step_ua: float
    step_s: float
    early_s: float

    @property
    def ramp_ua_per_s(self) -> float:
        """The pace on the average."""
        return self.step_ua / self.step_s

    def switched_by(self, law: SwitchingLaw, currents_ua: FloatArray) -> FloatArray:
        """Probability that a junction has switched once the steps have come to each of ``currents_ua``.

        With the rate growing by exp(s step) from step to step, the hazard of all steps before and of this one is a
        geometric series: rate(I) step_s / (1 - exp(-s step)), less what comes after the moment that is read.
        """
        steps_s = self.step_s / -np.expm1(-sensitivity_per_ua(law.spread_ua) * self.step_ua)
        switched: FloatArray = -np.expm1(-law.rate_per_s(currents_ua) * (steps_s - self.early_s))
        return switched


def staircase_of(passages: Iterable[Passage], early_s: float) -> Staircase | None:
    """The steps that were driven, by the medians of all courses; None if no course has two of them."""
    courses = [passage.survived for passage in passages if len(passage.survived.currents_ua) > 2]
    if not courses:
        return None
    steps_ua = np.concatenate([np.abs(np.diff(course.currents_ua)) for course in courses])
    steps_s = np.concatenate([course.durations_s[1:-1] for course in courses])
    return Staircase(float(np.median(steps_ua)), float(np.median(steps_s)), early_s)
