"""Finding runs: all runs under a folder, the latest one, and a run given by name."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from mtjlab.errors import RefusedError
from mtjlab.store import JOURNAL, REQUEST, first_lines, read_request, run_id

LAST = "last"
SEVERAL = 5
"""Number of runs listed if a name matches more than one."""
_NUMBERED = re.compile(r"\d{4,}-")
_LEADING = re.compile(r"[0-9]{1,9}")


def run_folders(root: Path) -> list[Path]:
    """Folders of runs, by name: ``root`` itself, those in it, and those in its folders, each once.

    A link to a run that is found itself is left out. A numbered folder without reading permission counts as a run.
    """
    top, base = os.fspath(root), os.path.realpath(root)
    own = {base: root} if _is_run(top) else {}
    linked: list[str] = []
    for place, is_linked in _places(top):
        if not _is_run(place.path):
            continue
        if is_linked:
            linked.append(place.path)
        else:
            own[base + place.path[len(top) :]] = Path(place.path)
    for path in sorted(linked):
        own.setdefault(os.path.realpath(path), Path(path))
    return sorted(own.values(), key=lambda folder: folder.parts)


def began_at(folder: Path) -> datetime:
    """Start time of the run in ``folder``: from its first event, else from ``run.toml``, else from the folder."""
    with suppress(RefusedError):
        for line in first_lines(folder, 1):
            if line is not None:
                return line.at
    with suppress(RefusedError, TypeError, ValueError):
        stamp = datetime.fromisoformat(read_request(folder)["run"].get("created_at"))
        if stamp.tzinfo is not None:
            return stamp
    with suppress(OSError, ValueError, OverflowError):
        return datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    return datetime.fromtimestamp(0, UTC)


def in_order(folders: Sequence[Path]) -> list[Path]:
    """Runs by start time, then by number."""
    return sorted(folders, key=lambda folder: (began_at(folder), number_of(folder), folder))


def number_of(folder: Path) -> int:
    """Number of a run within its day; 0 if it has none."""
    return number_in(run_id(folder))


def number_in(run: str) -> int:
    """Number in the id of a run; 0 if it has none."""
    leading = _LEADING.match(run, run.rfind("/") + 1)
    return int(leading[0]) if leading else 0


def find_run(name: Path, root: Path) -> Path:
    """Folder of a run.

    A run is given by its path, its id (``2026-11-23/0007-train``), ``last``, or its number or the end of its id if only
    one run under ``root`` matches.

    Raises:
        RefusedError: there is no such run, or more than one.
    """
    for folder in (name, root / name):
        if _is_run(os.fspath(folder)):
            return folder
    runs = run_folders(root)
    if str(name) == LAST and runs:
        return in_order(runs)[-1]
    found = [run for run in runs if run_id(run) == str(name)] or [run for run in runs if _matches(run, str(name))]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(map(run_id, found[-SEVERAL:])) + (", ..." if len(found) > SEVERAL else "")
        raise RefusedError(f"{name}: {len(found)} runs in {root} match: {several}. Give the whole id.")
    raise RefusedError(
        f"{name}: is no run folder, and no run of that name is in {os.path.abspath(root)}. Give the folder of a run, "
        f"its id or number, or `{LAST}`; `mtjlab runs` lists them."
    )


def _matches(folder: Path, name: str) -> bool:
    if name.isascii() and name.isdecimal():
        return number_of(folder) == int(name[-9:])
    return bool(name) and run_id(folder).endswith(name)


def _is_run(path: str) -> bool:
    if os.path.lexists(f"{path}{os.sep}{JOURNAL}") or os.path.lexists(f"{path}{os.sep}{REQUEST}"):
        return True
    name = os.path.basename(path)
    return bool(_NUMBERED.match(name)) and os.path.isdir(path) and not os.access(path, os.R_OK | os.X_OK)


def _places(root: str) -> Iterator[tuple[os.DirEntry[str], bool]]:
    """Folders in ``root`` and their subfolders, and whether the path contains a link."""
    for day in _folders(root):
        is_linked = day.is_symlink()
        yield day, is_linked
        for run in _folders(day.path):
            yield run, is_linked or run.is_symlink()


def _folders(folder: str) -> list[os.DirEntry[str]]:
    with suppress(OSError), os.scandir(folder) as entries:
        return [entry for entry in entries if _is_folder(entry)]
    return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of links
        return False
