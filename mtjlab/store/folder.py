"""The folder of a run: names of its files, its creation, and ``run.toml``, the request."""

import os
import re
import tomllib
import zlib
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import tomli_w

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.store.files import content_of
from mtjlab.text import NotTextError, storable, text_of
from mtjlab.whole_files import put

JOURNAL = "events.jsonl"
REQUEST = "run.toml"
STOP = "stop"
STOP_NOW = "now"
"""Line of a stop file that requests not to wait for the next safe point."""
EMERGENCY = "emergency"
FIGURES = "figures"
RESERVE = "reserve"
"""Disk space reserved for the final events of a run; removed when it ends."""

_SEAL = re.compile(rb"# crc-32 of all below: ([0-9a-f]{8})\n")
_KINDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "run": {
        "procedure": str,
        "host": str,
        "pid": int,
        "process_created_s": (int, float),
        "parent": str,
        "seed": int,
        "noise_seed": int,
        "simulate": bool,
        "check": bool,
        "bench_file": str,
        "plan_file": str,
        "command": list,
    },
    "data": {"tokens": int, "classes": int, "features": list, "talkers": dict},
}
"""Types of keys that other code relies on if they are present; ``procedure`` is required."""


def create_run_folder(root: Path, procedure: str, day: datetime) -> Path:
    """Create a folder ``root/2026-11-23/0007-train``, numbered within its day. Nothing is ever overwritten.

    Raises:
        RefusedError: the folder cannot be created.
    """
    today = root / day.date().isoformat()
    try:
        today.mkdir(parents=True, exist_ok=True)
        number = max((int(f.name[:4]) for f in today.iterdir() if f.name[:4].isdecimal()), default=0)
        while True:
            number += 1
            folder = today / f"{number:04}-{procedure}"
            with suppress(FileExistsError):
                folder.mkdir()
                return folder
    except OSError as error:
        raise RefusedError(
            f"{today}: no run folder can be created ({reason_of(error)}). Nothing was started. {remedy_of(error)}; "
            "--runs names another folder."
        ) from error


def write_request(folder: Path, request: dict[str, Any]) -> None:
    """Write ``run.toml`` with its checksum: all that is needed to repeat the run. The write is atomic."""
    text = tomli_w.dumps(_writable(request)).encode()
    put(folder / REQUEST, b"# crc-32 of all below: %08x\n%s" % (zlib.crc32(text), text))


def read_request(folder: Path) -> dict[str, Any]:
    """Content of ``run.toml``.

    Raises:
        RefusedError: it is missing or damaged.
    """
    path = folder / REQUEST
    try:
        text = text_of(content_of(path), path)
        return _demanded(text.encode(), tomllib.loads(text))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RefusedError(f"{path}: cannot be read ({reason_of(error)}). Give the folder of a run.") from error
    except OSError as error:
        raise RefusedError(f"{path}: cannot be read ({reason_of(error)}). Restore it from a copy.") from error
    except NotTextError as error:
        raise RefusedError(f"{path}: is damaged: {error.trouble} Or restore it from a copy.") from error
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"{path}: is damaged: {error}. Restore it from a copy.") from error


def _demanded(content: bytes, request: dict[str, Any]) -> dict[str, Any]:
    """``request`` after checks. A file without the checksum line is accepted: somebody may have edited it."""
    seal = _SEAL.match(content)
    if seal and int(seal[1], 16) != zlib.crc32(content[seal.end() :]):
        raise ValueError("its checksum does not match (if it was edited on purpose, remove its first line)")
    for name, table in request.items():
        if not isinstance(table, dict):
            raise ValueError(f"{name} is not a table")  # noqa: TRY004  the file is wrong, not the program
    for name, kinds in _KINDS.items():
        table = request.get(name, {})
        for key, kind in kinds.items():
            if (key in table or key == "procedure") and not isinstance(table.get(key), kind):
                raise ValueError(f"{name}.{key} is {table.get(key)!r}")
    return request


def _writable(value: Any) -> Any:
    """``value`` as TOML can hold it: without None, and with bytes that are not text escaped."""
    if isinstance(value, dict):
        return {storable(key): _writable(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_writable(item) for item in value]
    return storable(value) if isinstance(value, str) else value


def run_id(folder: Path) -> str:
    """ID of a run: ``2026-11-23/0007-train``."""
    path = Path(os.path.realpath(folder))  # unlike Path.resolve it never fails on a loop of links
    return storable(f"{path.parent.name}/{path.name}")
