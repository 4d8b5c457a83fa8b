"""Finding runs: all under a folder, the one that began last, and the one that somebody names."""

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
"""Runs that are named where a name fits more than one."""
_NUMBERED = re.compile(r"\d{4,}-")


def run_folders(root: Path) -> list[Path]:
    """Folders of runs, by name: ``root`` itself, those in it, and those in its folders, each of them once.

    A link to a run is left out where the run lies there itself. A numbered folder that nobody may look into counts.
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
    """When the run in ``folder`` began: by its first event, or else by its ``run.toml``, or else by its folder."""
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
    """The same, the one that began first first; by number where the time is the same."""
    return sorted(folders, key=lambda folder: (began_at(folder), number_of(folder), folder))


def number_of(folder: Path) -> int:
    """The number of a run within its day; 0 for one that has none."""
    leading = re.match(r"[0-9]{1,9}", Path(run_id(folder)).name)
    return int(leading[0]) if leading else 0


def find_run(name: Path, root: Path) -> Path:
    """The folder of a run.

    It is named by its path, by its id (``2026-11-23/0007-train``), by ``last``, or by its number or the ending of its
    id where that is the only such run under ``root``.

    Raises:
        RefusedError: there is no such run, or more than one.
    """
    for folder in (name, root / name):
        if _is_run(os.fspath(folder)):
            return folder
    runs = run_folders(root)
    if str(name) == LAST and runs:
        return in_order(runs)[-1]
    found = [run for run in runs if run_id(run) == str(name)] or [run for run in runs if _is_called(run, str(name))]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(map(run_id, found[-SEVERAL:])) + (", ..." if len(found) > SEVERAL else "")
        raise RefusedError(f"{name}: {len(found)} runs in {root} are called so: {several}. Give the whole id.")
    raise RefusedError(
        f"{name}: is no run folder, and no run of that name is in {root} ({os.path.abspath(root)}). Give the folder "
        f"of a run, its id or number, or `{LAST}`; `mtjlab runs` lists them."
    )


def _is_called(folder: Path, name: str) -> bool:
    if name.isascii() and name.isdecimal():
        return number_of(folder) == int(name[-9:])
    return bool(name) and run_id(folder).endswith(name)


def _is_run(path: str) -> bool:
    if os.path.lexists(f"{path}{os.sep}{JOURNAL}") or os.path.lexists(f"{path}{os.sep}{REQUEST}"):
        return True
    name = os.path.basename(path)
    return bool(_NUMBERED.match(name)) and os.path.isdir(path) and not os.access(path, os.R_OK | os.X_OK)


def _places(root: str) -> Iterator[tuple[os.DirEntry[str], bool]]:
    """Folders in ``root`` and in those, and whether there is a link on the way."""
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
    except OSError:  # a link that goes round in a circle
        return False
