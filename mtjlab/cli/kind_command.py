"""Command of a kind of run; its options are the keys of its request."""

import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mtjlab import experiment
from mtjlab.cli.carry_out import carry_out
from mtjlab.cli.numbers import Number, typed_row
from mtjlab.cli.options import (
    CALIBRATION,
    DRAW,
    FAULTS,
    FIELD,
    NEW_RUN,
    PATH,
    SEED,
    SIMULATE,
    SPEED,
    BenchCommand,
    Dialogue,
    bench_option,
    with_dialogue,
)
from mtjlab.config.files import plain_message
from mtjlab.config.keys import Key, keys_of
from mtjlab.config.section import Section
from mtjlab.errors import RefusedError
from mtjlab.experiment import OnBench
from mtjlab.procedures.kind import Kind
from mtjlab.typed_numbers import NumberRange

_METAVARS = ("TEXT", "FLOAT,...", "'FLOAT,...;FLOAT,...'")
"""Placeholders of values by the depth of their tuples; quoted if a shell would split them."""


def command_of(kind: Kind[Any]) -> click.Command:
    """The command that starts a run of ``kind``."""
    keys = {_parameter_name(key): key for key in keys_of(kind.options)}

    @with_dialogue
    def command(dialogue: Dialogue, **options: Any) -> None:
        typed = {key.key: options.pop(name) for name, key in keys.items()}
        for key, questions in kind.confirmations.items():
            typed[key] = typed[key] or (sys.stdin.isatty() and _confirmed(questions))
        on = OnBench(**{"plan": None, **options})
        carry_out(experiment.prepare(kind, as_asked(kind.options, typed), on), on.runs, dialogue)

    for option in reversed([*_first(kind), *map(_option, keys.values()), *_last(kind)]):
        command = option(command)
    return click.command(kind.name, cls=BenchCommand, help=inspect.cleandoc(type(kind).__doc__ or ""))(command)


def _confirmed(questions: Iterable[str]) -> bool:
    """Whether the operator confirms all; the first no ends it."""
    return all(click.confirm(question, default=False, err=True) for question in questions)


def _parameter_name(key: Key) -> str:
    """Name of the parameter of a key, distinct from the names of other options."""
    return f"key_{key.option.name.replace('-', '_')}"


def _first(kind: Kind[Any]) -> Iterator[Any]:
    yield bench_option(default=experiment.DEFAULT_BENCH, show_default=experiment.DEFAULT_BENCH.stem)
    if kind.uses_plan:
        *tables, last = [f"[{table}]" for table in kind.plan_tables] or [""]
        used = f"; used: {', '.join(tables)} and {last}" if last else ""
        default = experiment.DEFAULT_PLAN
        yield click.option("--plan", type=PATH, default=default, show_default=default.stem, help=f"Plan file{used}.")


def _last(kind: Kind[Any]) -> Iterator[Any]:
    if kind.uses_plan:
        yield CALIBRATION
    yield from (SEED, NEW_RUN, FIELD, SIMULATE, SPEED, FAULTS, DRAW)


def _option(key: Key) -> Any:
    """The option or argument of a key; its default is set by its model."""
    names, help_text = (f"--{key.option.name}", _parameter_name(key)), _help(key)
    if key.option.is_argument:
        return click.argument(_parameter_name(key), help=help_text, metavar=key.option.name.upper())
    if key.is_flag:
        return click.option(*names, is_flag=True, help=help_text)
    if key.is_one_number:
        return click.option(*names, type=Number(NumberRange(key.low, is_whole=key.is_whole)), help=help_text)
    if key.option.is_repeated:
        return click.option(*names, multiple=True, help=help_text, metavar=_METAVARS[key.depth - 1])
    return click.option(*names, help=help_text, metavar="|".join(key.choices) or _METAVARS[key.depth])


def _help(key: Key) -> str:
    """Meaning of a key, its unit, range and default."""
    how = ", with decimal points and commas between numbers" if key.depth else ""
    unit = f"In {key.unit_typed}{how}." if key.unit_typed else ""
    limits = key.range.replace(key.unit, key.unit_typed)
    limits = f"{limits[0].upper()}{limits[1:]}." if limits else unit
    default = "" if key.is_flag else key.shown(key.default).replace(", ", ",")
    return " ".join(filter(None, (key.help, limits, default and f"[default: {default}]")))


def as_asked(model: type[Section], typed: Mapping[str, Any]) -> Any:
    """Return the typed values, by key, as a ``model``; None leaves the default.

    Raises:
        RefusedError: a value is out of range; the message names its option.
    """
    asked: dict[str, Any] = {}
    by_key = {key.key: key for key in keys_of(model)}
    for name, value in typed.items():
        if value not in (None, ()):
            *table, last = name.split(".")
            inside = asked.setdefault(table[0], _default(model, table[0])) if table else asked
            inside[last] = _value(by_key[name], value)
    try:
        return model.model_validate(asked)
    except ValidationError as error:
        complaints = dict(reversed([_complaint(details, by_key) for details in error.errors()]))
        raise RefusedError("; ".join(f"{where}{what}" for where, what in reversed(complaints.items())) + ".") from error


def _default(model: type[Section], table: str) -> dict[str, Any]:
    default: Section = model.model_fields[table].default
    return default.model_dump()


def _value(key: Key, typed: Any) -> Any:
    """The typed value in the type of its key."""
    if not key.depth:
        return float(typed) if key.is_one_number and not key.is_whole else typed
    rows = typed if key.option.is_repeated else str(typed).split(";")
    option = f"--{key.option.name}"
    values = tuple(typed_row(row, option) for row in rows)
    if key.depth > 1:
        return values
    if len(values) > 1:
        raise RefusedError(f"{option} {typed}: type one row of numbers, with commas between: {','.join(rows)}.")
    return values[0]


def _complaint(details: ErrorDetails, by_key: dict[str, Key]) -> tuple[str, str]:
    """The option of a value out of range, and the complaint."""
    parts = [part for part in details["loc"] if isinstance(part, str)]
    key = next((by_key[name] for n in (2, 1) if (name := ".".join(parts[:n])) in by_key), None)
    shown = "" if key is None or isinstance(details["input"], dict) else f" (it is {details['input']!r})"
    message = plain_message(details) + shown
    for one in by_key.values():
        message = re.sub(rf"\b{one.key.rpartition('.')[2]}\b", f"--{one.option.name}", message)
    return f"--{key.option.name}: " if key else "", message
