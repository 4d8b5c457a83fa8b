"""Every set of samples that presentations took, one after another, and what was seen in them."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from mtjlab.domain import PerJunction, Reading
from mtjlab.events import InputOutcome, Presented

STAGES = ("input", "reset")
"""Read at the input, or back at zero."""


class Sample(NamedTuple):
    """Voltages of all junctions at a moment, and what they were read for; all numbers count from 0."""

    presentation: int
    input: int
    stage: str
    reading: int
    number: int
    of: Reading
    voltages_mv: PerJunction


def samples_of(presented: Iterable[Presented]) -> Iterator[Sample]:
    """All samples of ``presented``, in the order they were taken."""
    for p, one in enumerate(presented):
        for j, outcome in enumerate(one.outcomes):
            for stage, readings in zip(STAGES, (outcome.readings, outcome.reset_readings), strict=True):
                for r, reading in enumerate(readings):
                    for s, voltages_mv in enumerate(reading.samples_mv):
                        yield Sample(p, j, stage, r, s, reading, voltages_mv)


def read_at_s(outcome: InputOutcome) -> float | None:
    """Bench time at the end of the last reading at the input; None if there is none."""
    return outcome.readings[-1].t_s if outcome.readings else None


def flips(outcome: InputOutcome, way: Literal["ap_to_p", "p_to_ap"]) -> int | None:
    """Changes of state seen at the input; None if nothing was judged there."""
    return getattr(outcome.flips, way) if outcome.verdicts else None
