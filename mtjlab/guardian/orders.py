"""What engine and guardian say to each other through two pipes: a line each, a word first, then JSON if there is more.

The engine's first line holds the orders. Then it says a beat again and again, which the guardian answers, and which
instruments it has recognised, each of which the guardian holds or says why not. Last it says that all is safe, or that
the guardian has to take over, which answers what it reached.
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
"""In the run folder: what the process of the guardian says beside its words; only there if it does."""


class Word(StrEnum):
    """How a line begins; what else it says follows."""

    READY = "ready"
    HELD = "held"
    """Another program holds an instrument; the rest says which, and who."""
    BEAT = "beat"
    RECOGNISED = "recognised"
    SAFE = "safe"
    TAKE_OVER = "take-over"
    """The engine could not take the bench to zero, and says so while it still can."""
    REACHED = "reached"
    """The guardian has acted; the rest says how that went."""


def _quoted(path: Path) -> str:
    return quote_from_bytes(os.fsencode(path))


def _unquoted(value: Any) -> Any:
    return os.fsdecode(unquote_to_bytes(value)) if isinstance(value, str) else value


Folder: TypeAlias = Annotated[Path, PlainSerializer(_quoted), BeforeValidator(_unquoted)]
"""A path on its way to another process: its bytes need not be characters."""


class Orders(BaseModel):
    """Which bench to take to zero, which process to end first, and the folder of the run they belong to.

    ``program`` is what others are told who find the instruments in use.
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


def line(word: Word, text: str | None = None) -> bytes:
    """A word and a text as one line of ASCII, whatever the locale and whatever the text."""
    return f"{word}\n".encode() if text is None else f"{word} {json.dumps(text)}\n".encode()


def parted(said: bytes) -> tuple[str, str]:
    """Word and text of a line; what is no such line is its own word."""
    word, _, rest = said.decode("utf-8", errors="replace").strip().partition(" ")
    try:
        return word, str(json.loads(rest)) if rest else ""
    except ValueError:
        return f"{word} {rest}", ""
