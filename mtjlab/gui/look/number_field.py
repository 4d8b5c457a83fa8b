"""Fields for numbers, read the same way whatever the language of the computer."""

from math import inf

from PyQt5.QtCore import QEvent, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PyQt5.QtWidgets import QLineEdit, QWidget

from mtjlab.gui.look.label import WRONG, Label
from mtjlab.typed_numbers import NotANumberError, NumberRange, read_number, shown_number

STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
"""Increment of each key, in steps of the field."""
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
WRONG_PX = 2.0
NOT_YET = "Not entered yet: press Enter to enter it, Esc to undo"


class TextField(QLineEdit):
    """A line edit that is framed in the colour of errors while ``is_wrong``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_wrong = False

    def mark(self, is_wrong: bool) -> None:
        """Frame the field, or no longer."""
        if is_wrong != self.is_wrong:
            self.is_wrong = is_wrong
            self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        """Draw the frame over the usual one."""
        super().paintEvent(event)
        if self.is_wrong:
            inset, painter = WRONG_PX / 2, QPainter(self)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.BrightText), WRONG_PX))
            painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))


class NumberField(TextField):
    """A line edit in which arrow keys change the number by ``step``; with None they do nothing."""

    def __init__(self, step: float | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = step

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802  Qt's name
        """Step the number, or handle the key as usual."""
        steps = STEPS.get(Qt.Key(event.key())) if event else None
        if steps is None or not self.step_by(steps):
            super().keyPressEvent(event)

    def step_by(self, steps: int) -> bool:
        """Change the number by ``steps``; return whether there was a number to change."""
        try:
            number = read_number(self.text())
        except NotANumberError:
            return False
        if self.step is None:
            return False
        self.setText(shown_number(number + steps * self.step))
        return True


class EnteredNumber(NumberField):
    """A number field that emits ``entered`` only when Enter is pressed, so that a part of a number never counts.

    Text that is no number, or a number outside ``low`` to ``high``, is refused: the field shows the number set last
    again, if there is one, and ``reason``, a label to be placed beside the field, says why. ``value`` is the number
    entered or set last, in full precision.
    """

    entered = pyqtSignal(float)

    def __init__(self, unit: str, step: float | None = None, low: float = -inf, high: float = inf) -> None:
        super().__init__(step)
        self.low, self.high = low, high
        self.enters_on_leaving = False
        self.reason = Label()
        self.reason.setForegroundRole(WRONG)
        self.reason.setWordWrap(True)
        self.reason.hide()
        self._unit = unit
        self._value: float | None = None
        self._is_refused = False
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.textEdited.connect(lambda _: self._show_reason(""))

    @property
    def value(self) -> float | None:
        """The number entered or set last; None for none."""
        return self._value

    @value.setter
    def value(self, value: float | None) -> None:
        is_typed = self.is_typed
        self._value = value
        if not is_typed or not self.is_typed:
            self._show(self._is_refused)

    @property
    def is_typed(self) -> bool:
        """Whether the text differs from the number entered last."""
        return self.text() != self._shown

    def enter(self) -> None:
        """Enter the text as a number, or say why it is refused."""
        try:
            number = NumberRange(self.low, self.high, self._unit).read(self.text())
        except NotANumberError as error:
            self._refuse(str(error))
            return
        self._value = number
        self._show()
        self.entered.emit(number)

    def revert(self) -> None:
        """Discard the text, and show the number entered last."""
        self._show()

    def step_by(self, steps: int) -> bool:
        """Step from the number entered last, never from text not entered, and enter the result."""
        self.revert()
        is_stepped = super().step_by(steps)
        if is_stepped:
            self.enter()
        return is_stepped

    def event(self, event: QEvent | None) -> bool:
        """Handle Esc in the field while there is text, or a reason, to remove."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._reverts(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802  Qt's name
        """Enter, undo, step, or type."""
        if event and event.key() in ENTER:
            self.enter()
        elif event and self._reverts(event):
            self.revert()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:  # noqa: N802  Qt's name
        """Keep text that was not entered, with a note that it is not."""
        super().focusOutEvent(event)
        is_popup = event is not None and event.reason() == Qt.FocusReason.PopupFocusReason
        if self.is_typed and not self._is_refused and not is_popup:
            if self.enters_on_leaving:
                self.enter()
            elif self._value is not None:
                self._show_reason(NOT_YET)

    @property
    def _shown(self) -> str:
        return "" if self._value is None else shown_number(self._value)

    def _reverts(self, event: QKeyEvent) -> bool:
        is_wrong = self.is_typed or self._is_refused
        return event.key() == Qt.Key.Key_Escape and is_wrong and self._value is not None

    def _show(self, keeps_reason: bool = False) -> None:
        if (
            self.text() != self._shown
        ):  # to set the same text would undo a selection, and what is typed would be appended
            self.setText(self._shown)
            if self.hasFocus():
                self.selectAll()
        if not keeps_reason:
            self._show_reason("")

    def _refuse(self, why: str) -> None:
        self._show_reason(f"Not entered: {why}")
        self._is_refused = True
        if self._value is not None:
            self._show(keeps_reason=True)
            self.mark(False)

    def _show_reason(self, why: str) -> None:
        self._is_refused = False
        self.reason.setText(why)
        self.reason.setVisible(bool(why))
        self.mark(bool(why))
