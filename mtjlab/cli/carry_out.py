"""A run that a command carries out, from its request to its exit code: what shows it, and what is told of it."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from click.exceptions import Exit

from mtjlab import experiment
from mtjlab.calibration import calibration_warnings
from mtjlab.cli.common import DONE, FAULT, STOPPED, messages, print_json, results
from mtjlab.cli.options import Dialogue
from mtjlab.cli.questions import ask_first, wants_check
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.experiment import Request, RunResult
from mtjlab.runner import Viewer
from mtjlab.stopping import signals_interrupt
from mtjlab.terminal import View

EXIT_CODES = {"finished": DONE, "stopped": STOPPED, "failed": FAULT}

log = logging.getLogger(__name__)


def carry_out(request: Request, runs: Path, dialogue: Dialogue) -> None:
    """Ask what has to be asked, run, and tell what came of it; ends with the exit code of the run."""
    kind = request.kind
    is_new = ask_first(request, dialogue.confirm_shorted)
    if is_new and "check" in type(request.plan).model_fields and wants_check():
        request = replace(request, plan=request.plan.model_copy(update={"check": True}))
    for warning in calibration_warnings(request.calibration, request.bench) if request.calibration else ():
        messages.print(f"mtjlab: {warning}", style="yellow")
    with _watched_by(kind.view(request.watched, messages, shown=not dialogue.quiet)) as show:
        run = experiment.execute(request, runs, [show])
    told = _told_of(run)
    figures = figures_if_any(run.folder, dialogue.quiet) if kind.draws else []
    if not dialogue.quiet:
        kind.show(told, figures, messages if dialogue.as_json else results)
    elif run.ended.status == "failed":  # even a quiet one says why
        messages.print(f"mtjlab: {run.folder}: {run.status_report.sentence}", style="red")
    if dialogue.as_json:
        print_json({**told, "figures": [str(path) for path in figures]} if kind.draws else told)
    raise Exit(FAULT if kind.found_fault(told) else EXIT_CODES[run.ended.status])


def figures_if_any(folder: Path, quiet: bool) -> list[Path]:
    """A run that ended before it measured anything, or whose figures cannot be drawn, is no worse for having none.

    Nor is one whose figures were broken off by Ctrl-C or a signal: it has its own exit code all the same.
    """
    try:
        with signals_interrupt():
            return experiment.draw(folder)
    except KeyboardInterrupt as signal:
        why = f"{signal or 'Ctrl-C'} while they were drawn. The run is sound; `mtjlab figures {folder}` draws them."
    except RefusedError as error:
        why = str(error)
    except Exception as error:
        log.exception("figures cannot be drawn")
        why = f"{type(error).__name__}: {error}. The run is sound; `mtjlab figures {folder}` draws them again."
    if not quiet:
        messages.print(f"no figures: {why}")
    return []


@contextmanager
def _watched_by(view: View) -> Iterator[Viewer]:
    """What shows a run in ``view`` while it goes on; a view that fails to begin or to end spoils nothing."""
    with ExitStack() as stack:
        try:
            stack.enter_context(view)
        except Exception:
            log.exception("the run is not shown; it goes on")
        try:
            yield view.show
        finally:
            try:
                stack.close()
            except Exception:
                log.exception("what showed the run failed at its end")


def _told_of(run: RunResult) -> dict[str, Any]:
    """The result of a run that has just ended; how it ended is known even where its journal could not say it.

    Raises:
        BenchFaultError: the run folder is gone.
    """
    try:
        told = experiment.result_of(run.folder)
    except RefusedError as error:
        raise BenchFaultError(run.ended.reason or str(error)) from error
    stands = run.status_report
    return {
        **told,
        "status": stands.status,
        "reason": stands.why,
        "ended": stands.sentence,
        "outputs_may_be_on": stands.may_be_on,
    }
