"""One instrument and its line: executes messages in order, and sends replies unless the line has a fault."""

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from math import inf
from typing import Protocol, TypeAlias

from instruments.simulated.terminals import Time
from instruments.simulated.vocabulary.instrument import ScpiInstrument

Answer: TypeAlias = Callable[[bytes], None]
GARBAGE = b"\xa7#\x00?%GARBAGE"
LOOKS_FOR_IDLE = 0.1
"""Interval of the check for idle connections, as a fraction of the idle time."""


class Recorder(Protocol):
    """Receives all messages and replies."""

    def received(self, time_s: float, roles: str, text: str) -> None:
        """A message to an instrument."""

    def sent(self, time_s: float, roles: str, text: str) -> None:
        """A reply of an instrument."""


@dataclass(slots=True)
class Line:
    """Number of next replies that are lost, garbled or ``late_s`` too late; whether the cable is disconnected."""

    lost: float = 0
    garbled: float = 0
    late: float = 0
    late_s: float = 0.0
    cut: bool = False


class Station:
    """Executes messages strictly in order, from all connections.

    A message that takes bench time delays those after it. A reply goes to the connection of its query, if still open.
    """

    def __init__(self, roles: tuple[str, ...], instrument: ScpiInstrument, time: Time, recorder: Recorder) -> None:
        self.roles = roles
        self.instrument = instrument
        self.line = Line()
        self.on_cut: Callable[[], None] = lambda: None
        self.on_idle: Callable[[float], None] = lambda _: None
        self._name = ", ".join(roles)
        self._time = time
        self._recorder = recorder
        self._inbox: deque[tuple[str, Answer]] = deque()
        self._running: Generator[float, None, str] | None = None
        self._last_reply_s = 0.0

    def receive(self, message: str, answer: Answer) -> None:
        """Queue a message; its reply, if any, is passed to ``answer`` when it is due in bench time."""
        self._recorder.received(self._time.now_s, self._name, message)
        self._inbox.append((message, answer))
        if self._running is None:
            self._work()

    def cut(self, back_after_s: float = inf) -> None:
        """Disconnect the cable: connections are closed, and nothing is transmitted until it is connected again."""
        self.line.cut = True
        self._time.at(self._time.now_s + back_after_s, self._plug_in)
        self.on_cut()

    def close_when_idle(self, idle_s: float) -> None:
        """From now on close connections that have been idle for ``idle_s``, with a small delay."""
        self.on_idle(idle_s)
        self._time.at(self._time.now_s + idle_s * LOOKS_FOR_IDLE, lambda: self.close_when_idle(idle_s))

    def _plug_in(self) -> None:
        self.line.cut = False

    def _work(self) -> None:
        while self._running or self._inbox:
            if self._running is None:
                self._running = self.instrument.execute(self._inbox[0][0])
            try:
                due_s = next(self._running)
            except StopIteration as done:
                self._running = None
                _, answer = self._inbox.popleft()
                if done.value:
                    self._reply(done.value.encode(), answer)
            else:
                self._time.at(due_s, self._work)
                return

    def _reply(self, reply: bytes, answer: Answer) -> None:
        line = self.line
        if line.lost > 0:
            line.lost -= 1
            return
        if line.garbled > 0:
            line.garbled -= 1
            reply = GARBAGE
        due_s = self._last_reply_s
        if line.late > 0:
            line.late -= 1
            due_s = self._time.now_s + line.late_s
        if due_s <= self._time.now_s:
            self._send(reply, answer)
        else:
            self._last_reply_s = max(due_s, self._last_reply_s)
            self._time.at(self._last_reply_s, lambda: self._send(reply, answer))

    def _send(self, reply: bytes, answer: Answer) -> None:
        if not self.line.cut:
            self._recorder.sent(self._time.now_s, self._name, reply.decode("latin-1"))
            answer(reply)
