"""What a probe tells of each junction: it held some inputs one after another, and at each it was seen or not."""

from collections.abc import Sequence

from mtjlab.analysis.legs import Course, Passage
from mtjlab.domain import Verdict


def probe_passage(courses: Sequence[Course], verdicts: Sequence[Verdict]) -> Passage:
    """The passage, in inputs, of a junction that was reset before the first of ``courses``, and seen after each.

    Where a verdict is neither P nor AP, the junction may have switched there or in the courses after it, until one is.
    """
    survived = since = Course()
    for course, verdict in zip(courses, verdicts, strict=True):
        since = _joined(since, course)
        if verdict is Verdict.P:
            return Passage(rising=True, outcome="switched", survived=survived, switched_in=since)
        if verdict is Verdict.AP:
            survived, since = _joined(survived, since), Course()
    return Passage(rising=True, outcome="never", survived=survived)


def _joined(one: Course, other: Course) -> Course:
    return Course(one.currents_ua + other.currents_ua, one.durations_s + other.durations_s)
