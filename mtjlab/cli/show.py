"""``mtjlab show`` and ``mtjlab follow``."""

from pathlib import Path
from types import TracebackType
from typing import Self

import click
from click.exceptions import Exit
from rich.console import Console

from mtjlab import experiment
from mtjlab.cli.common import messages, print_json, results
from mtjlab.cli.options import AS_JSON, QUIET, RUN, runs_option
from mtjlab.cli.run_story import show_story
from mtjlab.errors import RefusedError
from mtjlab.events import Event
from mtjlab.run_status import status_report
from mtjlab.runs.finding import find_run
from mtjlab.runs.notes import notes_of
from mtjlab.runs.opened import kind_of, watched
from mtjlab.runs.watching import follow as events_of
from mtjlab.terminal import View


@click.command()
@RUN
@runs_option()
@AS_JSON
def show(run: Path, runs: Path, as_json: bool) -> None:
    """Show a run: request, history, result, warnings."""
    folder = find_run(run, runs)
    run_story, result = experiment.story(folder), experiment.result_of(folder)
    if as_json:
        history = [{"at_s": at_s, "what": sentence} for at_s, sentence in run_story.history]
        warnings = [sentence for _, sentence in run_story.warnings]
        notes = notes_of(folder)
        print_json({**result, "asked": run_story.asked, "history": history, "warnings": warnings, "notes": notes})
        return
    show_story(result, run_story, results, notes_of(folder))
    results.print()
    kind_of(folder).show(result, [], results)


@click.command()
@RUN
@runs_option()
@AS_JSON
@QUIET
def follow(run: Path, runs: Path, as_json: bool, quiet: bool) -> None:
    """Follow a run in progress, wherever it was started. Ctrl-C ends the display, never the run."""
    folder = find_run(run, runs)
    try:
        with _view_of(folder, shown=not quiet) as view:
            for event in events_of(folder):
                view.show(event)
    except KeyboardInterrupt:
        messages.print(f"no longer following; the run is {status_report(folder).status}")
        raise Exit from None
    result = experiment.result_of(folder)
    if not quiet:
        console = messages if as_json else results
        console.print()
        kind_of(folder).show(result, [], console)
    if as_json:
        print_json(result)


class SentenceView:
    """A viewer that prints the sentences of the log."""

    def __init__(self, console: Console, shown: bool) -> None:
        self._console = console
        self._shown = shown

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, event: Event) -> None:
        """Print the sentence of one event."""
        sentence = event.sentence
        if self._shown and sentence:
            style = "yellow" if event.is_trouble else None
            self._console.print(sentence, style=style)


def _view_of(folder: Path, shown: bool) -> View:
    """The view of its kind; without a terminal, or if ``run.toml`` cannot be read, the sentences of its log."""
    try:
        request = watched(folder)
    except RefusedError:
        return SentenceView(messages, shown)
    if messages.is_terminal or request.kind.has_lines:
        return request.kind.view(request, messages, shown)
    return SentenceView(messages, shown)
