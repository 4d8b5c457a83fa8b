"""Where a measurement is set up and started: curves, shifts by control currents, a switching map, a classification."""

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
from mtjlab.gui.look.label import Label
from mtjlab.gui.look.words import BUSY
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.form import SectionForm
from mtjlab.procedures.kind import Kind
from mtjlab.procedures.kinds import KINDS
from mtjlab.runs.environment import RunEnvironment

NO_PLAN = "The plan in the Training form cannot be. Put it right there: its detector and presentations count here, too."


class MeasurePanel(QWidget):
    """A form for each measurement, and the buttons."""

    start_asked = pyqtSignal()
    queue_asked = pyqtSignal()

    def __init__(self, band: BenchBand, plan: Callable[[], PlanConfig | None], runs: Path) -> None:
        """``plan`` gives the one whose detector, references and presentations count, None while it cannot be."""
        super().__init__()
        self._band, self._plan, self._runs = band, plan, runs
        self._is_free = True
        self._offered = ""
        self.kinds = QComboBox()
        self._offered_kinds = sorted((kind for kind in KINDS.values() if kind.form), key=_needs_an_entry)
        self.told = Label()
        self.told.setWordWrap(True)
        self.told.setProperty("role", "faint")
        self.kinds.addItems(kind.form for kind in self._offered_kinds)
        self._pages = QStackedWidget()
        self._forms: dict[str, SectionForm] = {}
        self.estimate = Label()
        self.estimate.setWordWrap(True)
        self.estimate.setProperty("role", "faint")
        self.start, self.queue = QPushButton("Start measuring"), QPushButton("Queue")
        self.queue.setToolTip("Start it when those before it have ended")
        self._lay_out()
        self.kinds.currentIndexChanged.connect(lambda _: self._choose())
        self.start.clicked.connect(self.start_asked)
        self.queue.clicked.connect(self.queue_asked)
        band.changed.connect(self._tell)
        self._choose()

    @property
    def form(self) -> SectionForm:
        """The form that is shown."""
        return self._form_of(self.kind)

    @property
    def kind(self) -> Kind[Any]:
        """What kind of measurement is chosen."""
        return self._offered_kinds[self.kinds.currentIndex()]

    @property
    def asked(self) -> Section | None:
        """What is in it, if it can be."""
        return self.form.asked(self.kind.options)

    def set_free(self, is_free: bool) -> None:
        """Whether a measurement may be started: one run at a time is started here."""
        self._is_free = is_free
        self._tell()

    def offer_network(self, folder: Path) -> None:
        """Classify with the training in ``folder``, unless somebody has entered another network."""
        before, self._offered = self._offered, str(folder)
        for name, form in self._forms.items():
            if _takes_network(KINDS[name]) and (form.content.get("network") or "") == before:
                form.content = {**form.content, "network": self._offered}

    def fill(self, kind: Kind[Any], content: dict[str, Any]) -> None:
        """Fill the form of ``kind`` with what a run was asked, and show it."""
        self._form_of(kind).content = content
        self.kinds.setCurrentIndex(self._offered_kinds.index(kind))

    def classify_with(self, folder: Path) -> None:
        """Show the form that takes a network, with that of the training in ``folder``."""
        for kind in self._offered_kinds:
            if _takes_network(kind):
                self.fill(kind, {"network": str(folder)})

    def look_again(self) -> None:
        """The plan that counts may be another one."""
        self._tell()

    def _estimated(self) -> str:
        asked, plan = self.asked, self._plan()
        if plan is None:
            return NO_PLAN
        if asked is None:
            return ""
        return estimate(self.kind, asked, self._around(plan), self._band.is_simulated)

    def _choose(self) -> None:
        self._pages.setCurrentWidget(self.form)
        self.told.setText(self.kind.summary)
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
        box.addWidget(self._pages, stretch=1)
        box.addWidget(self.estimate)
        line = QHBoxLayout()
        for button, share in ((self.start, 3), (self.queue, 1)):
            button.setMinimumHeight(38)
            line.addWidget(button, stretch=share)
        box.addLayout(line)

    def _form_of(self, kind: Kind[Any]) -> SectionForm:
        """The form of ``kind``, made when it is first needed: each takes long to make."""
        if (form := self._forms.get(kind.name)) is None:
            form = SectionForm(kind.options, unfolded=tuple(section.name for section in sections_of(kind.options)))
            form.content = self._beginning(kind)
            form.changed.connect(self._tell)
            self._pages.addWidget(form)
            self._forms[kind.name] = form
        return form

    def _beginning(self, kind: Kind[Any]) -> dict[str, Any]:
        """Where a form starts: what would be measured if nothing were said, as far as that can be told."""
        offered = {"network": self._offered} if self._offered and _takes_network(kind) else {}
        plan = self._plan() or PlanConfig()
        try:
            return {**kind.resolve(kind.options(), self._around(plan)).model_dump(mode="json"), **offered}
        except (RefusedError, ValidationError):
            return offered

    def _around(self, plan: PlanConfig) -> RunEnvironment:
        return environment_of(plan, self._band.config, self._runs)


def _takes_network(kind: Kind[Any]) -> bool:
    return "network" in kind.options.model_fields


def _needs_an_entry(kind: Kind[Any]) -> bool:
    """Whether nothing can be started before something is entered: such a form is offered after the others."""
    return any(key.is_required() for key in kind.options.model_fields.values())
