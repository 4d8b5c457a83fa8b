"""Lists runs, and remembers what it read of those that are over."""

import os
from contextlib import suppress
from pathlib import Path

from mtjlab.runs.finding import run_folders
from mtjlab.runs.listing import Listed, listed
from mtjlab.runs.notes import NOTES
from mtjlab.store import GUARDIAN, JOURNAL


class Lister:
    """A journal that has not changed is not read again."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, ...], Listed]] = {}

    def list(self, root: Path) -> list[Listed]:
        """All runs under ``root``, by name; empty where there is no such folder."""
        return [self._one(folder) for folder in run_folders(root)] if os.path.isdir(root) else []

    def _one(self, folder: Path) -> Listed:
        stamp = _stamp(folder)
        known = self._known.get(folder)
        if known and known[0] == stamp and known[1].standing.is_over:
            return known[1]
        now = listed(folder)
        self._known[folder] = stamp, now
        return now


def _stamp(folder: Path) -> tuple[int, ...]:
    """Of all files that a list tells of and that may change when a run is over."""
    stamp: list[int] = []
    for name in (JOURNAL, GUARDIAN, NOTES):
        with suppress(OSError):
            status = (folder / name).stat()
            stamp += [status.st_size, status.st_mtime_ns]
    return tuple(stamp)
