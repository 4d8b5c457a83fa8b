"""Files that the window finds by itself: benches, plans, and the plan that a form holds on its way to an engine."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import platformdirs
import tomli_w

from mtjlab.config import BenchConfig, PlanConfig, read_bench, read_plan
from mtjlab.errors import RefusedError
from mtjlab.provenance import ROOT

CONFIGS = ROOT / "configs"
KEPT_PLANS = 500
"""Plans on their way to an engine; it reads them when it starts, and its run folder keeps them for good."""
Read = TypeVar("Read")


def bench_files(folder: Path = CONFIGS) -> dict[Path, BenchConfig]:
    """Files in ``folder`` that describe a bench, the simulated one first."""
    found = _readable(folder, read_bench)
    return dict(sorted(found.items(), key=lambda item: (item[1].kind != "simulated", item[0])))


def plan_files(folder: Path = CONFIGS) -> dict[Path, PlanConfig]:
    """Files in ``folder`` that are a plan."""
    return _readable(folder, read_plan)


def write_plan(content: dict[str, Any]) -> Path:
    """Write a plan where an engine may read it; the run folder will hold all of it.

    A table of data that is named relative to where the window was started is found from there.
    """
    folder = platformdirs.user_state_path("mtjlab", appauthor=False) / "plans"
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.toml"))[:-KEPT_PLANS]:
        old.unlink(missing_ok=True)
    path = folder / f"{datetime.now():%Y-%m-%d-%H%M%S-%f}.toml"
    data = dict(content.get("data", {}))
    if data.get("table"):
        data["table"] = str(Path(data["table"]).resolve())
    path.write_text(tomli_w.dumps({**content, "data": data}), encoding="utf-8")
    return path


def _readable(folder: Path, read: Callable[[Path], Read]) -> dict[Path, Read]:
    found = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            found[path] = read(path)
        except RefusedError:
            continue
    return found
