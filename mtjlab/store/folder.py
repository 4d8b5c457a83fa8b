"""The folder of a run: what lies in it, how it is made, and what was asked of the run."""

import tomllib
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import tomli_w

from mtjlab.errors import RefusedError

JOURNAL = "events.jsonl"
REQUEST = "run.toml"
STOP = "stop"
STOP_NOW = "now"
"""What a stop file says if the run shall not wait for its next safe point."""
EMERGENCY = "emergency"
FIGURES = "figures"
RESERVE = "reserve"
"""Room on the disk for the last words of a run; there only while it goes on."""


def create_run_folder(root: Path, procedure: str, day: datetime) -> Path:
    """A new folder ``root/2026-11-23/0007-train``, numbered within its day. Nothing is ever overwritten.

    Raises:
        RefusedError: the folder cannot be made.
    """
    today = root / day.date().isoformat()
    try:
        today.mkdir(parents=True, exist_ok=True)
        number = max((int(f.name[:4]) for f in today.iterdir() if f.name[:4].isdigit()), default=0)
        while True:
            number += 1
            folder = today / f"{number:04}-{procedure}"
            with suppress(FileExistsError):
                folder.mkdir()
                return folder
    except OSError as error:
        raise RefusedError(
            f"{today}: no run folder can be made there ({error.strerror}). Nothing was started. Choose another place "
            "with --runs."
        ) from error


def write_request(folder: Path, request: dict[str, Any]) -> None:
    """Write ``run.toml``: everything that is needed to repeat the run."""
    (folder / REQUEST).write_text(tomli_w.dumps(_without_none(request)), encoding="utf-8")


def read_request(folder: Path) -> dict[str, Any]:
    """What ``run.toml`` says.

    Raises:
        RefusedError: it is not there, or is no TOML any more.
    """
    path = folder / REQUEST
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RefusedError(f"{path}: cannot be read ({error.strerror}). Give the folder of a run.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RefusedError(f"{path}: is damaged: {error}. Restore it from a copy.") from error


def _without_none(value: Any) -> Any:
    """TOML has no null: what is None is left out."""
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return value


def run_id(folder: Path) -> str:
    """How a run is called: ``2026-11-23/0007-train``."""
    whole = folder.resolve()
    return f"{whole.parent.name}/{whole.name}"
