"""``requests.jsonl``: manual requests to a run, one JSON object per line, appended by any program."""

from dataclasses import asdict, fields
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.requests import ManualRequest, ReceivedRequest
from mtjlab.store.files import append, content_of, is_file, opened
from mtjlab.store.folder import JOURNAL
from mtjlab.text import normalised

KEYS = frozenset(field.name for field in fields(ManualRequest))
MANUAL_REQUESTS = "requests.jsonl"
LONGEST = 4096
"""Maximum length of a request in bytes."""
MOST_AT_ONCE = 1 << 20
"""Maximum number of bytes per read."""


def add_request(folder: Path, request: ManualRequest) -> int:
    """Send ``request`` to the run in ``folder``, and return its number; a later one if others sent theirs meanwhile.

    Raises:
        RefusedError: the file cannot be written.
    """
    line = msgspec.json.encode({key: value for key, value in asdict(request).items() if value is not None}) + b"\n"
    try:
        if not is_file(folder / JOURNAL):
            raise RefusedError(f"{folder}: is no run folder (there is no {JOURNAL} in it). Nothing was requested.")
        append(folder / MANUAL_REQUESTS, line)
        return content_of(folder / MANUAL_REQUESTS).count(b"\n")
    except OSError as error:
        raise RefusedError(
            f"{folder / MANUAL_REQUESTS}: cannot be written ({reason_of(error)}). Nothing was requested. "
            f"{remedy_of(error)}."
        ) from error


class RequestFollower:
    """Reads requests while the file grows; an incomplete last line is read once it is complete."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / MANUAL_REQUESTS
        self._position = self._number = 0

    def news(self) -> tuple[ReceivedRequest, ...]:
        """Requests received since the last call."""
        try:
            with opened(self._path) as file:
                file.seek(self._position)
                content = file.read(MOST_AT_ONCE)
        except OSError:
            return ()
        end = content.rfind(b"\n") + 1
        if not end and len(content) == MOST_AT_ONCE:
            end = MOST_AT_ONCE  # a line this long is not a request; it is reported in parts
        lines = content[:end].splitlines(keepends=True)
        return tuple([self._received(line) for line in lines])

    def _received(self, line: bytes) -> ReceivedRequest:
        self._position += len(line)
        self._number += 1
        text = line[:LONGEST].decode("utf-8", "replace").strip()
        try:
            return ReceivedRequest(
                self._number, text, _request(msgspec.json.decode(normalised(line), type=dict[str, Any]))
            )
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return ReceivedRequest(self._number, text, None)


def _request(decoded: dict[str, Any]) -> ManualRequest | None:
    """The request, or None unless it holds finite currents only. Raises msgspec.ValidationError for a wrong type."""
    request = msgspec.convert(decoded, ManualRequest)
    currents_ua = (*(request.controls_ua or ()), *(() if request.input_ua is None else (request.input_ua,)))
    return request if all(map(isfinite, currents_ua)) and decoded.keys() <= KEYS else None
