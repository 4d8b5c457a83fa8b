"""All commands, loaded when they are called: importing one imports what it needs, instruments included."""

import gc
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

from mtjlab.procedures.kinds import SUMMARIES

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "run": ("requests:run", "Carry out what a file asks."),
        "ask": ("ask:ask", "Ask a bench that is held by `mtjlab live` for other currents."),
        "runs": ("runs:runs", "List the runs in a folder, with an honest status."),
        "show": ("show:show", "Tell the story of a run: what was asked, what happened, the result, warnings."),
        "follow": ("show:follow", "Show a run live, wherever it was started."),
        "stop": ("runs:stop", "Ask a run to stop: at its next safe point, sources at zero in any case."),
        "resume": ("requests:resume", "Go on with a run that was stopped, failed or crashed, as a new run."),
        "rerun": ("requests:rerun", "Repeat a run with all that it was asked."),
        "recover": ("requests:recover", "Make a new run of all that is sound of a damaged one."),
        "redetect": ("redetect:redetect", "Judge all that was read in a run again. No bench is needed."),
        "figures": ("export:figures", "Draw the figures of a run again from its journal."),
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


class Commands(click.Group):
    """Loads the command that is called, and none for its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the help."""
        return [*SUMMARIES, *COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        return _loaded(cmd_name) if cmd_name in (*SUMMARIES, *COMMANDS) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What each command does, in one line."""
        with formatter.section("Commands"):
            formatter.write_dl([*SUMMARIES.items(), *((name, told) for name, (_, told) in COMMANDS.items())])


@click.group(cls=Commands, context_settings={"show_default": True, "max_content_width": 120})
@click.version_option(package_name="mtjlab", message="%(prog)s %(version)s")
def mtjlab() -> None:
    """Live training of a classifier made of magnetic tunnel junctions."""


def _loaded(name: str) -> click.Command:
    gc.disable()  # nothing of what is loaded now ever goes
    try:
        return _found(name)
    finally:
        gc.freeze()
        gc.enable()


def _found(name: str) -> click.Command:
    if name in SUMMARIES:
        from mtjlab.cli.kind_command import command_of  # noqa: PLC0415  with all that a run needs
        from mtjlab.procedures.kinds import KINDS  # noqa: PLC0415

        return command_of(KINDS[name])
    module, _, function = COMMANDS[name][0].partition(":")
    command: click.Command = getattr(import_module(f"mtjlab.cli.{module}"), function)
    return command
