"""Small run folders, written without any bench, and what can become of a file."""

import os
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import psutil
from hypothesis import strategies as st

from mtjlab.detection.flips import Flips
from mtjlab.domain import ControlCurrents, Reading, SwitchingConfiguration, Verdict
from mtjlab.errors import RefusedError
from mtjlab.events import (
    ControlsPlanned,
    CurveTaken,
    EncodedToken,
    Event,
    InputOutcome,
    Presented,
    Progress,
    RunEnded,
    SweepPoint,
    SwitchingMeasured,
    TakenOver,
    TokensEncoded,
    WentSafe,
    WiringChecked,
    original_event,
)
from mtjlab.events.codec import encoded
from mtjlab.events.runs import COUNTED
from mtjlab.learning import LearningStep
from mtjlab.procedures.classify.events import TokensClassified
from mtjlab.procedures.handing_over import HandedOver
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained
from mtjlab.procedures.training.state import TrainingState
from mtjlab.record import Record
from mtjlab.store import HEARTBEAT, JOURNAL, REQUEST, Journal, read_request, write_request
from tests.support.samples import ENCODING, STARTED

ALL_AP = (Verdict.AP,) * 3
READING = Reading(1.25, 550.0, (50.0, 50.0, 50.0), ((120.0, 55.5, 0.1 + 0.2),) * 2)
OUTCOME = InputOutcome(
    550.0, (READING,), (Verdict.AP, Verdict.P, Verdict.AP), 1, Flips(), (READING,), ALL_AP
)  # fmt: skip
TOKENS = (EncodedToken("w01ih", "ih", "train", (550.0, 300.0)), EncodedToken("w01uw", "uw", "test", (300.0, 550.0)))
PRESENTED = Presented(1, "training", TOKENS[0], 1, (OUTCOME, OUTCOME), SwitchingConfiguration((1, 1)), "ih")
START = ControlCurrents.uniform(-500.0, 3, 2)
MOVES = ((10.0, 0.0, 0.0), (0.0, 0.0, -10.0))


def controls_after(step: int) -> ControlCurrents:
    """Control currents of the synthetic training."""
    return START.moved([[step * move for move in row] for row in MOVES])


def step_of_training(step: int) -> list[Event]:
    """Present, learn, move, measure: all of one step."""
    learning = LearningStep(((1, 0, 0), (0, 0, -1)), MOVES)
    return [
        replace(PRESENTED, step=step),
        StepTrained(10.0 * step, step, learning, controls_after(step)),
        ControlsPlanned(10.0 * step, step, controls_after(step), ()),
        RecognitionMeasured(10.0 * step + 1, step, 0.5 + step / 10, 0.25, (("ih", "ih", 1),), (("uw", None, 1),)),
    ]


BEGIN: list[Event] = [
    STARTED,
    ControlsPlanned(0.0, 0, START, ()),
    SweepPoint(0, rising=True, reading=READING, purpose="reference"),
    TokensEncoded(5.0, ENCODING, TOKENS),
    RecognitionMeasured(6.0, 0, 0.5, 0.25, (("ih", "ih", 1),), (("uw", None, 1),)),
]
END: list[Event] = [WentSafe(99.0, (0.0, -0.0, 1e-300)), RunEnded("finished", "")]
TRAINING: list[Event] = [*BEGIN, *step_of_training(1), *step_of_training(2), *END]
"""Two steps of a training of two tokens."""
UNFINISHED = TRAINING[:-2]


def written(folder: Path, events: list[Event]) -> bytes:
    """The journal of ``events`` in ``folder``, and its bytes."""
    with Journal(folder) as journal:
        for event in events:
            journal.append(event)
    return (folder / JOURNAL).read_bytes()


GONE = {"pid": 2**22 + 1, "process_created_s": 1.0}
"""No process of Linux, and hardly one of any other system."""


def alive() -> dict[str, Any]:
    """The process of the test, as a run folder names it."""
    return {"pid": os.getpid(), "process_created_s": psutil.Process().create_time()}


