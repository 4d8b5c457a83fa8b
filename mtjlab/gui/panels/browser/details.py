"""Details of the selected run, and the notes on it."""

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup
from PyQt5.QtCore import QEvent, QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from mtjlab.figures.undrawn import undrawn
from mtjlab.gui.look.label import Label, coloured
from mtjlab.gui.look.steady import Room
from mtjlab.gui.look.theme import Theme
from mtjlab.runs.notes import write_notes
from mtjlab.runs.run_summary import RunSummary

PAUSE_MS = 1500
"""Notes are saved after this pause in typing, and when the field loses the focus."""
LINES, SUMMARY_LINES = 3, 4


class Details(QWidget):
    """A summary of one run, and its notes, which are saved as they are typed.

    ``figure_requested`` gives the name of a figure that is not drawn yet, when it is clicked.
    """

    figure_requested = pyqtSignal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._run: RunSummary | None = None
        self._saved = ""
        self.summary = Label()
        self.summary.linkActivated.connect(self.figure_requested)
        self.notes = QPlainTextEdit()
        self.notes.setTabChangesFocus(True)
        self.notes.setToolTip("Notes on this run: saved in its folder as notes.md, included in the search")
        self.notes.setFixedHeight(LINES * self.notes.fontMetrics().lineSpacing() + 12)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self.save_notes)
        self.notes.textChanged.connect(lambda: self._pause.start(PAUSE_MS))
        self.notes.installEventFilter(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(Room(self.summary, SUMMARY_LINES))  # the list above must not move between two clicks on it
        box.addWidget(self.notes)
        self.show_run(None)

    def show_run(self, run: RunSummary | None) -> None:
        """Show ``run`` (None: no run); unsaved typing on it is kept."""
        is_other = self._folder != (run.folder if run else None)
        if is_other:
            self.save_notes()
        is_typed = self.notes.toPlainText().strip() != self._saved
        self._run = run
        self._update_summary()
        if is_other or not is_typed:
            self._show_notes(run.notes if run else "")

    def apply_theme(self, theme: Theme) -> None:
        """Switch to the colours of ``theme``."""
        self._theme = theme
        self._update_summary()

    def save_notes(self) -> None:
        """Save the notes.

        Raises:
            RefusedError: the file cannot be written.
        """
        self._pause.stop()
        typed = self.notes.toPlainText().strip()
        if self._folder is not None and typed != self._saved:
            self._saved = typed
            write_notes(self._folder, typed)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802  Qt's name
        """Save the notes when the field loses the focus."""
        if event and event.type() == QEvent.Type.FocusOut:
            self.save_notes()
        return super().eventFilter(watched, event)

    @property
    def _folder(self) -> Path | None:
        return self._run.folder if self._run else None

    def _show_notes(self, notes: str) -> None:
        self._saved = notes
        self.notes.setEnabled(self._run is not None)
        self.notes.setPlaceholderText("notes on this run" if self._run else "select a run to see and write its notes")
        if self.notes.toPlainText().strip() != notes:
            self.notes.blockSignals(True)
            self.notes.setPlainText(notes)
            self.notes.blockSignals(False)

    def _update_summary(self) -> None:
        if (run := self._run) is None:
            self.summary.clear()
        else:
            colour = self._theme.of_status(run.status_report.status)
            text = run.status_report.sentence if run.status_report.is_over or run.status_report.why else ""
            lines = [_about(run), coloured(text, colour) if text else "", self._links(undrawn(run.folder))]
            self.summary.setText(Markup("<br>").join(filter(None, lines)))

    def _links(self, names: Sequence[str]) -> Markup:
        """Line with the ``names`` of figures, each to be clicked; empty without any."""
        link = Markup("<a href='{0}' style='color:{1}'>{0}</a>")
        links = Markup(", ").join(link.format(name, self._theme.ink) for name in names)
        return Markup("more figures: {}").format(links) if names else Markup()


def _about(run: RunSummary) -> str:
    parts = [
        f"{run.procedure} on {run.bench}{' (SIMULATED)' if run.simulated else ''}" if run.procedure else "",
        f"{run.began_at:%Y-%m-%d %H:%M}" if run.began_at else "",
        run.data,
        f"resumes {run.parent}" if run.parent else "",
    ]
    return ", ".join(filter(None, parts))
