"""Setup and start of a training."""

from pathlib import Path
from typing import Any

import tomli_w
from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mtjlab.config import PlanConfig, RunOptions, read_plan
from mtjlab.config.section import Section
from mtjlab.gui.engines.files import plan_files
from mtjlab.gui.engines.presets import Presets
from mtjlab.gui.look.formatting import BUSY
from mtjlab.gui.look.label import Label, tooltip
from mtjlab.gui.look.steady import ESTIMATE_LINES, Room
from mtjlab.gui.panels.preset_button import PresetButton
from mtjlab.gui.panels.setup_form import SetupContext, SetupForm, show_summary
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.training.plan import StartOptions
from mtjlab.whole_files import put

TRAINING = KINDS["train"]
PLAN_FILES = "Plan files (*.toml)"


class TrainingPanel(QWidget):
    """A plan file, the form to edit it, the estimate, and the start buttons."""

    start_asked = pyqtSignal()
    queue_asked = pyqtSignal()

    def __init__(self, context: SetupContext) -> None:
        super().__init__()
        self._prompts = context.prompts
        self._is_free = True
        self._plans = plan_files()
        self.plans = QComboBox()
        for path in self._plans:
            self.plans.addItem(path.stem, str(path))
        beside = {TRAINING.name: StartOptions}
        self.form = SetupForm(TRAINING, PlanConfig, ("training",), RunOptions, beside, context)
        self.form.request = self._request
        self.values = PresetButton(self.form, Presets(context.presets / TRAINING.name), context.prompts)
        self.values.more = [("Load a plan file ...", self._load_plan), ("Save as plan file ...", self._save_plan)]
        self.estimate = Label()
        self.start = QPushButton("Start training")
        self.start.setObjectName("start")
        self.start.setMinimumHeight(38)
        self.queue = QPushButton("Queue")
        self.queue.setToolTip("Start when the runs before it have ended")
        self.queue.setMinimumHeight(38)
        self._lay_out()
        self.plans.activated.connect(lambda _: self._fill())
        self.form.changed.connect(self._update)
        self.start.clicked.connect(self.start_asked)
        self.queue.clicked.connect(self.queue_asked)
        self._fill()

    @property
    def plan(self) -> PlanConfig | None:
        """The plan in the form, which a training may be refused for nevertheless; None if it is not valid."""
        return self.form.parsed(PlanConfig)

    @property
    def plan_content(self) -> dict[str, Any]:
        """What is entered of the plan, in the form of a plan file."""
        return self.form.own_content

    def fill(self, content: dict[str, Any]) -> None:
        """Fill the form with the content of a plan file; how the training starts stays as it is."""
        self.form.content = {**self.form.content_beside, **content}

    def fill_beside(self, content: dict[str, Any]) -> None:
        """Fill in how the training starts."""
        self.form.content = {**self.form.own_content, **content}

    def set_free(self, is_free: bool) -> None:
        """Set whether a training may be started; the window runs one at a time."""
        self._is_free = is_free
        self._update()

    def _request(self) -> tuple[Section, PlanConfig] | None:
        started, plan = self.form.asked_beside(TRAINING.name, StartOptions), self.plan
        return None if started is None or plan is None else (TRAINING.options(**started.model_dump()), plan)

    def _fill(self) -> None:
        chosen = self.plans.currentData()
        self.plans.setToolTip(tooltip(f"Plan file that fills the form{f': {chosen}' if chosen else ''}"))
        plan = self._plans[Path(chosen)] if chosen else PlanConfig()
        self.form.set_defaults(plan.model_dump(mode="json"))
        self.fill(plan.model_dump(mode="json"))

    def _load_plan(self) -> None:
        if (path := self._prompts.file("Load a plan file", Path(), PLAN_FILES)) is not None:
            self.fill(read_plan(path).model_dump(mode="json"))

    def _save_plan(self) -> None:
        if (path := self._prompts.save_as("Save as plan file", Path("my-plan.toml"), PLAN_FILES)) is not None:
            put(path, tomli_w.dumps(self.plan_content).encode())

    def _update(self) -> None:
        is_valid = not self.form.complaints
        self.start.setEnabled(is_valid and self._is_free)
        self.queue.setEnabled(is_valid)
        self.start.setText("Start training" if self._is_free else BUSY)
        show_summary(self.estimate, self.form)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        top = QHBoxLayout()
        top.addWidget(Label("plan"))
        top.addWidget(self.plans, stretch=1)
        top.addWidget(self.values)
        box.addLayout(top)
        box.addWidget(self.form, stretch=1)
        box.addWidget(Room(self.estimate, ESTIMATE_LINES))
        line = QHBoxLayout()
        line.addWidget(self.start, stretch=3)
        line.addWidget(self.queue, stretch=1)
        box.addLayout(line)
