"""The traffic of a bench, recorded into a run folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from instruments.traffic import Traffic

TRAFFIC = "traffic.jsonl"


@contextmanager
def recording(path: Path, speed: float) -> Iterator[Traffic]:
    """A new file for the traffic of a bench, in which so many bench seconds pass in a second.

    Raises:
        OSError: it cannot be made.
    """
    traffic = Traffic(path, speed)
    try:
        yield traffic
    finally:
        traffic.close()
