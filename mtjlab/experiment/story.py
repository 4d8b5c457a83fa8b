"""The story of a run: its request, its history and its warnings."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtjlab.config import NETWORK
from mtjlab.counted import counted
from mtjlab.events import Event
from mtjlab.reading import Translation, event_of
from mtjlab.runs.notes import NOTES
from mtjlab.store import (
    CONFIRMED,
    GUARDIAN,
    is_file,
    is_there,
    read_guardian_notes,
    read_request,
    timed_lines,
    torn_bytes,
)

MOST_OF_A_KIND = 5


@dataclass(frozen=True, slots=True)
class Story:
    """``asked`` as ``run.toml`` has it; ``history`` and ``warnings`` as sentences, with seconds since the start."""

    asked: dict[str, Any]
    history: tuple[tuple[float, str], ...]
    warnings: tuple[tuple[float | None, str], ...]


def story(folder: Path) -> Story:
    """The story of the run in ``folder``.

    Raises:
        RefusedError: ``folder`` is no run folder, or its journal is damaged.
    """
    history: list[tuple[float, str]] = []
    warnings: list[tuple[float | None, str]] = []
    kinds: Counter[str] = Counter()
    for at_s, event in _events(folder):
        sentence = event.sentence
        kinds[event.type] += bool(sentence) and event.is_trouble
        if not sentence:
            continue
        if event.is_trouble:
            if kinds[event.type] <= MOST_OF_A_KIND:
                warnings.append((at_s, sentence))
        elif not event.is_routine:
            history.append((at_s, sentence))
    more = [(None, f"{n - MOST_OF_A_KIND} more of the kind {kind}") for kind, n in kinds.items() if n > MOST_OF_A_KIND]
    return Story(read_request(folder), tuple(history), (*warnings, *more, *_of_folder(folder)))


def _events(folder: Path) -> Iterator[tuple[float, Event]]:
    translation = Translation()
    for since_start_s, line in timed_lines(folder):
        for event in translation.of(event_of(folder, line)):
            yield since_start_s, event


def _of_folder(folder: Path) -> Iterator[tuple[None, str]]:
    torn = torn_bytes(folder)
    if torn:
        lost = f"{counted(torn, 'byte')} of an event that was being written"
        yield None, f"the last line of the journal is torn ({lost}); dropped"
    for name in (GUARDIAN, NETWORK, NOTES):
        if is_there(folder / name) and not is_file(folder / name):
            yield None, f"{folder / name}: is not a regular file, so it was not read"
    for said in read_guardian_notes(folder):
        yield None, said.removeprefix(CONFIRMED) if said.startswith(CONFIRMED) else f"guardian: {said}"
