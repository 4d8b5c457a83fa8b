"""Probes: inputs held one after another, each seen or not."""

import pytest

from mtjlab.analysis.passage import Course, Passage, probe_passage
from mtjlab.domain import Verdict

LOW, MIDDLE, HIGH = (Course((input_ua,), (0.1,)) for input_ua in (430.0, 690.0, 720.0))
NOTHING = Course()


def together(*courses: Course) -> Course:
    return Course(
        tuple(current for course in courses for current in course.currents_ua),
        tuple(duration for course in courses for duration in course.durations_s),
    )


@pytest.mark.parametrize(
    ("seen", "passage"),
    [
        ("AP AP AP", Passage(True, "never", together(LOW, MIDDLE, HIGH))),
        ("P P P", Passage(True, "switched", NOTHING, LOW)),
        ("AP P P", Passage(True, "switched", LOW, MIDDLE)),
        ("AP undecided P", Passage(True, "switched", LOW, together(MIDDLE, HIGH))),
        ("undecided AP P", Passage(True, "switched", together(LOW, MIDDLE), HIGH)),
        ("partial partial partial", Passage(True, "never", NOTHING)),
        ("AP AP undecided", Passage(True, "never", together(LOW, MIDDLE))),
    ],
)
def test_a_junction_switched_after_it_was_last_seen_antiparallel(seen: str, passage: Passage) -> None:
    assert probe_passage([LOW, MIDDLE, HIGH], [Verdict(word) for word in seen.split()]) == passage
