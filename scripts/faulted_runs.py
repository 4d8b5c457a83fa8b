"""Runs that meet a fault: what each must do about it, and what is wrong with what it did."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from faulted_engine import CONNECTING, GOING_SAFE, PHASES, SWEEP
from followed_engine import PATIENCE_S, PROJECT
from journal_checks import cuts, highest_ua, is_left_on, readings_lost, strikes

from instruments.simulated.faults import ONLY_AT_START, parse_fault
from mtjlab.benches.simulators import LOG
from mtjlab.errors import RefusedError
from mtjlab.events import CauseNamed, Event, LookedAgain, RunEnded, Suspended, WiringChecked
from mtjlab.reading import read_events
from mtjlab.store import read_guardian_notes, read_request

SPEED = 500
LINK_TIMEOUT_S = 1.0
DRIFTING = 50.0
"""A program that takes its time must not make a junction drift by much meanwhile."""
HOPPING = 10.0
"""A junction that hops a hundred times a second keeps the simulators busy: at 500 times the pace they fall behind."""
SLOW = 5.0
"""How long a reading takes can only be seen where messages take less."""
IDLE_S = 0.1 * SPEED
"""In bench time: sources J2 and J3 are idle for longer in a sweep, voltmeters in a pause."""
TOO_LATE_S = 1.5 * LINK_TIMEOUT_S * SPEED
"""In bench time: a reply after more than the timeout of the link, which is in the time of the clock."""
DONE, STOPPED, FAILED = 0, 3, 4
WARNS = re.compile("not safe|still on|could not even|not known|without confirmation", re.IGNORECASE)
"""What an operator must read where a source may still be on."""


@dataclass(frozen=True, slots=True)
class Case:
    """A fault, and what a run must do about it.

    ``noticed_in`` are phases in which it must fail, or pause, with a word about the part; in all others it may as well
    be done. One that ``passes`` must end no run. ``can_be_safe`` is False if the source cannot be switched off any
    more; that must be reported. ``elsewhere`` is True for what leads currents where nobody asked for them, whatever
    the engine does. It can only be met ``within`` these phases, at this ``speed``.
    """

    fault: str
    noticed_in: tuple[str, ...] = ()
    passes: bool = False
    can_be_safe: bool = True
    elsewhere: bool = False
    within: tuple[str, ...] = PHASES
    speed: float = SPEED

    @property
    def part(self) -> str:
        """What is at fault, as messages should name it."""
        target = self.fault.partition(":")[0]
        return target.removeprefix("junction ") if " " in target else target.removesuffix("s")

    @property
    def phases(self) -> tuple[str, ...]:
        """In which phases it can strike."""
        return (CONNECTING,) if parse_fault(self.fault).kind in ONLY_AT_START else self.within


MEASURING = tuple(phase for phase in PHASES if phase != GOING_SAFE)
"""Going safe needs no voltmeter, and a source that delivers nothing, or less, is at zero."""
RUNNING = tuple(phase for phase in MEASURING if phase != CONNECTING)
"""A fault that is there from the start cannot be distinguished from another bench."""
CASES = (
    Case("source J1:no-reply", PHASES),
    Case("source J1:no-reply=1"),
    Case("source J1:garbage", PHASES),
    Case("source J1:garbage=1"),
    Case(f"source J1:late-reply={TOO_LATE_S:g},1"),
    Case("source J1:disconnect", PHASES, can_be_safe=False),
    Case(f"source J1:disconnect={TOO_LATE_S:g}"),
    Case(f"source J2:closes-idle={IDLE_S:g}", passes=True),
    Case("source J1:wrong-identity", (CONNECTING,)),
    Case("source J1:armed", MEASURING),
    Case("source J1:refuses-level", MEASURING),
    Case("source J1:refuses-level=1"),
    Case("source J1:refuses-settings", PHASES, can_be_safe=False),
    Case("source J2:gain=0.9", RUNNING, elsewhere=True),
    Case("source J2:on-node=J3", MEASURING, elsewhere=True),
    Case("source J2:reversed", MEASURING, elsewhere=True),
    Case("source J2:dead-output", MEASURING, elsewhere=True),
    Case("source J1:output-off", RUNNING, elsewhere=True),
    Case("source J2:output-off", RUNNING, elsewhere=True),
    Case("source J2:level-changed=-300", RUNNING, elsewhere=True),
    Case("source J1:output-found-on=-200"),
    Case("source J1:ignores-compliance"),
    Case("source J2:settling=0.005"),
    Case("sources:settling=0.005"),
    Case("sources:swapped=J2,J3", MEASURING, elsewhere=True),
    Case("voltmeter J2:no-reply", MEASURING),
    Case("voltmeter J2:no-reply=1", passes=True),
    Case("voltmeter J2:garbage", MEASURING),
    Case("voltmeter J2:garbage=1", passes=True),
    Case(f"voltmeter J2:late-reply={TOO_LATE_S:g},1", passes=True),
    Case("voltmeter J2:disconnect", MEASURING),
    Case(f"voltmeter J2:disconnect={TOO_LATE_S:g}"),
    Case(f"voltmeter J2:closes-idle={IDLE_S:g}", passes=True),
    Case("voltmeter J2:wrong-identity", (CONNECTING,)),
    Case("voltmeter J2:stuck", MEASURING),
    Case("voltmeter J2:gain=0.5", RUNNING),
    Case("voltmeter J1:short-aperture", MEASURING, within=(CONNECTING, SWEEP), speed=SLOW),
    Case("voltmeter J2:reversed", MEASURING),
    Case("voltmeter J2:on-junction=J3", MEASURING),
    Case("voltmeters:swapped=J1,J2", MEASURING),
    Case("junction J2:short", MEASURING),
    Case("junction J2:open", MEASURING),
    Case("junction J2:drift=0,60", speed=DRIFTING),
    Case("junction J2:back-hopping", speed=HOPPING),
)


ENDED, SAFE, NAMED, KEPT = ASPECTS = ("ended as it must", "bench safe", "message names the part", "nothing lost")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run with a fault in ``phase`` ended; what is wrong with that, by aspect; what the operator read."""

    case: Case
    phase: str
    ended: str
    wrong: tuple[tuple[str, str], ...]
    text: str


