"""What passages leave possible, carried to other ramps and to probabilities."""

import numpy as np
import pytest

from mtjlab.analysis.critical import estimate_critical
from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.passage import Course, Passage
from mtjlab.analysis.possible import PossibleLaws, possible_laws
from mtjlab.analysis.switching_law import SwitchingLaw


def ramps(thresholds_ua: list[float], step_ua: float = 1.0, step_s: float = 0.01) -> list[Passage]:
    """Fine staircases from 600 uA on, each seen to switch at a threshold."""
    courses = [tuple(np.arange(600.0, ua, step_ua).tolist()) for ua in thresholds_ua]
    return [
        Passage(True, "switched", Course(course, (step_s,) * len(course)), Course((ua,), (step_s,)))
        for ua, course in zip(thresholds_ua, courses, strict=True)
    ]


def estimated(passages: list[Passage]) -> CriticalEstimate:
    found = estimate_critical(passages)
    assert isinstance(found, CriticalEstimate)
    return found


def width_on(laws: PossibleLaws, ramp_ua_per_s: float) -> float:
    """Of the interval of the mean on a ramp."""
    low, high = laws.interval(lambda law: np.array([law.at_ramp(ramp_ua_per_s).mean_ua]))
    return float(high[0] - low[0])


def test_on_the_reference_ramp_they_are_the_interval_of_the_mean() -> None:
    passages = ramps([712.0, 718.0, 721.0, 724.0, 725.0, 727.0])
    found = estimated(passages)
    low, high = possible_laws(passages, found).interval(lambda law: np.array([law.mean_ua]))
    assert low[0] == pytest.approx(found.mean_interval.low_ua, abs=0.5)
    assert high[0] == pytest.approx(found.mean_interval.high_ua, abs=0.5)


def test_the_mean_on_the_ramp_that_was_driven_is_known_better_than_on_one_far_from_it() -> None:
    passages = ramps([712.0, 718.0, 723.0, 724.0], step_s=0.2)  # 5 uA/s
    laws = possible_laws(passages, estimated(passages))
    assert width_on(laws, 5.0) < 0.7 * width_on(laws, 100.0)


def test_an_interval_leaves_out_a_fortieth_at_either_end() -> None:
    laws = PossibleLaws(tuple(SwitchingLaw(float(n), 4.0) for n in range(1000)), np.full(1000, 1e-3))
    low, high = laws.interval(lambda law: np.array([law.mean_ua, -law.mean_ua]))
    assert low == pytest.approx([25, -975], abs=1)
    assert high == pytest.approx([975, -25], abs=1)
