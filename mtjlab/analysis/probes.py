"""What a probe tells of each junction: it held some inputs one after another, and at each it was seen or not."""

from collections.abc import Sequence

from mtjlab.analysis.legs import Course, Passage
from mtjlab.domain import Verdict


def probe_passage(inputs_ua: Sequence[float], held_s: Sequence[float], verdicts: Sequence[Verdict]) -> Passage:
    """The passage, in inputs, of a junction that was reset before the first of ``inputs_ua``, each held for ``held_s``.

    Where a verdict is neither P nor AP, the junction may have switched there or at the inputs after it, until one is.
    """
    waited: list[tuple[float, float]] = []
    since: list[tuple[float, float]] = []
    for input_ua, duration_s, verdict in zip(inputs_ua, held_s, verdicts, strict=True):
        since.append((input_ua, duration_s))
        if verdict is Verdict.P:
            return Passage(rising=True, outcome="switched", survived=_course(waited), switched_in=_course(since))
        if verdict is Verdict.AP:
            waited += since
            since = []
    return Passage(rising=True, outcome="never", survived=_course(waited))


def _course(segments: Sequence[tuple[float, float]]) -> Course:
    return Course(tuple(input_ua for input_ua, _ in segments), tuple(duration_s for _, duration_s in segments))