def run_folder(folder: Path, events: list[Event], asked: dict[str, Any] | None = None, **run: Any) -> Path:
    """The folder of a run whose process is gone, unless ``run`` says otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    table = {"id": "2026-11-23/0001-train", "procedure": "train", "host": socket.gethostname(), **GONE, **run}
    write_request(folder, {"run": table, **(asked or {})})
    written(folder, events)
    return folder


def abandoned(folder: Path) -> Path:
    """The same folder, as if the process that made it were gone."""
    asked = read_request(folder)
    write_request(folder, {**asked, "run": {**asked["run"], **GONE}})
    (folder / HEARTBEAT).unlink(missing_ok=True)
    return folder


def cut_after(folder: Path, events: int, into: Path) -> Path:
    """A copy of a run folder whose process was killed after so many events."""
    into.mkdir(parents=True)
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    (into / JOURNAL).write_bytes(b"".join(lines[:events]))
    (into / REQUEST).write_bytes((folder / REQUEST).read_bytes())
    return abandoned(into)


Result = TypeVar("Result")


def tried(read: Callable[[], Result]) -> tuple[Result | None, str]:
    """What ``read`` gives, or the sentence with which it refuses; any other exception fails the test."""
    try:
        return read(), ""
    except RefusedError as error:
        return None, str(error)


Kind = Literal["cut", "byte", "line", "newline"]


@dataclass(frozen=True)
class Damage:
    """What becomes of a file: cut, a byte changed, a line removed, a newline inserted."""

    kind: Kind
    where: float
    flip: int

    def place(self, whole: bytes) -> int:
        """The byte at which it happens; for a removed line, the number of the line from 0."""
        size = whole.count(b"\n") if self.kind == "line" else len(whole)
        return min(int(self.where * size), size - 1)

    def done_to(self, whole: bytes) -> bytes:
        """The file afterwards."""
        at = self.place(whole)
        match self.kind:
            case "cut":
                return whole[:at]
            case "byte":
                return whole[:at] + bytes([whole[at] ^ self.flip]) + whole[at + 1 :]
            case "newline":
                return whole[:at] + b"\n" + whole[at:]
            case "line":
                lines = whole.splitlines(keepends=True)
                return b"".join(lines[:at] + lines[at + 1 :])


def damages(*kinds: Kind) -> st.SearchStrategy[Damage]:
    """Damage of these kinds, anywhere."""
    return st.builds(Damage, st.sampled_from(kinds), st.floats(0, 1), st.integers(1, 255))


PIECES = (CurveTaken, Probed, Presented)


class Folded:
    """All that is known after some events, and every piece that runs are made of."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.record, self.learnt = Record(PIECES), TrainingState()
        for event in events:
            self.record.take(event)
            self.learnt.take(original_event(event))
        self.started, self.ended, self.safe = self.record.started, self.record.ended, self.record.safe
        self.measured, self.suspended, self.cautions = self.record.measured, self.record.suspended, self.record.cautions
        self.checked, self.classified = self.record.last(WiringChecked), self.record.last(TokensClassified)
        self.switching, self.encoded, self.warm = (
            self.record.last(SwitchingMeasured),
            self.learnt.encoded,
            self.learnt.warm,
        )
        self.step, self.controls = self.learnt.step, self.learnt.controls
        self.controls_by_step, self.recognition = self.learnt.controls_by_step, self.learnt.recognition
        self.curves, self.probes = self.record.each(CurveTaken), self.record.each(Probed)
        self.mapped, self.shown = (
            [one for one in self.record.each(Presented) if one.purpose == purpose] for purpose in ("map", "classify")
        )

    def __getattr__(self, name: str) -> int:
        if name not in COUNTED:
            raise AttributeError(name)
        return self.record.tallies[name]

    @property
    def progress(self) -> Progress:
        """All of it as older versions handed it over, as it stands in their journals."""
        return replace(
            self.record.progress,
            encoded=plain(self.encoded),
            warm=plain(self.warm),
            controls_by_step=plain(self.controls_by_step),
            recognition=plain(self.recognition),
            curves=plain(self.curves),
            probes=plain(self.probes),
            mapped=plain(self.mapped),
            shown=plain(self.shown),
            classified=plain(self.classified),
            switching=plain(self.switching),
        )


def plain(thing: Any) -> Any:
    """As it comes back from a journal to one who does not know what it is."""
    told = msgspec.json.decode(encoded(thing))
    return tuple(told) if isinstance(told, list) else told


def folded(events: Iterable[Event]) -> Folded:
    return Folded(events)


def taken_over(handed: HandedOver) -> list[Event]:
    """How a run begins that takes it over."""
    return [replace(STARTED, parent=handed.by), *map(TakenOver, handed.events)]
