"""Window with the options of manual control."""

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from mtjlab.config import PlanConfig, SeededRunOptions
from mtjlab.config.section import Section
from mtjlab.gui.look.label import Label
from mtjlab.gui.panels.setup_form import SetupContext, SetupForm, show_summary
from mtjlab.procedures.kinds import KINDS

SIZE = 480, 420


class ConnectDialog(QDialog):
    """Form of a kind of run that holds the bench; ``connect_asked`` gives it when the operator connects the bench."""

    connect_asked = pyqtSignal(object)

    def __init__(self, context: SetupContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Connect with")
        self.resize(*SIZE)
        self._kind = next(kind for kind in KINDS.values() if kind.gives_way)
        self.form = SetupForm(self._kind, self._kind.options, (), SeededRunOptions, {}, context)
        self.form.request = self._request
        self.estimate = Label()
        self.estimate.setWordWrap(True)
        self.start = QPushButton("Connect")
        self.start.setAutoDefault(False)
        summary = Label(self._kind.summary)
        summary.setWordWrap(True)
        summary.setProperty("role", "faint")
        box = QVBoxLayout(self)
        box.addWidget(summary)
        box.addWidget(self.form, stretch=1)
        box.addWidget(self.estimate)
        box.addWidget(self.start)
        self.form.changed.connect(self._update)
        self.start.clicked.connect(self._connect)
        self.form.check()

    def _request(self) -> tuple[Section, PlanConfig] | None:
        asked = self.form.asked(self._kind.options)
        return None if asked is None else (asked, PlanConfig())

    def _connect(self) -> None:
        self.connect_asked.emit(self.form)
        self.close()

    def _update(self) -> None:
        self.start.setEnabled(not self.form.complaints)
        show_summary(self.estimate, self.form)
