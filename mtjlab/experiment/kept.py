"""The state of a run while it goes on, so that its journal need not be read again for what is saved beside it."""

from collections.abc import Callable
from contextlib import suppress

from mtjlab.events import Event
from mtjlab.run_state import RunState, after, latest


class Kept:
    """A viewer that folds the events it sees."""

    def __init__(self) -> None:
        self.state = RunState()

    def see(self, event: Event) -> None:
        """Take one event in."""
        self.state = latest(after(self.state, event))

    def save(self, write: Callable[[RunState], object]) -> None:
        """Save something of the run beside its journal, if there is room; the journal holds it all the same."""
        with suppress(OSError):
            write(self.state)
