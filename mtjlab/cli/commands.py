"""All commands, loaded when they are called: importing one imports what it needs, instruments included."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from types import MappingProxyType

import typer

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "train": "train:train",
        "classify": "classify:classify",
        "check": "check:check",
        "sweep": "measure:sweep",
        "shift": "measure:shift",
        "map": "measure:switching_map",
        "live": "live:live",
        "ask": "live:ask",
        "runs": "runs:runs",
        "show": "runs:show",
        "follow": "runs:follow",
        "stop": "runs:stop",
        "resume": "again:resume",
        "rerun": "again:rerun",
        "recover": "again:recover",
        "redetect": "redetect:redetect",
        "figures": "train:figures",
        "baselines": "baselines:baselines",
        "export": "export:export",
        "doctor": "doctor:doctor",
        "safe": "safe:safe",
        "simulate": "simulate:simulate",
        "gui": "gui:gui",
        "vowels": "vowels:vowels",
    }
)
"""Where in ``mtjlab.cli`` each is, in the order of the help."""


def app_for(arguments: Iterable[str]) -> typer.Typer:
    """The command that ``arguments`` call, alone; all of them where they call none."""
    name = next(iter(arguments), "")
    return app_of([name] if name in COMMANDS else COMMANDS)


def app_of(names: Iterable[str]) -> typer.Typer:
    """An application of these commands."""
    app = typer.Typer(
        help="Live training of a classifier made of magnetic tunnel junctions.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(lambda: None)  # so that the name of one that is alone stays a word of the command line
    for name in names:
        module, _, function = COMMANDS[name].partition(":")
        command = getattr(import_module(f"mtjlab.cli.{module}"), function)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, no_args_is_help=True)
        else:
            app.command(name)(command)
    return app
