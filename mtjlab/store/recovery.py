"""What can be saved of a damaged journal: every sound line, and a mark where one was lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mtjlab.events import EventLost
from mtjlab.store.folder import JOURNAL
from mtjlab.store.lines import Line, parsed, written
from mtjlab.store.reading import journal_in


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many events were saved, how many were lost, and the lines of the damaged file that were not sound."""

    saved: int
    lost: int
    damaged_lines: tuple[int, ...]


def recover_journal(damaged: Path, into: Path) -> Recovered:
    """Write into the folder ``into`` what is sound of the journal in ``damaged``, byte for byte.

    Where numbers are missing an ``EventLost`` stands for each event. A line that is no longer in its place (its number
    has been before) is left out. A torn last line is not an event.

    Raises:
        RefusedError: there is no journal in ``damaged``.
    """
    texts = [text for text in journal_in(damaged).read_bytes().splitlines(keepends=True) if text.endswith(b"\n")]
    lines = [parsed(text) for text in texts]
    saved = lost = 0
    with (into / JOURNAL).open("xb") as file:
        for text, is_saved in _repaired(lines):
            file.write(text)
            saved, lost = saved + is_saved, lost + (not is_saved)
    return Recovered(saved, lost, tuple(number for number, line in enumerate(lines, 1) if line is None))


def _repaired(lines: list[Line | None]) -> Iterator[tuple[bytes, bool]]:
    n, last_sound = 0, 0
    for number, line in enumerate(lines, 1):
        if line is None or line.n < n:
            continue
        while n < line.n:
            yield written(n, EventLost(min(last_sound + 1, number))), False
            n, last_sound = n + 1, last_sound + 1
        yield line.text, True
        n, last_sound = n + 1, number
    for number in range(last_sound + 1, len(lines) + 1):
        if lines[number - 1] is None:
            yield written(n, EventLost(number)), False
            n += 1
