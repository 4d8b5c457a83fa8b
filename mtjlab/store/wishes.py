"""``requests.jsonl``: what a person asks of a run that is turned by hand, a JSON object a line, appended by anyone."""

import os
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.events import Heard, Wish
from mtjlab.store.folder import JOURNAL

WISHES = "requests.jsonl"
LONGEST = 4096
"""Bytes of a line that could be a wish."""

_adapter: TypeAdapter[Wish] = TypeAdapter(Wish)


def ask(folder: Path, wish: Wish) -> None:
    """Ask the run in ``folder`` to grant ``wish``.

    Raises:
        RefusedError: it cannot be written there.
    """
    line = _adapter.dump_json(wish, exclude_none=True) + b"\n"
    try:
        if not (folder / JOURNAL).is_file():
            raise RefusedError(f"{folder}: is no run folder (there is no {JOURNAL} in it). Nothing was asked for.")
        file = os.open(folder / WISHES, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(file, line)
        finally:
            os.close(file)
    except OSError as error:
        raise RefusedError(
            f"{folder / WISHES}: cannot be written ({reason_of(error)}). Nothing was asked for. {remedy_of(error)}."
        ) from error


class Wishes:
    """Reads wishes as they come; an incomplete last line waits for its rest."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / WISHES
        self._position = self._number = 0

    def news(self) -> tuple[Heard, ...]:
        """What was asked for since the last call."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._position)
                whole = file.read()
        except OSError:
            return ()
        lines = whole[: whole.rfind(b"\n") + 1].splitlines(keepends=True)
        return tuple([self._heard(line) for line in lines])

    def _heard(self, line: bytes) -> Heard:
        self._position += len(line)
        self._number += 1
        said = line[:LONGEST].decode("utf-8", "replace").strip()
        try:
            return Heard(self._number, said, _adapter.validate_json(line))
        except (ValidationError, RecursionError):
            return Heard(self._number, said, None)
