"""Runs that were opened lately, as a menu."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PyQt5.QtWidgets import QMenu

from mtjlab.gui.look.label import tooltip
from mtjlab.gui.look.qt import sure
from mtjlab.gui.run.playback import Playback
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.store import run_id

MOST = 12


class RecentRuns:
    """Collects the runs that ``playback`` opens, the latest first."""

    def __init__(self, folders: Sequence[Path], playback: Playback) -> None:
        self.folders = list(folders)
        self._playback = playback
        playback.shown.connect(self._add)

    def fill(self, menu: QMenu) -> None:
        """Add an entry for each run that still exists."""
        menu.setToolTipsVisible(True)
        for folder in [one for one in self.folders if os.path.isdir(one)]:
            entry = sure(menu.addAction(run_id(folder)))
            entry.setToolTip(tooltip(str(folder)))
            entry.triggered.connect(partial(self._open, folder))
        if menu.isEmpty():
            sure(menu.addAction("none yet")).setEnabled(False)

    def _open(self, folder: Path, _is_checked: bool) -> None:
        self._playback.open(folder)

    def _add(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None and self.folders[:1] != [snapshot.info.folder]:
            folder = snapshot.info.folder
            self.folders = [folder, *(one for one in self.folders if one.resolve() != folder.resolve())][:MOST]
