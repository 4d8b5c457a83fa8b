"""Presets of a form: its content under a name, kept in the folder of the window's settings."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import tomli_w

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.whole_files import put

LAST_USED = ".last used"
"""File of the content of the last run; the name of no preset, whose dots are escaped."""
SUFFIX = ".toml"
MAX_LETTERS = 180
"""Longest name of a file, escaped and without suffix, that any file system takes."""
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
"""Names that Windows keeps for devices, with any suffix."""


class Presets:
    """The presets of one form, each a file in ``folder``; the content of the last run that it started is kept too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def files(self) -> dict[str, Path]:
        """The files of the presets by name, in order."""
        return dict(sorted((unquote(path.stem), path) for path in self._folder.glob(f"[!.]*{SUFFIX}")))

    @property
    def last_used(self) -> Path:
        """File with the content of the last run that was started from the form, if there was one."""
        return self._folder / f"{LAST_USED}{SUFFIX}"

    def file(self, name: str) -> Path:
        """File for a preset ``name``, which may have any letters.

        Raises:
            RefusedError: the name is too long, or no text.
        """
        try:
            stem = quote(name, safe=" ").replace(".", "%2E")
        except UnicodeEncodeError:
            raise RefusedError(f"{name!r} is not text, so it cannot be the name of a preset. Choose another.") from None
        if DEVICES.fullmatch(stem):
            stem = f"%{ord(stem[0]):02X}{stem[1:]}"
        if not 0 < len(stem) <= MAX_LETTERS:
            raise RefusedError(f"{name[:20]!r} ... is too long for the name of a preset. Choose a shorter one.")
        return self._folder / f"{stem}{SUFFIX}"

    def save(self, file: Path, content: Mapping[str, Any]) -> None:
        """Keep ``content`` as the preset in ``file``; what it held before is replaced.

        Raises:
            RefusedError: the file cannot be written.
        """
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            put(file, tomli_w.dumps(dict(content)).encode())
        except OSError as error:
            raise RefusedError(f"{file}: cannot be written ({reason_of(error)}). {remedy_of(error)}.") from error

    def delete(self, file: Path) -> None:
        """Delete the preset in ``file``.

        Raises:
            RefusedError: the file cannot be deleted.
        """
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise RefusedError(f"{file}: cannot be deleted ({reason_of(error)}). Check its rights.") from error
