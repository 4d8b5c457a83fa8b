"""A disk that is soon full: a small file system in memory, where this user may mount one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class SmallDisk:
    """Where it is mounted."""

    folder: Path

    def fill(self) -> None:
        """What somebody else writes, until nothing fits any more."""
        with (self.folder / "of somebody else").open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(512))
            except OSError:
                return

    def make_room(self) -> None:
        """A larger disk, with all that it held."""
        _mount("remount,size=64m", self.folder)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[SmallDisk]:
    """A new disk of ``size`` at ``folder``; the test is skipped where that is not allowed."""
    if os.name == "nt" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small disk")
    folder.mkdir()
    if _mount(f"size={size}", folder) != 0:
        pytest.skip("no small disk may be mounted here")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def _mount(options: str, folder: Path) -> int:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode
