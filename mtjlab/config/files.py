"""TOML -> frozen models; every mistake is reported as a sentence with file, key and remedy."""

import json
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mtjlab.config.bench import BenchConfig, InstrumentBenchConfig, SimulatedBenchConfig
from mtjlab.config.chains import with_instruments_of_chains
from mtjlab.config.plan import PlanConfig
from mtjlab.config.section import Section
from mtjlab.counted import counted
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
    """The bench in a table from the file ``path``. Raises RefusedError naming file, key and remedy."""
    kind = content.get("kind", "simulated")
    if not isinstance(kind, str) or kind not in KINDS:
        raise RefusedError(f"{path}: kind is {kind!r}. A bench is of kind {' or '.join(map(repr, KINDS))}.")
    return _validated(path, with_instruments_of_chains(path, content), KINDS[kind])


def read_plan(path: Path) -> PlanConfig:
    """The plan in the TOML file ``path``. Raises RefusedError naming file, key and remedy."""
    return plan_of(path, read_toml(path))


def plan_of(path: Path, content: dict[str, Any]) -> PlanConfig:
    """The plan in a table from the file ``path``. Raises RefusedError naming file, key and remedy."""
    return _validated(path, content, PlanConfig)


def plan_of_run(path: Path, content: dict[str, Any]) -> PlanConfig:
    """The plan in a ``run.toml``; keys that older versions did not write mean what these did. Raises as ``plan_of``."""
    encoding = content.get("encoding", {})
    if content and isinstance(encoding, dict):
        content = {**content, "encoding": {"table": "one", **encoding}}
    return plan_of(path, content)


def read_section(path: Path, model: type[Config]) -> Config:
    """Content of the TOML file ``path`` as ``model``. Raises RefusedError naming file, key and remedy."""
    return _validated(path, read_toml(path), model)


def section_of(path: Path, content: dict[str, Any], model: type[Config]) -> Config:
    """Content of a table from the file ``path`` as ``model``. Raises RefusedError naming file, key and remedy."""
    return _validated(path, content, model)


def problems_of(content: dict[str, Any], model: type[Section]) -> dict[str, str]:
    """Mistakes in a table that should be a ``model``, by key (``training.steps``); empty if it is valid."""
    try:
        parsed(content, model)
    except ValidationError as error:
        return _problems(error, model)
    return {}


def _validated(path: Path, content: dict[str, Any], model: type[Config]) -> Config:
    try:
        return parsed(content, model)
    except ValidationError as error:
        problems = _problems(error, model)
        raise RefusedError("\n".join(f"{path}: {problem}" for problem in problems.values())) from error


def parsed(content: dict[str, Any], model: type[Config]) -> Config:
    """``content`` as a ``model``. Strict JSON accepts a list for a tuple and an integer for a float, and nothing else.

    Raises:
        ValidationError: ``content`` is not valid.
    """
    return model.model_validate_json(json.dumps(content, default=str))


def _problems(error: ValidationError, model: type[Section]) -> dict[str, str]:
    """The first mistake of each key, in the order of the model."""
    problems = {_key(details["loc"]): _problem(details, model) for details in reversed(error.errors())}
    return dict(reversed(problems.items()))


def _key(loc: tuple[int | str, ...]) -> str:
    """The key as written in the file, without the names of alternative types that pydantic appends."""
    return ".".join(str(part) for part in loc if part != "float" and "[" not in str(part))


def _problem(details: ErrorDetails, model: type[Section]) -> str:
    where = _key(details["loc"])
    if details["type"] == "extra_forbidden":
        return f"unknown key {where}. {_suggestion(details['loc'], model)}"
    shown = "" if isinstance(details["input"], dict) else f" (it is {details['input']!r})"
    return f"{where or 'file'}: {plain_message(details)}{shown}."


def plain_message(details: ErrorDetails) -> str:
    """What is wrong, without pydantic's terms: here an input is a current."""
    kind, context = details["type"], details.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind in ("too_short", "too_long"):
        bound, limit = ("least", "min_length") if kind == "too_short" else ("most", "max_length")
        return f"needs at {bound} {counted(context[limit], 'value')}, not {context['actual_length']}"
    return details["msg"].removeprefix("Value error, ").removeprefix("Input ").replace("should be", "must be", 1)


def _suggestion(loc: tuple[int | str, ...], model: type[Section]) -> str:
    named: type[Section] | None = None  # of a table of tables, whose next part is a name
    for part in loc[:-1]:
        if named is not None:
            model, named = named, None
            continue
        field = model.model_fields[str(part)].annotation
        if isinstance(field, type) and issubclass(field, Section):
            model = field
        elif get_origin(field) in (dict, tuple):
            named = get_args(field)[get_origin(field) is dict]
    key, known = str(loc[-1]), list(model.model_fields)
    for candidate in known:
        if candidate.startswith(f"{key}_"):
            return f"A key needs its unit: write {candidate}."
    close = get_close_matches(key, known, n=1)
    return f"Did you mean {close[0]}?" if close else f"Known keys: {', '.join(known)}."
