"""Where a training is set up and started."""

from pathlib import Path
from typing import Any

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mtjlab.config import PlanConfig
from mtjlab.config.keys import keys_of
from mtjlab.counted import counted
from mtjlab.gui.engines.estimate import environment_of, estimate
from mtjlab.gui.engines.files import plan_files
from mtjlab.gui.look.label import Label
from mtjlab.gui.look.words import BUSY
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.form import SectionForm
from mtjlab.procedures.kinds import KINDS

TRAINING = KINDS["train"]
CHECK = next(key for key in keys_of(TRAINING.options) if key.key == "check")


class TrainingPanel(QWidget):
    """A plan to start from, the form that changes it, what it will take, and the button."""

    start_asked = pyqtSignal()
    queue_asked = pyqtSignal()

    def __init__(self, band: BenchBand) -> None:
        super().__init__()
        self._band = band
        self._is_free = True
        self._plans = plan_files()
        self.plans = QComboBox()
        self.plans.setToolTip("Plan file to start from; choosing one fills the form")
        for path in self._plans:
            self.plans.addItem(path.stem, str(path))
        self.form = SectionForm(PlanConfig, unfolded=("training",))
        self.check_first = QCheckBox(CHECK.help.removesuffix("."))
        self.estimate = Label()
        self.estimate.setWordWrap(True)
        self.estimate.setProperty("role", "faint")
        self.start = QPushButton("Start training")
        self.start.setObjectName("start")
        self.start.setMinimumHeight(38)
        self.queue = QPushButton("Queue")
        self.queue.setToolTip("Start it when those before it have ended")
        self.queue.setMinimumHeight(38)
        self._lay_out()
        self.plans.activated.connect(lambda _: self._fill())
        self.form.changed.connect(self._tell)
        band.changed.connect(self._tell)
        self.start.clicked.connect(self.start_asked)
        self.queue.clicked.connect(self.queue_asked)
        self._fill()

    @property
    def plan(self) -> PlanConfig | None:
        """What is in the form, if it can be."""
        return self.form.asked(PlanConfig)

    def fill(self, content: dict[str, Any]) -> None:
        """Fill the form with a plan, as a plan file holds it."""
        self.form.content = content

    def set_free(self, is_free: bool) -> None:
        """Whether a training may be started: one at a time is started here."""
        self._is_free = is_free
        self._tell()

    def _fill(self) -> None:
        chosen = self.plans.currentData()
        plan = self._plans[Path(chosen)] if chosen else PlanConfig()
        self.fill(plan.model_dump(mode="json"))

    def _tell(self) -> None:
        wrong, plan = len(self.form.complaints), self.plan
        self.start.setEnabled(plan is not None and self._is_free)
        self.queue.setEnabled(plan is not None)
        self.start.setText("Start training" if self._is_free else BUSY)
        if plan is None:
            self.estimate.setText(f"Not valid in the form: {counted(wrong, 'value')}")
        else:
            around = environment_of(plan, self._band.config, Path())
            self.estimate.setText(estimate(TRAINING, TRAINING.options(), around, self._band.is_simulated))

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        top = QHBoxLayout()
        top.addWidget(Label("plan"))
        top.addWidget(self.plans, stretch=1)
        box.addLayout(top)
        box.addWidget(self.form, stretch=1)
        for part in (self.estimate, self.check_first):
            box.addWidget(part)
        line = QHBoxLayout()
        line.addWidget(self.start, stretch=3)
        line.addWidget(self.queue, stretch=1)
        box.addLayout(line)
