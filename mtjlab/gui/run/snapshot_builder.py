"""Build snapshots of a run from the lines of its journal, in memory that does not grow with the presentations."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mtjlab.domain import FieldReport, InstrumentReport, JoinedReading
from mtjlab.events import (
    CurveTaken,
    Event,
    FieldSet,
    InputOutcome,
    OutputsOn,
    Presented,
    ResetFailed,
    SweepPoint,
    TakenOver,
    original_event,
)
from mtjlab.extent import ProgressMeter
from mtjlab.gui.look.formatting import with_symbols
from mtjlab.gui.run.snapshot import JudgedReading, LogEntry, Pace, ReadingEvent, Snapshot, TokenResult, run_info
from mtjlab.gui.run.sweep import Sweep
from mtjlab.gui.run.switching_history import SwitchingHistory
from mtjlab.procedures.manual.events import JunctionsRead, RequestPlanned, RequestRefused
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained
from mtjlab.procedures.training.state import TrainingState
from mtjlab.reading import Translation, event_of
from mtjlab.record import Record
from mtjlab.store import Line, RunClock, lines_before

MAX_JUDGED = 240
MAX_LOG_ENTRIES = 5000
PRESENTED = "presented"
LINES_BEFORE_MARK = 400
"""Lines read again before a mark: they contain a measurement of the recognition."""
JUDGED_AT_ONCE = 24
"""Presentations of a batch whose readings are shown; more would be replaced before they are seen."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Place in the journal where a step was completed, with the tallies up to there."""

    position: int
    line: int
    at: datetime
    tallies: Mapping[str, int]


