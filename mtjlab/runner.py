"""The engine's loop: drives any procedure, journals each event before anyone sees it, and always ends safe."""

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
    """Runs procedures into a journal and shows their events to viewers."""

    def __init__(
        self, journal: Journal, stop: StopSwitch, viewers: Sequence[Viewer] = (), clock: WallClock | None = None
    ) -> None:
        self._journal = journal
        self._stop = stop
        self._viewers = list(viewers)
        self._clock = clock

    def run(self, started: Event, procedure: Procedure[Any], safe: Procedure[None]) -> RunEnded:
        """Run ``procedure`` to its end, to a stop or to a fault, then ``safe``, whatever happened.

        An exception that is neither a stop nor a fault is journalled as a failure and raised again.
        """
        if self._clock is not None:
            self._clock.jump()  # what came before belongs to no run
        unforeseen: BaseException | None = None
        ended = RunEnded("finished", "")
        try:
            self._record(started)
            self._drive(procedure)
        except StopRequestedError as stop:
            ended = RunEnded("stopped", str(stop))
        except (BenchFaultError, RefusedError) as fault:
            ended = RunEnded("failed", str(fault))
        except BaseException as error:
            ended, unforeseen = RunEnded("failed", f"{type(error).__name__}: {error}"), error
        ended = self._end(safe, ended)
        if unforeseen is not None:
            raise unforeseen
        return ended

    def _end(self, safe: Procedure[None], ended: RunEnded) -> RunEnded:
        """Go safe first, then say so; a journal that cannot be written any more keeps nobody from being safe."""
        self._stop.shut()
        jumped = self._clock.jump() if self._clock else None
        first: list[Event] = [jumped] if jumped else []
        last: list[Event] = []
        try:
            last += safe
        except Exception as error:
            told = "All sources are safe, but" if _are_safe(last) else "The bench could not be confirmed safe"
            ended = RunEnded("failed", f"{ended.reason} {told}: {error}".strip())
        try:
            for event in (*first, *last):
                self._say_last(event)
            ended = self._as_synced(ended)
            self._say_last(ended)
            ended = self._as_synced(ended)
        except JournalError as error:
            said = (ended.reason, str(error), "All sources are safe." if _are_safe(last) else "")
            ended = RunEnded("failed", " ".join(dict.fromkeys(filter(None, said))))
        return ended

    def _say_last(self, event: Event) -> None:
        self._journal.append_final(event)
        self._show(event)

    def _as_synced(self, ended: RunEnded) -> RunEnded:
        """A run whose last lines may not be on the disk has not simply finished."""
        unsynced = self._journal.unsynced
        if unsynced is None or ended.status == "failed":
            return ended
        return RunEnded("failed", f"{ended.reason} {unsynced}".strip())

    def _drive(self, procedure: Procedure[Any]) -> None:
        for event in procedure:
            self._record(event)
            self._look_at_clock()
            if self._stop.reason is not None:
                self._throw_stop(procedure, self._stop.reason)

    def _throw_stop(self, procedure: Procedure[Any], reason: str) -> None:
        """End the procedure at its present yield, journalling what it still has to say."""
        try:
            self._record(procedure.throw(StopRequestedError(reason)))
            for event in procedure:
                self._record(event)
        except StopIteration:
            pass
        raise StopRequestedError(reason)

    def _look_at_clock(self) -> None:
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
            except (Exception, SystemExit):  # what draws may want to end the program when its terminal goes away
                log.exception("a viewer failed and will not be shown any more; the run goes on")
                self._viewers.remove(viewer)


def _are_safe(last: Sequence[Event]) -> bool:
    return any(isinstance(event, WentSafe) for event in last)
