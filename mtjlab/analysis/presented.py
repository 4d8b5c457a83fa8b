"""What presentations tell of critical currents: each input was held for a while, and each junction switched or not."""

from collections.abc import Sequence

from mtjlab.analysis.legs import Course, Passage
from mtjlab.domain import PerJunction, Verdict


def held_passage(current_ua: float, held_s: float, verdict: Verdict) -> Passage | None:
    """What a held current tells of one junction; None where nothing was decided."""
    course = Course((current_ua,), (held_s,))
    match verdict:
        case Verdict.P:
            return Passage(rising=True, outcome="switched", switched_in=course)
        case Verdict.AP:
            return Passage(rising=True, outcome="never", survived=course)
        case _:
            return None


def held_passages(
    controls_ua: PerJunction, held: Sequence[tuple[float, float, Sequence[Verdict]]]
) -> tuple[tuple[Passage, ...], ...]:
    """Passages ``[junction][presentation]`` of inputs held: (input in uA, for how long in s, verdicts)."""
    return tuple(
        tuple(
            passage
            for input_ua, held_s, verdicts in held
            if held_s and verdicts and (passage := held_passage(control_ua + input_ua, held_s, verdicts[k]))
        )
        for k, control_ua in enumerate(controls_ua)
    )
