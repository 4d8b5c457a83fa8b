"""The whole traffic with instruments as lines of JSON: every message, reply and error, with its time.

The first line says how fast bench time ran. A file may end in a torn line: what came before it counts.
"""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["opened", "sent", "came", "failed"]


@dataclass(frozen=True, slots=True)
class Message:
    """What went over a line, at ``t_s`` of the clock since the traffic began; ``role`` of the instrument."""

    t_s: float
    role: str
    address: str
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message and its reply, after ``took_s``; None if nothing came. ``why`` says then why, if it was asked for."""

    t_s: float
    role: str
    sent: str
    came: str | None
    took_s: float
    why: str = ""


class Traffic:
    """A new file that takes every message of the lines that get it; they are used by one thread.

    A full disk ends the record, not the measurement: ``problem`` is then why. ``speed``: bench seconds in a second.

    Raises:
        OSError: the file cannot be made, or exists.
    """

    def __init__(self, path: Path, speed: float = 1.0) -> None:
        self.problem = ""
        self._began_s = time.perf_counter()
        self._file = path.open("x", encoding="utf-8", newline="\n")
        self._write({"traffic": 1, "speed": speed})

    def take(self, role: str, address: str, kind: Kind, text: str) -> None:
        """Write one message."""
        self._write(asdict(Message(round(time.perf_counter() - self._began_s, 6), role, address, kind, text)))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, content: dict[str, object]) -> None:
        if self.problem or self._file.closed:
            return
        try:
            self._file.write(json.dumps(content, separators=(",", ":")) + "\n")
            self._file.flush()
        except OSError as error:
            self.problem = str(error)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Traffic read from a file: exchanges in the order in which they were sent, and bench seconds in a second."""

    exchanges: Sequence[Exchange]
    speed: float

    def of(self, role: str) -> list[Exchange]:
        """Exchanges with one instrument."""
        return [one for one in self.exchanges if one.role == role]

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles of all instruments, in the order in which they were spoken to."""
        return tuple(dict.fromkeys(one.role for one in self.exchanges))


def read_traffic(path: Path) -> Recorded:
    """The traffic in a file.

    Raises:
        ValueError: it is no such file; the message says why.
        OSError: it cannot be read.
    """
    first, *lines = path.read_text("utf-8").splitlines() or [""]
    try:
        head = dict(json.loads(first))
        assert head["traffic"] == 1
        return Recorded(tuple(_exchanges(_messages(lines))), float(head["speed"]))
    except (TypeError, KeyError, ValueError, AssertionError) as error:
        raise ValueError(f"{path}: is no record of traffic with instruments") from error


def _messages(lines: Sequence[str]) -> Iterator[Message]:
    for n, line in enumerate(lines):
        try:
            content = json.loads(line)
        except ValueError:
            if n == len(lines) - 1:
                return
            raise
        yield Message(**content)


def _exchanges(messages: Iterable[Message]) -> list[Exchange]:
    """A reply belongs to the last message to its instrument."""
    exchanges: list[Exchange] = []
    last: dict[str, int] = {}
    for one in messages:
        if one.kind == "sent":
            last[one.role] = len(exchanges)
            exchanges.append(Exchange(one.t_s, one.role, one.text, None, 0.0))
        elif one.kind != "opened" and one.role in last:
            sent = exchanges[last[one.role]]
            took_s = round(one.t_s - sent.t_s, 6)
            came, why = (one.text, "") if one.kind == "came" else (None, one.text)
            exchanges[last.pop(one.role)] = Exchange(sent.t_s, sent.role, sent.sent, came, took_s, why)
    return exchanges
