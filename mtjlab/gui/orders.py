"""What is entered, as commands of engines; None where something cannot be, or the operator wants it no more."""

from pathlib import Path

from mtjlab.gui.asking import Asking
from mtjlab.gui.engines.calibrations import latest_calibration
from mtjlab.gui.engines.engines import LIVE
from mtjlab.gui.engines.files import write_plan
from mtjlab.gui.engines.measuring import options_of
from mtjlab.gui.engines.starting import answers_again, answers_for, bench_options
from mtjlab.gui.engines.taking_down import SAFE
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.measure import MeasurePanel
from mtjlab.gui.panels.training import TrainingPanel


class Orders:
    """Puts commands together from the band and the forms; asks what has to be asked before a run on a real bench."""

    def __init__(
        self, runs: Path, band: BenchBand, training: TrainingPanel, measuring: MeasurePanel, asking: Asking
    ) -> None:
        self._runs, self._band, self._asking = runs, band, asking
        self._training, self._measuring = training, measuring

    def training(self) -> list[str] | None:
        """Train with the plan in the form, which is written for the engine."""
        if self._training.plan is None or (on := self._on_bench()) is None:
            return None
        check = ["--check"] if self._training.check_first.isChecked() else []
        return ["train", "--plan", self._plan_file(), *on, *check]

    def measuring(self) -> list[str] | None:
        """Measure what is in the form; detector and presentation are those of the plan in the other form."""
        asked = self._measuring.asked
        if asked is None or self._training.plan is None or (on := self._on_bench()) is None:
            return None
        return [*options_of(asked), "--plan", self._plan_file(), *on]

    def check(self) -> list[str] | None:
        """Look for wiring mistakes."""
        return None if (on := self._on_bench()) is None else ["check", *on]

    def safe(self) -> list[str]:
        """Take the bench to zero; nothing has to be asked before that."""
        return [SAFE, "--bench", str(self._band.path), "--runs", str(self._runs), "--quiet", "--json"]

    def live(self) -> list[str] | None:
        """Hold the bench by hand; junctions are judged by the latest calibration of the chip, if there is one."""
        if (on := self._on_bench()) is None:
            return None
        simulated = not self._band.is_real
        calibration = latest_calibration(self._runs, self._band.config.device.name, simulated)
        return [LIVE, *on, *(["--calibration", str(calibration)] if calibration else [])]

    def again(self, command: str, folder: Path) -> list[str] | None:
        """Resume or repeat a run."""
        answers = answers_again(folder, self._asking)
        return None if answers is None else [command, str(folder), "--runs", str(self._runs), *answers, "--quiet"]

    def _plan_file(self) -> str:
        return str(write_plan(self._training.form.content))

    def _on_bench(self) -> list[str] | None:
        band = self._band
        answers = answers_for(band.config, self._asking) if band.is_real else []
        if answers is None:
            return None
        return [*bench_options(band.path, band.is_simulated, self._runs), *answers, "--quiet"]
