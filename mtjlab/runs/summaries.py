"""Stored summaries of finished runs, in their folders, so that a list need not read journals.

A summary holds sizes and times of the files that it was made from, and is made again if one of them differs.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from mtjlab.runs.notes import NOTES
from mtjlab.runs.run_summary import RunSummary
from mtjlab.store import GUARDIAN, JOURNAL, REQUEST, content_of, run_id
from mtjlab.whole_files import put

SUMMARY = "summary.json"
MADE_OF = (JOURNAL, REQUEST, GUARDIAN, NOTES)
"""Files of a run folder that a summary is made from."""
VERSION: Literal[2] = 2
"""Version of the content; a summary of another version is made again."""
LARGEST = 1 << 21
"""Maximum length of a summary in bytes, notes included."""
Stamp = tuple[tuple[int, int, int] | None, ...]
"""Size, modification time and change time (ns) of each of ``MADE_OF``; None for a missing file. Only the system sets
the change time, so a copied summary never matches a copied run."""


class _Summary(msgspec.Struct, frozen=True):
    version: Literal[2]
    stamp: Stamp
    run: RunSummary


def stamp_of(folder: Path) -> Stamp:
    """Stamp of the files of the run in ``folder``, to notice any change."""
    return tuple([_stamp(f"{folder}{os.sep}{name}") for name in MADE_OF])


def read_summary(folder: Path, stamp: Stamp) -> RunSummary | None:
    """The stored summary; None if there is none, if it is outdated, or if it has another version."""
    try:
        summary = _decoder.decode(content_of(folder / SUMMARY, LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
    if summary.stamp != stamp:
        return None
    run = summary.run
    is_at_home = run.run == "/".join(folder.parts[-2:])
    return replace(run, folder=folder, run=run.run if is_at_home else run_id(folder))


def write_summary(run: RunSummary, stamp: Stamp) -> None:
    """Store the summary of a run that can no longer change; if it cannot be written, lists read the journal."""
    if run.has_settled and stamp == stamp_of(run.folder):
        with suppress(OSError):
            put(run.folder / SUMMARY, _encoder.encode(_Summary(VERSION, stamp, run)))


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


_encoder = msgspec.json.Encoder(enc_hook=os.fspath)


def _nowhere(_path: type, _value: Any) -> Path:
    """A folder is known before its summary is read."""
    return _NOWHERE


_NOWHERE = Path()
_decoder = msgspec.json.Decoder(_Summary, dec_hook=_nowhere)
