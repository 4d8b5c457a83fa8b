"""Setup of the next run: its bench, the plan of a training, and the measurement."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtjlab.config import SeededRunOptions
from mtjlab.errors import RefusedError
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.measure import MeasurePanel
from mtjlab.gui.panels.setup_form import RUN
from mtjlab.gui.panels.training import TrainingPanel
from mtjlab.procedures.kind import Kind


@dataclass(frozen=True, slots=True)
class RunSetup:
    """The panels in which the next run is set up."""

    band: BenchBand
    training: TrainingPanel
    measuring: MeasurePanel

    def take_settings(self, kind: Kind[Any], request: Mapping[str, Any]) -> str:
        """Take over the request of a run of ``kind`` (its ``run.toml``), with its bench; return a text on the bench.

        Raises:
            RefusedError: its kind has no plan, so there is nothing but the bench, and that cannot be selected.
        """
        try:
            self._take_bench(request["run"])
            bench = f"bench {self.band.path.stem}{', simulated instruments' if self.band.is_simulated else ''}"
        except RefusedError as error:
            if not kind.uses_plan:
                raise
            bench = f"the bench stays {self.band.path.stem} ({error})"
        if not kind.uses_plan:
            return bench
        run = request.get("run", {})
        options = {key: run[key] for key in SeededRunOptions.model_fields if run.get(key) is not None}
        self.training.fill(request.get("plan", {}))  # detector and presentations of a measurement come from it
        if kind.form:
            self.measuring.fill(kind, {**kind.options_of_run(request), RUN: options})
        else:
            self.training.fill_beside({RUN: options, kind.name: kind.options_in_file(request)})
        return bench

    def _take_bench(self, run: Mapping[str, Any]) -> None:
        if not self.band.benches.isEnabled():
            raise RefusedError("The bench can be changed after the run has ended and the bench is disconnected.")
        self.band.use(Path(run.get("bench_file", "")), bool(run.get("simulate", False)))
