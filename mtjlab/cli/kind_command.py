"""The command of a kind of run: its options are the keys of what is asked of it."""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields as fields_of
from keyword import iskeyword
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rich.markup import escape

from mtjlab import experiment
from mtjlab.cli.carry_out import carry_out
from mtjlab.cli.common import BenchFile, Calibration, Faults, Runs, Seed, Simulate, Speed
from mtjlab.cli.numbers import decimal_option, typed_row, whole_option
from mtjlab.cli.options import Dialogue
from mtjlab.config.keys import Key, keys_of
from mtjlab.config.section import Section
from mtjlab.errors import RefusedError
from mtjlab.experiment import OnBench
from mtjlab.procedures.kind import Kind

_METAVARS = ("<str>", "<float,...>", "<float,...;float,...>")
"""How a value is typed, by the depth of its tuples."""


def command_of(kind: Kind[Any]) -> Callable[..., None]:
    """The command that asks for a run of ``kind``."""
    keys = {_parameter_name(key): key for key in keys_of(kind.asked)}

    def command(**options: Any) -> None:
        typed = {key.key: options.pop(name) for name, key in keys.items()}
        dialogue = Dialogue(**{one.name: options.pop(one.name) for one in fields_of(Dialogue)})
        on = OnBench(**{"faults": tuple(options.pop("fault") or ()), "plan": None, **options})
        carry_out(experiment.prepare(kind, as_asked(kind.asked, typed), on), on.runs, dialogue)

    parameters = [*_first(kind), *(_parameter(name, key) for name, key in keys.items()), *_last(kind)]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    command.__name__ = kind.name
    command.__doc__ = inspect.cleandoc(type(kind).__doc__ or "")
    return command


def _parameter_name(key: Key) -> str:
    name = key.option.name.replace("-", "_")
    return f"{name}_" if iskeyword(name) else name


def _first(kind: Kind[Any]) -> Iterable[inspect.Parameter]:
    yield _keyword("bench", BenchFile, experiment.DEFAULT_BENCH)
    if kind.uses_plan:
        yield _keyword("plan", _plan_file(kind), experiment.DEFAULT_PLAN)


def _plan_file(kind: Kind[Any]) -> Any:
    *tables, last = [f"[{table}]" for table in kind.plan_tables] or [""]
    told = f": its {', '.join(tables)} and {last} count" if last else ""
    return Annotated[Path, typer.Option("--plan", help=escape(f"Plan file{told}."))]


def _last(kind: Kind[Any]) -> Iterable[inspect.Parameter]:
    if kind.uses_plan:
        yield _keyword("calibration", Calibration, None)
    yield _keyword("seed", Seed, None)
    yield _keyword("runs", Runs, Path("runs"))
    yield _keyword("simulate", Simulate, False)
    yield _keyword("speed", Speed, None)
    yield _keyword("fault", Faults, None)
    yield from (
        one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in inspect.signature(Dialogue).parameters.values()
    )


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _parameter(name: str, key: Key) -> inspect.Parameter:
    return _keyword(name, *_option(key))


def _option(key: Key) -> tuple[Any, Any]:
    """How a key is typed, and what stands for it where it is not: that is left to its model."""
    told = escape(" ".join(filter(None, (key.help, f"In {key.unit_typed}." * bool(key.unit_typed)))))
    if default := "" if key.is_flag else key.shown(key.default).replace(", ", ","):
        told += f" [dim]{escape(f'[default: {default}]')}[/]"
    flag = f"--{key.option.name}"
    if key.option.is_argument:
        return Annotated[str, typer.Argument(help=told, metavar=key.option.name.upper())], ...
    if key.is_flag:
        return Annotated[bool, typer.Option(flag, help=told)], False
    if key.is_one_number:
        number = whole_option if key.is_whole else decimal_option
        return Annotated[(int if key.is_whole else float) | None, number(flag, told=told, low=key.low)], None
    if key.option.is_repeated:
        return Annotated[list[str] | None, typer.Option(flag, help=told, metavar=_METAVARS[key.depth - 1])], None
    metavar = "|".join(key.choices) or _METAVARS[key.depth]
    return Annotated[str | None, typer.Option(flag, help=told, metavar=metavar)], None


def as_asked(model: type[Section], typed: Mapping[str, Any]) -> Any:
    """What was typed, by key, as a ``model``; what is None is left to that.

    Raises:
        RefusedError: something is out of range; it is told by the name of its option.
    """
    asked: dict[str, Any] = {}
    by_key = {key.key: key for key in keys_of(model)}
    for name, value in typed.items():
        if value is not None:
            *table, last = name.split(".")
            inside = asked.setdefault(table[0], _default(model, table[0])) if table else asked
            inside[last] = _value(by_key[name], value)
    try:
        return model.model_validate(asked)
    except ValidationError as error:
        told = dict(reversed([_complaint(details, by_key) for details in error.errors()]))
        raise RefusedError("; ".join(f"{where}{what}" for where, what in reversed(told.items())) + ".") from error


def _default(model: type[Section], table: str) -> dict[str, Any]:
    default: Section = model.model_fields[table].default
    return default.model_dump()


def _value(key: Key, typed: Any) -> Any:
    """As a strict model takes it."""
    if not key.depth:
        return float(typed) if key.is_one_number and not key.is_whole else typed
    rows = typed if key.option.is_repeated else str(typed).split(";")
    values = [typed_row(row, f"--{key.option.name}") for row in rows]
    return tuple(values) if key.depth > 1 else values[0] if len(values) == 1 else tuple(values)


def _complaint(details: ErrorDetails, by_key: dict[str, Key]) -> tuple[str, str]:
    """The option that a value out of range was typed for, and what is wrong with it."""
    parts = [part for part in details["loc"] if isinstance(part, str)]
    key = next((by_key[name] for n in (2, 1) if (name := ".".join(parts[:n])) in by_key), None)
    shown = "" if key is None or isinstance(details["input"], dict) else f" (it is {details['input']!r})"
    told = details["msg"].removeprefix("Value error, ") + shown
    for one in by_key.values():
        told = re.sub(rf"\b{one.key.rpartition('.')[2]}\b", f"--{one.option.name}", told)
    return f"--{key.option.name}: " if key else "", told
