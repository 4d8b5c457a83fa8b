"""Error queue and status registers of IEEE 488.2."""

from collections import deque

from instruments.simulated.vocabulary.scpi import ScpiError

POWER_ON, COMMAND_ERROR, EXECUTION_ERROR, DEVICE_ERROR, QUERY_ERROR, OPERATION_COMPLETE = 128, 32, 16, 8, 4, 1
ERROR_AVAILABLE, EVENT_SUMMARY, MASTER_SUMMARY = 4, 32, 64
LONGEST_QUEUE = 10


class Status:
    """Error queue and event registers of one instrument."""

    def __init__(self) -> None:
        self._queue: deque[ScpiError] = deque()
        self._events = POWER_ON
        self.event_enable = 0
        self.service_enable = 0

    def push(self, error: ScpiError) -> None:
        """Add an error to the queue; if it is full, the last entry becomes queue overflow."""
        self._events |= _event_bit(error.code)
        if len(self._queue) < LONGEST_QUEUE:
            self._queue.append(error)
        else:
            self._queue[-1] = ScpiError(-350, "Queue overflow")

    def pop(self) -> ScpiError | None:
        """Remove and return the oldest error."""
        return self._queue.popleft() if self._queue else None

    def operation_complete(self) -> None:
        """Set the operation-complete event."""
        self._events |= OPERATION_COMPLETE

    def take_events(self) -> int:
        """Standard event register, cleared by reading."""
        events, self._events = self._events, 0
        return events

    def byte(self, summary: int) -> int:
        """Status byte, with ``summary`` bits of the instrument's own registers."""
        byte = summary
        byte |= ERROR_AVAILABLE if self._queue else 0
        byte |= EVENT_SUMMARY if self._events & self.event_enable else 0
        return byte | (MASTER_SUMMARY if byte & self.service_enable else 0)

    def clear_queue(self) -> None:
        """Delete all errors."""
        self._queue.clear()

    def clear(self) -> None:
        """Delete all errors and events."""
        self._queue.clear()
        self._events = 0


def _event_bit(code: int) -> int:
    if -200 < code <= -100:
        return COMMAND_ERROR
    if -300 < code <= -200:
        return EXECUTION_ERROR
    if -500 < code <= -400:
        return QUERY_ERROR
    return DEVICE_ERROR
