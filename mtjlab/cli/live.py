"""By hand: hold a bench and read its junctions while somebody turns currents; and turn them."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from mtjlab import experiment
from mtjlab.cli.common import (
    BenchFile,
    Run,
    Runs,
    exit_of,
    messages,
    print_json,
    results,
    told_of,
    warn_of_calibration,
    watched_by,
)
from mtjlab.cli.first import ask_first
from mtjlab.cli.live_view import LiveView, show_live
from mtjlab.cli.numbers import decimal_option
from mtjlab.cli.options import Dialogue, OnBench, grouped
from mtjlab.config import LiveAsked
from mtjlab.errors import RefusedError
from mtjlab.events import Wish
from mtjlab.runs import find_run


@grouped
def live(
    *,
    bench: BenchFile = experiment.DEFAULT_BENCH,
    plan: Annotated[
        Path, typer.Option(help=escape("Plan file: its [detector] and [presentation] count."))
    ] = experiment.DEFAULT_PLAN,
    every: Annotated[float, decimal_option(low=0.01, told="Seconds from one look at the junctions to the next.")] = 0.2,
    for_: Annotated[
        float | None, decimal_option("--for", low=0.01, told="Seconds after which it ends by itself.")
    ] = None,
    on: OnBench,
    dialogue: Dialogue,
) -> None:
    """Hold a bench by hand: read its junctions again and again, and obey `mtjlab ask` within the limits.

    Without a calibration junctions are read, but not judged. Ctrl-C ends it, all sources at zero.
    """
    prepared = experiment.prepare_live(on.request(bench, plan), LiveAsked(every_s=every, for_s=for_))
    ask_first(prepared, dialogue)
    warn_of_calibration(prepared.calibration, prepared.bench)
    with watched_by(LiveView(messages, shown=not dialogue.quiet)) as show:
        run = experiment.run_live(prepared, on.runs, [show])
    told = told_of(run, experiment.live_result)
    if not dialogue.quiet:
        show_live(told, messages if dialogue.as_json else results)
    if dialogue.as_json:
        print_json(told)
    raise exit_of(run, dialogue.quiet)


def ask(
    run: Run,
    controls: Annotated[
        str | None, typer.Option(help="Control currents in uA, one for each junction, as -500,-460,-520.")
    ] = None,
    input_ua: Annotated[float | None, decimal_option("--input", told="Input in uA.")] = None,
    runs: Runs = Path("runs"),
) -> None:
    """Ask a bench that is held by `mtjlab live` for other currents; its engine grants or refuses them."""
    if controls is None and input_ua is None:
        raise RefusedError("Nothing was asked for. Give --input, --controls, or both.")
    row = experiment.currents_ua(controls, "--controls") if controls else None
    folder = find_run(run, runs)
    experiment.ask_live(folder, Wish(row, input_ua))
    messages.print(f"{folder}: asked. What came of it stands in its log: `mtjlab show`")
