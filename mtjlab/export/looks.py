"""Looks at the junctions that belong to no presentation: probes of an adaptive map, and looks whether all are reset."""

from collections.abc import Iterator
from typing import NamedTuple

from mtjlab.domain import Reading, Verdict
from mtjlab.events import ResetFailed, ResetVerified
from mtjlab.export.record import Record

KINDS = ("probe", "reset-verified", "reset-failed", "looked-again")
"""The last two: a junction was not reset; a suspended run looked whether it can go on."""


class Looked(NamedTuple):
    """Readings at one input, and what they show; ``number`` is that of the probe, of the attempt, or of the look.

    ``series`` and ``held_until_s`` (until when the input stood) are those of a probe, and None of any other.
    """

    kind: str
    number: int
    input_ua: float
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    series: int | None = None
    held_until_s: float | None = None


def probes(record: Record) -> Iterator[Looked]:
    """Every input of every probe, in turn."""
    for number, probe in enumerate(record.measured.state.probes):
        for step in probe.steps:
            told = (step.reading,), step.verdicts, probe.series, step.until_s
            yield Looked("probe", number, step.input_ua, *told)


def resets(record: Record) -> Iterator[Looked]:
    """Every look at zero input whether the junctions are reset."""
    for event in record.measured.resets:
        number = event.attempt if isinstance(event, ResetVerified | ResetFailed) else event.look
        yield Looked(event.type, number, 0.0, event.readings, event.verdicts)
