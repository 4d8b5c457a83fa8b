"""Lists runs, and remembers what it read of those that are over."""

import os
from pathlib import Path

from mtjlab.runs.finding import run_folders
from mtjlab.runs.listed import Listed
from mtjlab.runs.listing import listed
from mtjlab.runs.summaries import Stamp, stamp_of


class Lister:
    """A run that has not changed is not read again."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[Stamp, Listed]] = {}

    def list(self, root: Path) -> list[Listed]:
        """All runs under ``root``, by name; empty where there is no such folder."""
        return [self._one(folder) for folder in run_folders(root)] if os.path.isdir(root) else []

    def _one(self, folder: Path) -> Listed:
        stamp = stamp_of(folder)
        known = self._known.get(folder)
        if known and known[0] == stamp and known[1].standing.is_over:
            return known[1]
        now = listed(folder)
        self._known[folder] = stamp, now
        return now
