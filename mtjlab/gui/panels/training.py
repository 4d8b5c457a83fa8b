"""Setup and start of a training."""

from pathlib import Path
from typing import Any

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mtjlab.config import PlanConfig
from mtjlab.config.keys import keys_of
from mtjlab.counted import counted
from mtjlab.gui.engines.estimate import environment_of, estimate
from mtjlab.gui.engines.files import plan_files
from mtjlab.gui.look.formatting import BUSY
from mtjlab.gui.look.label import Label
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.form import SectionForm
from mtjlab.procedures.kinds import KINDS

TRAINING = KINDS["train"]
CHECK = next(key for key in keys_of(TRAINING.options) if key.key == "check")


class TrainingPanel(QWidget):
    """A plan file, the form to edit it, the estimate, and the start buttons."""

    start_asked = pyqtSignal()
    queue_asked = pyqtSignal()

    def __init__(self, band: BenchBand) -> None:
        super().__init__()
        self._band = band
        self._is_free = True
        self._plans = plan_files()
        self.plans = QComboBox()
        self.plans.setToolTip("Plan file that fills the form")
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
        self.queue.setToolTip("Start when the runs before it have ended")
        self.queue.setMinimumHeight(38)
        self._lay_out()
        self.plans.activated.connect(lambda _: self._fill())
        self.form.changed.connect(self._update)
        band.changed.connect(self._update)
        self.start.clicked.connect(self.start_asked)
        self.queue.clicked.connect(self.queue_asked)
        self._fill()

    @property
    def plan(self) -> PlanConfig | None:
        """The plan in the form; None if it is not valid."""
        return self.form.asked(PlanConfig)

    def fill(self, content: dict[str, Any]) -> None:
        """Fill the form with the content of a plan file."""
        self.form.content = content

    def set_free(self, is_free: bool) -> None:
        """Set whether a training may be started; the window runs one at a time."""
        self._is_free = is_free
        self._update()

    def _fill(self) -> None:
        chosen = self.plans.currentData()
        plan = self._plans[Path(chosen)] if chosen else PlanConfig()
        self.fill(plan.model_dump(mode="json"))

    def _update(self) -> None:
        wrong, plan = len(self.form.complaints), self.plan
        self.start.setEnabled(plan is not None and self._is_free)
        self.queue.setEnabled(plan is not None)
        self.start.setText("Start training" if self._is_free else BUSY)
        if plan is None:
            self.estimate.setText(f"{counted(wrong, 'invalid value')} in the form")
        else:
            environment = environment_of(plan, self._band.config, Path())
            self.estimate.setText(estimate(TRAINING, TRAINING.options(), environment, self._band.is_simulated))

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
