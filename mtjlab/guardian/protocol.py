"""Messages between engine and guardian: one per line, a message type, then JSON text if there is any.

The first line from the engine holds the orders. Then it sends beats, which the guardian answers, and the instruments
that it identified, which the guardian locks, or answers why it cannot. At the end the engine reports that the bench is
safe, or has the guardian take over, which answers the result.
"""

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeAlias
from urllib.parse import quote_from_bytes, unquote_to_bytes

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from mtjlab.config import InstrumentBenchConfig

ERRORS = "guardian-errors.txt"
"""In the run folder: standard error of the guardian process; removed if it is empty."""


class MessageType(StrEnum):
    """First word of a line."""

    READY = "ready"
    HELD = "held"
    """Another program uses an instrument; the text says which, and who."""
    BEAT = "beat"
    RECOGNISED = "recognised"
    SAFE = "safe"
    TAKE_OVER = "take-over"
    """The engine could not take the bench to zero, and hands it over."""
    REACHED = "reached"
    """The guardian has acted; the text is the result."""


def _quoted(path: Path) -> str:
    return quote_from_bytes(os.fsencode(path))


def _unquoted(value: Any) -> Any:
    return os.fsdecode(unquote_to_bytes(value)) if isinstance(value, str) else value


Folder: TypeAlias = Annotated[Path, PlainSerializer(_quoted), BeforeValidator(_unquoted)]
"""A path as JSON: percent-encoded, because its bytes need not be valid text."""


class Orders(BaseModel):
    """The bench to take to zero, the engine process to end first, and the folder of its run.

    ``program`` is the holder shown to other programs that find an instrument in use.
    """

    model_config = ConfigDict(frozen=True)

    folder: Folder
    program: str
    engine_pid: int
    engine_created_s: float
    bench: InstrumentBenchConfig
    simulated: bool


class Recognised(BaseModel):
    """An instrument that answered ``*IDN?`` at an address of the bench."""

    model_config = ConfigDict(frozen=True)

    address: str
    maker: str
    model: str
    serial: str
    firmware: str


def format_line(word: MessageType, text: str | None = None) -> bytes:
    """Message as one line of ASCII, independent of the locale."""
    return f"{word}\n".encode() if text is None else f"{word} {json.dumps(text)}\n".encode()


def parse_line(content: bytes) -> tuple[str, str]:
    """Message type and text of a line; a line of any other form is returned whole as the type."""
    word, _, rest = content.decode("utf-8", errors="replace").strip().partition(" ")
    try:
        return word, str(json.loads(rest)) if rest else ""
    except ValueError:
        return f"{word} {rest}", ""
