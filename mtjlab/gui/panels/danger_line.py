"""Dangers that are not resolved: sources that may be on, an emergency stop that did not arrive."""

from collections.abc import Callable

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QMouseEvent

from mtjlab.gui.dialogs import Prompts
from mtjlab.gui.look.label import ElidedLabel, tooltip
from mtjlab.gui.look.steady import ignore_text
from mtjlab.gui.look.text_size import embolden
from mtjlab.gui.look.theme import EMERGENCY
from mtjlab.gui.notices import Notices

OFF, KEEP = "All outputs are off: remove the warning", "Keep the warning"
HELP = "Click when you have checked the instruments."
MIN_PX = 320


class DangerLine(ElidedLabel):
    """Shows the latest danger until it is resolved, or until the operator confirms that the outputs are off."""

    def __init__(self, notices: Notices, prompts: Callable[[], Prompts]) -> None:
        super().__init__(min_px=MIN_PX, elide=Qt.TextElideMode.ElideMiddle)
        self._notices, self._prompts = notices, prompts
        palette = self.palette()
        palette.setColor(self.backgroundRole(), QColor(EMERGENCY))
        palette.setColor(self.foregroundRole(), QColor("white"))
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        embolden(self)
        ignore_text(self)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        notices.changed.connect(self._update)
        self._update()

    def confirm(self) -> None:
        """Ask whether all outputs are off; if so, remove the warnings that were shown."""
        dangers = self._notices.dangers
        if dangers and self._prompts().choice("Danger", "\n\n".join(dangers.values()), (OFF, KEEP)) == OFF:
            for concerns, text in dangers.items():
                if self._notices.dangers.get(concerns) == text:
                    self._notices.resolve(concerns)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802  Qt's name
        """Ask."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self.confirm()

    def _update(self) -> None:
        texts = list(self._notices.dangers.values())
        self.setVisible(bool(texts))
        if texts:
            more = f" (and {len(texts) - 1} more)" if len(texts) > 1 else ""
            self.setText(f" DANGER{more}: {texts[-1]} ")
            self.setToolTip(tooltip(" / ".join((*reversed(texts), HELP))))
