"""Presets of a form: its content under a name, kept in the folder of the window's settings."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import tomli_w

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.text import read_toml
from mtjlab.whole_files import put

LAST_USED = ".last used"
SUFFIX = ".toml"


class Presets:
    """The presets of one form, each a file in ``folder``; the content of the last run that it started is kept too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the presets, in order."""
        return tuple(sorted(unquote(path.stem) for path in self._folder.glob(f"[!.]*{SUFFIX}")))

    @property
    def has_last_used(self) -> bool:
        """Whether a run was ever started from the form."""
        return os.path.isfile(self._path(LAST_USED))

    def load(self, name: str) -> dict[str, Any]:
        """Content of the preset ``name``.

        Raises:
            RefusedError: its file is gone or damaged.
        """
        return read_toml(self._path(name))

    def save(self, name: str, content: Mapping[str, Any]) -> None:
        """Keep ``content`` as the preset ``name``; one of this name is replaced.

        Raises:
            RefusedError: the file cannot be written.
        """
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            put(path, tomli_w.dumps(dict(content)).encode())
        except OSError as error:
            raise RefusedError(f"{path}: cannot be written ({reason_of(error)}). {remedy_of(error)}.") from error

    def delete(self, name: str) -> None:
        """Delete the preset ``name``."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name if name == LAST_USED else quote(name, safe=' ').replace('.', '%2E')}{SUFFIX}"
