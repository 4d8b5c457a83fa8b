"""Command lines of engines from the forms; None where a form is not valid or the operator cancels."""

import os.path
from pathlib import Path
from typing import Any

from mtjlab.config import PlanConfig
from mtjlab.config.section import Section
from mtjlab.counted import counted
from mtjlab.gui.dialogs import Prompts
from mtjlab.gui.engines.engines import EXPORT, SAFE
from mtjlab.gui.engines.estimate import environment_of, longest_s
from mtjlab.gui.engines.files import RUN, latest_calibration, write_request
from mtjlab.gui.engines.questions import answers_again, answers_for
from mtjlab.gui.panels.form import SectionForm
from mtjlab.gui.panels.run_setup import RunSetup
from mtjlab.gui.panels.training import CHECK as CHECK_FIRST
from mtjlab.gui.panels.training import TRAINING
from mtjlab.procedures.kind import Kind

TRAIN = "train"
CHECK = "check"
MANUAL = "live"
"""Kinds of runs with a button of their own."""
BEHIND = ("--quiet", "--figures", "behind")
"""Options of a run: its engine draws no figures, but starts a process that does, and the bench is free."""


class Commands:
    """Builds commands from the ``setup`` of a run; asks the operator what is needed before a run on a real bench."""

    def __init__(self, runs: Path, setup: RunSetup, prompts: Prompts) -> None:
        self._runs, self._prompts = runs, prompts
        self._band, self._training, self._measuring = setup.band, setup.training, setup.measuring

    def training(self) -> list[str] | None:
        """Command that trains with the plan in the form."""
        if self._training.plan is None:
            return None
        return self._run(TRAIN, {CHECK_FIRST.key: self._training.check_first.isChecked()}, {"plan": self._plan})

    def measuring(self) -> list[str] | None:
        """Command of the measurement in the form; detector and presentations are those of the plan for training."""
        if self._measuring.asked is None or self._training.plan is None:
            return None
        name = self._measuring.kind.name
        return self._run(name, {}, {"plan": self._plan, name: with_absolute_paths(self._measuring.form)})

    @property
    def bench_name(self) -> str:
        """Name of the selected bench file."""
        return self._band.path.stem

    @property
    def training_title(self) -> str:
        """Title of the training, in the queue and while it starts."""
        plan = self._training.form.content
        steps = counted(plan.get("training", {}).get("steps"), "step")
        return f"training {plan.get('name')}: {steps}, seed {plan.get('seed')}, on {self.bench_name}"

    @property
    def measuring_title(self) -> str:
        """Title of the measurement, in the queue and while it starts."""
        return f"{self._measuring.kinds.currentText()} on {self.bench_name}"

    @property
    def training_s(self) -> float | None:
        """Estimated duration of the training; None if not known."""
        plan = self._training.plan
        return None if plan is None else self._longest_s(TRAINING, TRAINING.options(), plan)

    @property
    def measuring_s(self) -> float | None:
        """Estimated duration of the measurement; None if not known."""
        plan, asked = self._training.plan, self._measuring.asked
        return None if plan is None or asked is None else self._longest_s(self._measuring.kind, asked, plan)

    def _longest_s(self, kind: Kind[Any], asked: Section, plan: PlanConfig) -> float | None:
        return longest_s(kind, asked, environment_of(plan, self._band.config, self._runs), self._band.is_simulated)

    def check(self) -> list[str] | None:
        """Command that checks the wiring."""
        return self._run(CHECK, {}, {})

    def safe(self) -> list[str] | None:
        """Command that takes a real bench to zero; it needs no confirmation."""
        if not self._band.is_real:
            return None
        return [SAFE, "--bench", str(self._band.path), "--runs", str(self._runs), "--quiet", "--json"]

    def manual(self) -> list[str] | None:
        """Command that connects the bench for manual control, with the latest calibration of the chip if any."""
        if (answers := self._answers()) is None:
            return None
        band = self._band
        calibration = latest_calibration(self._runs, band.config.device.name, simulated=not band.is_real)
        known = ["--calibration", str(calibration)] if calibration else []
        simulate = ["--simulate"] * band.is_simulated
        return [
            MANUAL,
            "--bench",
            str(band.path),
            *simulate,
            *known,
            "--runs",
            str(self._runs),
            *answers,
            "--quiet",
        ]

    def again(self, command: str, folder: Path) -> list[str] | None:
        """Command that resumes or repeats a run."""
        answers = answers_again(folder, self._prompts)
        return None if answers is None else [command, str(folder), "--runs", str(self._runs), *answers, *BEHIND]

    def export(self, folder: Path, file_format: str) -> list[str]:
        """Command that exports a run in this format."""
        return [EXPORT, str(folder), "--to", file_format, "--runs", str(self._runs)]

    @property
    def _plan(self) -> dict[str, Any]:
        """The plan in the form; the path of its data table is absolute, so that the engine finds it."""
        content = self._training.form.content
        if table := content["data"].get("table"):
            content["data"]["table"] = str(Path(table).resolve())
        return content

    def _run(self, procedure: str, run: dict[str, Any], tables: dict[str, Any]) -> list[str] | None:
        """Command that carries out a request file."""
        if (answers := self._answers()) is None:
            return None
        band = self._band
        on = {"bench_file": str(band.path.resolve()), "simulate": band.is_simulated}
        file = write_request({"run": {"procedure": procedure, **on, **run}, **tables})
        return [RUN, str(file), "--runs", str(self._runs), *answers, *BEHIND]

    def _answers(self) -> list[str] | None:
        band = self._band
        return answers_for(band.config, self._prompts) if band.is_real else []


def with_absolute_paths(form: SectionForm) -> dict[str, Any]:
    """Content of a form; names of existing files are made absolute."""
    content = form.content
    texts = [key for key, editor in form.editors.items() if editor.field.is_text and not editor.field.choices]
    existing = {key: content[key] for key in texts if os.path.exists(content.get(key, ""))}
    return content | {key: str(Path(name).resolve()) for key, name in existing.items()}
