"""State in which a run left its sources, from the last events in its journal and the notes of its guardian.

Sources count as safe only if one of these says so.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtjlab.errors import RefusedError
from mtjlab.events import OutputsCut, RunStarted
from mtjlab.store import (
    ACTING,
    CONFIRMED,
    NOT_REACHED,
    SAFE_AGAIN,
    Line,
    decode_line,
    first_lines,
    last_lines,
    read_guardian_notes,
    read_request,
)

LAST_EVENTS = 4
"""Number of lines at the end of a journal that may hold the event that the bench went safe."""
FIRST_EVENTS = 4
"""Number of lines at its beginning that may hold the event that the instruments are connected; none was set before."""
WITHOUT_BENCH = ("redetected", "recovered_from")
"""Keys of ``run.toml`` of a run that had no bench: it is derived from the readings of another run."""
WENT_SAFE, CUT, CONNECTED = "went-safe", "outputs-cut", "bench-connected"
OFF = "outputs off"
"""Beginning of a guardian's note if all outputs are off, but not all were at zero."""
NO_BENCH, IN_PROCESS, INSTRUMENTS = "", "simulated", "instruments"
AT_ZERO = "all sources at zero, outputs off"


@dataclass(frozen=True, slots=True)
class SourcesLeft:
    """Whether outputs may still be on, and the state of the sources as text.

    ``is_settled`` is False while a guardian may still act. ``briefly`` is the text to show beside a message that says
    already that the guardian did not succeed.
    """

    may_be_on: bool
    text: str
    is_settled: bool = True
    briefly: str = ""

    def text_beside(self, message: str) -> str:
        """Text on the sources to show after ``message``; empty if ``message`` contains it already."""
        if self.text in message:
            return ""
        return self.briefly if self.briefly and NOT_REACHED in message else self.text


def sources_left(folder: Path) -> SourcesLeft | None:
    """State in which the finished run in ``folder`` left its sources; None if it had none."""
    if notes := read_guardian_notes(folder):
        return _from_guardian(notes, _request(folder))
    try:
        begun, last = first_lines(folder, FIRST_EVENTS + 1), last_lines(folder, LAST_EVENTS)
    except RefusedError:
        begun, last = [None], []
    for line in reversed(last):
        if line.type in (WENT_SAFE, CUT):
            return SourcesLeft(False, AT_ZERO if line.type == WENT_SAFE else _cut_text(folder, line))
    request = _request(folder)
    kind = _kind_of_bench(folder, begun, request)
    if kind == NO_BENCH:
        return None
    if kind == IN_PROCESS:
        return SourcesLeft(False, "its junctions were simulated in process")
    if len(begun) <= FIRST_EVENTS and all(line and line.type != CONNECTED for line in begun):
        return SourcesLeft(False, "it had not switched any output on")
    text = f"{_may_be_on(request)}: its sources were not confirmed at zero. {_remedy(request)}"
    return SourcesLeft(True, text, is_settled=False)


def _from_guardian(notes: tuple[str, ...], request: dict[str, Any]) -> SourcesLeft:
    if notes[-1].startswith(CONFIRMED):
        return SourcesLeft(False, notes[-1].removeprefix(CONFIRMED))
    acted = "; ".join(one.removeprefix(ACTING) for one in notes if one.startswith(ACTING))
    why = f"its guardian acted ({acted})" if acted else "its guardian acted"
    if notes[-1].startswith(SAFE_AGAIN):
        because = f" because {acted}" if acted else ""
        return SourcesLeft(False, f"gone safe by its guardian{because}: {notes[-1].removeprefix(SAFE_AGAIN)}")
    if notes[-1].startswith(OFF):
        return SourcesLeft(False, f"{why}: {notes[-1]}")
    if notes[-1].startswith(ACTING):
        text = f"{_may_be_on(request)}: {why} and did not report the result. {_remedy(request)}"
        return SourcesLeft(True, text, is_settled=False)
    may_be_on, remedy = _may_be_on(request), _remedy(request)
    text = f"{may_be_on}: {why}: {notes[-1]} {remedy}"
    return SourcesLeft(True, text, briefly=f"{may_be_on}. {remedy}")


def _cut_text(folder: Path, line: Line) -> str:
    try:
        return decode_line(folder, line, OutputsCut).told
    except RefusedError:
        return OFF


def _request(folder: Path) -> dict[str, Any]:
    try:
        return read_request(folder)
    except RefusedError:
        return {}


def _kind_of_bench(folder: Path, begun: list[Line | None], request: dict[str, Any]) -> str:
    """Kind of the bench; instruments if that is not known."""
    if any(key in request.get("run", {}) for key in WITHOUT_BENCH):
        return NO_BENCH
    if (kind := request.get("bench", {}).get("kind")) is not None:
        return str(kind)
    try:
        return decode_line(folder, begun[0], RunStarted).bench.kind if begun and begun[0] else INSTRUMENTS
    except RefusedError:
        return INSTRUMENTS


def _may_be_on(request: dict[str, Any]) -> str:
    return "outputs may still be ON" + (" (of simulated instruments)" if request.get("run", {}).get("simulate") else "")


def _remedy(request: dict[str, Any]) -> str:
    run = request.get("run", {})
    if run.get("simulate"):
        return "Simulated instruments stop automatically."
    return f"`mtjlab safe --bench {run.get('bench_file', 'FILE')}` switches them off, or do it at the instruments."
