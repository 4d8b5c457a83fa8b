"""Numbers typed on the command line: by the same rule as in the window, for every option and every question."""

import inspect
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from mtjlab.cli.commands import app_of, names
from mtjlab.cli.numbers import TypedNumber
from mtjlab.typed_numbers import NumberRange
from tests.support.commands import Result

Run = Callable[..., Result]


def options() -> Iterator[tuple[str, Any, Any]]:
    """Command and name, type and typer's own words of every parameter there is."""
    app = app_of(names())
    commands = [*app.registered_commands]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        commands += group.typer_instance.registered_commands
    for command in commands:
        assert command.callback is not None
        for name, one in inspect.signature(command.callback).parameters.items():
            kind, *told = typing.get_args(one.annotation)
            yield f"{command.callback.__name__} {name.rstrip('_')}", kind, told[0]


def is_number(kind: Any) -> bool:
    return bool({int, float} & {kind, *typing.get_args(kind)})


def test_every_number_is_read_by_the_one_rule() -> None:
    numbers = {name: (kind, told) for name, kind, told in options() if is_number(kind)}
    assert {"live every", "train steps", "simulate speed", "ask input_ua", "baselines seeds"} <= set(numbers)
    for name, (kind, told) in numbers.items():
        assert isinstance(told.parser, TypedNumber), name
        assert told.parser.allowed.is_whole == (int in (kind, *typing.get_args(kind))), name
        assert (told.min, told.max) == (None, None), name


@pytest.mark.parametrize(
    ("command", "refused"),
    [
        ("live --every 1_0", "'--every': 1_0 is not clear"),
        ("live --every 1,234", "'--every': 1,234 is not clear: type 1.234 or 1234"),
        ("live --every nan", "'--every': nan is not a valid number"),
        ("live --every 0", "'--every': 0 is below the limit, 0.01"),
        ("train --steps 1_0", "'--steps': 1_0 is not clear"),
        ("train --steps 2.5", "'--steps': 2.5 is not a whole number"),
        ("train --seed=-1", "'--seed': -1 is below the limit, 0"),
        ("sweep --dwell 1e999", "'--dwell': 1e999 is too large"),
        ("map --probes ten", "'--probes': ten is not a valid number"),
    ],
)
def test_what_is_in_doubt_is_refused_with_what_to_type(
    mtjlab: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, refused: str
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    result = mtjlab(*command.split())
    assert result.code == 2
    assert refused in result.sentence
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(("typed", "number"), [("0,5", 0.5), ("5", 5.0), (0.2, 0.2)])
def test_a_comma_is_a_decimal_mark_and_a_default_is_a_number_already(typed: str | float, number: float) -> None:
    read = TypedNumber(NumberRange(0.01))(typed)
    assert (read, type(read)) == (number, float)


def test_a_whole_number_has_all_its_digits() -> None:
    assert TypedNumber(NumberRange(0, is_whole=True))("18446744073709551617") == 18446744073709551617
    with pytest.raises(typer.BadParameter, match="not a whole number"):
        TypedNumber(NumberRange(0, is_whole=True))("5,0")
