"""Command lines of engines from the forms; None where a form is not valid or the operator cancels."""

import os
from pathlib import Path
from typing import Any

from mtjlab.config import BenchConfig, PlanConfig, SimulatedBenchConfig, bench_of, read_bench
from mtjlab.config.section import Section
from mtjlab.counted import counted
from mtjlab.gui.dialogs import Prompts
from mtjlab.gui.engines.engines import EXPORT, SAFE
from mtjlab.gui.engines.estimate import environment_of, longest_s
from mtjlab.gui.engines.files import RUN, calibrations, write_request
from mtjlab.gui.engines.questions import answers_again, answers_for
from mtjlab.gui.look.formatting import with_symbols
from mtjlab.gui.panels.form import absolute_paths
from mtjlab.gui.panels.preset_button import PresetButton
from mtjlab.gui.panels.run_setup import RunSetup
from mtjlab.gui.panels.setup_form import RUN as RUN_OPTIONS
from mtjlab.gui.panels.setup_form import SetupForm
from mtjlab.procedures.kind import Kind
from mtjlab.procedures.kinds import KINDS
from mtjlab.runs.listing import run_summary
from mtjlab.runs.requested import requested
from mtjlab.store import read_request
from mtjlab.supplied_configs import supplied_file
from mtjlab.text import read_toml

TRAIN = "train"
CHECK = "check"
MANUAL = "live"
CURVES = "sweep"
RERUN = "rerun"
"""Kinds of runs with a button of their own, and the command that repeats one."""
BEHIND = ("--quiet", "--figures", "behind")
"""Options of a run: its engine draws no figures, but starts a process that does, and the bench is free."""


class Commands:
    """Builds commands from the ``setup`` of a run; asks the operator what is needed before a run on a real bench."""

    def __init__(self, runs: Path, setup: RunSetup, prompts: Prompts) -> None:
        self._runs, self._prompts = runs, prompts
        self._band, self._training, self._measuring = setup.band, setup.training, setup.measuring

    def training(self) -> list[str] | None:
        """Command that trains with the plan in the form."""
        if self._training.form.complaints:
            return None
        form, values = self._training.form, self._training.values
        return self._run(TRAIN, form, {"plan": self._plan, TRAIN: form.content[TRAIN]}, values)

    def measuring(self) -> list[str] | None:
        """Command of the measurement in the form; detector and presentations are those of the plan for training."""
        if self._measuring.asked is None or self._training.plan is None:
            return None
        name = self._measuring.kind.name
        form = self._measuring.form
        tables = {"plan": self._plan, name: absolute_paths(form, form.own_content)}
        return self._run(name, form, tables, self._measuring.values)

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
    def training_details(self) -> str:
        """What is entered for the training that differs from the defaults."""
        return self._training.form.changes

    @property
    def measuring_title(self) -> str:
        """Title of the measurement, in the queue and while it starts."""
        return f"{self._measuring.kinds.currentText()} on {self.bench_name}"

    @property
    def measuring_details(self) -> str:
        """What is asked of the measurement."""
        name, form = self._measuring.kind.name, self._measuring.form
        return with_symbols(requested({RUN_OPTIONS: {"procedure": name}, name: form.own_content}))

    @property
    def training_s(self) -> float | None:
        """Estimated duration of the training; None if not known."""
        plan = self._training.plan
        return None if plan is None else self._longest_s(KINDS[TRAIN], KINDS[TRAIN].options(), plan)

    @property
    def measuring_s(self) -> float | None:
        """Estimated duration of the measurement; None if not known."""
        plan, asked = self._training.plan, self._measuring.asked
        return None if plan is None or asked is None else self._longest_s(self._measuring.kind, asked, plan)

    def _longest_s(self, kind: Kind[Any], asked: Section, plan: PlanConfig) -> float | None:
        return longest_s(kind, asked, environment_of(plan, self._band.config, self._runs), self._band.is_simulated)

    def again_details(self, folder: Path) -> str:
        """What was asked of the run in ``folder``."""
        return with_symbols(requested(read_request(folder)))

    def again_s(self, command: str, folder: Path) -> float | None:
        """Duration of the run in ``folder`` if it is repeated; None if not known."""
        run = run_summary(folder)
        return run.duration_s if command == RERUN and run.status_report.status == "finished" else None

    def check(self) -> list[str] | None:
        """Command that checks the wiring."""
        return self._run(CHECK, None, {})

    def curves(self) -> list[str] | None:
        """Command that measures resistance curves as calibration, with the plan in the form."""
        return self._run(CURVES, None, {} if self._training.plan is None else {"plan": self._plan})

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
        calibration = next(calibrations(self._runs, band.config.device.name, simulated=not band.is_real), None)
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

    def with_options(self, procedure: str, form: SetupForm) -> list[str] | None:
        """Command for a run of the kind ``procedure``, with the options in ``form``."""
        plan = {"plan": self._plan} if KINDS[procedure].uses_plan else {}
        return self._run(procedure, form, {**plan, procedure: absolute_paths(form, form.own_content)})

    def request_file(self, path: Path) -> list[str] | None:
        """Command that carries out the request file ``path``; asks what its bench needs.

        Raises:
            RefusedError: it is no request file, or its bench file is not valid.
        """
        content = read_toml(path)
        run = content.get("run", {})
        answers = [] if run.get("simulate") else answers_for(_bench_of(path, content), self._prompts)
        return None if answers is None else [RUN, str(path), "--runs", str(self._runs), *answers, *BEHIND]

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
        content = self._training.plan_content
        if table := content["data"].get("table"):
            content["data"]["table"] = str(Path(table).resolve())
        return content

    def _run(
        self,
        procedure: str,
        form: SetupForm | None,
        tables: dict[str, Any],
        values: PresetButton | None = None,
    ) -> list[str] | None:
        """Command that carries out a request file, with the options of a run in its ``form``.

        ``values`` keeps what was entered, as that of the last run.
        """
        if (answers := self._answers()) is None:
            return None
        band = self._band
        on = {"bench_file": str(band.path.resolve()), "simulate": band.is_simulated}
        options = {} if form is None else absolute_paths(form, form.content[RUN_OPTIONS], f"{RUN_OPTIONS}.")
        file = write_request({"run": {"procedure": procedure, **on, **options}, **tables})
        if values is not None:
            values.keep_last_used()
        return [RUN, str(file), "--runs", str(self._runs), *answers, *BEHIND]

    def _answers(self) -> list[str] | None:
        band = self._band
        return answers_for(band.config, self._prompts) if band.is_real else []


def _bench_of(path: Path, content: dict[str, Any]) -> BenchConfig:
    """Bench of the request in the file ``path``: in a table of its own, or in a file beside it, or a supplied one."""
    if "bench" in content:
        return bench_of(path, content["bench"])
    named = content.get("run", {}).get("bench_file")
    if not named:
        return SimulatedBenchConfig()
    beside = path.parent / named
    return read_bench(beside if os.path.exists(beside) else supplied_file(Path(named)))
