"""All commands, loaded when they are called: importing one imports what it needs, instruments included."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

import typer

from mtjlab.procedures.kinds import SUMMARIES

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "run": ("run:run", "Carry out what a file asks."),
        "ask": ("ask:ask", "Ask a bench that is held by `mtjlab live` for other currents."),
        "runs": ("runs:runs", "List the runs in a folder, with an honest status."),
        "show": ("show:show", "Tell the story of a run: what was asked, what happened, the result, warnings."),
        "follow": ("show:follow", "Show a run live, wherever it was started."),
        "stop": ("runs:stop", "Ask a run to stop: at its next safe point, sources at zero in any case."),
        "resume": ("again:resume", "Go on with a run that was stopped, failed or crashed, as a new run."),
        "rerun": ("again:rerun", "Repeat a run with all that it was asked."),
        "recover": ("again:recover", "Make a new run of all that is sound of a damaged one."),
        "redetect": ("redetect:redetect", "Judge all that was read in a run again. No bench is needed."),
        "figures": ("figures:figures", "Draw the figures of a run again from its journal."),
        "baselines": ("baselines:baselines", "Let the perceptrons of the paper learn what a training learnt."),
        "export": ("export:export", "Export a run for other programs."),
        "doctor": ("doctor:doctor", "Look at libraries, ports and instruments."),
        "safe": ("safe:safe", "Take all sources of a bench to zero and switch them off."),
        "simulate": ("simulate:simulate", "Start the simulated instruments of a bench file."),
        "configs": ("configs:configs", "The configurations that come with mtjlab: list them, copy one to change it."),
        "gui": ("gui:gui", "Open the window."),
        "help": ("help:help_", "Print a page of the guide; without a topic, list them."),
        "vowels": ("vowels:vowels", "The measured vowel file: import, download, show."),
    }
)
"""Beside those of the kinds of runs: where in ``mtjlab.cli`` each is, and what it does."""


def names() -> Iterator[str]:
    """All commands, in the order of the help."""
    yield from (*SUMMARIES, *COMMANDS)


def app_for(arguments: Iterable[str]) -> typer.Typer:
    """The command that ``arguments`` call, alone; where they call none, all of them, as far as help needs them."""
    name = next(iter(arguments), "")
    return app_of([name]) if name in (*SUMMARIES, *COMMANDS) else _help()


def app_of(wanted: Iterable[str]) -> typer.Typer:
    """An application of these commands."""
    app = _empty()
    for name in wanted:
        command = _loaded(name)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, no_args_is_help=not command.info.invoke_without_command)
        else:
            app.command(name)(command)
    return app


def _help() -> typer.Typer:
    app = _empty()
    for name, summary in {**SUMMARIES, **{name: told for name, (_, told) in COMMANDS.items()}}.items():
        app.command(name, help=summary)(lambda: None)
    return app


def _empty() -> typer.Typer:
    app = typer.Typer(
        help="Live training of a classifier made of magnetic tunnel junctions.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(lambda: None)  # so that the name of one that is alone stays a word of the command line
    return app


def _loaded(name: str) -> Any:
    if name in SUMMARIES:
        from mtjlab.cli.kind_command import command_of  # noqa: PLC0415  with all that a run needs
        from mtjlab.procedures.kinds import KINDS  # noqa: PLC0415

        return command_of(KINDS[name])
    module, _, function = COMMANDS[name][0].partition(":")
    return getattr(import_module(f"mtjlab.cli.{module}"), function)
