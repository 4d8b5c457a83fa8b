"""Calibrations that sweeps have left in run folders, for whoever wants junctions judged without another sweep."""

import json
from contextlib import suppress
from pathlib import Path

from mtjlab.runs.finding import began_at
from mtjlab.store import content_of


def latest_calibration(runs: Path, device: str, simulated: bool) -> Path | None:
    """The latest one of the chip ``device``, real or simulated as that is; None if there is none."""
    found = runs.glob("*/*/calibration-*.json")
    for path in sorted(found, key=lambda path: (began_at(path.parent), path), reverse=True):
        with suppress(OSError, ValueError, AttributeError, RecursionError):
            told = json.loads(content_of(path))
            if (told.get("device"), told.get("simulated")) == (device, simulated):
                return path
    return None
