"""A run that a command carries out: what shows it, how it ended, and what is told of it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import typer

from mtjlab import experiment
from mtjlab.calibration import Calibration, calibration_warnings
from mtjlab.cli.common import DONE, FAULT, STOPPED, messages
from mtjlab.config import BenchConfig
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.experiment import RunResult
from mtjlab.runner import Viewer
from mtjlab.stopping import signals_interrupt
from mtjlab.terminal import View

EXIT_CODES = {"finished": DONE, "stopped": STOPPED, "failed": FAULT}

log = logging.getLogger(__name__)


@contextmanager
def watched_by(view: View) -> Iterator[Viewer]:
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


def warn_of_calibration(calibration: Calibration | None, bench: BenchConfig) -> None:
    """Say what a person should know of a calibration before it is used."""
    for warning in calibration_warnings(calibration, bench) if calibration else ():
        messages.print(f"mtjlab: {warning}", style="yellow")


def told_of(run: RunResult, tell: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """The result of a run that has just ended; how it ended is known even where its journal could not say it.

    Raises:
        BenchFaultError: the run folder is gone.
    """
    try:
        told = tell(run.folder)
    except RefusedError as error:
        raise BenchFaultError(run.ended.reason or str(error)) from error
    stands = run.standing
    return {
        **told,
        "status": stands.status,
        "reason": stands.why,
        "ended": stands.sentence,
        "outputs_may_be_on": stands.may_be_on,
    }


def exit_of(run: RunResult, quiet: bool) -> typer.Exit:
    """How a command ends that carried out ``run``; even a quiet one says why it failed."""
    if quiet and run.ended.status == "failed":
        messages.print(f"mtjlab: {run.folder}: {run.standing.sentence}", style="red")
    return typer.Exit(EXIT_CODES[run.ended.status])


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
