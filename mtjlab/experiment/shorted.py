"""Which bench and chip the last run on real instruments had, so that a change is noticed."""

import hashlib
from pathlib import Path

import platformdirs

from mtjlab.config import InstrumentBenchConfig


def is_known_bench(bench: InstrumentBenchConfig) -> bool:
    """Whether the last run of this user had the same bench with the same chip."""
    try:
        return _memory().read_text(encoding="utf-8") == _fingerprint(bench)
    except OSError:
        return False


def remember_bench(bench: InstrumentBenchConfig) -> None:
    """A person confirmed that the chain of ``bench`` was shorted while it was connected."""
    _memory().parent.mkdir(parents=True, exist_ok=True)
    _memory().write_text(_fingerprint(bench), encoding="utf-8")


def _memory() -> Path:
    return platformdirs.user_state_path("mtjlab", appauthor=False) / "last-bench"


def _fingerprint(bench: InstrumentBenchConfig) -> str:
    told = bench.model_dump_json(exclude={"simulation", "timing", "limits"})
    return hashlib.sha256(told.encode()).hexdigest()
