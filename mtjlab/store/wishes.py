"""``requests.jsonl``: what a person asks of a run that is turned by hand, a JSON object a line, appended by anyone."""

from dataclasses import asdict, fields
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.requests import ManualRequest, ReceivedRequest
from mtjlab.store.files import append, is_file, opened
from mtjlab.store.folder import JOURNAL
from mtjlab.text import as_meant

KEYS = frozenset(field.name for field in fields(ManualRequest))
WISHES = "requests.jsonl"
LONGEST = 4096
"""Bytes of a line that could be a wish."""
MOST_AT_ONCE = 1 << 20
"""Bytes that are read in one look."""


def ask(folder: Path, wish: ManualRequest) -> None:
    """Ask the run in ``folder`` to grant ``wish``.

    Raises:
        RefusedError: it cannot be written there.
    """
    line = msgspec.json.encode({key: value for key, value in asdict(wish).items() if value is not None}) + b"\n"
    try:
        if not is_file(folder / JOURNAL):
            raise RefusedError(f"{folder}: is no run folder (there is no {JOURNAL} in it). Nothing was asked for.")
        append(folder / WISHES, line)
    except OSError as error:
        raise RefusedError(
            f"{folder / WISHES}: cannot be written ({reason_of(error)}). Nothing was asked for. {remedy_of(error)}."
        ) from error


class Wishes:
    """Reads wishes as they come; an incomplete last line waits for its rest."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / WISHES
        self._position = self._number = 0

    def news(self) -> tuple[ReceivedRequest, ...]:
        """What was asked for since the last call."""
        try:
            with opened(self._path) as file:
                file.seek(self._position)
                whole = file.read(MOST_AT_ONCE)
        except OSError:
            return ()
        end = whole.rfind(b"\n") + 1
        if not end and len(whole) == MOST_AT_ONCE:
            end = MOST_AT_ONCE  # a line without an end is no wish; it is heard in parts
        lines = whole[:end].splitlines(keepends=True)
        return tuple([self._heard(line) for line in lines])

    def _heard(self, line: bytes) -> ReceivedRequest:
        self._position += len(line)
        self._number += 1
        said = line[:LONGEST].decode("utf-8", "replace").strip()
        try:
            return ReceivedRequest(self._number, said, _wish(msgspec.json.decode(as_meant(line), type=dict[str, Any])))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return ReceivedRequest(self._number, said, None)


def _wish(asked: dict[str, Any]) -> ManualRequest | None:
    """What is asked, if it is nothing but finite currents. Raises msgspec.ValidationError if one is no number."""
    wish = msgspec.convert(asked, ManualRequest)
    currents_ua = (*(wish.controls_ua or ()), *(() if wish.input_ua is None else (wish.input_ua,)))
    return wish if all(map(isfinite, currents_ua)) and asked.keys() <= KEYS else None