def carried_out(place: Path, case: Case, phase: str, bench: Path, plan: Path) -> Outcome:
    """Let a training meet the fault, and judge what it did."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]),
        "XDG_STATE_HOME": str(place / "state"),
    }
    line = command(place, case, phase, impatient(place, bench), plan)
    process = subprocess.Popen(line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        _, err = process.communicate(timeout=PATIENCE_S)
        code: int | None = process.returncode
    except subprocess.TimeoutExpired:
        process.kill()
        _, err = process.communicate()
        code = None
    folders = [path.parent for path in (place / "runs").glob(f"*/*/{LOG}")]
    if not folders:
        return Outcome(case, phase, _ending(code), ((KEPT, "no run folder was left"),), err.strip())
    return judged(folders[0], case, phase, code, err.strip())


def impatient(place: Path, bench: Path) -> Path:
    """A copy of a bench file with a short patience for replies."""
    text = re.sub(r"(?m)^timeout_s = .*$", f"timeout_s = {LINK_TIMEOUT_S}", bench.read_text(encoding="utf-8"))
    copy = place / bench.name
    copy.write_text(text, encoding="utf-8")
    return copy


def command(place: Path, case: Case, phase: str, bench: Path, plan: Path) -> list[str]:
    """What starts a training that meets the fault of ``case`` in ``phase``; one at the start checks its wiring."""
    runs = str(place / "runs")
    early = ["--check", "--fault", case.fault] if phase == CONNECTING else []
    simulated = ["--simulate", "--speed", str(case.speed), "--confirm-shorted", *early]
    training = ["train", "--bench", str(bench), "--plan", str(plan), *simulated, "--runs", runs, "--quiet", "--json"]
    return [sys.executable, str(PROJECT / "scripts" / "faulted_engine.py"), runs, phase, case.fault, *training]


def judged(folder: Path, case: Case, phase: str, code: int | None, err: str) -> Outcome:
    """What is wrong with a run that ended with exit ``code`` and ``err`` on standard error."""
    events: list[Event] = []
    wrong: list[tuple[str, str]] = []
    try:
        events += read_events(folder)
    except RefusedError as error:
        wrong.append((KEPT, f"the journal cannot be read: {error}"))
    text = _operator_text(folder, events, err)
    log = folder / LOG
    wrong += [(ENDED, defect) for defect in _wrong_ends(case, phase, code, log)]
    wrong += [(SAFE, defect) for defect in (*_unsafe(case, text, log), *_unreported_cuts(code, text, log))]
    wrong += [(SAFE, defect) for defect in _harm(case, folder, log)]
    wrong += [(NAMED, defect) for defect in _wrong_words(case, code, text)]
    wrong += [(KEPT, defect) for defect in (*_no_final_event(events), *readings_lost(log, events))]
    return Outcome(case, phase, _ending(code), tuple(wrong), text)


def _wrong_ends(case: Case, phase: str, code: int | None, log: Path) -> Iterator[str]:
    if not strikes(log):
        yield "it never came as far as the fault"
    if code not in (DONE, STOPPED, FAILED):
        yield "it did not end" if code is None else f"it ended with exit code {code}"
    if code == DONE and phase in case.noticed_in:
        yield "it went on as if nothing had happened"
    if code != DONE and case.passes:
        yield "it ended for what had passed"


def _unsafe(case: Case, text: str, log: Path) -> Iterator[str]:
    if is_left_on(log) and (case.can_be_safe or not WARNS.search(text)):
        yield f"a source was left on{'' if case.can_be_safe else ', and nobody said so'}"


def _unreported_cuts(code: int | None, text: str, log: Path) -> Iterator[str]:
    for role, level_ua in cuts(log):
        if code == DONE or " cut " not in text:
            yield f"{role} was switched off at {level_ua:.0f} uA, and nobody said so"


def _harm(case: Case, folder: Path, log: Path) -> Iterator[str]:
    most_ua = read_request(folder)["bench"]["limits"]["junction_current_max_ua"]
    if not case.elsewhere and (highest := highest_ua(log)) > most_ua:
        yield f"a junction carried {highest:.0f} uA"


def _wrong_words(case: Case, code: int | None, text: str) -> Iterator[str]:
    if code != DONE and not is_named(case.part, text):
        yield f"nobody named {case.part}"
    if "Traceback" in text:
        yield "the operator was shown a traceback"


def is_named(part: str, text: str) -> bool:
    """Whether ``text`` names a part. Readings do not distinguish a junction from its voltmeter."""
    target, _, label = part.partition(" ")
    either = target == "voltmeter" and re.search(rf"\b{label}\b.*: junction, or its voltmeter", text)
    return part.lower() in text.lower() or bool(either)


def _no_final_event(events: Sequence[Event]) -> Iterator[str]:
    if not events or not isinstance(events[-1], RunEnded):
        yield "the journal has no final event"


def _operator_text(folder: Path, events: Sequence[Event], err: str) -> str:
    """All that the operator reads of the wiring, of pauses, and of the end."""
    checked = [event for event in events if isinstance(event, WiringChecked)]
    texts = [f"{finding.role}: {finding.measured}" for event in checked for finding in event.mistakes]
    texts += [event.reason for event in events if isinstance(event, Suspended | RunEnded)]
    texts += [event.cause for event in events if isinstance(event, Suspended)]
    texts += [event.still for event in events if isinstance(event, LookedAgain)]
    texts += [event.told for event in events if isinstance(event, CauseNamed)]
    texts += [err] if "Traceback" in err or not events else []  # otherwise it repeats the final event of the journal
    return "\n".join(filter(None, dict.fromkeys([*texts, *read_guardian_notes(folder)])))


def _ending(code: int | None) -> str:
    return {DONE: "done", STOPPED: "paused", FAILED: "failed", None: "hung"}.get(code, f"code {code}")
