"""Numbers typed on the command line: by the same rule as in the window, for every option and every question."""

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from mtjlab.cli.commands import mtjlab as mtjlab_command
from mtjlab.cli.numbers import Number
from mtjlab.typed_numbers import NumberRange
from tests.support.commands import Result

Run = Callable[..., Result]


def options(name: str, command: click.Command) -> Iterator[tuple[str, click.Parameter]]:
    """Command and name of every parameter there is."""
    for one in command.params:
        yield f"{name} {one.opts[0]}".removeprefix("mtjlab "), one
    if isinstance(command, click.Group):
        context = click.Context(command)
        for word in command.list_commands(context):
            subcommand = command.get_command(context, word)
            assert subcommand is not None
            yield from options(f"{name} {word}", subcommand)


def test_every_number_is_read_by_the_one_rule() -> None:
    kinds = {name: one.type for name, one in options("mtjlab", mtjlab_command)}
    numbers = {name: kind.allowed.is_whole for name, kind in kinds.items() if isinstance(kind, Number)}
    assert numbers["train --steps"]
    assert numbers["baselines --seeds"]
    assert not any(numbers[name] for name in ("live --every", "simulate --speed", "ask --input"))
    assert {type(kind) for kind in kinds.values()} == {
        Number, click.Path, click.Choice, click.types.BoolParamType, click.types.StringParamType,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("command", "refused"),
    [
        ("live --every 1_0", "'--every': 1_0 is not clear"),
        ("live --every 1,234", "'--every': 1,234 is not clear: type 1.234 or 1234"),
        ("live --every nan", "'--every': nan is not a valid number"),
        ("live --every 0", "'--every': 0 is below the limit, 0.01"),
        (
            "dwell --inputs abc",
            "--inputs abc: abc is not a valid number. Type numbers separated by commas, such as 20.5,",
        ),
        ("pulse --widths 1;2", "--widths 1;2: type one row of numbers, with commas between: 1,2."),
        ("sweep --controls 1;2", "--controls 1;2: type one row of numbers, with commas between: 1,2."),
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
    read = Number(NumberRange(0.01)).convert(typed)
    assert (read, type(read)) == (number, float)


def test_a_whole_number_has_all_its_digits() -> None:
    assert Number(NumberRange(0, is_whole=True)).convert("18446744073709551617") == 18446744073709551617
    with pytest.raises(click.BadParameter, match="not a whole number"):
        Number(NumberRange(0, is_whole=True)).convert("5,0")
