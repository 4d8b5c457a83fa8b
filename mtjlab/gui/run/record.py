"""What the window keeps of a run while it reads its journal: nothing that grows with the number of presentations."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mtjlab.domain import FieldReport, InstrumentReport
from mtjlab.events import (
    CurveTaken,
    Event,
    FieldSet,
    JunctionsRead,
    OutputsOn,
    Presented,
    PresentedGlance,
    Probed,
    RecognitionMeasured,
    ResetFailed,
    RunStarted,
    StepTrained,
    SweepPoint,
    WishPlanned,
    WishRefused,
)
from mtjlab.gui.look.words import with_symbols
from mtjlab.gui.run.done import done
from mtjlab.gui.run.moment import Judged, Moment, Pace, Told, WithReadings, about
from mtjlab.gui.run.sweep import Sweep
from mtjlab.gui.run.switches import Switches
from mtjlab.reading import Unsaid, event_of, glance_of
from mtjlab.run_state import RunState, after, counted, state_at_step
from mtjlab.store import Line, RunClock, lines_before

MOST_JUDGED = 240
MOST_TOLD = 5000
PRESENTED = "presented"
COUNTED = ("training", "recognition")
"""Purposes of presentations of which nothing is kept but their number; maps and classifications are made of theirs."""
READ_BACK = 400
"""Lines before a mark that are read again: a measurement of the recognition and some more."""
READ_WHOLE = 24
"""Presentations that are read whole of as many as come at once: more would be gone before anybody sees them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where in the journal a step was complete, and what had been counted by then."""

    position: int
    line: int
    at: datetime
    presentations: int
    without_configuration: int
    reset_failures: int


class Record:
    """The state of a run and what the views draw beside it, from lines of its journal."""

    def __init__(self, folder: Path) -> None:
        self.state = RunState()
        self._folder = folder
        self._unsaid = Unsaid()
        self._about = about(folder)
        self._marks: dict[int, Mark] = {}
        self._position = self.lines = 0
        self._last = ""
        self._at: datetime | None = None
        self._clock, self._since_start_s = RunClock(folder), 0.0
        self._pace_from: tuple[float, float] | None = None
        self._sweep = Sweep()
        self._switches = Switches()
        self._judged: deque[Judged] = deque(maxlen=MOST_JUDGED)
        self._told: deque[Told] = deque(maxlen=MOST_TOLD)
        self._latest: WithReadings | None = None
        self._answers: dict[str, str | None] = {}
        self._instruments: tuple[InstrumentReport, ...] = ()
        self._field: FieldReport | None = None
        self._refused: WishRefused | None = None

    def take(self, lines: Sequence[Line], is_drawn: bool = True) -> None:
        """Understand ``lines``, which follow those that were taken before; more come before anything ``is_drawn``.

        Raises:
            RefusedError: this version does not know what is in one of them.
        """
        presented = [k for k, line in enumerate(lines) if line.type == PRESENTED]
        whole = presented[-READ_WHOLE:] if is_drawn else []
        whole_from = whole[0] if whole else len(lines)
        glances: list[PresentedGlance] = []
        for k, line in enumerate(lines):
            self._since_start_s = self._clock.take(line, lines[k + 1] if k + 1 < len(lines) else None)
            glance = glance_of(self._folder, line) if line.type == PRESENTED and k < whole_from else None
            if glance is not None and glance.purpose in COUNTED:
                glances.append(self._seen(glance, line))
            else:
                self._count(glances)
                self._take_whole(line)
            self._position += line.length
            self.lines = line.n + 1
        self._count(glances)
        if lines:
            self._at, self._last = lines[-1].at, lines[-1].type

    @property
    def moment(self) -> Moment:
        """The run as it stands now."""
        return Moment(
            about=self._about,
            state=self.state,
            lines=self.lines,
            last=self._last,
            at=self._at,
            sweep=self._sweep,
            switches=self._switches,
            judged=self._judged,
            latest=self._latest,
            answers=self._answers,
            told=self._told,
            instruments=self._instruments,
            field=self._field,
            pace=self._pace(),
            refused=self._refused,
        )

    def at_step(self, step: int) -> Moment:
        """The run as it stood when ``step`` was complete, its recognition measured, and the next not yet learnt.

        Raises:
            RefusedError: there is no journal any more.
        """
        if step >= self.state.step:
            return self.moment
        state, mark = state_at_step(self.state, step), self._marks.get(step)
        if mark is None:  # of a run that this one resumes
            return replace(self.moment, state=state, judged=(), latest=None, answers={}, told=(), pace=None)
        before = Record(self._folder)
        before.take(lines_before(self._folder, mark.position, READ_BACK))
        return replace(
            self.moment,
            state=replace(
                state,
                presentations=mark.presentations,
                without_configuration=mark.without_configuration,
                reset_failures=mark.reset_failures,
            ),
            lines=mark.line + 1,
            at=mark.at,
            judged=before._judged,
            latest=before._latest,
            answers=before._answers,
            told=[told for told in self._told if told.n <= mark.line],
            pace=None,
        )

    def _seen(self, glance: PresentedGlance, line: Line) -> PresentedGlance:
        self._answer(glance)
        if glance.configuration is None:
            self._tell(line, event_of(self._folder, line))
        return glance

    def _count(self, glances: list[PresentedGlance]) -> None:
        if glances:
            self.state = counted(self.state, glances)
            glances.clear()

    def _take_whole(self, line: Line) -> None:
        event = self._unsaid.added(event_of(self._folder, line))
        if isinstance(event, StepTrained) and self.state.step not in self._marks:
            self._mark(self._position, line.n - 1, line.at)
        self.state = after(self.state, event)
        if isinstance(event, RecognitionMeasured):
            self._mark(self._position + line.length, line.n, line.at)
        self._tell(line, event)
        match event:
            case RunStarted():
                for taken in self.state.curves + self.state.probes:
                    self._switches.take(taken)
            case CurveTaken() | Probed():
                self._switches.take(event)
                self._pace_from = self._pace_from or (self._since_start_s, self._share())
            case OutputsOn():
                self._instruments = event.instruments
            case FieldSet():
                self._field = FieldReport(event.field_mt, event.how)
            case SweepPoint():
                self._latest = event
                self._sweep.take(event)
                self._judged.append(Judged(event.reading, ()))
            case WishPlanned() | WishRefused():
                self._refused = event if isinstance(event, WishRefused) else None
            case JunctionsRead():
                self._latest = event
                self._sweep.take_by_hand(event.readings[-1])
                self._judged.append(Judged(event.readings[-1], event.verdicts))
            case ResetFailed():
                self._latest = event
                self._judged.append(Judged(event.readings[-1], event.verdicts))
            case Presented():
                self._latest = event
                self._answer(event)
                self._judged.extend(_judged(event))
                self._pace_from = self._pace_from or (self._since_start_s, self._share())

    def _answer(self, presented: Presented | PresentedGlance) -> None:
        if presented.purpose == "recognition":
            self._answers[presented.token.name] = presented.recognised_as

    def _tell(self, line: Line, event: Event) -> None:
        if told := event.sentence:
            self._told.append(Told(line.n, line.at, self._since_start_s, with_symbols(told), event.is_trouble))

    def _mark(self, position: int, line: int, at: datetime) -> None:
        state = self.state
        self._marks[state.step] = Mark(
            position, line, at, state.presentations, state.without_configuration, state.reset_failures
        )

    def _share(self) -> float:
        if self._about.extent:
            return self._about.extent.share(self.state.presentations)
        counted_so_far = done(self._about, self.state)
        return counted_so_far.share if counted_so_far else 0.0

    def _pace(self) -> Pace | None:
        return None if self._pace_from is None else Pace(*self._pace_from, self._since_start_s, self._share())


def _judged(presented: Presented) -> Iterator[Judged]:
    for outcome in presented.outcomes:
        for readings, verdicts in (
            (outcome.reset_readings, outcome.reset_verdicts),
            (outcome.readings, outcome.verdicts),
        ):
            if readings:
                yield Judged(readings[-1], verdicts)
