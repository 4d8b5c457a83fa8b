"""The story of a run in plain sentences: ``log.txt`` of its folder, for whoever looks after it later."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path

from mtjlab.counted import counted
from mtjlab.domain import ControlCurrents, PerJunction, input_label, junction_label
from mtjlab.events import (
    BenchConnected,
    CalibrationTaken,
    CauseNamed,
    ClockJumped,
    Continued,
    ControlsPlanned,
    CurveTaken,
    Event,
    EventLost,
    FieldSet,
    JunctionsMeasured,
    LookedAgain,
    OutputsCut,
    Presented,
    RecognitionMeasured,
    ResetFailed,
    RunEnded,
    RunStarted,
    StepTrained,
    Suspended,
    SwitchingMeasured,
    TokensClassified,
    TokensEncoded,
    WarmStarted,
    WentSafe,
    WiringChecked,
    WishPlanned,
    WishRefused,
)
from mtjlab.run_status import Standing
from mtjlab.store import opened_to_append

LOG = "log.txt"

log = logging.getLogger(__name__)


class _LogFile(logging.FileHandler):
    """Opens nothing but a regular file."""

    def _open(self) -> TextIOWrapper:
        return TextIOWrapper(opened_to_append(Path(self.baseFilename)), "utf-8", errors="backslashreplace")


@contextmanager
def log_in(folder: Path) -> Iterator[None]:
    """Everything that this program logs meanwhile goes into ``log.txt`` of ``folder``, if that can be written."""
    try:
        handler: logging.Handler = _LogFile(folder / LOG, encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))
    handler.handleError = lambda record: None  # type: ignore[method-assign]  # a full disk is told elsewhere
    house = logging.getLogger("mtjlab")
    level = house.level
    house.addHandler(handler)
    house.setLevel(logging.INFO)
    try:
        yield
    finally:
        house.removeHandler(handler)
        house.setLevel(level)
        with suppress(OSError):
            handler.close()


def tell(event: Event) -> None:
    """A viewer of events that logs what an operator would want to read; how the run ended is told by ``tell_end``."""
    told = sentence(event)
    if told and not isinstance(event, RunEnded):
        log.log(logging.WARNING if is_trouble(event) else logging.INFO, told)


def tell_end(folder: Path, stands: Standing) -> None:
    """Log how the run in ``folder`` ended, and how it left its sources: the last line of its log."""
    is_bad = stands.status == "failed" or stands.may_be_on
    with suppress(OSError), log_in(folder):
        log.log(logging.WARNING if is_bad else logging.INFO, stands.sentence)


def is_trouble(event: Event) -> bool:
    """Whether an event is none of those that a good run is made of."""
    match event:
        case Presented(configuration=None):
            return not event.broken_off
        case ResetFailed() | RunEnded(status="failed"):
            return True
        case Suspended() | ClockJumped() | EventLost() | WishRefused() | OutputsCut():
            return True
        case CauseNamed(part="source" | "wiring"):
            return True
        case ControlsPlanned() | WishPlanned():
            return bool(event.cautions)
        case WiringChecked():
            return bool(event.mistakes)
        case BenchConnected():
            return bool(_found_on(event))
        case StepTrained():
            return bool(event.learning.held)
        case _:
            return False


def sentence(event: Event) -> str:
    """What happened, in one line; empty for what happens all the time."""
    match event:
        case RunStarted():
            learns = f", learns {event.data}" if event.data else ""
            before = _resumes(event) + _judges_again(event)
            return f"{event.run} on {event.bench.name} ({event.bench.kind}){learns}, seed {event.seed}{before}"
        case FieldSet():
            return f"field {event.field_mt:.6g} mT, {event.how}"
        case WiringChecked():
            return f"wiring checked with {event.probe_ua:.6g} uA: {_wiring(event)}"
        case ControlsPlanned():
            return "; ".join(event.cautions)
        case JunctionsMeasured():
            up_ua = ", ".join(f"{up:.1f}" for up in event.critical.up_ua)
            return f"junctions measured: AP -> P at {up_ua} uA with {event.critical.ramp_ua_per_s:.6g} uA/s"
        case CalibrationTaken():
            return f"calibration of {event.device} by {event.run}, of {event.measured_at}"
        case CurveTaken():
            return f"curve {event.repetition + 1} of series {event.series + 1} taken"
        case SwitchingMeasured():
            return f"switching measured from {counted(event.readings, 'reading')}"
        case TokensClassified():
            return f"{counted(len(event.tokens), 'token')} classified: {_classified(event)}"
        case TokensEncoded():
            assigned = ", ".join(f"{label} {configuration}" for label, configuration in event.encoding.configurations)
            return f"encoded: {assigned}" + ("" if event.encoding.proven_optimal else " (not proven optimal)")
        case WarmStarted():
            return (
                f"warm start at {_controls(event.controls)}: train {event.warm.train:.1%}, test {event.warm.test:.1%} "
                f"expected (cold {event.cold.train:.1%}, {event.cold.test:.1%})"
            )
        case Presented() if event.broken_off:
            return f"{event.token.name}, attempt {event.attempt}: broken off; what was read by then counts for nothing"
        case Presented(configuration=None):
            verdicts = "; ".join(" ".join((*o.verdicts, "reset", *o.reset_verdicts)) for o in event.outcomes)
            why = event.disturbed or verdicts or "its inputs would leave the limits, so it was not applied"
            return f"{event.token.name}, attempt {event.attempt}: no configuration ({why})"
        case ResetFailed():
            return f"not reset, look {event.attempt}: {' '.join(event.verdicts)}"
        case StepTrained():
            return f"step {event.step}: controls {_controls(event.controls)}{_held(event)}"
        case RecognitionMeasured():
            return f"recognition at step {event.step}: train {event.train:.1%}, test {event.test:.1%}"
        case WishPlanned():
            cautions = "".join(f"; {caution}" for caution in event.cautions)
            return f"by hand: controls {_row(event.controls_ua)}, input {event.input_ua:.6g} uA{cautions}"
        case WishRefused():
            return f"refused: {event.reason}"
        case Suspended():
            return f"suspended, control currents held, no input: {event.why}"
        case CauseNamed():
            return f"quick look: {event.told} (seen: {event.reason})"
        case LookedAgain():
            return f"look {event.look}: {event.still or 'nothing is wrong any more, junctions are measured anew'}"
        case Continued():
            return f"goes on after {event.after_s:.6g} s of bench time"
        case ClockJumped():
            return _clock(event)
        case EventLost():
            return f"an event is lost: line {event.line} of the journal was damaged"
        case BenchConnected():
            return _found_on(event)
        case OutputsCut():
            return event.told
        case WentSafe():
            return "safe: all sources at zero, outputs off, read back"
        case RunEnded():
            return Standing(event.status, event.reason).sentence
        case _:
            return ""


def _found_on(event: BenchConnected) -> str:
    """What somebody before left on: the bench was ramped down from there before anything else."""
    found = enumerate(event.found_ua)
    on = [f"source {junction_label(k)} at {current:.6g} uA" for k, current in found if current]
    return f"found on, and ramped down: {', '.join(on)}" if on else ""


def _controls(controls: ControlCurrents) -> str:
    rows = enumerate(controls.by_input_ua)
    return " ".join(f"{input_label(j)} {_row(row)}" for j, row in rows) + " uA"


def _row(currents_ua: PerJunction) -> str:
    return f"({', '.join(f'{current:.6g}' for current in currents_ua)})"


def _resumes(event: RunStarted) -> str:
    if event.parent is None:
        return ""
    after_step = f" after step {event.parent.progress.step}" if event.parent.progress.encoded else ""
    return f", resumes {event.parent.run}{after_step}"


def _judges_again(event: RunStarted) -> str:
    source = event.derived_from
    return f", the readings of {source.run} ({source.procedure}) judged again" if source else ""


def _wiring(event: WiringChecked) -> str:
    found = [finding for finding in event.findings if finding.verdict != "ok"]
    told = [f"{finding.role} ({finding.verdict}): {finding.measured}" for finding in found]
    told += [f"or {other.part}: {other.mistake}" for other in event.explanations[1:]]
    return "; ".join(told) or "right"


def _classified(event: TokensClassified) -> str:
    known = [token for token in event.tokens if token.label]
    none = sum(token.recognised_as is None for token in event.tokens)
    right = sum(token.recognised_as == token.label for token in known)
    return f"{right} of {len(known)} that are known rightly, {none} as no class"


def _held(event: StepTrained) -> str:
    names = [f"{junction_label(k)} for {input_label(j)}" for j, k in event.learning.held]
    return f"; held at the edge of the allowed controls: {', '.join(names)}" if names else ""


def _clock(event: ClockJumped) -> str:
    jumped = f"the clock of this computer jumped by {event.by_s:+.6g} s: it was set, or the computer slept"
    unwatched = (
        f"nothing was looked at for {event.unwatched_s:.6g} s: the computer slept, its programs were stopped, or an "
        "instrument or a disk was slow"
    )
    return "; ".join([jumped] * (event.by_s != 0) + [unwatched] * (event.unwatched_s != 0))
