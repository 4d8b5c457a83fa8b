"""Summaries: what a list shows of a run that is over, kept beside its journal, so that a list need not read journals.

A summary is never believed against the run: it holds sizes and times of the files that it was made of, and is made
again where one of them differs.
"""

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from mtjlab.runs.notes import NOTES
from mtjlab.runs.run_summary import RunSummary
from mtjlab.store import GUARDIAN, JOURNAL, REQUEST, content_of, run_id
from mtjlab.whole_files import put

SUMMARY = "summary.json"
MADE_OF = (JOURNAL, REQUEST, GUARDIAN, NOTES)
"""Files of a run folder that a list shows something of."""
VERSION: Literal[1] = 1
"""Of what a summary holds; one of another version is made again."""
LARGEST = 1 << 21
"""Bytes of a summary, notes included."""
Stamp = tuple[tuple[int, int, int] | None, ...]
"""Size, time of the last change of content and of the file itself (ns) for each of ``MADE_OF``; None where it is not
there. The last one is set by the system alone, so no copy of a summary fits a copy of its run."""


@dataclass(frozen=True, slots=True)
class _Summary:
    version: Literal[1]
    stamp: Stamp
    run: RunSummary


def stamp_of(folder: Path) -> Stamp:
    """What tells whether anything of the run in ``folder`` has changed."""
    return tuple([_stamp(f"{folder}{os.sep}{name}") for name in MADE_OF])


def read_summary(folder: Path, stamp: Stamp) -> RunSummary | None:
    """The run as its summary has it; None where there is none, or it was made of other files or has another version."""
    try:
        summary = _decoder.decode(content_of(folder / SUMMARY, LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
    if summary.stamp != stamp:
        return None
    run = summary.run
    is_at_home = run.run == f"{folder.parent.name}/{folder.name}"
    return replace(run, folder=folder, run=run.run if is_at_home else run_id(folder))


def write_summary(run: RunSummary, stamp: Stamp) -> None:
    """Leave a summary of a run, unless it may change by itself; where none can be written, lists read the journal."""
    if run.has_settled and stamp == stamp_of(run.folder):
        with suppress(OSError):
            put(run.folder / SUMMARY, _encoder.encode(_Summary(VERSION, stamp, run)))


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _as_path(kind: Any, value: Any) -> Any:
    if kind is not Path:
        raise NotImplementedError
    return Path(value)


_encoder = msgspec.json.Encoder(enc_hook=os.fspath)
_decoder = msgspec.json.Decoder(_Summary, dec_hook=_as_path)
