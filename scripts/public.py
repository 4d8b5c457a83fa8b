"""Public interface of the present code: commands, keys of files, events, results, columns of exports.

Results and exports have no model: they are made from the golden runs of the present journal format.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, asdict, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from shutil import copy, copytree
from tempfile import TemporaryDirectory
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import click
import xarray as xr

from mtjlab import experiment
from mtjlab.analysis.estimates import CriticalEstimate, Estimate, NotDetermined
from mtjlab.benches.source_states import SourceState
from mtjlab.calibration import Calibration
from mtjlab.cli import common as cli
from mtjlab.cli.commands import mtjlab
from mtjlab.cli.numbers import Number
from mtjlab.config import DetectorSettings, InstrumentBenchConfig, Network, PlanConfig, SimulatedBenchConfig
from mtjlab.config.section import Section
from mtjlab.diagnosis.finding import Explanation
from mtjlab.domain import GaussmeterReading
from mtjlab.events import FORMAT, WiringChecked
from mtjlab.experiment.baselines import compare_with_baselines
from mtjlab.export import FORMATS
from mtjlab.export.exported import Exported
from mtjlab.export.pymeasure_files import PARAMETERS
from mtjlab.procedures.kinds import KINDS
from mtjlab.provenance import provenance
from mtjlab.reading import read_events, vocabulary
from mtjlab.requests import ManualRequest
from mtjlab.runs.listing import list_runs
from mtjlab.store import JOURNAL, REQUEST, Journal, read_request

PROJECT = Path(__file__).resolve().parents[1]
GOLDEN = PROJECT / "tests" / "golden" / str(FORMAT)
RUNS = (
    "train",
    "classify",
    "sweep",
    "shift",
    "map-curves",
    "map-raster",
    "map-adaptive",
    "dwell",
    "check",
    "live",
    "redetect",
)
"""Golden runs that together contain all possible keys."""
FILES: dict[str, type[Section]] = {
    "Bench file, simulated in process": SimulatedBenchConfig,
    "Bench file, instruments": InstrumentBenchConfig,
    "Plan file": PlanConfig,
    "`network.toml`": Network,
}
TABLES_OF_RUN: dict[str, type[Section]] = {
    name: kind.plan for name, kind in KINDS.items() if "procedure" in kind.plan.model_fields
}
"""Beside [bench], [plan] and [network], which are as in their files."""
NOT_IN_GOLDEN_RUNS = ("calibration", "rerun_of")
PLAIN: dict[Any, str] = {
    Any: "what older versions wrote",
    float: "number",
    int: "integer",
    str: "text",
    bool: "boolean",
    Path: "path",
    datetime: "time as ISO 8601",
}
ABSTRACT: dict[Any, tuple[Any, ...]] = {Estimate: (CriticalEstimate, NotDetermined)}
"""In their place stands one of their subclasses."""
Rows: TypeAlias = dict[str, list[str]]


def exit_codes() -> Rows:
    """Meanings of the exit codes of commands."""
    meanings = {"DONE": "done", "REFUSED": "cannot be done; nothing was started", "STOPPED": "stopped by somebody"}
    meanings["FAULT"] = "bench fault, or wiring mistakes found"
    return {meaning: [str(getattr(cli, name))] for name, meaning in meanings.items()}


def commands() -> Rows:
    """Arguments and options of each command."""
    return dict(_commands("mtjlab", mtjlab))


def _commands(name: str, command: click.Command) -> Iterator[tuple[str, list[str]]]:
    if not isinstance(command, click.Group):
        yield name, [_parameter(one) for one in command.params]
        return
    context = click.Context(command)
    for word in command.list_commands(context):
        subcommand = command.get_command(context, word)
        assert subcommand is not None
        yield from _commands(f"{name} {word}", subcommand)


def _parameter(one: click.Parameter) -> str:
    """An argument in capitals; an option with what it takes."""
    if not isinstance(one, click.Option):
        return one.human_readable_name
    takes = "" if one.is_flag else _taken(one.type)
    return " ".join(filter(None, (one.opts[0], takes, "repeated" * one.multiple)))


def _taken(kind: click.ParamType[Any]) -> str:
    match kind:
        case click.Choice():
            return " or ".join(kind.choices)
        case Number():
            return "integer" if kind.allowed.is_whole else "number"
        case click.Path():
            return "path"
        case _:
            return "text"


def file_keys() -> dict[str, Rows]:
    """Tables and keys of each kind of file."""
    return {
        **{title: dict(_tables(model)) for title, model in FILES.items()},
        "`run.toml`": run_keys(),
        "`calibration-CHIP-DAY.json`": {"": list(_fields(Calibration))},
        "`requests.jsonl`": {"": list(_fields(ManualRequest))},
    }


def _tables(model: type[Section], path: str = "") -> Iterator[tuple[str, list[str]]]:
    keys, below = [], []
    for name, field in model.model_fields.items():
        inner = next((one for one in (field.annotation, *get_args(field.annotation)) if _is_section(one)), None)
        where = f"{path}.{name}".strip(".")
        if inner is None:
            keys.append(f"{name}: {kind_of(_without_null(field.annotation))}{', required' * field.is_required()}")
        else:
            below += _tables(inner, f"{where}.J1" if get_origin(field.annotation) is dict else where)
    yield f"[{path}]" if path else "", keys
    yield from below


def _is_section(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Section)


def _without_null(hint: Any) -> Any:
    """TOML has no null: such a key is left out."""
    left = [one for one in get_args(hint) if one is not NoneType]
    return Union[tuple(left)] if NoneType in get_args(hint) else hint  # noqa: UP007


def run_keys() -> Rows:
    """Tables of ``run.toml``: those with a model, and beside them what the golden runs hold."""
    rows: Rows = {}
    for path in sorted(GOLDEN.glob("*/*/*/run.toml")):
        for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if name not in ("bench", "plan", "network", *TABLES_OF_RUN):
                add(rows, f"[{name}]", keys_of(table))
    add(rows, "[run]", (*provenance(), *NOT_IN_GOLDEN_RUNS))
    add(rows, "[gaussmeter]", [field.name for field in fields(GaussmeterReading)])
    for name, model in TABLES_OF_RUN.items():
        rows |= {f"[{name}{table[1:-1] and '.'}{table[1:-1]}]": keys for table, keys in _tables(model)}
    return rows


def event_types() -> dict[str, Any]:
    """The class of each type of event."""
    return dict(vocabulary())


def events() -> Rows:
    """Keys of each type of event."""
    return {name: list(_fields(one)) for name, one in event_types().items()}


def objects() -> Rows:
    """What is named in the keys of events and files."""
    rows: Rows = {}
    roots = [*event_types().values(), Calibration, ManualRequest]
    waiting = list(roots)
    for one in waiting:
        waiting += [named for hint in _hints(one).values() for named in _named(hint) if named not in waiting]
        rows[one.__name__] = [json.dumps(item.value) for item in one] if _is_enum(one) else list(_fields(one))
    return {name: keys for name, keys in sorted(rows.items()) if name not in {root.__name__ for root in roots}}


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Enum)


def _hints(one: Any) -> dict[str, Any]:
    return get_type_hints(one) if is_dataclass(one) else {}


def _named(hint: Any) -> Iterator[Any]:
    if hint in ABSTRACT:
        yield from ABSTRACT[hint]
    if is_dataclass(hint) or _is_enum(hint):
        yield hint
    elif get_origin(hint) is not Literal:
        for part in get_args(hint):
            yield from _named(part)


def _fields(one: Any) -> Iterator[str]:
    """Keys with what they hold, and the value that is meant where an older version has not written them."""
    hints = get_type_hints(one)
    for field in fields(one):
        if field.name != "type":
            default = "" if field.default is MISSING else f" = {json.dumps(field.default, default=asdict)}"
            yield f"{field.name}: {kind_of(hints[field.name])}{default}"


def kind_of(hint: Any) -> str:
    """A type in the words of JSON."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return kind_of(parts[0])
    if origin is Literal:
        return " or ".join(json.dumps(one) for one in parts)
    if origin in (Union, UnionType):
        return " or ".join("null" if one is NoneType else kind_of(one) for one in parts)
    if origin is tuple:
        return f"[{', '.join(kind_of(one) for one in parts if one is not Ellipsis)}]"
    if origin is list:
        return kind_of(parts[0])
    if hint in ABSTRACT:
        return " or ".join(one.__name__ for one in ABSTRACT[hint])
    if origin is dict:
        return f"{{{kind_of(parts[0])}: {kind_of(parts[1])}}}"
    return PLAIN.get(hint, getattr(hint, "__name__", str(hint)))


