"""Every set of samples that presentations took, one after another."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias, get_args

from mtjlab.domain import PerJunction, Reading
from mtjlab.events import Presented

Stage: TypeAlias = Literal["input", "reset"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""Read at the input, or back at zero."""


class Sample(NamedTuple):
    """Voltages of all junctions at a moment, and what they were read for; all numbers count from 0."""

    presentation: int
    input: int
    stage: Stage
    reading: int
    number: int
    of: Reading
    voltages_mv: PerJunction


def samples_of(presented: Iterable[Presented]) -> Iterator[Sample]:
    """All samples of ``presented``, in the order they were taken."""
    for p, one in enumerate(presented):
        for j, outcome in enumerate(one.outcomes):
            for stage, readings in (("input", outcome.readings), ("reset", outcome.reset_readings)):
                for r, reading in enumerate(readings):
                    for s, voltages_mv in enumerate(reading.samples_mv):
                        yield Sample(p, j, stage, r, s, reading, voltages_mv)
