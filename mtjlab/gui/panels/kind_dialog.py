"""Window with the options of a kind of run that has a button of its own."""

from typing import Any

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QPushButton, QVBoxLayout, QWidget

from mtjlab.config import PlanConfig, SeededRunOptions, SeedOptions
from mtjlab.config.section import Section
from mtjlab.gui.dialogs import FormWindow
from mtjlab.gui.look.label import FAINT, Label
from mtjlab.gui.look.steady import ESTIMATE_LINES, Room
from mtjlab.gui.panels.setup_form import SetupContext, SetupForm, show_summary
from mtjlab.procedures.kind import Kind

SIZE = 480, 420


class KindDialog(FormWindow):
    """Form of a run of ``kind``; ``start_asked`` gives it when the operator starts the run."""

    start_asked = pyqtSignal(object)

    def __init__(self, kind: Kind[Any], title: str, context: SetupContext, parent: QWidget) -> None:
        super().__init__(title, SIZE, parent)
        self._kind = kind
        options = SeededRunOptions if kind.uses_plan else SeedOptions
        self.form = SetupForm(kind, kind.options, (), options, {}, context)
        self.form.request = self._request
        self.estimate = Label()
        self.start = QPushButton("Start")
        self.start.setAutoDefault(False)
        summary = Label(kind.summary)
        summary.setWordWrap(True)
        summary.setForegroundRole(FAINT)
        box = QVBoxLayout(self)
        box.addWidget(summary)
        box.addWidget(self.form, stretch=1)
        box.addWidget(Room(self.estimate, ESTIMATE_LINES))
        box.addWidget(self.start)
        self.form.changed.connect(self._update)
        self.start.clicked.connect(self._start)
        self.form.check()

    def _request(self) -> tuple[Section, PlanConfig] | None:
        asked = self.form.asked(self._kind.options)
        return None if asked is None else (asked, PlanConfig())

    def _start(self) -> None:
        self.start_asked.emit(self.form)
        self.close()

    def _update(self) -> None:
        self.start.setEnabled(not self.form.complaints)
        show_summary(self.estimate, self.form)