def results() -> Rows:
    """Keys of what ``--json`` prints: of any run and by its procedure, as ``show`` gives them; of other commands."""
    of_runs: Rows = {}
    rows: Rows = {}
    for name in RUNS:
        with _golden(name) as run:
            add(of_runs, read_request(run)["run"]["procedure"], keys_of(experiment.result_of(run)))
            add(rows, "runs", keys_of({"runs": [list_runs(run.parents[1])[0].as_json()]}))
            add(rows, "export", keys_of(experiment.export(run, "csv")))
            if name == "train":
                add(rows, "redetect", keys_of(experiment.redetect(run, DetectorSettings(), run.parents[1])))
                add(rows, "baselines", keys_of(compare_with_baselines(run, 2)[0]))
    source = SourceState("", None, None)
    add(rows, "safe", keys_of(experiment.Shutdown("", (source,), (source,), "", ()).as_json()))
    common = [key for key in next(iter(of_runs.values())) if all(key in keys for keys in of_runs.values())]
    own = {name: [key for key in keys if key not in common] for name, keys in of_runs.items()}
    return {name: _deepest(keys) for name, keys in {"(any run)": common, **own, **rows}.items() if keys}


def _deepest(keys: list[str]) -> list[str]:
    """Without what is null in some runs, and holds more keys in others."""
    return [key for key in keys if not any(other.startswith((f"{key}.", f"{key}[")) for other in keys)]


