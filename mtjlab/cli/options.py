"""Options and arguments of several commands; each decorates a command."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from math import inf, isfinite
from pathlib import Path
from typing import Any, Literal, NoReturn, TypeAlias, TypeVar, get_args

import click

from mtjlab.cli.numbers import Number
from mtjlab.supplied_configs import supplied_file
from mtjlab.typed_numbers import NumberRange

Decorated = TypeVar("Decorated", bound=Callable[..., Any] | click.Command)
PATH = click.Path(path_type=Path)


def number_option(
    *names: str, help_text: str, low: float = -inf, is_whole: bool = False, **more: Any
) -> Callable[[Decorated], Decorated]:
    """An option that takes a number of at least ``low``."""
    least = f" At least {low:g}." if isfinite(low) else ""
    return click.option(*names, help=f"{help_text}{least}", type=Number(NumberRange(low, is_whole=is_whole)), **more)


def bench_option(help_text: str = "Bench file", **more: Any) -> Callable[[Decorated], Decorated]:
    """An option for a bench file or the name of a supplied configuration."""
    return click.option(
        "--bench", type=PATH, callback=_ready, help=f"{help_text}, or a name from `mtjlab configs`.", **more
    )


def _ready(_context: click.Context, _option: click.Parameter, file: Path | None) -> Path | None:
    return file and supplied_file(file)


class BenchCommand(click.Command):
    """A command with files as options; one typed without its option is refused, and the message names the option."""

    allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as ``click.Command`` does. Raises click.UsageError."""
        alone = args[0] if len(args) == 1 and not args[0].startswith("-") else ""
        try:
            extra = super().parse_args(ctx, args)
        except click.MissingParameter:
            if alone:
                self._fail(ctx, alone)
            raise
        if extra:
            self._fail(ctx, extra[0])
        return extra

    def _fail(self, ctx: click.Context, file: str) -> NoReturn:
        files = [one.opts[0] for one in self.params if one.opts[0] in ("--bench", "--plan")]
        options = " or ".join(f"`{option} {file}`" for option in files)
        ctx.fail(f"Got unexpected extra argument ({file}). For a file, type {options}.")


def runs_option(
    help_text: str = "Folder that holds the runs.", default: Path | None = Path("runs")
) -> Callable[[Decorated], Decorated]:
    """An option for the folder that holds the runs."""
    return click.option("--runs", type=PATH, default=default, help=help_text)


NEW_RUN = runs_option("Folder of all runs; the new run is created in it.")
RUN = click.argument("run", type=PATH, help="Folder of a run, its id such as 2026-11-23/0007-train, or last.")
CALIBRATION = click.option(
    "--calibration",
    type=PATH,
    help="Calibration of an earlier sweep, or its run (folder, id, last); the references are not measured again.",
)
SEED = number_option("--seed", low=0, is_whole=True, help_text="Seed of random draws and of simulated junctions.")
SIMULATE = click.option(
    "--simulate", is_flag=True, help="Simulated instruments in place of the real ones of the bench file."
)
SPEED = number_option("--speed", low=1e-3, help_text="With --simulate: bench seconds per second of real time.")
FIELD = number_option(
    "--field-mt", help_text="Magnetic field, set before any output goes on, in place of that of the bench file."
)
FAULT_HELP = "a fault to simulate, such as 'voltmeter J2:no-reply@2.5'; may be repeated."
DRAW = click.option(
    "--draw", is_flag=True, help="Twin: draw its parameters from what is uncertain of them, by the seed."
)
FAULTS = click.option("--fault", "faults", multiple=True, help=f"With --simulate: {FAULT_HELP}")
AS_JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object as the last line of standard output."
)
QUIET = click.option("--quiet", is_flag=True, help="No progress and no summary.")
FiguresWanted: TypeAlias = Literal["wait", "behind", "all", "none"]
FIGURES = click.option(
    "--figures",
    type=click.Choice(get_args(FiguresWanted)),
    default="wait",
    help="Draw the key figures before the command ends, or behind in a process of their own that it does not wait for; "
    "or all figures before it ends, or none. `mtjlab figures` draws the others later.",
)
CONFIRM_SHORTED = click.option(
    "--confirm-shorted", is_flag=True, help="Confirm that the chain was shorted while the bench or chip was connected."
)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """How a command communicates with its operator."""

    confirm_shorted: bool = False
    as_json: bool = False
    quiet: bool = False
    figures: FiguresWanted = "wait"


def with_dialogue(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a ``Dialogue`` to ``command``, which gets it as ``dialogue``."""

    @wraps(command)
    def with_options(confirm_shorted: bool, as_json: bool, quiet: bool, figures: FiguresWanted, **others: Any) -> None:
        command(dialogue=Dialogue(confirm_shorted, as_json, quiet, figures), **others)

    options: Callable[..., None] = CONFIRM_SHORTED(FIGURES(AS_JSON(QUIET(with_options))))
    return options
