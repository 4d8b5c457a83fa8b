"""Checks of a journal against independent records: events read by a follower, and the log of the simulators."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from instruments.simulated.log_reading import flows, read_log, safe_since_s
from mtjlab.bench import MV_DECIMALS, MV_PER_V, UA_PER_A
from mtjlab.domain import Reading
from mtjlab.events import Event, Presented, ResetVerified, SurveyTaken

LEVELS_OF_A_PRESENTATION = 4
"""Input A, none, input B, none: a presentation reads at no more levels of source 1."""
MOST_GAPS = 2
"""A passing fault interrupts one or two presentations."""
READ = ("READ?", "TRAC:DATA?", "TRACE:DATA?")
SAFE_WITHIN_S = 15.0
"""Time for a guardian on a busy computer, before a source counts as left on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Reply of a voltmeter to a reading query (mV), and the current of source 1 at that time (A)."""

    samples_mv: tuple[float, ...]
    level_a: float


def readings_in(thing: Any) -> Iterator[Reading]:
    """Every reading in an event, in the order in which they were taken."""
    if isinstance(thing, Reading):
        yield thing
    elif isinstance(thing, tuple):
        for item in thing:
            yield from readings_in(item)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from readings_in(getattr(thing, field.name))


def answers(log: Path) -> dict[str, list[Answer]]:
    """Readings of each voltmeter in the log of the simulators."""
    found: dict[str, list[Answer]] = {}
    asked: set[str] = set()
    level_a = 0.0
    for line in read_log(log):
        kind, role = line["kind"], line.get("role", "")
        if kind == "currents":
            level_a = line["sources_a"][0]
        elif kind == "in" and role.startswith("voltmeter") and any(word in line["text"] for word in READ):
            asked.add(role)
        elif kind == "out" and role in asked:
            asked.remove(role)
            with suppress(ValueError):  # what a fault has garbled is no reading
                samples = tuple(round(float(text) * MV_PER_V, MV_DECIMALS) for text in line["text"].split(","))
                found.setdefault(role, []).append(Answer(samples, level_a))
    return dict(sorted(found.items()))


def missing_readings(log: Path, events: Sequence[Event], ended: bool) -> list[str]:
    """Readings of voltmeters that ``events`` lack, except those of an incomplete presentation or point.

    A run that has ``ended`` must hold all of them.
    """
    sweeping = not any(isinstance(event, Presented | ResetVerified) for event in events)
    allowed = 0 if ended else 1 if sweeping else LEVELS_OF_A_PRESENTATION
    complaints = []
    for k, (role, readings) in enumerate(answers(log).items()):
        recorded = [sample[k] for event in events for reading in readings_in(event) for sample in reading.samples_mv]
        answered = [(sample, answer.level_a) for answer in readings for sample in answer.samples_mv]
        if recorded != [sample for sample, _ in answered[: len(recorded)]]:
            complaints.append(f"{role}: the journal does not hold what it answered")
        rest = len(list(groupby(level_a for _, level_a in answered[len(recorded) :])))
        if rest > allowed:
            complaints.append(f"{role}: it answered at {rest} levels after the last reading that the journal holds")
    return complaints


def readings_lost(log: Path, events: Sequence[Event]) -> list[str]:
    """Readings of voltmeters that ``events`` lack, except those interrupted by a fault; and the reverse."""
    complaints = []
    for k, (role, readings) in enumerate(answers(log).items()):
        recorded = list(_samples_mv(events, k))
        left = [(sample, answer.level_a) for answer in readings for sample in answer.samples_mv]
        gaps: list[int] = []
        for sample in recorded:
            place = next((n for n, (other, _) in enumerate(left) if other == sample), None)
            if place is None:
                complaints.append(f"{role}: the journal holds {sample:g} mV, which it never answered")
                break
            gaps.append(_levels(left[:place]))
            left = left[place + 1 :]
        gaps = [levels for levels in (*gaps, _levels(left)) if levels]
        if len(gaps) > MOST_GAPS or any(levels > LEVELS_OF_A_PRESENTATION for levels in gaps):
            complaints.append(f"{role}: the journal leaves out what it answered at {gaps} levels")
    return complaints


def _levels(answered: Sequence[tuple[float, float]]) -> int:
    return len(list(groupby(level_a for _, level_a in answered)))


def _samples_mv(events: Sequence[Event], k: int) -> Iterator[float]:
    """All samples of voltmeter ``k`` in order; a reading that several events contain counts once."""
    seen_s: set[float] = set()
    for event in events:
        if isinstance(event, SurveyTaken):
            yield from (round(sample, MV_DECIMALS) for sample in event.survey.samples_mv[k])
        for reading in readings_in(event):
            if reading.t_s not in seen_s:
                seen_s.add(reading.t_s)
                yield from (sample[k] for sample in reading.samples_mv)


def strikes(log: Path) -> list[str]:
    """Faults that occurred."""
    return [line["fault"] for line in read_log(log) if line["kind"] == "fault"]


def cuts(log: Path) -> list[tuple[str, float]]:
    """Sources that were switched off, by a message, while they drove a current (uA)."""
    found = []
    sources_a: Sequence[float] = ()
    before_a: dict[str, Sequence[float]] = {}
    by_hand_s = -1.0
    for line in read_log(log):
        kind, role = line["kind"], str(line.get("role", "")).partition(",")[0]
        if kind == "currents":
            sources_a = line["sources_a"]
        elif kind == "in":
            before_a[role] = sources_a
        elif kind == "fault":
            by_hand_s = line["t_s"]
        elif kind == "output" and not line["on"] and line["t_s"] != by_hand_s:
            current_a = before_a[role][int(role.rpartition("J")[2]) - 1]
            found += [(role, current_a * UA_PER_A)] if current_a else []
    return found


def highest_ua(log: Path) -> float:
    """Largest current that any junction carried, of either sign."""
    return max((abs(current) * UA_PER_A for flow in flows(log) for current in flow.junctions_a), default=0.0)


def missing_events(recorded: Sequence[Event], seen: Sequence[Event]) -> list[str]:
    """Events that a follower has ``seen`` and that the journal lacks."""
    if list(recorded[: len(seen)]) == list(seen):
        return []
    return [f"a follower had read {len(seen)} events, and the journal of {len(recorded)} does not hold them all"]


def is_left_on(log: Path) -> bool:
    """Whether a source stays on, by the log of the simulators; waits as long as a guardian may need."""
    end_s = time.monotonic() + SAFE_WITHIN_S
    while was_ever_on(log) and safe_since_s(log) is None:
        if time.monotonic() > end_s or has_ended(log):
            return safe_since_s(log) is None
        time.sleep(0.1)
    return False


def has_ended(log: Path) -> bool:
    """Whether the log of the simulators is complete."""
    return any(line["kind"] == "end" for line in read_log(log))


def was_ever_on(log: Path) -> bool:
    """Whether an output was on at any time."""
    return any(line["kind"] == "output" and line["on"] for line in read_log(log))
