"""What a form of this window offers: trainings and calibrations under its folder of runs, and files."""

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from mtjlab.domain import PerJunction
from mtjlab.gui.dialogs import Prompts
from mtjlab.gui.engines.files import calibrations
from mtjlab.gui.look.formatting import per_cent
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.form.offers import Offer
from mtjlab.procedures.kinds import KINDS
from mtjlab.runs.environment import network_of
from mtjlab.runs.finding import find_run
from mtjlab.runs.run_summary import RunSummary
from mtjlab.store import run_id

MOST = 20
"""Offers in a menu."""


class Offered:
    """``listed`` returns the runs in the list of runs."""

    def __init__(
        self, runs: Path, listed: Callable[[], Sequence[RunSummary]], band: BenchBand, prompts: Prompts
    ) -> None:
        self._runs, self._listed, self._band, self._prompts = runs, listed, band, prompts

    def found(self, what: str) -> Sequence[Offer]:
        """Trainings with a recognition rate, or calibrations of the chip of the selected bench; the latest first."""
        match what:
            case "training":
                learnt = [run for run in self._listed() if _is_trained(run)]
                latest = sorted(learnt, key=lambda run: run.order, reverse=True)
                return [Offer(_about(run), str(run.folder)) for run in latest[:MOST]]
            case "calibration":
                found = calibrations(self._runs, self._band.config.device.name, not self._band.is_real)
                return [Offer(f"{path.name} of {run_id(path.parent)}", str(path)) for path in islice(found, MOST)]
            case _:
                return ()

    def chosen_file(self, title: str) -> Path | None:
        """A file that the operator chooses, or None."""
        return self._prompts.file(title, Path(), "All files (*)")

    def chosen_folder(self, title: str) -> Path | None:
        """A folder that the operator chooses, or None."""
        return self._prompts.folder(title, Path())

    def controls_of(self, training: str) -> tuple[PerJunction, ...]:
        """Control currents (uA) that a training has learnt, a row for each input. Raises RefusedError."""
        return network_of(find_run(Path(training), self._runs)).control_currents_ua


def _is_trained(run: RunSummary) -> bool:
    kind = KINDS.get(run.procedure)
    return kind is not None and kind.needs_data_set and run.status_report.is_over and run.recognition is not None


def _about(run: RunSummary) -> str:
    rate = f"{per_cent(run.recognition.test)} test" if run.recognition else ""
    return " · ".join(
        filter(None, (run.run, f"training step {run.steps_text}" if run.steps_text else "", rate, run.bench_text))
    )
