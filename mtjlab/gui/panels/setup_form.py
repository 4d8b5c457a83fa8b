"""Form of a run that is set up, checked against the bench while it is entered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PyQt5.QtWidgets import QLabel

from mtjlab.calibration import calibration_warnings
from mtjlab.config import PlanConfig, RunOptions, SimulationOptions, is_twin, read_bench
from mtjlab.config.section import Section
from mtjlab.counted import counted
from mtjlab.errors import RefusedError
from mtjlab.gui.dialogs import Prompts
from mtjlab.gui.engines.estimate import environment_of, estimate, refusal
from mtjlab.gui.look.label import FAINT, WRONG
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.form import SectionForm
from mtjlab.gui.panels.form.offers import Offers
from mtjlab.procedures.kind import Kind
from mtjlab.runs.environment import RunEnvironment

RUN = "run"
"""Section of the options that a run of any kind has."""


@dataclass(frozen=True, slots=True)
class SetupContext:
    """What all forms of runs share; ``presets`` is the folder of the presets of all of them."""

    band: BenchBand
    runs: Path
    presets: Path
    offers: Offers
    prompts: Prompts


class SetupForm(SectionForm):
    """Form of a run of ``kind``: a ``model``, the ``options`` of any run, and models ``beside`` them.

    ``request`` returns what is asked and the plan of the run from valid content; None without a valid plan.
    """

    def __init__(
        self,
        kind: Kind[Any],
        model: type[Section],
        unfolded: tuple[str, ...],
        options: type[SimulationOptions],
        beside: Mapping[str, type[Section]],
        context: SetupContext,
    ) -> None:
        self._kind, self._options = kind, options
        self._band, self._runs = context.band, context.runs
        self.request: Callable[[], tuple[Section, PlanConfig] | None] = lambda: None
        super().__init__(model, (*unfolded, *beside, RUN), {**beside, RUN: options}, context.offers)
        self.examine = self._refusal
        self._band.changed.connect(self.look_again)
        self.look_again()

    def look_again(self) -> None:
        """Check the content again: the bench or the plan has changed."""
        self.surround(
            self._band.config.junctions,
            {RUN: {"simulate": self._band.is_simulated, "twin": is_twin(self._band.config)}},
        )

    @property
    def summary(self) -> str:
        """Size and duration of the run, or what is wrong that is shown at no field."""
        if self.complaints:
            first = next(iter(self.complaints))
            what = f"{counted(len(self.complaints), 'invalid value')} in the form: " if first else ""
            return f"{what}{self.worded(first)}"
        if (request := self.request()) is None:
            return ""
        asked, plan = request
        try:
            environment = self._environment(plan)
        except RefusedError as error:  # a file has changed since
            return str(error)
        size = estimate(self._kind, asked, environment, self._band.is_simulated)
        known = environment.calibration
        return "\n".join([size, *(calibration_warnings(known, environment.bench) if known else ())])

    def _refusal(self) -> RefusedError | None:
        if (request := self.request()) is None:
            return None
        asked, plan = request
        try:
            return refusal(self._kind, asked, self._environment(plan))
        except RefusedError as error:
            return error

    def _environment(self, plan: PlanConfig) -> RunEnvironment:
        band, options = self._band, self.asked_beside(RUN, self._options)
        calibration = options.calibration if isinstance(options, RunOptions) else None
        bench = read_bench(band.path)  # as it is now: it may have been edited
        return environment_of(plan, bench, self._runs, band.path, calibration, not band.is_real)


def show_summary(label: QLabel, form: SetupForm) -> None:
    """Show the size of a run in ``label``, or what is wrong."""
    label.setText(form.summary)
    label.setForegroundRole(WRONG if form.complaints else FAINT)