class SnapshotBuilder:
    """Collects from the lines of a journal what the views draw."""

    def __init__(self, folder: Path) -> None:
        self.state, self.learnt = Record(), TrainingState()
        self._folder = folder
        self._translation = Translation()
        self._info = run_info(folder)
        self._meter, self._kind_state = self._info.meter, self._info.kind_state
        self._marks: dict[int, Mark] = {}
        self.position = self.lines = 0
        """Bytes and lines of the journal that were added."""
        self._last = ""
        self._at: datetime | None = None
        self._clock, self._since_start_s = RunClock(folder), 0.0
        self._pace_from: tuple[float, float] | None = None
        self._sweep = Sweep()
        self._switching = SwitchingHistory()
        self._judged: deque[JudgedReading] = deque(maxlen=MAX_JUDGED)
        self._log: deque[LogEntry] = deque(maxlen=MAX_LOG_ENTRIES)
        self._token_results: list[TokenResult] = []
        self._latest: ReadingEvent | None = None
        self._read_at: datetime | None = None
        self._answers: dict[str, str | None] = {}
        self._instruments: tuple[InstrumentReport, ...] = ()
        self._field: FieldReport | None = None
        self._refused: RequestRefused | None = None

    def take(self, lines: Sequence[Line], is_drawn: bool = True) -> None:
        """Add the next ``lines``; where not ``is_drawn``, more lines follow before anything is drawn.

        Raises:
            RefusedError: a line cannot be decoded by this version.
        """
        presented = [k for k, line in enumerate(lines) if line.type == PRESENTED]
        judged_from = presented[-JUDGED_AT_ONCE:][0] if presented and is_drawn else len(lines)
        for k, line in enumerate(lines):
            self._since_start_s = self._clock.take(line, lines[k + 1] if k + 1 < len(lines) else None)
            for event in self._translation.of(event_of(self._folder, line)):
                self._take_event(line, event, k >= judged_from)
            self.position += line.length
            self.lines = line.n + 1
        if lines:
            self._at = lines[-1].at
            self._last = next((line.type for line in reversed(lines) if not line.is_taken), self._last)

    @property
    def snapshot(self) -> Snapshot:
        """Snapshot after the lines added so far."""
        return Snapshot(
            info=self._info,
            state=self.state,
            learnt=self.learnt,
            lines=self.lines,
            last=self._last,
            at=self._at,
            sweep=self._sweep,
            switching=self._switching,
            judged=self._judged,
            token_results=self._token_results,
            latest=self._latest,
            read_at=self._read_at,
            answers=self._answers,
            log=self._log,
            instruments=self._instruments,
            field=self._field,
            pace=self._pace(),
            kind_state=self._kind_state,
            progress_text=str(self._meter) if self._meter else "",
            awaits_references=self._meter is not None and self._meter.awaits_references,
            refused=self._refused,
        )

    def at_step(self, step: int) -> Snapshot:
        """Return the snapshot at which ``step`` was complete and its recognition measured, before the next step.

        Raises:
            RefusedError: the journal no longer exists.
        """
        if step >= self.learnt.step:
            return self.snapshot
        mark = self._marks.get(step)
        state, learnt = self.state.before_end(mark.tallies if mark else {}), self.learnt.at_step(step)
        if mark is None:  # a step of the run that this one resumes
            return replace(
                self.snapshot, state=state, learnt=learnt, judged=(), latest=None, answers={}, log=(), pace=None
            )
        before = SnapshotBuilder(self._folder)
        before.take(lines_before(self._folder, mark.position, LINES_BEFORE_MARK))
        return replace(
            self.snapshot,
            state=state,
            learnt=learnt,
            lines=mark.line + 1,
            at=mark.at,
            judged=before._judged,
            latest=before._latest,
            read_at=before._read_at,
            answers=before._answers,
            log=[entry for entry in self._log if entry.n <= mark.line],
            pace=None,
        )

    def _take_event(self, line: Line, event: Event, is_judged: bool) -> None:
        if isinstance(event, StepTrained) and self.learnt.step not in self._marks:
            self._mark(self.position, line.n - 1, line.at)
        self.state.take(event)
        self.learnt.take(original_event(event))
        if self._meter:
            self._take_meter(self._meter, event)
        if self._kind_state:
            self._kind_state.take(original_event(event))
        if isinstance(event, RecognitionMeasured):
            self._mark(self.position + line.length, line.n, line.at)
        self._add_log_entry(line, event)
        before = self._latest
        if isinstance(event, Presented):
            self._take_presented(event, is_judged)
        elif isinstance(event, TakenOver):
            self._take_over(event.event)
        else:
            self._take_bench(event)
            self._take_reading(event)
        if self._latest is not before:
            self._read_at = line.at

    def _take_over(self, event: Event) -> None:
        if isinstance(event, Presented):
            self._token_results.append(TokenResult.of(event))
        elif isinstance(event, CurveTaken | Probed):
            self._switching.take(event)

    def _take_bench(self, event: Event) -> None:
        """Add instruments, field and refused manual requests."""
        match event:
            case OutputsOn():
                self._instruments = event.instruments
            case FieldSet():
                self._field = FieldReport(event.field_mt, event.how)
            case RequestPlanned() | RequestRefused():
                self._refused = event if isinstance(event, RequestRefused) else None

    def _take_reading(self, event: Event) -> None:
        """Add readings and switching of the junctions."""
        match event:
            case CurveTaken() | Probed():
                self._switching.take(event)
            case SweepPoint():
                self._latest = event
                self._sweep.take(event)
                self._judged.append(JudgedReading(event.reading, ()))
            case JunctionsRead():
                self._latest = event
                self._sweep.take_by_hand(event.readings[-1])
                self._judged.append(JudgedReading(event.readings[-1], event.verdicts))
            case ResetFailed():
                self._latest = event
                self._judged.append(JudgedReading(event.readings[-1], event.verdicts))
            case _ if event.shows is not None:
                verdicts, junctions = event.all_verdicts, len(event.shows.currents_ua)
                self._latest = JudgedReading(event.shows, verdicts if len(verdicts) == junctions else ())
                self._judged.append(self._latest)

    def _take_meter(self, meter: ProgressMeter, event: Event) -> None:
        before = meter.share if self._pace_from is None else None
        meter.take(event)
        if before is not None and meter.share != before and not isinstance(event, TakenOver):
            self._pace_from = self._since_start_s, meter.share

    def _take_presented(self, presented: Presented, is_judged: bool) -> None:
        self._latest = presented
        if presented.purpose == "recognition":
            self._answers[presented.token.name] = presented.recognised_as
        elif presented.purpose != "training":
            self._token_results.append(TokenResult.of(presented))
        if is_judged:
            self._judged.extend(_judged(presented))

    def _add_log_entry(self, line: Line, event: Event) -> None:
        if text := event.sentence:
            self._log.append(LogEntry(line.n, line.at, self._since_start_s, with_symbols(text), event.is_trouble))

    def _mark(self, position: int, line: int, at: datetime) -> None:
        self._marks[self.learnt.step] = Mark(position, line, at, self.state.tallies)

    def _share(self) -> float:
        return self._meter.share if self._meter else 0.0

    def _pace(self) -> Pace | None:
        return None if self._pace_from is None else Pace(*self._pace_from, self._since_start_s, self._share())


def _judged(presented: Presented) -> Iterator[JudgedReading]:
    if presented.is_parallel:
        yield from _judged_together(presented.outcomes)
        return
    for outcome in presented.outcomes:
        for readings, verdicts in (
            (outcome.reset_readings, outcome.reset_verdicts),
            (outcome.readings, outcome.verdicts),
        ):
            if readings:
                yield JudgedReading(readings[-1], verdicts)


def _judged_together(outcomes: Sequence[InputOutcome]) -> Iterator[JudgedReading]:
    """Readings of all junctions of parallel chains."""
    for each in (
        [(outcome.reset_readings, outcome.reset_verdicts) for outcome in outcomes],
        [(outcome.readings, outcome.verdicts) for outcome in outcomes],
    ):
        if all(readings for readings, _ in each):
            whole = JoinedReading.of_chains([readings[-1] for readings, _ in each])
            yield JudgedReading(whole, tuple(verdict for _, verdicts in each for verdict in verdicts))
