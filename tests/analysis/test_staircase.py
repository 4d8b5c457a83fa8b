"""What the law says of a staircase, against the hazard of its steps one by one."""

import numpy as np
import pytest

from mtjlab.analysis.passage import Course, Passage
from mtjlab.analysis.staircase import Staircase, staircase_of
from mtjlab.analysis.switching_law import SwitchingLaw

EARLY_S = 0.01
UP = SwitchingLaw(724.0, 4.3)
DOWN = SwitchingLaw(152.0, 3.0, rising=False)


@pytest.mark.parametrize("law", [UP, DOWN])
@pytest.mark.parametrize("step_ua", [0.5, 5.0, 20.0])
def test_a_junction_has_switched_by_a_current_as_the_hazard_of_all_steps_so_far_says(
    law: SwitchingLaw, step_ua: float
) -> None:
    towards = 1 if law.rising else -1
    currents_ua = law.mean_ua + towards * step_ua * np.arange(-200, 3)
    durations_s = np.full(len(currents_ua), 0.05)
    durations_s[-1] -= EARLY_S
    exact = -np.expm1(-np.sum(law.rate_per_s(currents_ua) * durations_s))
    staircase = Staircase(step_ua, 0.05, EARLY_S)
    assert staircase.switched_by(law, currents_ua[-1:])[0] == pytest.approx(exact, rel=1e-6)


def test_fine_steps_are_a_ramp() -> None:
    fine = Staircase(0.01, 0.0001, 0.0)
    assert fine.ramp_ua_per_s == pytest.approx(100)
    assert fine.switched_by(UP, np.array([UP.mean_ua])) == pytest.approx(1 - np.exp(-np.exp(-np.euler_gamma)), abs=1e-3)


def test_the_steps_that_were_driven_are_told_by_the_courses() -> None:
    course = Course((700.0, 705.0, 710.0, 715.0), (0.01, 0.05, 0.05, 0.04))
    told = staircase_of([Passage(rising=True, outcome="already"), Passage(True, "never", course)], EARLY_S)
    assert told == Staircase(5.0, 0.05, EARLY_S)


def test_inputs_held_one_at_a_time_are_no_staircase() -> None:
    held = Passage(rising=True, outcome="switched", switched_in=Course((710.0,), (0.09,)))
    assert staircase_of([held], EARLY_S) is None
