"""A recorded instrument: it answers from the traffic of a real one, in the order of that traffic."""

from collections.abc import Generator, Sequence

from instruments.simulated.terminals import Time
from instruments.simulated.vocabulary.instrument import ScpiInstrument
from instruments.traffic import Exchange


class PlayedInstrument(ScpiInstrument):
    """Answers a message as it was answered the next time that it was sent, after as long.

    Where it was not sent again, the traffic is searched from its beginning; what was never sent has no answer.
    """

    maker = model = firmware = "recorded"

    def __init__(self, exchanges: Sequence[Exchange], time: Time, speed: float) -> None:
        super().__init__("", time)
        self._exchanges = exchanges
        self._speed = speed
        self._next = 0

    def execute(self, message: str) -> Generator[float, None, str]:
        """Wait as long as it took, and give the recorded reply; empty if there was none."""
        found = self._find(message)
        if found is None or found.came is None:
            return ""
        yield self.time.now_s + found.took_s * self._speed
        return found.came.strip()

    def _find(self, message: str) -> Exchange | None:
        """The next exchange that began with this message."""
        every = len(self._exchanges)
        for n in (*range(self._next, every), *range(self._next)):
            exchange: Exchange = self._exchanges[n]
            if exchange.sent.strip() == message:
                self._next = n + 1
                return exchange
        return None
