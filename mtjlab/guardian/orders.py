"""What the engine tells its guardian: orders in the first line of the pipe, then beats, last that all is safe."""

import os
from pathlib import Path
from typing import Annotated, Any, TypeAlias
from urllib.parse import quote_from_bytes, unquote_to_bytes

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from mtjlab.config import InstrumentBenchConfig

READY = "ready"
HELD = "held"
"""Begins the answer of a guardian that could not get hold of the instruments."""
BEAT = "beat"
SAFE = "safe"
TAKE_OVER = "take over"
"""The engine could not take the bench to zero, and says so while it still can."""


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
