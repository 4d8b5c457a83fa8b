"""Looks at the junctions that belong to no presentation: probes of an adaptive map, whether all are reset, by hand."""

from collections.abc import Iterator
from typing import NamedTuple

from mtjlab.domain import Reading, Verdict
from mtjlab.events import ResetFailed, ResetVerified, SourceMoved
from mtjlab.export.record import Record
from mtjlab.procedures.switching_map.events import Probed

KINDS = ("probe", "after-probe", "reset-verified", "reset-failed", "looked-again", "by-hand", "quick-look")
"""Back at zero after a probe; all reset; one not reset; a suspended run that looked whether it can go on; by hand;
before and while a source was moved alone, to see what is wrong."""


class Looked(NamedTuple):
    """Readings at one input, and what they show; ``number`` is that of the probe, of the attempt, or of the look.

    ``series``, ``applied_s`` and ``until_s`` (since and until when the input stood) are those of a probe, and None of
    any other.
    """

    kind: str
    number: int
    input_ua: float
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    series: int | None = None
    applied_s: float | None = None
    until_s: float | None = None


def probes(record: Record) -> Iterator[Looked]:
    """Every input of every probe, in turn, and zero after it."""
    for number, probe in enumerate(record.measured.state.each(Probed)):
        for step in probe.steps:
            stood = probe.series, step.applied_s, step.until_s
            yield Looked("probe", number, step.input_ua, step.readings, step.verdicts, *stood)
        yield Looked("after-probe", number, 0.0, probe.reset_readings, probe.reset_verdicts, probe.series)


def resets(record: Record) -> Iterator[Looked]:
    """Every look at zero input whether the junctions are reset."""
    for event in record.measured.resets:
        if isinstance(event, SourceMoved):
            for reading in (event.before, event.moved):
                yield Looked("quick-look", event.source + 1, 0.0, (reading,), ())
            continue
        number = event.attempt if isinstance(event, ResetVerified | ResetFailed) else event.look
        yield Looked(event.type, number, 0.0, event.readings, event.verdicts)


def by_hand(record: Record) -> Iterator[Looked]:
    """Every look while somebody turned the currents."""
    for number, read in enumerate(record.measured.by_hand):
        yield Looked("by-hand", number, read.readings[-1].input_ua, read.readings, read.verdicts)
