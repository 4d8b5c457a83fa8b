"""``python -m tests.golden.write FOLDER`` writes small runs of every kind with the version that is checked out.

A folder of golden runs is written once for each journal format, or for a new kind, and never again: later versions have
to read, show, export, draw and resume it as it is. Machine, user and paths are replaced by neutral ones.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import chdir
from hashlib import sha256
from pathlib import Path
from shutil import copy, rmtree
from tempfile import TemporaryDirectory
from typing import Any

import h5py
import numpy as np
import pandas as pd

from mtjlab import experiment
from mtjlab.benches.simulators import LOG as SIMULATORS_LOG
from mtjlab.config import DetectorSettings
from mtjlab.config.section import Section
from mtjlab.errors import RefusedError
from mtjlab.events import CurveTaken, Presented, Pulsed
from mtjlab.export import Format, export_run
from mtjlab.procedures.chip_comparison.plan import ChipComparisonOptions
from mtjlab.procedures.dwell.events import JunctionsHeld
from mtjlab.procedures.field.events import LoopPoint
from mtjlab.reading import read_events
from mtjlab.run_status import status_report
from mtjlab.store import HEARTBEAT, JOURNAL, read_request, write_request
from tests.golden.runs import SOMEWHERE
from tests.support.asking import (
    MeasuringRequest,
    TokensAsked,
    TrainingRequest,
    prepare_classify,
    prepare_measuring,
    prepare_training,
)
from tests.support.engines import BENCH, PROJECT
from tests.support.made_runs import (
    MAGNET_BENCH,
    adaptive_asked,
    curves_asked,
    dwell_asked,
    field_asked,
    made_by_hand,
    made_check,
    made_training,
    plan_in,
    pulse_asked,
    raster_asked,
    shift_asked,
    stopper,
    sweep_asked,
)

MACHINE: dict[str, Any] = {
    "host": "bench-pc",
    "user": "operator",
    "platform": "any",
    "pid": 1,
    "process_created_s": 0.0,
    "command": ["mtjlab"],
}
EXPECTED = "expected.json"
FORMATS: tuple[Format, ...] = ("csv", "netcdf", "pymeasure")
Writer = Callable[[Path], Path]


def stopped_training(folder: Path) -> Path:
    """Stopped between its first and its second step."""
    request = TrainingRequest(plan=plan_in(folder), seed=1)
    stop = stopper(folder / "runs", 20, Presented)
    return experiment.execute(prepare_training(request), folder / "runs", [stop]).folder


def stopped(folder: Path, asked: Section, after: int, kind: type) -> Path:
    """Stopped after so many events of a kind."""
    return measurement(folder, asked, stopper(folder / "runs", after, kind))


def measurement(folder: Path, asked: Section, *viewers: Any) -> Path:
    """Plan in ``folder``, run in ``folder/runs``."""
    request = MeasuringRequest(experiment.DEFAULT_BENCH, plan_in(folder))
    return experiment.execute(prepare_measuring(request, asked), folder / "runs", viewers).folder


def compared_chip(folder: Path) -> Path:
    """A sweep, and the comparison of its chip with it."""
    measurement(folder, sweep_asked())
    return measurement(folder, ChipComparisonOptions(loops=4))


def in_field(folder: Path, *viewers: Any) -> Path:
    """Plan and bench in ``folder``, run in ``folder/runs``."""
    request = MeasuringRequest(MAGNET_BENCH, plan_in(folder))
    return experiment.execute(prepare_measuring(request, field_asked()), folder / "runs", viewers).folder


def classification(folder: Path, *viewers: Any) -> Path:
    """Of every token of a training."""
    training = made_training(folder)
    request = MeasuringRequest(experiment.DEFAULT_BENCH, plan_in(folder))
    prepared = prepare_classify(training, request, TokensAsked(times=2))
    return experiment.execute(prepared, folder / "runs", viewers).folder


def resumed(stopped: Writer) -> Writer:
    """What goes on with a stopped run."""

    def write(folder: Path) -> Path:
        return experiment.execute(experiment.prepare_resume(stopped(folder)), folder / "runs").folder

    return write


def recovered(finished: Writer) -> Writer:
    """What is sound of a run with a damaged line in its middle."""

    def write(folder: Path) -> Path:
        damaged = finished(folder)
        lines = (damaged / JOURNAL).read_bytes().splitlines(keepends=True)
        middle = len(lines) // 2
        lines[middle] = lines[middle].replace(b":", b";", 1)
        (damaged / JOURNAL).write_bytes(b"".join(lines))
        return experiment.recover(damaged, folder / "runs")[0]

    return write


def redetected(folder: Path) -> Path:
    """A sweep judged again with another dead band."""
    measured = measurement(folder, sweep_asked(1))
    result = experiment.redetect(measured, DetectorSettings(dead_band_ua=15.0), folder / "runs")
    return Path(result["run"])


def over_tcp(folder: Path) -> Path:
    """A training of one step on simulated instruments."""
    request = TrainingRequest(BENCH, plan_in(folder), seed=1, steps=1, simulate=True, speed=100.0)
    return experiment.execute(prepare_training(request), folder / "runs").folder


FINISHED: dict[str, Writer] = {
    "train": made_training,
    "classify": classification,
    "sweep": lambda folder: measurement(folder, sweep_asked()),
    "shift": lambda folder: measurement(folder, shift_asked()),
    "map-curves": lambda folder: measurement(folder, curves_asked()),
    "map-raster": lambda folder: measurement(folder, raster_asked()),
    "map-adaptive": lambda folder: measurement(folder, adaptive_asked()),
    "dwell": lambda folder: measurement(folder, dwell_asked()),
    "pulse": lambda folder: measurement(folder, pulse_asked()),
    "compare-chip": compared_chip,
    "field": in_field,
    "check": made_check,
    "live": made_by_hand,
    "redetect": redetected,
    "train-tcp": over_tcp,
}
STOPPED: dict[str, Writer] = {
    "train-stopped": stopped_training,
    "classify-stopped": lambda folder: classification(folder, stopper(folder / "runs", 4, Presented)),
    "sweep-stopped": lambda folder: stopped(folder, sweep_asked(), 1, CurveTaken),
    "shift-stopped": lambda folder: stopped(folder, shift_asked(), 2, CurveTaken),
    "map-curves-stopped": lambda folder: stopped(folder, curves_asked(), 3, CurveTaken),
    "dwell-stopped": lambda folder: stopped(folder, dwell_asked(), 4, JunctionsHeld),
    "pulse-stopped": lambda folder: stopped(folder, pulse_asked(), 9, Pulsed),
    "field-stopped": lambda folder: in_field(folder, stopper(folder / "runs", 50, LoopPoint)),
}


def crashed(finished: Writer) -> Writer:
    """A run whose engine was killed when two thirds were done."""

    def write(folder: Path) -> Path:
        run = finished(folder)
        lines = (run / JOURNAL).read_bytes().splitlines(keepends=True)
        (run / JOURNAL).write_bytes(b"".join(lines[: 2 * len(lines) // 3]))
        (run / HEARTBEAT).unlink()
        return run

    return write


def every_run() -> Iterator[tuple[str, Writer]]:
    """Name and writer of each."""
    yield from FINISHED.items()
    yield from STOPPED.items()
    yield from ((name.replace("stopped", "resumed"), resumed(writer)) for name, writer in STOPPED.items())
    recoverable = ("train", "sweep", "map-adaptive", "live")
    yield from ((f"{name}-crashed", crashed(FINISHED[name])) for name in ("train", "map-adaptive", "live"))
    yield from ((f"{name}-recovered", recovered(FINISHED[name])) for name in recoverable)


def neutral(run: Path, folder: Path) -> None:
    """Take machine, user and place out of ``run.toml``."""
    asked = json.loads(json.dumps(read_request(run)).replace(str(folder), SOMEWHERE).replace(str(PROJECT), SOMEWHERE))
    asked["run"] |= {key: value for key, value in MACHINE.items() if key in asked["run"]}
    write_request(run, asked)


def write_all(target: Path, names: Collection[str] = ()) -> None:
    """Write every run, or those of ``names``, to ``target/NAME/DAY/NUMBER-PROCEDURE``, and their table of tokens."""
    for name, writer in every_run():
        if names and name not in names:
            continue
        with TemporaryDirectory() as made, chdir(made):
            folder = Path(made).resolve()
            run = writer(folder)
            neutral(run, folder)
            for leftover in (SIMULATORS_LOG, "figures"):
                rmtree(run / leftover, ignore_errors=True)
                (run / leftover).unlink(missing_ok=True)
            kept = target / name / run.parent.name / run.name
            rmtree(target / name, ignore_errors=True)
            kept.mkdir(parents=True)
            for path in run.iterdir():
                copy(path, kept / path.name)
        plan_in(target)
        (target / name / EXPECTED).write_text(json.dumps(facts(kept), indent=1), encoding="utf-8")
        print(name, (kept / JOURNAL).stat().st_size, file=sys.stderr)  # noqa: T201


def facts(run: Path) -> dict[str, Any]:
    """What every later version has to find in a run: status, events, result; of whole runs the exports as well."""
    stands = status_report(run)
    with TemporaryDirectory() as out:
        exports = {to: exported(run, to, Path(out)) for to in FORMATS if stands.status == "finished"}
    return {
        "status": stands.status,
        "events": dict(sorted(Counter(event.type for event in read_events(run)).items())),
        "result": without_places(experiment.result_of(run), run),
        "exports": exports,
    }


def exported(run: Path, to: Format, out: Path) -> dict[str, dict[str, str]]:
    """Of each file of an export: a digest for each of its columns or variables. Nothing where a kind has no such."""
    try:
        paths = export_run(run, to, out / to)
    except RefusedError:
        return {}
    return {path.name: READERS[path.suffix](path) for path in paths if path.suffix in READERS}


def columns_of_csv(path: Path) -> dict[str, str]:
    """Columns of a table; those that PyMeasure reads begin with comments."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False, comment="#")
    return {str(name): digest("\n".join(table[name])) for name in table}


