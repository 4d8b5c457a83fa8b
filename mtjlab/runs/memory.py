"""Bench, chip and field of the last run on real instruments, stored to notice a change.

Where nothing can be stored, as for a user without a home folder, every run asks again.
"""

import errno
import hashlib
import json
import logging
from datetime import datetime
from pathlib import Path

import platformdirs

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.domain import GaussmeterReading
from mtjlab.errors import RefusedError, reason_of
from mtjlab.whole_files import put

log = logging.getLogger(__name__)

NOT_FIELD = {"simulation", "timing", "limits"}
NOT_WIRED = NOT_FIELD | {"field"}
"""Tables of a bench file that may change without any change to the wires of the chain."""


def is_known_bench(bench: InstrumentBenchConfig) -> bool:
    """Whether the last run of this user was on the same bench with the same chip."""
    try:
        return _memory("last-bench").read_text(encoding="utf-8") == _fingerprint(bench, NOT_WIRED)
    except OSError:
        return False


def demand_confirmed(file: Path, bench: InstrumentBenchConfig, confirmed: bool, remedy: str) -> None:
    """Store a new bench or chip, if it is ``confirmed`` that its chain was shorted; ``remedy`` says how to confirm.

    Raises:
        RefusedError: it is not confirmed. Nothing was connected.
    """
    if not confirmed:
        raise RefusedError(
            f"{file}: this bench, or its chip {bench.device.name!r}, is not the one of the last run. A few volts of "
            "static charge destroy a tunnel barrier: short the chain while you connect it, with all sources at zero, "
            f"then confirm with {remedy}. Nothing was connected."
        )
    remember_bench(bench)


def remember_bench(bench: InstrumentBenchConfig) -> None:
    """Store that the operator confirmed that the chain of ``bench`` was shorted while it was connected."""
    _write("last-bench", _fingerprint(bench, NOT_WIRED))


def gaussmeter_reading(bench: BenchConfig) -> GaussmeterReading | None:
    """Field that the operator read from the gaussmeter for this bench, chip and nominal field; None if not known."""
    if not isinstance(bench, InstrumentBenchConfig) or not bench.field.asks_operator:
        return None
    try:
        stored = json.loads(_memory("last-field").read_text(encoding="utf-8"))
        known = stored["bench"] == _fingerprint(bench, NOT_FIELD)
        return GaussmeterReading(float(stored["reads_mt"]), str(stored["said_at"])) if known else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remember_field(bench: InstrumentBenchConfig, reads_mt: float) -> None:
    """Store the field that the operator read from the gaussmeter."""
    stored = {
        "bench": _fingerprint(bench, NOT_FIELD),
        "reads_mt": reads_mt,
        "said_at": f"{datetime.now():%Y-%m-%d %H:%M}",
    }
    _write("last-field", json.dumps(stored))


def _write(name: str, text: str) -> None:
    try:
        _memory(name).parent.mkdir(parents=True, exist_ok=True)
        put(_memory(name), text.encode())
    except OSError as error:
        log.warning("%s cannot be stored (%s), so the next run asks again", name, reason_of(error))


def _memory(name: str) -> Path:
    """Path of a stored value. Raises OSError for a user without a home folder."""
    folder = platformdirs.user_state_path("mtjlab", appauthor=False)
    if not folder.is_absolute():
        raise FileNotFoundError(errno.ENOENT, "no home", str(folder))
    return folder / name


def _fingerprint(bench: InstrumentBenchConfig, without: set[str]) -> str:
    return hashlib.sha256(bench.model_dump_json(exclude=without).encode()).hexdigest()
