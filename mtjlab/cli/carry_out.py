"""Carry out a run for a command: progress, result and exit code."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from click.exceptions import Exit

from mtjlab import experiment
from mtjlab.calibration import calibration_warnings
from mtjlab.cli.common import DONE, FAULT, REFUSED, STOPPED, messages, print_json, results
from mtjlab.cli.drawing import figures_if_any
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
    """Ask the operator where necessary, run, print the result, and exit with the exit code of the run."""
    kind = request.kind
    is_new = ask_first(request, dialogue.confirm_shorted)
    if is_new and "check" in type(request.plan).model_fields and wants_check():
        request = replace(request, plan=request.plan.model_copy(update={"check": True}))
    for warning in calibration_warnings(request.calibration, request.bench) if request.calibration else ():
        messages.print(f"mtjlab: {warning}", style="yellow")
    outlook = None
    if request.parent is None and (dialogue.as_json or not dialogue.quiet):
        outlook = kind.outlook(request.plan, request.config, request.bench.junctions, request.data)
    if outlook is not None and not dialogue.quiet:
        messages.print(outlook.sentence)
    with _shown_in(kind.view(request.watched, messages, shown=not dialogue.quiet)) as show:
        run = experiment.execute(request, runs, [show])
    try:
        with signals_interrupt():
            result = _result_of(run)
    except KeyboardInterrupt:
        messages.print(
            f"mtjlab: {run.folder}: {run.status_report.sentence} (`mtjlab show {run.folder}` shows its result)"
        )
        raise Exit(_exit_code(run)) from None
    figures = figures_if_any(run.folder, dialogue.figures, dialogue.quiet) if kind.has_figures else []
    if not dialogue.quiet:
        kind.show(result, figures, messages if dialogue.as_json else results)
    elif run.ended.status == "failed":  # the reason of a failure is printed even with --quiet
        messages.print(f"mtjlab: {run.folder}: {run.status_report.sentence}", style="red")
    if dialogue.as_json:
        expected = outlook.as_json if outlook else {}
        drawn = {"figures": [str(path) for path in figures]} if kind.has_figures else {}
        print_json({**result, **expected, **drawn})
    raise Exit(FAULT if kind.reports_fault(result) else _exit_code(run))


def _exit_code(run: RunResult) -> int:
    return REFUSED if run.is_refused else EXIT_CODES[run.ended.status]


@contextmanager
def _shown_in(view: View) -> Iterator[Viewer]:
    """Show a run in ``view`` while it is in progress; an error of the view does not affect the run."""
    with ExitStack() as stack:
        try:
            stack.enter_context(view)
        except Exception:
            log.exception("the run cannot be displayed; it continues")
        try:
            yield view.show
        finally:
            try:
                stack.close()
            except Exception:
                log.exception("the display of the run failed when it was closed")


def _result_of(run: RunResult) -> dict[str, Any]:
    """Return the result of a run that has just ended, with its status even if the journal could not record it.

    Raises:
        BenchFaultError: the run folder is gone.
    """
    try:
        result = experiment.result_of(run.folder)
    except RefusedError as error:
        raise BenchFaultError(run.ended.reason or str(error)) from error
    report = run.status_report
    return {
        **result,
        "status": report.status,
        "reason": report.why,
        "ended": report.sentence,
        "outputs_may_be_on": report.may_be_on,
    }
