"""Setup and start of a measurement: curves, shift by control currents, switching map, classification."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from mtjlab.config import PlanConfig
from mtjlab.config.keys import sections_of
from mtjlab.config.section import Section
from mtjlab.errors import RefusedError
from mtjlab.gui.engines.estimate import environment_of, estimate
from mtjlab.gui.look.formatting import BUSY
from mtjlab.gui.look.label import Label
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.form import SectionForm
from mtjlab.procedures.kind import Kind
from mtjlab.procedures.kinds import KINDS
from mtjlab.runs.environment import RunEnvironment

NO_PLAN = "The plan in Training is not valid. Correct it there: its detector and presentations are used here."


class MeasurePanel(QWidget):
    """A form for each kind of measurement, and the start buttons."""

    start_asked = pyqtSignal()
    queue_asked = pyqtSignal()

    def __init__(self, band: BenchBand, plan: Callable[[], PlanConfig | None], runs: Path) -> None:
        """``plan`` returns the plan whose detector, references and presentations are used; None if it is not valid."""
        super().__init__()
        self._band, self._plan, self._runs = band, plan, runs
        self._is_free = True
        self._offered = ""
        self.kinds = QComboBox()
        self._offered_kinds = sorted((kind for kind in KINDS.values() if kind.form), key=_has_required_key)
        self.summary = Label()
        self.summary.setWordWrap(True)
        self.summary.setProperty("role", "faint")
        self.kinds.addItems(kind.form for kind in self._offered_kinds)
        self._pages = QStackedWidget()
        self._forms: dict[str, SectionForm] = {}
        self.estimate = Label()
        self.estimate.setWordWrap(True)
        self.estimate.setProperty("role", "faint")
        self.start, self.queue = QPushButton("Start measurement"), QPushButton("Queue")
        self.queue.setToolTip("Start when the runs before it have ended")
        self._lay_out()
        self.kinds.currentIndexChanged.connect(lambda _: self._choose())
        self.start.clicked.connect(self.start_asked)
        self.queue.clicked.connect(self.queue_asked)
        band.changed.connect(self._update)
        self._choose()

    @property
    def form(self) -> SectionForm:
        """The form that is shown."""
        return self._form_of(self.kind)

    @property
    def kind(self) -> Kind[Any]:
        """Kind of measurement that is selected."""
        return self._offered_kinds[self.kinds.currentIndex()]

    @property
    def asked(self) -> Section | None:
        """Request in the form; None if it is not valid."""
        return self.form.asked(self.kind.options)

    def set_free(self, is_free: bool) -> None:
        """Set whether a measurement may be started; the window runs one at a time."""
        self._is_free = is_free
        self._update()

    def offer_network(self, folder: Path) -> None:
        """Fill in the training in ``folder`` as network, unless another network was entered."""
        before, self._offered = self._offered, str(folder)
        for name, form in self._forms.items():
            if _takes_network(KINDS[name]) and (form.content.get("network") or "") == before:
                form.content = {**form.content, "network": self._offered}

    def fill(self, kind: Kind[Any], content: dict[str, Any]) -> None:
        """Show the form of ``kind``, filled with the request of a run."""
        self._form_of(kind).content = content
        self.kinds.setCurrentIndex(self._offered_kinds.index(kind))

    def classify_with(self, folder: Path) -> None:
        """Show the form of the classification with the network of the training in ``folder``."""
        for kind in self._offered_kinds:
            if _takes_network(kind):
                self.fill(kind, {"network": str(folder)})

    def refresh(self) -> None:
        """Update for a changed plan."""
        self._update()

    def _estimate_text(self) -> str:
        asked, plan = self.asked, self._plan()
        if plan is None:
            return NO_PLAN
        if asked is None:
            return ""
        return estimate(self.kind, asked, self._environment(plan), self._band.is_simulated)

    def _choose(self) -> None:
        self._pages.setCurrentWidget(self.form)
        self.summary.setText(self.kind.summary)
        self._update()

    def _update(self) -> None:
        is_valid = not self.form.complaints and self._plan() is not None
        self.estimate.setText(self._estimate_text())
        self.queue.setEnabled(is_valid)
        self.start.setEnabled(is_valid and self._is_free)
        self.start.setText("Start measurement" if self._is_free else BUSY)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        for part in (self.kinds, self.summary):
            box.addWidget(part)
        box.addWidget(self._pages, stretch=1)
        box.addWidget(self.estimate)
        line = QHBoxLayout()
        for button, share in ((self.start, 3), (self.queue, 1)):
            button.setMinimumHeight(38)
            line.addWidget(button, stretch=share)
        box.addLayout(line)

    def _form_of(self, kind: Kind[Any]) -> SectionForm:
        """The form of ``kind``, created at its first use: creating all of them would delay the start of the window."""
        if (form := self._forms.get(kind.name)) is None:
            form = SectionForm(kind.options, unfolded=tuple(section.name for section in sections_of(kind.options)))
            form.content = self._defaults(kind)
            form.changed.connect(self._update)
            self._pages.addWidget(form)
            self._forms[kind.name] = form
        return form

    def _defaults(self, kind: Kind[Any]) -> dict[str, Any]:
        """Initial content of a form: the defaults of the kind, where they are known."""
        offered = {"network": self._offered} if self._offered and _takes_network(kind) else {}
        plan = self._plan() or PlanConfig()
        try:
            return {**kind.resolve(kind.options(), self._environment(plan)).model_dump(mode="json"), **offered}
        except (RefusedError, ValidationError):
            return offered

    def _environment(self, plan: PlanConfig) -> RunEnvironment:
        return environment_of(plan, self._band.config, self._runs)


def _takes_network(kind: Kind[Any]) -> bool:
    return "network" in kind.options.model_fields


def _has_required_key(kind: Kind[Any]) -> bool:
    """Whether something must be entered before the start; such forms are listed last."""
    return any(key.is_required() for key in kind.options.model_fields.values())
