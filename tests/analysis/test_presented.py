"""What presentations tell of critical currents."""

import numpy as np
import pytest

from mtjlab.analysis.critical import estimate_critical
from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.legs import held_passages
from mtjlab.analysis.passage import Course, Passage
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.domain import Verdict

AP, P = Verdict.AP, Verdict.P


def test_each_junction_carried_its_control_current_and_the_input() -> None:
    told = held_passages((-500.0, -380.0), [(700.0, 0.1, (AP, P))])
    assert told == (
        (Passage(True, "never", survived=Course((200.0,), (0.1,))),),
        (Passage(True, "switched", switched_in=Course((320.0,), (0.1,))),),
    )


def test_what_was_not_decided_or_not_read_tells_nothing() -> None:
    held = [(700.0, 0.1, (Verdict.UNDECIDED, Verdict.PARTIAL)), (700.0, 0.0, (AP, AP)), (700.0, 0.1, ())]
    assert held_passages((-500.0, -500.0), held) == ((), ())


def test_presentations_around_a_threshold_find_the_law() -> None:
    law, rng = SwitchingLaw(224.0, 4.3), np.random.default_rng(5)
    inputs_ua = np.repeat(np.arange(700.0, 745.0, 2.5), 20)
    switched = rng.random(len(inputs_ua)) < law.probability(inputs_ua - 500.0, 0.1)
    held = [(float(i), 0.1, (P if s else AP,)) for i, s in zip(inputs_ua, switched, strict=True)]
    found = estimate_critical(held_passages((-500.0,), held)[0])
    assert isinstance(found, CriticalEstimate)
    assert 224.0 in found.mean_interval
    assert 4.3 in found.spread_interval
    assert found.mean_error_ua == pytest.approx(0.4, abs=0.3)
