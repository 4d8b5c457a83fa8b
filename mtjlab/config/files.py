"""TOML -> frozen models; every mistake is a sentence that names file, key and remedy."""

import json
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mtjlab.config.bench import BenchConfig, InstrumentBenchConfig, SimulatedBenchConfig
from mtjlab.config.plan import PlanConfig
from mtjlab.config.section import Section
from mtjlab.errors import RefusedError
from mtjlab.text import read_toml

Config = TypeVar("Config", bound=Section)


KINDS: dict[str, type[SimulatedBenchConfig] | type[InstrumentBenchConfig]] = {
    "simulated": SimulatedBenchConfig,
    "instruments": InstrumentBenchConfig,
}


def read_bench(path: Path) -> BenchConfig:
    """The bench described by the TOML file ``path``. Raises RefusedError naming file, key and remedy."""
    return bench_of(path, read_toml(path))


def bench_of(path: Path, content: dict[str, Any]) -> BenchConfig:
    """The bench in a table of the file ``path``. Raises RefusedError naming file, key and remedy."""
    kind = content.get("kind", "simulated")
    if not isinstance(kind, str) or kind not in KINDS:
        raise RefusedError(f"{path}: kind is {kind!r}. A bench is of kind {' or '.join(map(repr, KINDS))}.")
    return _validated(path, content, KINDS[kind])


def read_plan(path: Path) -> PlanConfig:
    """The plan in the TOML file ``path``. Raises RefusedError naming file, key and remedy."""
    return plan_of(path, read_toml(path))


def plan_of(path: Path, content: dict[str, Any]) -> PlanConfig:
    """The plan in a table of the file ``path``. Raises RefusedError naming file, key and remedy."""
    return _validated(path, content, PlanConfig)


def read_section(path: Path, model: type[Config]) -> Config:
    """What the TOML file ``path`` holds, as ``model``. Raises RefusedError naming file, key and remedy."""
    return _validated(path, read_toml(path), model)


def section_of(path: Path, content: dict[str, Any], model: type[Config]) -> Config:
    """What a table of the file ``path`` holds, as ``model``. Raises RefusedError naming file, key and remedy."""
    return _validated(path, content, model)


def complaints_of(content: dict[str, Any], model: type[Section]) -> dict[str, str]:
    """What is wrong with a table that shall be a ``model``, by key (``training.steps``); nothing if it is one."""
    try:
        parsed(content, model)
    except ValidationError as error:
        return _complaints(error, model)
    return {}


def _validated(path: Path, content: dict[str, Any], model: type[Config]) -> Config:
    try:
        return parsed(content, model)
    except ValidationError as error:
        told = _complaints(error, model)
        raise RefusedError("\n".join(f"{path}: {complaint}" for complaint in told.values())) from error


def parsed(content: dict[str, Any], model: type[Config]) -> Config:
    """``content`` as a ``model``. Strict JSON takes a list for a tuple and an integer for a float, and nothing else.

    Raises:
        ValidationError: it is none.
    """
    return model.model_validate_json(json.dumps(content, default=str))


def _complaints(error: ValidationError, model: type[Section]) -> dict[str, str]:
    """By key, in the order of the model; of several on the same key the first."""
    told = {_key(details["loc"]): _complaint(details, model) for details in reversed(error.errors())}
    return dict(reversed(told.items()))


def _key(loc: tuple[int | str, ...]) -> str:
    """The key as it stands in the file, without the names of alternative types that pydantic appends."""
    return ".".join(str(part) for part in loc if part != "float" and "[" not in str(part))


def _complaint(details: ErrorDetails, model: type[Section]) -> str:
    where = _key(details["loc"])
    if details["type"] == "extra_forbidden":
        return f"unknown key {where}. {_suggestion(details['loc'], model)}"
    shown = "" if isinstance(details["input"], dict) else f" (it is {details['input']!r})"
    told = details["msg"].removeprefix("Value error, ").removeprefix("Input ")  # an input is a current here
    return f"{where or 'file'}: {told}{shown}."


def _suggestion(loc: tuple[int | str, ...], model: type[Section]) -> str:
    named: type[Section] | None = None  # of a table of tables, where the next part is a name
    for part in loc[:-1]:
        if named is not None:
            model, named = named, None
            continue
        field = model.model_fields[str(part)].annotation
        if isinstance(field, type) and issubclass(field, Section):
            model = field
        elif get_origin(field) is dict:
            named = get_args(field)[1]
    key, known = str(loc[-1]), list(model.model_fields)
    for candidate in known:
        if candidate.startswith(f"{key}_"):
            return f"Every quantity carries its unit: write {candidate}."
    close = get_close_matches(key, known, n=1)
    return f"Did you mean {close[0]}?" if close else f"Known here: {', '.join(known)}."