def keys_of(told: Any, path: str = "") -> Iterator[str]:
    """Paths of all keys; ``[]`` is any place of a list."""
    match told:
        case dict():
            for key, value in told.items():
                yield from keys_of(value, f"{path}.{key}".strip(".")) if value else iter([f"{path}.{key}".strip(".")])
        case [*items] if any(isinstance(item, dict) for item in items):
            yield from dict.fromkeys(key for item in items for key in keys_of(item, f"{path}[]"))
        case _:
            yield path


def exports() -> dict[str, Rows]:
    """Columns and variables of each file of an export."""
    tables: dict[str, Rows] = {"CSV": {}, "NetCDF": {}, "PyMeasure": {"(parameters)": list(PARAMETERS)}}
    for name in RUNS:
        with _golden(name) as run:
            for (to, write), rows in zip(FORMATS.items(), tables.values(), strict=True):
                with TemporaryDirectory() as out:
                    for path in write(Exported(run), Path(out)):
                        if to == "netcdf":
                            add(rows, path.name, _variables(path))
                        elif path.suffix == ".csv":
                            add(rows, re.sub(r"\d+", "NNN", path.name), map(_any_junction, _header(path)))
    return tables


def _variables(path: Path) -> list[str]:
    with xr.open_dataset(path, engine="h5netcdf") as dataset:
        return [_variable(str(name), one) for name, one in dataset.variables.items()]


@contextmanager
def _golden(name: str) -> Iterator[Path]:
    """A copy of a golden run, whose table of tokens is where it says; a check finds something to explain."""
    golden = next((GOLDEN / name).glob(f"*/*/{REQUEST}")).parent
    with TemporaryDirectory() as made:
        folder = Path(made).resolve()
        run = folder / golden.parent.name / golden.name
        copytree(golden, run)
        copy(GOLDEN / "few.csv", folder)
        asked = (run / REQUEST).read_text(encoding="utf-8").split("\n", 1)[1]  # without its checksum
        (run / REQUEST).write_text(asked.replace("/somewhere", folder.as_posix()), encoding="utf-8")
        if name == "check":
            _explain(run)
        yield run


def _explain(run: Path) -> None:
    """Write the journal of a check anew: with a wiring mistake that could be explained."""
    events = list(read_events(run))
    (run / JOURNAL).unlink()
    with Journal(run) as journal:
        for event in events:
            is_found = isinstance(event, WiringChecked)
            journal.append(replace(event, explanations=(Explanation("", "", 0.0, ""),)) if is_found else event)


def _variable(name: str, one: Any) -> str:
    return f"{name}({', '.join(map(str, one.dims))}) {one.attrs.get('units', '1')}"


def _header(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if not line.startswith("#")).split(",")


def _any_junction(column: str) -> str:
    """J1 stands for every junction, A for every input."""
    return re.sub(r"\bJ\d\b", "J1", re.sub(r"^(I_)?[B-Z]\b", r"\1A", column))


def add(rows: Rows, name: str, keys: Iterable[str]) -> None:
    """Append to a row what it does not have; no row without keys."""
    new = [key for key in dict.fromkeys(keys) if key not in rows.get(name, ())]
    if new:
        rows[name] = rows.get(name, []) + new
