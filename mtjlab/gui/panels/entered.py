"""All that is entered for the next run: the bench, the plan of a training, and what is measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtjlab.errors import RefusedError
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.measure import MeasurePanel
from mtjlab.gui.panels.training import TrainingPanel
from mtjlab.procedures.kind import Kind


@dataclass(frozen=True, slots=True)
class Entered:
    """The parts of the window in which it is entered."""

    band: BenchBand
    training: TrainingPanel
    measuring: MeasurePanel

    def take_settings(self, kind: Kind[Any], request: Mapping[str, Any]) -> None:
        """Enter what an old run of ``kind`` was asked, by its ``run.toml``; of a kind without a plan, its bench.

        Raises:
            RefusedError: the bench cannot be changed now, or its file is no bench any more.
        """
        if not kind.uses_plan:
            self._take_bench(request["run"])
            return
        self.training.fill(request.get("plan", {}))  # a measurement takes its detector and presentations from there
        if kind.form:
            self.measuring.fill(kind, kind.options_of_run(request))

    def _take_bench(self, run: Mapping[str, Any]) -> None:
        if not self.band.benches.isEnabled():
            raise RefusedError("Another bench can be chosen once the run has ended, and the bench is disconnected.")
        self.band.use(Path(run.get("bench_file", "")), bool(run.get("simulate", False)))
