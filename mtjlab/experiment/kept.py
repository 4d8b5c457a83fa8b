"""What a run comes to while it goes on, so that its journal need not be read again for what is saved beside it."""

import logging
from collections.abc import Callable

from mtjlab.events import Event, happened
from mtjlab.procedures.kind import Seen
from mtjlab.record import Record

log = logging.getLogger(__name__)


class Kept:
    """A viewer that folds the events it sees."""

    def __init__(self, seen: Seen | None) -> None:
        self.state, self.seen = Record(), seen

    def see(self, event: Event) -> None:
        """Take one event in."""
        self.state.take(event)
        if self.seen is not None:
            self.seen.take(happened(event))

    def save(self, write: Callable[[Record, Seen | None], object]) -> None:
        """Save something of the run beside its journal, if that can be done; the journal holds it all the same."""
        try:
            write(self.state, self.seen)
        except OSError as error:
            log.warning("beside the journal nothing can be saved (%s)", error)
        except Exception:
            log.exception("what the run has learnt cannot be saved beside its journal, which holds it all the same")
