"""Provenance of a run: software, revision, computer and user, for ``run.toml``."""

import getpass
import os
import platform
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from instruments.processes import created_s

ROOT = Path(__file__).parent.parent


def software() -> str:
    """Name and version, as written in journals."""
    return f"mtjlab {version('mtjlab')}"


def provenance() -> dict[str, Any]:
    """Software, source revision, machine and person, as keys of [run] in ``run.toml``."""
    return {name: value() for name, value in PROVENANCE.items()}


def _git(*arguments: str) -> str | None:
    if not os.path.exists(ROOT / ".git"):
        return None
    try:
        answer = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user in this container
        return "unknown"


PROVENANCE: Mapping[str, Callable[[], Any]] = {
    "software": software,
    "git_revision": lambda: _git("rev-parse", "HEAD") or "unknown",
    "git_dirty": lambda: None if (changes := _git("status", "--porcelain")) is None else bool(changes),
    "python": platform.python_version,
    "platform": platform.platform,
    "host": socket.gethostname,
    "user": _user,
    "pid": os.getpid,
    "process_created_s": created_s,
    "command": lambda: sys.argv,
    "created_at": lambda: datetime.now(UTC).isoformat(timespec="seconds"),
}
"""Source of the value of each key."""
