"""How a run that is over left its sources, as far as its folder tells: by its last words, and those of its guardian.

Nobody is believed to be safe who did not say so.
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

LAST_WORDS = 4
"""Lines at the end of a journal among which an engine says that it went safe."""
FIRST_WORDS = 4
"""Lines at its beginning among which it says that it found its instruments; before that it wrote to none."""
MADE_OF_ANOTHER = ("redetected", "recovered_from")
"""Keys of ``run.toml`` of a run that had no bench: it is made of another one's readings."""
WENT_SAFE, CUT, CONNECTED = "went-safe", "outputs-cut", "bench-connected"
OFF = "outputs off"
"""So a guardian begins that has switched all off, but not all at zero."""
NO_BENCH, IN_PROCESS, INSTRUMENTS = "", "simulated", "instruments"
AT_ZERO = "all sources at zero, outputs off"


@dataclass(frozen=True, slots=True)
class SourcesLeft:
    """Whether outputs may still be on, and what is known of them, in words.

    ``is_settled`` is False while a guardian may still have something to say. ``briefly`` is what to say where it was
    said already that a guardian did not succeed.
    """

    may_be_on: bool
    told: str
    is_settled: bool = True
    briefly: str = ""

    def beside(self, said: str) -> str:
        """What is left to say of the sources after ``said``; empty if that told it all."""
        if self.told in said:
            return ""
        return self.briefly if self.briefly and NOT_REACHED in said else self.told


def sources_left(folder: Path) -> SourcesLeft | None:
    """How the run in ``folder``, which is over, left its sources; None if it had none."""
    if said := read_guardian_notes(folder):
        return _by_guardian(said, _request(folder))
    try:
        begun, last = first_lines(folder, FIRST_WORDS + 1), last_lines(folder, LAST_WORDS)
    except RefusedError:
        begun, last = [None], []
    for line in reversed(last):
        if line.type in (WENT_SAFE, CUT):
            return SourcesLeft(False, AT_ZERO if line.type == WENT_SAFE else _told(folder, line))
    request = _request(folder)
    kind = _kind_of_bench(folder, begun, request)
    if kind == NO_BENCH:
        return None
    if kind == IN_PROCESS:
        return SourcesLeft(False, "its junctions were simulated in process")
    if len(begun) <= FIRST_WORDS and all(line and line.type != CONNECTED for line in begun):
        return SourcesLeft(False, "it had not switched any output on")
    told = f"{_may_be_on(request)}: nothing says that its sources are at zero. {_remedy(request)}"
    return SourcesLeft(True, told, is_settled=False)


def _by_guardian(said: tuple[str, ...], request: dict[str, Any]) -> SourcesLeft:
    if said[-1].startswith(CONFIRMED):
        return SourcesLeft(False, said[-1].removeprefix(CONFIRMED))
    acted = "; ".join(one.removeprefix(ACTING) for one in said if one.startswith(ACTING))
    why = f"its guardian acted ({acted})" if acted else "its guardian acted"
    if said[-1].startswith(SAFE_AGAIN):
        return SourcesLeft(False, f"{why}: {said[-1].removeprefix(SAFE_AGAIN)}")
    if said[-1].startswith(OFF):
        return SourcesLeft(False, f"{why}: {said[-1]}")
    if said[-1].startswith(ACTING):
        told = f"{_may_be_on(request)}: {why} and did not say how that went. {_remedy(request)}"
        return SourcesLeft(True, told, is_settled=False)
    may_be_on, remedy = _may_be_on(request), _remedy(request)
    told = f"{may_be_on}: {why}: {said[-1]} {remedy}"
    return SourcesLeft(True, told, briefly=f"{may_be_on}. {remedy}")


def _told(folder: Path, line: Line) -> str:
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
    """On what it ran; on instruments where nothing tells."""
    if any(key in request.get("run", {}) for key in MADE_OF_ANOTHER):
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
        return "Simulated instruments end by themselves."
    return f"`mtjlab safe --bench {run.get('bench_file', 'FILE')}` switches them off, or do it at the instruments."
