"""What is entered, as commands of engines; None where something cannot be, or the operator wants it no more."""

import os.path
from pathlib import Path
from typing import Any

from mtjlab.counted import counted
from mtjlab.gui.asking import Asking
from mtjlab.gui.engines.engines import EXPORT, FIGURES, SAFE
from mtjlab.gui.engines.files import RUN, latest_calibration, write_request
from mtjlab.gui.engines.questions import answers_again, answers_for
from mtjlab.gui.panels.entered import Entered
from mtjlab.gui.panels.form import SectionForm
from mtjlab.gui.panels.training import CHECK as CHECK_FIRST

TRAIN = "train"
CHECK = "check"
HOLD = "live"
"""Kinds of runs that have a button of their own."""


class Orders:
    """Puts commands together from what is ``entered``; asks what has to be asked before a run on a real bench."""

    def __init__(self, runs: Path, entered: Entered, asking: Asking) -> None:
        self._runs, self._asking = runs, asking
        self._band, self._training, self._measuring = entered.band, entered.training, entered.measuring

    def training(self) -> list[str] | None:
        """Train with the plan in the form."""
        if self._training.plan is None:
            return None
        return self._run(TRAIN, {CHECK_FIRST.key: self._training.check_first.isChecked()}, {"plan": self._plan})

    def measuring(self) -> list[str] | None:
        """Measure what is in the form; detector and presentation are those of the plan in the other form."""
        if self._measuring.asked is None or self._training.plan is None:
            return None
        name = self._measuring.kind.name
        return self._run(name, {}, {"plan": self._plan, name: found_from_anywhere(self._measuring.form)})

    @property
    def training_words(self) -> str:
        """What the training in the form is called while it waits."""
        plan = self._training.form.content
        steps = counted(plan.get("training", {}).get("steps"), "step")
        return f"{plan.get('name')}: {steps}, seed {plan.get('seed')}, on {self._band.path.stem}"

    @property
    def measuring_words(self) -> str:
        """What the measurement in the form is called while it waits."""
        return f"{self._measuring.kinds.currentText()} on {self._band.path.stem}"

    def check(self) -> list[str] | None:
        """Look for wiring mistakes."""
        return self._run(CHECK, {}, {})

    def safe(self) -> list[str] | None:
        """Take the bench to zero if it is a real one; nothing has to be asked before that."""
        if not self._band.is_real:
            return None
        return [SAFE, "--bench", str(self._band.path), "--runs", str(self._runs), "--quiet", "--json"]

    def live(self) -> list[str] | None:
        """Hold the bench by hand; junctions are judged by the latest calibration of the chip, if there is one."""
        if (answers := self._answers()) is None:
            return None
        band = self._band
        calibration = latest_calibration(self._runs, band.config.device.name, simulated=not band.is_real)
        known = ["--calibration", str(calibration)] if calibration else []
        simulate = ["--simulate"] * band.is_simulated
        return [HOLD, "--bench", str(band.path), *simulate, *known, "--runs", str(self._runs), *answers, "--quiet"]

    def again(self, command: str, folder: Path) -> list[str] | None:
        """Resume or repeat a run."""
        answers = answers_again(folder, self._asking)
        return None if answers is None else [command, str(folder), "--runs", str(self._runs), *answers, "--quiet"]

    def figures(self, folder: Path) -> list[str]:
        """Draw the figures of a run anew."""
        return [FIGURES, str(folder), "--quiet"]

    def export(self, folder: Path, form: str) -> list[str]:
        """Export a run as files of this form."""
        return [EXPORT, str(folder), "--to", form, "--runs", str(self._runs)]

    @property
    def _plan(self) -> dict[str, Any]:
        """With a table of data that the engine finds, wherever the file lies that it reads this from."""
        content = self._training.form.content
        if table := content["data"].get("table"):
            content["data"]["table"] = str(Path(table).resolve())
        return content

    def _run(self, procedure: str, run: dict[str, Any], tables: dict[str, Any]) -> list[str] | None:
        """A run that a file asks for."""
        if (answers := self._answers()) is None:
            return None
        band = self._band
        on = {"bench_file": str(band.path.resolve()), "simulate": band.is_simulated}
        file = write_request({"run": {"procedure": procedure, **on, **run}, **tables})
        return [RUN, str(file), "--runs", str(self._runs), *answers, "--quiet"]

    def _answers(self) -> list[str] | None:
        band = self._band
        return answers_for(band.config, self._asking) if band.is_real else []


def found_from_anywhere(form: SectionForm) -> dict[str, Any]:
    """What is entered; what is there by a name relative to where the window was started has its whole path."""
    content = form.content
    texts = [key for key, editor in form.editors.items() if editor.field.is_text and not editor.field.choices]
    there = {key: content[key] for key in texts if os.path.exists(content.get(key, ""))}
    return content | {key: str(Path(name).resolve()) for key, name in there.items()}
