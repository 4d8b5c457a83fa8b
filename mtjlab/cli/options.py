"""Options and arguments that several commands take; each decorates a command."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from math import inf, isfinite
from pathlib import Path
from typing import Any, TypeVar

import click

from mtjlab.cli.numbers import Number
from mtjlab.ready import ready_file
from mtjlab.typed_numbers import NumberRange

Decorated = TypeVar("Decorated", bound=Callable[..., Any] | click.Command)
PATH = click.Path(path_type=Path)


def number_option(
    *names: str, told: str, low: float = -inf, is_whole: bool = False, **more: Any
) -> Callable[[Decorated], Decorated]:
    """An option that takes a number of at least ``low``."""
    least = f" At least {low:g}." if isfinite(low) else ""
    return click.option(*names, help=f"{told}{least}", type=Number(NumberRange(low, is_whole=is_whole)), **more)


def bench_option(told: str = "Bench file", **more: Any) -> Callable[[Decorated], Decorated]:
    """An option for a bench file; the name of a ready one stands for it."""
    return click.option("--bench", type=PATH, callback=_ready, help=f"{told}, or a name of `mtjlab configs`.", **more)


def _ready(_context: click.Context, _option: click.Parameter, file: Path | None) -> Path | None:
    return file and ready_file(file)


class BenchCommand(click.Command):
    """A command on a bench: a file that is typed without its option is refused with the option to type."""

    allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as ``click.Command`` does. Raises click.UsageError."""
        if extra := super().parse_args(ctx, args):
            files = [one.opts[0] for one in self.params if one.opts[0] in ("--bench", "--plan")]
            asked = " or ".join(f"`{option} {extra[0]}`" for option in files)
            ctx.fail(f"Got unexpected extra argument ({extra[0]}). For a file, type {asked}.")
        return extra


def runs_option(
    told: str = "Folder of all runs; a new one is made in it.", default: Path | None = Path("runs")
) -> Callable[[Decorated], Decorated]:
    """An option for the folder that holds the runs."""
    return click.option("--runs", type=PATH, default=default, help=told)


RUN = click.argument("run", type=PATH, help="Folder of a run, its id such as 2026-11-23/0007-train, or last.")
CALIBRATION = click.option(
    "--calibration", type=PATH, help="References of an earlier sweep, instead of measuring them."
)
SEED = number_option("--seed", low=0, is_whole=True, told="Of what is drawn and of simulated junctions.")
SIMULATE = click.option(
    "--simulate", is_flag=True, help="Simulated instruments in place of the real ones of the bench file."
)
SPEED = number_option("--speed", low=1e-3, told="With --simulate: bench seconds in a second of the clock.")
FAULTS = click.option(
    "--fault", "faults", multiple=True, help="With --simulate: what goes wrong, such as 'voltmeter J2:no-reply@2.5'."
)
AS_JSON = click.option(
    "--json", "as_json", is_flag=True, help="End with one JSON object as the last line of standard output."
)
QUIET = click.option("--quiet", is_flag=True, help="No progress and no summary.")
CONFIRM_SHORTED = click.option(
    "--confirm-shorted", is_flag=True, help="The chain is shorted while its bench or chip is changed."
)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """How a command speaks with whoever started it."""

    confirm_shorted: bool = False
    as_json: bool = False
    quiet: bool = False


def with_dialogue(command: Callable[..., None]) -> Callable[..., None]:
    """Gives ``command`` a ``dialogue``, by options of its own."""

    @wraps(command)
    def with_options(confirm_shorted: bool, as_json: bool, quiet: bool, **others: Any) -> None:
        command(dialogue=Dialogue(confirm_shorted, as_json, quiet), **others)

    options: Callable[..., None] = CONFIRM_SHORTED(AS_JSON(QUIET(with_options)))
    return options