def variables_of_netcdf(path: Path) -> dict[str, str]:
    """Variables with dimensions, units and values; read from HDF5 itself, for which xarray takes far longer."""
    with h5py.File(path) as file:
        kept = {name: variable for name, variable in file.items() if not is_mere_dimension(variable)}
        return {
            name: f"{unit_of(name, variable)} {digest(repr(values_of(variable)))}" for name, variable in kept.items()
        }


def is_mere_dimension(variable: Any) -> bool:
    return bool(variable.attrs.get("NAME", b"").startswith(b"This is a netCDF dimension but not a netCDF variable"))


def unit_of(name: str, variable: Any) -> str:
    """Its dimensions and its unit; a coordinate is its own dimension."""
    dimensions = (name,) if variable.is_scale else tuple(scales[0].name.lstrip("/") for scales in variable.dims)
    return f"{dimensions} {variable.attrs.get('units', '')}"


def values_of(variable: Any) -> Any:
    """What xarray makes of them: texts as texts, flags as flags, and of counts that are missing no numbers.

    Numbers to nine digits: processors differ in the last of an exponential.
    """
    if h5py.check_string_dtype(variable.dtype):
        return np.asarray(variable.asstr()[()]).tolist()
    values = np.asarray(variable[()])
    if variable.attrs.get("dtype") == "bool":
        values = values.astype(bool)
    elif values.dtype.kind == "i" and "_FillValue" in variable.attrs:
        values = np.where(values == variable.attrs["_FillValue"], np.nan, values)
    if values.dtype.kind == "f":
        values = np.reshape([float(f"{value:.9g}") for value in values.flat], values.shape)
    return values.tolist()


READERS: dict[str, Callable[[Path], dict[str, str]]] = {".csv": columns_of_csv, ".nc": variables_of_netcdf}


def digest(text: str) -> str:
    """Short and sure enough."""
    return sha256(text.encode()).hexdigest()[:16]


def without_places(result: dict[str, Any], run: Path) -> dict[str, Any]:
    """A result as other programs read it, but for folders, which differ from machine to machine."""
    plain: dict[str, Any] = json.loads(json.dumps(result).replace(str(run), SOMEWHERE))
    return plain


if __name__ == "__main__":
    write_all(Path(sys.argv[1]).resolve(), sys.argv[2:])
