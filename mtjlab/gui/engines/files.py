"""Files that the window looks up or writes: benches, plans, calibrations, and requests for engines."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import platformdirs
import tomli_w

from mtjlab.config import BenchConfig, PlanConfig, read_bench, read_plan
from mtjlab.errors import RefusedError
from mtjlab.runs.finding import began_at
from mtjlab.store import content_of
from mtjlab.supplied_configs import CONFIGS, DEFAULT_BENCH, DEFAULT_PLAN
from mtjlab.text import read_toml
from mtjlab.whole_files import put

RUN = "run"
"""The command that carries out a request."""
MAX_REQUESTS = 500
"""Number of request files kept. An engine reads its file at the start; the run folder holds a permanent copy."""
Read = TypeVar("Read")


@cache
def bench_files() -> Mapping[Path, BenchConfig]:
    """Supplied files that describe a bench, the simulated ones first, and the default of commands before all."""
    found = _readable(read_bench)
    return dict(sorted(found.items(), key=lambda item: (item[0] != DEFAULT_BENCH, item[1].kind != "simulated")))


@cache
def plan_files() -> Mapping[Path, PlanConfig]:
    """Supplied files that are a plan, the default of commands first."""
    return dict(sorted(_readable(read_plan).items(), key=lambda item: item[0] != DEFAULT_PLAN))


def calibrations(runs: Path, device: str, simulated: bool) -> Iterator[Path]:
    """Calibrations of the chip ``device``, real or simulated as given, the latest first."""
    found = runs.glob("*/*/calibration-*.json")
    for path in sorted(found, key=lambda path: (began_at(path.parent), path), reverse=True):
        with suppress(OSError, ValueError, AttributeError, RecursionError):
            content = json.loads(content_of(path))
            if (content.get("device"), content.get("simulated")) == (device, simulated):
                yield path


def write_request(request: dict[str, Any]) -> Path:
    """Write a request file for an engine; the run folder will hold a copy."""
    folder = platformdirs.user_state_path("mtjlab", appauthor=False) / "requests"
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.toml"))[:-MAX_REQUESTS]:
        old.unlink(missing_ok=True)
    path = folder / f"{datetime.now():%Y-%m-%d-%H%M%S-%f}.toml"
    return put(path, tomli_w.dumps(request).encode())


def command_name(arguments: Sequence[str]) -> str:
    """Name of a command for the operator: the kind of run for a request file, its own name otherwise."""
    return _requested_kind(Path(arguments[1])) if arguments[0] == RUN else arguments[0]


@lru_cache(maxsize=16)
def _requested_kind(path: Path) -> str:
    try:
        return str(read_toml(path)["run"]["procedure"])
    except (RefusedError, LookupError):
        return RUN


def _readable(read: Callable[[Path], Read]) -> dict[Path, Read]:
    found = {}
    for path in sorted(CONFIGS.glob("*.toml")):
        try:
            found[path] = read(path)
        except RefusedError:
            continue
    return found
