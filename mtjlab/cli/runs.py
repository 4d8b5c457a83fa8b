"""Look at runs: list, show, follow, stop."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from mtjlab import experiment
from mtjlab.cli.common import AsJson, Quiet, Run, Runs, messages, print_json, results
from mtjlab.cli.run_table import show_runs, show_story
from mtjlab.cli.sentences import SentenceView
from mtjlab.errors import RefusedError
from mtjlab.run_status import Status, standing
from mtjlab.runs import Listed, ask_to_stop, find_run, kind_of, list_runs, notes_of, watched
from mtjlab.runs import follow as events_of
from mtjlab.terminal import View


class Order(StrEnum):
    """What a list is sorted by."""

    BEGAN = "began"
    STATUS = "status"
    PROCEDURE = "procedure"
    RECOGNITION = "recognition"


def runs(
    folder: Annotated[Path, typer.Argument(help="Folder that holds the runs.")] = Path("runs"),
    status: Annotated[str | None, typer.Option(help=f"Only these: {', '.join(get_args(Status))}.")] = None,
    procedure: Annotated[str | None, typer.Option(help="Only runs of this procedure.")] = None,
    search: Annotated[
        str | None, typer.Option(help="Only runs whose id, status, bench, data, trouble or notes hold all these words.")
    ] = None,
    sort: Annotated[Order, typer.Option(help="Sorted by.")] = Order.BEGAN,
    as_json: AsJson = False,
) -> None:
    """List the runs in a folder, with an honest status."""
    if status is not None and status not in get_args(Status):
        raise RefusedError(f"--status {status}: a run is one of {', '.join(get_args(Status))}.")
    chosen = [run for run in list_runs(folder) if _is_wanted(run, status, procedure, search)]
    chosen.sort(key=lambda run: _sorted_by(run, sort))
    if as_json:
        print_json({"runs": [run.as_json() for run in chosen]})
    elif chosen:
        show_runs(chosen, results)
    else:
        messages.print(f"{folder}: no such runs")


def show(run: Run, runs: Runs = Path("runs"), as_json: AsJson = False) -> None:
    """Tell the story of a run: what was asked, what happened, the result, warnings."""
    folder = find_run(run, runs)
    told, result = experiment.story(folder), experiment.result_of(folder)
    if as_json:
        history = [{"at_s": at_s, "what": sentence} for at_s, sentence in told.history]
        warnings = [sentence for _, sentence in told.warnings]
        notes = notes_of(folder)
        print_json({**result, "asked": told.asked, "history": history, "warnings": warnings, "notes": notes})
        return
    show_story(result, told, results, notes_of(folder))
    results.print()
    kind_of(folder).show(result, [], results)


def follow(run: Run, runs: Runs = Path("runs"), as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Show a run live, wherever it was started. Ctrl-C ends the looking, never the run."""
    folder = find_run(run, runs)
    try:
        with _view_of(folder, shown=not quiet) as view:
            for event in events_of(folder):
                view.show(event)
    except KeyboardInterrupt:
        messages.print(f"no longer looking; the run is {standing(folder).status}")
        raise typer.Exit from None
    result = experiment.result_of(folder)
    if not quiet:
        console = messages if as_json else results
        console.print()
        kind_of(folder).show(result, [], console)
    if as_json:
        print_json(result)


def stop(
    run: Run,
    runs: Runs = Path("runs"),
    now: Annotated[bool, typer.Option("--now", help="Do not wait for its next safe point.")] = False,
) -> None:
    """Ask a run to stop: at its next safe point, sources at zero in any case."""
    folder = find_run(run, runs)
    doubt = ask_to_stop(folder, now, by="`mtjlab stop`")
    when = "now" if now else "at its next safe point"
    goes_on = "`mtjlab resume` goes on with it"
    told = f"stop file written, to end it {when}. {doubt}" if doubt else f"asked to stop {when}; {goes_on}"
    messages.print(f"{folder}: {told}")


def _view_of(folder: Path, shown: bool) -> View:
    """As its kind shows it; without a terminal, or where its ``run.toml`` does not tell, what its log says."""
    try:
        asked = watched(folder)
    except RefusedError:
        return SentenceView(messages, shown)
    if messages.is_terminal or asked.kind.has_lines:
        return asked.kind.view(asked, messages, shown)
    return SentenceView(messages, shown)


def _is_wanted(run: Listed, status: str | None, procedure: str | None, search: str | None) -> bool:
    return status in (None, run.standing.status) and procedure in (None, run.procedure) and run.holds(search or "")


def _sorted_by(run: Listed, order: Order) -> tuple[Any, ...]:
    match order:
        case Order.STATUS:
            return run.standing.status, run.run
        case Order.PROCEDURE:
            return run.procedure, run.run
        case Order.RECOGNITION:
            return (run.recognition.test if run.recognition else -1.0), run.run
        case Order.BEGAN:
            return run.order
