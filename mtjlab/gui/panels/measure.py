"""Where a measurement is set up and started: curves, shifts by control currents, a switching map, a classification."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from mtjlab.config import ClassifyAsked, MapAsked, PlanConfig, ShiftAsked, SweepAsked
from mtjlab.gui.engines.estimate import estimate_measurement
from mtjlab.gui.engines.measuring import Measurement
from mtjlab.gui.look.label import Label
from mtjlab.gui.look.words import BUSY
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.form import SectionForm

KINDS: dict[str, tuple[type[Measurement], str]] = {
    "resistance curves": (SweepAsked, "Where each junction switches, from curves taken again and again."),
    "shift": (ShiftAsked, "How each control current shifts the critical inputs."),
    "switching map": (MapAsked, "Which configuration each pair of inputs gives."),
    "classification": (ClassifyAsked, "Which class a trained network takes each token for."),
}
START_UA = -500.0
"""Control currents that the forms begin with: the paper's."""
NO_PLAN = "The plan in the Training form cannot be. Put it right there: its detector and presentations count here, too."


class MeasurePanel(QWidget):
    """A form for each measurement, and the buttons."""

    start_asked = pyqtSignal()
    queue_asked = pyqtSignal()

    def __init__(self, band: BenchBand, plan: Callable[[], PlanConfig | None]) -> None:
        """``plan`` gives the one whose detector, references and presentations count, None while it cannot be."""
        super().__init__()
        self._band, self._plan = band, plan
        self._is_free = True
        self._offered = ""
        self.kinds = QComboBox()
        self.told = Label()
        self.told.setWordWrap(True)
        self.told.setProperty("role", "faint")
        self.forms = QStackedWidget()
        for name, (model, _) in KINDS.items():
            self.kinds.addItem(name)
            form = SectionForm(model, unfolded=("staircase",))
            form.content = _beginning(model, band.config.junctions)
            form.changed.connect(self._tell)
            self.forms.addWidget(form)
        self.estimate = Label()
        self.estimate.setWordWrap(True)
        self.estimate.setProperty("role", "faint")
        self.start, self.queue = QPushButton("Start measuring"), QPushButton("Queue")
        self.queue.setToolTip("Start it when those before it have ended")
        self._lay_out()
        self.kinds.currentIndexChanged.connect(self._choose)
        self.start.clicked.connect(self.start_asked)
        self.queue.clicked.connect(self.queue_asked)
        band.changed.connect(self._tell)
        self._choose(0)

    @property
    def form(self) -> SectionForm:
        """The form that is shown."""
        form = self.forms.currentWidget()
        assert isinstance(form, SectionForm)
        return form

    @property
    def procedure(self) -> str:
        """The procedure that is chosen."""
        model, _ = KINDS[self.kinds.currentText()]
        return str(model.model_fields["procedure"].default)

    @property
    def asked(self) -> Measurement | None:
        """What is in it, if it can be."""
        model, _ = KINDS[self.kinds.currentText()]
        return self.form.asked(model)

    def set_free(self, is_free: bool) -> None:
        """Whether a measurement may be started: one run at a time is started here."""
        self._is_free = is_free
        self._tell()

    def offer_network(self, folder: Path) -> None:
        """Classify with the training in ``folder``, unless somebody has entered another network."""
        form = self.forms.widget(list(KINDS).index("classification"))
        assert isinstance(form, SectionForm)
        if (form.content.get("network") or "") == self._offered:
            self._offered = str(folder)
            form.content = {**form.content, "network": self._offered}

    def fill(self, procedure: str, content: dict[str, Any]) -> None:
        """Fill the form of ``procedure`` with what a run was asked, and show it."""
        kind = next(name for name, (model, _) in KINDS.items() if model.model_fields["procedure"].default == procedure)
        form = self.forms.widget(list(KINDS).index(kind))
        assert isinstance(form, SectionForm)
        form.content = content
        self.kinds.setCurrentText(kind)

    def look_again(self) -> None:
        """The plan that counts may be another one."""
        self._tell()

    def _estimated(self) -> str:
        asked, plan = self.asked, self._plan()
        if plan is None:
            return NO_PLAN
        if asked is None:
            return ""
        return estimate_measurement(asked, plan, self._band.config, self._band.is_simulated)

    def _choose(self, index: int) -> None:
        self.forms.setCurrentIndex(index)
        self.told.setText(KINDS[self.kinds.currentText()][1])
        self._tell()

    def _tell(self) -> None:
        can_be = not self.form.complaints and self._plan() is not None
        self.estimate.setText(self._estimated())
        self.queue.setEnabled(can_be)
        self.start.setEnabled(can_be and self._is_free)
        self.start.setText("Start measuring" if self._is_free else BUSY)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        for part in (self.kinds, self.told):
            box.addWidget(part)
        box.addWidget(self.forms, stretch=1)
        box.addWidget(self.estimate)
        line = QHBoxLayout()
        for button, share in ((self.start, 3), (self.queue, 1)):
            button.setMinimumHeight(38)
            line.addWidget(button, stretch=share)
        box.addLayout(line)


def _beginning(model: type[Measurement], junctions: int) -> dict[str, object]:
    """Where a form starts: every control current at the paper's, for each input that the measurement has."""
    row = [START_UA] * junctions
    if model is ClassifyAsked:
        return {}
    return {"controls_ua": [row, row] if model is MapAsked else row}
