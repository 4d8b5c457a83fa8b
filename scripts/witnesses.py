"""What others saw of a run, against its journal: a follower that read along, and the simulators' own log."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from instruments.simulated.log_reading import read_log, safe_since_s
from mtjlab.bench import MV_DECIMALS, MV_PER_V
from mtjlab.domain import Reading
from mtjlab.events import Event, Presented, ResetVerified

LEVELS_OF_A_PRESENTATION = 4
"""Input A, none, input B, none: a presentation reads at no more levels of source 1."""
SAFE_WITHIN_S = 15.0
"""What a guardian on a busy machine may take, before a source counts as left on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a voltmeter answered when it was asked for a reading (mV), and what source 1 then drove (A)."""

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
    """All that each voltmeter answered, by the log of the simulators."""
    told: dict[str, list[Answer]] = {}
    asked: set[str] = set()
    level_a = 0.0
    for line in read_log(log):
        kind, role = line["kind"], line.get("role", "")
        if kind == "currents":
            level_a = line["sources_a"][0]
        elif kind == "in" and role.startswith("voltmeter") and "READ?" in line["text"]:
            asked.add(role)
        elif kind == "out" and role in asked:
            asked.remove(role)
            samples = tuple(round(float(text) * MV_PER_V, MV_DECIMALS) for text in line["text"].split(","))
            told.setdefault(role, []).append(Answer(samples, level_a))
    return dict(sorted(told.items()))


def missing_readings(log: Path, events: Sequence[Event], ended: bool) -> list[str]:
    """What voltmeters answered and ``events`` do not hold, but for a presentation or point that was not complete.

    A run that ``ended`` holds all of it.
    """
    sweeping = not any(isinstance(event, Presented | ResetVerified) for event in events)
    allowed = 0 if ended else 1 if sweeping else LEVELS_OF_A_PRESENTATION
    complaints = []
    for k, (role, told) in enumerate(answers(log).items()):
        kept = [sample[k] for event in events for reading in readings_in(event) for sample in reading.samples_mv]
        answered = [(sample, answer.level_a) for answer in told for sample in answer.samples_mv]
        if kept != [sample for sample, _ in answered[: len(kept)]]:
            complaints.append(f"{role}: the journal does not hold what it answered")
        rest = len(list(groupby(level_a for _, level_a in answered[len(kept) :])))
        if rest > allowed:
            complaints.append(f"{role}: it answered at {rest} levels after the last reading that the journal holds")
    return complaints


def missing_events(kept: Sequence[Event], seen: Sequence[Event]) -> list[str]:
    """What a follower had ``seen`` and a journal does not hold any more."""
    if list(kept[: len(seen)]) == list(seen):
        return []
    return [f"a follower had read {len(seen)} events, and the journal of {len(kept)} does not hold them all"]


def is_left_on(log: Path) -> bool:
    """Whether, by the log of the simulators, a source stays on; waits for as long as a guardian may need."""
    end_s = time.monotonic() + SAFE_WITHIN_S
    while was_ever_on(log) and safe_since_s(log) is None:
        if time.monotonic() > end_s:
            return True
        time.sleep(0.1)
    return False


def was_ever_on(log: Path) -> bool:
    """Whether an output was on at any time."""
    return any(line["kind"] == "output" and line["on"] for line in read_log(log))
