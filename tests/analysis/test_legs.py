"""What readings along a leg tell of a junction: the interval of its switch, with all that it carried meanwhile."""

from collections.abc import Sequence

import numpy as np
import pytest

from mtjlab.analysis.legs import passages, seen_states
from mtjlab.analysis.passage import Course, Passage
from mtjlab.config import DetectorSettings
from mtjlab.detection.detector import VERDICTS
from mtjlab.detection.references import JunctionReference
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import Interval, Reading, Verdict

CODES = {"A": VERDICTS.index(Verdict.AP), "P": VERDICTS.index(Verdict.P), "?": VERDICTS.index(Verdict.UNDECIDED)}
REFERENCE = JunctionReference(
    ResistanceLaw(1100.0, 1.2, 500.0, 0.1), 0.5, 0.05, 0.05, Interval(-500, 400), Interval(-500, 400)
)
APERTURE_S = 0.02


def readings_at(inputs_ua: Sequence[float], every_s: float = 0.05, control_ua: float = -500.0) -> list[Reading]:
    return [
        Reading(round((n + 1) * every_s, 6), input_ua, (control_ua + input_ua,), ((0.0,), (0.0,)))
        for n, input_ua in enumerate(inputs_ua)
    ]


def passage(states: str, rising: bool = True, inputs_ua: Sequence[float] | None = None) -> Passage:
    inputs_ua = [700.0 + 5 * n for n in range(len(states))] if inputs_ua is None else inputs_ua
    codes = np.array([[CODES[state]] for state in states], dtype=np.int8)
    ((found,),) = passages(readings_at(inputs_ua), codes, [(0, rising)] * len(states), APERTURE_S)
    return found


def approx(course: Course) -> Course:
    return Course(pytest.approx(course.currents_ua), pytest.approx(course.durations_s))


def test_a_switch_lies_between_the_moments_that_two_readings_show() -> None:
    """Half an aperture before a reading ends; the next input stands from the end of the reading before."""
    found = passage("AAAPP")
    assert found.outcome == "switched"
    assert found.survived == approx(Course((200, 205, 210), (0.01, 0.05, 0.04)))
    assert found.switched_in == approx(Course((210, 215), (0.01, 0.04)))
    assert found.threshold_ua == 212.5


def test_readings_that_are_undecided_widen_the_interval() -> None:
    assert passage("AA?P").switched_in == approx(Course((205, 210, 215), (0.01, 0.05, 0.04)))
    assert passage("??AP").switched_in == approx(Course((210, 215), (0.01, 0.04)))
    assert passage("AAP??").switched_in == passage("AAPPP").switched_in


def test_a_leg_without_a_switch_tells_what_was_survived() -> None:
    found = passage("AAA?")
    assert found.outcome == "never"
    assert found.survived == approx(Course((200, 205, 210), (0.01, 0.05, 0.04)))
    assert found.switched_in == Course()
    assert found.threshold_ua is None


@pytest.mark.parametrize("states", ["PPP", "PAP", "?PP", "???"])
def test_a_leg_that_began_after_the_switch_or_unseen_tells_nothing(states: str) -> None:
    assert passage(states) == Passage(rising=True, outcome="already")


def test_a_switch_right_after_the_first_reading_has_survived_nothing() -> None:
    found = passage("APP")
    assert found.survived == Course()
    assert found.switched_in == approx(Course((200, 205), (0.01, 0.04)))


def test_the_first_switch_counts_where_a_junction_hops_back() -> None:
    assert passage("AAPAP").switched_in == passage("AAPPP").switched_in


def test_on_a_falling_leg_the_parallel_state_waits() -> None:
    found = passage("PPAA", rising=False, inputs_ua=[450, 445, 440, 435])
    assert found.outcome == "switched"
    assert found.switched_in == approx(Course((-55, -60), (0.01, 0.04)))


def test_legs_are_told_apart_by_repetition_and_direction() -> None:
    inputs_ua, states = [700, 705, 710, 710, 705, 700] * 2, "AAPPPA" * 2
    codes = np.array([[CODES[state]] * 2 for state in states], dtype=np.int8)
    readings = [
        Reading(r.t_s, r.input_ua, (r.currents_ua[0], r.currents_ua[0] + 40), r.samples_mv)
        for r in readings_at(inputs_ua)
    ]
    legs = [(repetition, rising) for repetition in (0, 1) for rising in (True, False) for _ in range(3)]
    by_junction = passages(readings, codes, legs, APERTURE_S)
    assert [[found.rising for found in junction] for junction in by_junction] == [[True, False, True, False]] * 2
    assert [found.threshold_ua for found in by_junction[0]] == [207.5, 202.5, 207.5, 202.5]
    assert [found.threshold_ua for found in by_junction[1]] == [247.5, 242.5, 247.5, 242.5]


def test_the_nearer_level_is_the_state_in_the_middle_of_the_last_aperture() -> None:
    parallel_mv, antiparallel_mv = REFERENCE.levels_mv(224.0)
    shares = [0.0, 0.4, 0.6, 1.0]
    readings = [
        Reading(0.05, 724.0, (224.0,), ((antiparallel_mv,), (parallel_mv + x * (antiparallel_mv - parallel_mv),)))
        for x in shares
    ]
    readings += [
        Reading(0.05, 505.0, (5.0,), ((9.0,), (9.0,))),  # dead band
        Reading(0.05, 724.0, (224.0,), ((900.0,), (900.0,))),  # open
    ]
    states = seen_states([REFERENCE], readings, DetectorSettings())
    assert [VERDICTS[code] for code in states[:, 0]] == [
        Verdict.P,
        Verdict.P,
        Verdict.AP,
        Verdict.AP,
        Verdict.UNDECIDED,
        Verdict.UNDECIDED,
    ]
