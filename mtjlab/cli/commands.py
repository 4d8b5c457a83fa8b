"""All commands. A command is imported when it is called, as its imports are slow."""

import gc
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from types import MappingProxyType

import click

from mtjlab.cli.help_format import HelpFormatter
from mtjlab.procedures.kinds import SUMMARIES

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "run": ("requests:run", "Start a run from a request file."),
        "ask": ("ask:ask", "Request other currents from a bench held by `mtjlab live`."),
        "runs": ("runs:runs", "List the runs in a folder with their status."),
        "chips": ("chips:chips", "Thresholds, resistances and stress of each chip over all its runs."),
        "show": ("show:show", "Show a run: request, history, result, warnings."),
        "follow": ("show:follow", "Follow a run in progress, wherever it was started."),
        "stop": ("stop:stop", "Stop a run at its next safe point, with all sources at zero."),
        "resume": ("requests:resume", "Resume a stopped, failed or crashed run as a new run."),
        "rerun": ("requests:rerun", "Repeat a run with the same request."),
        "recover": ("requests:recover", "Recover the intact events of a damaged run into a new run."),
        "redetect": ("redetect:redetect", "Apply the detector again to the readings of a run. No bench is needed."),
        "energy": ("energy:energy", "Show the energy of a run, by phase, junction and source."),
        "study": ("study:study", "Train many simulated chips with many seeds, rules and plans."),
        "scale": ("scale:scale", "How many junctions and chains are expected to work; nothing is measured."),
        "twin": ("twin:twin", "Fit a twin of a chip to its runs, and check it against another run."),
        "figures": ("export:figures", "Draw the figures of a run from its journal: all, or some by name."),
        "baselines": ("baselines:baselines", "Train the perceptrons of the paper on the data of a training."),
        "export": ("export:export", "Export a run for other programs."),
        "doctor": ("doctor:doctor", "Check VISA libraries, ports and instruments."),
        "safe": ("safe:safe", "Ramp all sources of a bench to zero and switch them off."),
        "simulate": ("simulate:simulate", "Start the simulated instruments of a bench file."),
        "configs": ("configs:configs", "List the supplied configurations; copy one to edit it."),
        "gui": ("gui:gui", "Open the window."),
        "help": ("help:help_", "Print a page of the guide; without a topic, list the pages."),
        "vowels": ("vowels:vowels", "The measured vowel file: import, download, show."),
    }
)
"""Module and function in ``mtjlab.cli``, and summary, of each command other than those of the kinds of runs."""


class Commands(click.Group):
    """A group that imports only the command that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the help."""
        return [*SUMMARIES, *COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        return _loaded(cmd_name) if cmd_name in (*SUMMARIES, *COMMANDS) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; the message about a name that is none has those that are like it."""
        known = self.list_commands(ctx)
        if args[0] not in known and (close := get_close_matches(args[0], known)):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {' or '.join(close)}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What each command does, in one line."""
        with formatter.section("Commands"):
            formatter.write_dl([*SUMMARIES.items(), *((name, summary) for name, (_, summary) in COMMANDS.items())])


click.Context.formatter_class = HelpFormatter  # of all commands: each has a context of its own


@click.group(cls=Commands, context_settings={"show_default": True, "max_content_width": 120})
@click.version_option(package_name="mtjlab", message="%(prog)s %(version)s")
def mtjlab() -> None:
    """Live training of a classifier made of magnetic tunnel junctions."""


def _loaded(name: str) -> click.Command:
    gc.disable()  # modules are never freed, so collecting them is wasted time
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
