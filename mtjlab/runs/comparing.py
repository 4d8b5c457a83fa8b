"""Runs beside each other, and the critical currents of a chip against date; read from the run folders."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from mtjlab.calibration import calibration_in
from mtjlab.comparison import Comparison, Curve, Numbers, Panel, differing_numbers
from mtjlab.config import PlanConfig
from mtjlab.config.keys import Key, keys_of
from mtjlab.domain import CriticalCurrents, junction_label
from mtjlab.errors import RefusedError
from mtjlab.events import JunctionsMeasured
from mtjlab.procedures.kind import Kind, Run
from mtjlab.procedures.switching_panels import half_width_ua
from mtjlab.reading import event_of
from mtjlab.runs.finding import in_order, run_folders
from mtjlab.runs.opened import run_of
from mtjlab.store import read_lines, read_request, run_id

MAX_DIFFERENCES = 3
NOT_SET = "not set"
SIMULATED = "SIMULATED"
"""Said of every run whose bench is simulated."""
MEASURED, MAX_LINES = "junctions-measured", 20_000
"""Event that tells critical currents; it comes at the beginning of a run."""


def compared(folders: Sequence[Path]) -> Comparison:
    """Comparison of the runs in ``folders``, which are of one kind, the earliest first.

    Raises:
        RefusedError: they are of several kinds, or one cannot be read.
    """
    runs = [run_of(folder) for folder in in_order(folders)]
    kinds = list(dict.fromkeys(run.kind.name for run in runs))
    if len(kinds) > 1:
        raise RefusedError(f"Runs of {' and '.join(kinds)} cannot be compared. Select runs of one kind.")
    kind: Kind[Any] = runs[0].kind
    names = tuple(run_id(run.folder) for run in runs)
    numbers = differing_numbers([kind.result(run) for run in runs])
    remarks = tuple(_with_simulated(run, text) for run, text in zip(runs, differences(runs), strict=True))
    return Comparison(kind.name, names, remarks, tuple(kind.panels(runs)), numbers)


def _with_simulated(run: Run[Any], remark: str) -> str:
    """The remark on a run, and that its bench is simulated."""
    is_simulated = run.started is not None and run.started.bench.simulated
    return ", ".join(filter(None, (remark, SIMULATED if is_simulated else "")))


def differences(runs: Sequence[Run[Any]]) -> list[str]:
    """Settings in which each run differs from the others, in the words of the forms: "seed 1, training steps 40"."""
    settings = [_settings(run) for run in runs]
    keys = dict.fromkeys(key for one in settings for key in one)
    differing = [key for key in keys if len({str(one.get(key)) for one in settings}) > 1]
    known = {key.key: key for run in runs for model in (PlanConfig, run.kind.options) for key in keys_of(model)}
    return [_worded([(key, known.get(key)) for key in differing], one) for one in settings]


def _worded(keys: Sequence[tuple[str, Key | None]], settings: Mapping[str, Any]) -> str:
    """The settings of a run under these keys as far as they apply, the first ones by name."""
    texts = [
        _setting(key, known, settings.get(key)) for key, known in keys if known is None or _applies(known, settings)
    ]
    more = len(texts) - MAX_DIFFERENCES
    return ", ".join([*texts[:MAX_DIFFERENCES], *([f"and {more} more"] if more > 0 else [])])


def _applies(key: Key, settings: Mapping[str, Any]) -> bool:
    """Whether a key applies beside the other settings of its run."""
    return all(rule.holds(settings.get(rule.key)) for rule in key.applies_when)


def _setting(key: str, known: Key | None, value: Any) -> str:
    """A setting as text."""
    if known is None:
        return f"{key.rpartition('.')[2].replace('_', ' ')} {NOT_SET if value is None else value}"
    shown = NOT_SET if value in (None, [], ()) else f"{known.shown(value)} {known.unit}".rstrip()
    return f"{known.label} {shown}"


def critical_currents_by_date(root: Path, run: Path) -> Comparison:
    """Critical currents of the chip of ``run`` in all runs under ``root`` that measured them.

    Raises:
        RefusedError: ``run`` does not say which chip it used, or no run has measured it.
    """
    chip = _chip(run)
    found = [one for folder in in_order(run_folders(root)) if _is_of(folder, chip) for one in _measured(folder)]
    if not found:
        raise RefusedError(f"No run under {root} has measured critical currents of {chip[0]}. Measure curves first.")
    junctions = max(len(critical.up_ua) for _, _, critical in found)
    names = tuple(map(junction_label, range(junctions)))
    panels = tuple(
        Panel(
            f"critical current {title}",
            "date",
            "critical current (µA)",
            tuple(_by_date(k, found, is_up) for k in range(junctions)),
            x_is_date=True,
        )
        for title, is_up in (("AP → P", True), ("P → AP", False))
    )
    numbers = tuple(
        Numbers(f"{at:%Y-%m-%d %H:%M} {run_name}, AP to P (uA)", critical.up_ua) for at, run_name, critical in found
    )
    chip_name = f"{chip[0]}{f', {SIMULATED}' if chip[1] else ''}"
    return Comparison(chip_name, names, ("",) * junctions, panels, numbers, f"all runs of chip {chip_name}")


def _by_date(k: int, found: Sequence[tuple[datetime, str, CriticalCurrents]], is_up: bool) -> Curve:
    known = [(at.timestamp(), critical) for at, _, critical in found if k < len(critical.up_ua)]
    means = tuple((critical.up_ua if is_up else critical.down_ua)[k] for _, critical in known)
    spreads = ((critical.up_spread_ua if is_up else critical.down_spread_ua)[k] for _, critical in known)
    half = (half_width_ua(ua, critical.repetitions) for ua, (_, critical) in zip(spreads, known, strict=True))
    return Curve(k, tuple(at_s for at_s, _ in known), means, "solid", tuple(half))


def _measured(folder: Path) -> Iterator[tuple[datetime, str, CriticalCurrents]]:
    """What the run in ``folder`` has measured itself; nothing where it cannot be read."""
    with suppress(RefusedError):
        for path in folder.glob("calibration-*.json"):
            calibration = calibration_in(path)
            yield calibration.measured_at, run_id(folder), calibration.refined.critical
            return
        for line in islice(read_lines(folder), MAX_LINES):
            if line.type == MEASURED and not line.is_taken:
                event = event_of(folder, line)
                assert isinstance(event, JunctionsMeasured)
                yield line.at, run_id(folder), event.critical
                return


def _is_of(folder: Path, chip: tuple[str, bool]) -> bool:
    """Whether the run in ``folder`` is of ``chip`` and measured it itself, without a calibration of another run."""
    with suppress(RefusedError):
        return _chip(folder) == chip and "calibration" not in read_request(folder).get("run", {})
    return False


def _chip(folder: Path) -> tuple[str, bool]:
    """Name of the chip of a run, and whether it was simulated."""
    request = read_request(folder)
    bench = request.get("bench", {})
    is_simulated = bench.get("kind") == "simulated" or bool(request.get("run", {}).get("simulate"))
    name = bench.get("device", {}).get("name")
    if not name:
        raise RefusedError(f"{folder}: run.toml does not name the chip. Choose another run.")
    return str(name), is_simulated


def _settings(run: Run[Any]) -> dict[str, Any]:
    """Bench, data, seed and the values of the request that apply to the kind of the run, by dotted key."""
    request, tables = run.request, run.kind.plan_tables
    plan = {key: value for key, value in request.get("plan", {}).items() if not tables or key in tables}
    known = {
        "bench": request.get("bench", {}).get("name"),
        "data": request.get("data", {}).get("name"),
        "seed": request.get("run", {}).get("seed"),
    }
    return known | _flat(plan) | _flat(request.get(run.kind.name, {}))


def _flat(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Values of all sections by dotted key: ``training.steps``."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= _flat(value, f"{before}{key}.") if isinstance(value, Mapping) else {f"{before}{key}": value}
    return flat
