"""Main loop of the engine: runs a procedure, journals each event before it is shown, and always ends safe."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from mtjlab.errors import BenchFaultError, RefusedError, StopRequestedError
from mtjlab.events import Event, RunEnded, WentSafe
from mtjlab.procedures.types import Procedure
from mtjlab.stopping import StopSwitch
from mtjlab.store import Journal, JournalError
from mtjlab.wall_clock import WallClock

Viewer: TypeAlias = Callable[[Event], None]

log = logging.getLogger(__name__)


class Runner:
    """Runs procedures into a journal and shows their events to viewers.

    ``is_refused``: whether the bench cannot do what was requested, rather than being at fault.
    """

    def __init__(
        self, journal: Journal, stop: StopSwitch, viewers: Sequence[Viewer] = (), clock: WallClock | None = None
    ) -> None:
        self._journal = journal
        self._stop = stop
        self._viewers = list(viewers)
        self._clock = clock
        self.is_refused = False

    def run(self, started: Event, procedure: Procedure[Any], safe: Procedure[None]) -> RunEnded:
        """Run ``procedure`` until it ends, is stopped or fails, then always ``safe``.

        Any other exception is journalled as a failure and raised again.
        """
        if self._clock is not None:
            self._clock.jump()  # discards jumps before the run
        unforeseen: BaseException | None = None
        ended = RunEnded("finished", "")
        try:
            self._record(started)
            self._drive(procedure)
        except StopRequestedError as stop:
            ended = RunEnded("stopped", str(stop))
        except (BenchFaultError, RefusedError) as fault:
            self.is_refused = isinstance(fault, RefusedError)
            ended = RunEnded("failed", str(fault))
        except BaseException as error:
            ended, unforeseen = RunEnded("failed", f"{type(error).__name__}: {error}"), error
        ended = self._end(safe, ended)
        if unforeseen is not None:
            raise unforeseen
        return ended

    def _end(self, safe: Procedure[None], ended: RunEnded) -> RunEnded:
        """Go safe first, then journal it: a journal that cannot be written must not prevent going safe."""
        self._stop.shut()
        jumped = self._clock.jump() if self._clock else None
        first: list[Event] = [jumped] if jumped else []
        last: list[Event] = []
        try:
            last += safe
        except Exception as error:
            outcome = "All sources are safe, but" if _are_safe(last) else "The bench could not be confirmed safe"
            ended = RunEnded("failed", f"{ended.reason} {outcome}: {error}".strip())
        try:
            for event in (*first, *last):
                self._append_final(event)
            ended = self._as_synced(ended)
            self._append_final(ended)
            ended = self._as_synced(ended)
        except JournalError as error:
            texts = (ended.reason, str(error), "All sources are safe." if _are_safe(last) else "")
            ended = RunEnded("failed", " ".join(dict.fromkeys(filter(None, texts))))
        return ended

    def _append_final(self, event: Event) -> None:
        self._journal.append_final(event)
        self._show(event)

    def _as_synced(self, ended: RunEnded) -> RunEnded:
        """Mark the run as failed if its last lines could not be synced to the disk."""
        unsynced = self._journal.unsynced
        if unsynced is None or ended.status == "failed":
            return ended
        return RunEnded("failed", f"{ended.reason} {unsynced}".strip())

    def _drive(self, procedure: Procedure[Any]) -> None:
        for event in procedure:
            self._record(event)
            self._check_clock()
            if self._stop.reason is not None:
                self._throw_stop(procedure, self._stop.reason)

    def _throw_stop(self, procedure: Procedure[Any], reason: str) -> None:
        """Stop the procedure at its current yield, journalling its remaining events."""
        try:
            self._record(procedure.throw(StopRequestedError(reason)))
            for event in procedure:
                self._record(event)
        except StopIteration:
            pass
        raise StopRequestedError(reason)

    def _check_clock(self) -> None:
        if self._clock is not None and (jumped := self._clock.jump()) is not None:
            self._record(jumped)
            self._clock.demand_watched(jumped)

    def _record(self, event: Event) -> None:
        self._journal.append(event)
        self._show(event)

    def _show(self, event: Event) -> None:
        for viewer in list(self._viewers):
            try:
                viewer(event)
            except (Exception, SystemExit):  # a viewer may raise SystemExit when its terminal closes
                log.exception("a viewer failed and was removed; the run continues")
                self._viewers.remove(viewer)


def _are_safe(last: Sequence[Event]) -> bool:
    return any(isinstance(event, WentSafe) for event in last)
