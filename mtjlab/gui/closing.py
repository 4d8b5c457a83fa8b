"""The end of a window whose runs were to be stopped first: it closes when the operator has seen currents at zero."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic

from PyQt5.QtCore import QEvent, QObject, Qt, QTimer
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import QWidget

from mtjlab.gui.engines.engine import Engine
from mtjlab.gui.engines.outcome import outcome
from mtjlab.gui.look.label import Label
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.text_size import LARGE_PT, keep_points

LOOK_MS, SHOWN_MS = 100, 1500
PATIENCE_S = 20.0
STOPPING = "Stopping: currents are being taken to zero. The window closes when they are."
NOT_BEGUN = "Stopped before it had begun: no run folder, no output was switched on."
STAYS = "The window stays open. Click here to see the run."
LATE = (
    f"It has not ended after {PATIENCE_S:g} s. Wait, press EMERGENCY STOP, or close the window again: "
    "the run goes on without it until it has stopped."
)


class Cover(Label):
    """Large text over all of an ``area``."""

    def __init__(self, area: QWidget) -> None:
        super().__init__()
        self.setParent(area)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAutoFillBackground(True)
        keep_points(self, LARGE_PT)
        area.installEventFilter(self)
        self.hide()

    def show_text(self, text: str) -> None:
        """Show ``text``."""
        self.setText(text)
        self.setGeometry(sure(self.parentWidget()).rect())
        self.show()
        self.raise_()

    def mousePressEvent(self, _event: QMouseEvent | None) -> None:  # noqa: N802  Qt's name
        """Uncover the area."""
        self.hide()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802  Qt's name
        """Stay as large as the area."""
        if event is not None and event.type() == QEvent.Type.Resize:
            self.setGeometry(sure(self.parentWidget()).rect())
        return super().eventFilter(watched, event)


class Closing(QObject):
    """Waits for engines that were told to stop, and shows the outcome of their runs over ``area``.

    ``close`` closes the window then. It stays open where sources may be on.
    """

    def __init__(self, area: QWidget, close: Callable[[], object]) -> None:
        super().__init__(area)
        self._close = close
        self.cover = Cover(area)
        self.is_active = False
        """Whether the operator waits for the window to close."""
        self._begun: tuple[Engine, ...] = ()
        self._stopping: list[Engine] = []
        self._folders: list[Path] = []
        self._since_s = 0.0
        self._looking = QTimer(self)
        self._looking.timeout.connect(self._look)
        self._shown = QTimer(self)
        self._shown.setSingleShot(True)
        self._shown.timeout.connect(self._finish)

    def begin(self, engines: Sequence[Engine]) -> None:
        """Wait for ``engines``, which are being stopped."""
        self.is_active, self._since_s = True, monotonic()
        self._begun, self._stopping, self._folders = tuple(engines), list(engines), []
        for engine in engines:
            engine.ended.connect(partial(self._on_ended, engine))
        self.cover.show_text(STOPPING)
        self._looking.start(LOOK_MS)

    def is_for(self, engines: Sequence[Engine]) -> bool:
        """Whether the operator waits for the window to close, and all of ``engines`` are being stopped."""
        return self.is_active and all(engine in self._begun for engine in engines)

    def end(self) -> None:
        """Stop waiting."""
        self._looking.stop()
        self._shown.stop()

    def _on_ended(self, engine: Engine, _code: int, _output: str) -> None:
        self._stopping.remove(engine)
        self._since_s = monotonic()
        if engine.folder is not None:
            self._folders.append(engine.folder)

    def _look(self) -> None:
        is_patient = monotonic() - self._since_s <= PATIENCE_S
        if self._stopping:
            if not is_patient:
                self.cover.show_text(LATE)
            return
        outcomes = [outcome(folder, is_patient) for folder in self._folders]
        if any(one is None for one in outcomes):  # its guardian has not said yet where the sources are
            return
        self._looking.stop()
        known = [one for one in outcomes if one is not None]
        texts = [one.text for one in known] or [NOT_BEGUN]
        if any(one.may_be_on for one in known):
            self.is_active = False
            self.cover.show_text("\n".join([*texts, STAYS]))
        else:
            self.cover.show_text("\n".join(texts))
            self._shown.start(SHOWN_MS)

    def _finish(self) -> None:
        self._close()
