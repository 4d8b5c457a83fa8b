"""The one kind of field in which the window takes numbers: read alike in every language of the computer."""

from math import inf

from PyQt5.QtCore import QEvent, Qt, pyqtSignal
from PyQt5.QtGui import QFocusEvent, QKeyEvent
from PyQt5.QtWidgets import QLineEdit, QWidget

from mtjlab.gui.look.label import Label
from mtjlab.typed_numbers import NotANumberError, NumberRange, read_number, shown_number

STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
"""What keys count, in steps of the field."""
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
NOT_YET = "Not entered yet: Enter enters it, Esc takes it back"


class NumberField(QLineEdit):
    """A line in which arrow keys count by ``step``; where it is None they do nothing."""

    def __init__(self, step: float | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = step

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802  Qt's name
        """Count, or do as any line does."""
        steps = STEPS.get(Qt.Key(event.key())) if event else None
        if steps is None or not self.count(steps):
            super().keyPressEvent(event)

    def count(self, steps: int) -> bool:
        """Put the number so many steps further into the field; whether there was one."""
        try:
            number = read_number(self.text())
        except NotANumberError:
            return False
        if self.step is None:
            return False
        self.setText(shown_number(number + steps * self.step))
        return True


class EnteredNumber(NumberField):
    """``entered`` gives a number when Enter is pressed, and none before; a part of a number never counts.

    What is no number, or beyond ``low`` and ``high``, is refused: it stays as it was typed, and ``reason``, a label to
    be laid out beside the field, says why. ``value`` is what was entered or set last, to all its digits.
    """

    entered = pyqtSignal(float)

    def __init__(self, unit: str, step: float | None = None, low: float = -inf, high: float = inf) -> None:
        super().__init__(step)
        self.low, self.high = low, high
        self.enters_on_leaving = False
        self.reason = Label()
        self.reason.setProperty("role", "wrong")
        self.reason.setWordWrap(True)
        self.reason.hide()
        self._unit = unit
        self._value: float | None = None
        self._is_refused = False
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.textEdited.connect(lambda _: self._complain(""))

    @property
    def value(self) -> float | None:
        """The number that counts; None where none was given."""
        return self._value

    @value.setter
    def value(self, value: float | None) -> None:
        is_typed = self.is_typed
        self._value = value
        if not is_typed or not self.is_typed:
            self._show()

    @property
    def is_typed(self) -> bool:
        """Whether something else is typed than what counts."""
        return self.text() != self._shown

    def enter(self) -> None:
        """Take what is typed, or say why it cannot be taken."""
        try:
            number = NumberRange(self.low, self.high, self._unit).read(self.text())
        except NotANumberError as error:
            self._refuse(str(error))
            return
        self._value = number
        self._show()
        self.entered.emit(number)

    def take_back(self) -> None:
        """Forget what is typed, and show what counts."""
        self._show()

    def count(self, steps: int) -> bool:
        """Count from what counts, never from what is typed and not entered, and enter that."""
        self.take_back()
        is_counted = super().count(steps)
        if is_counted:
            self.enter()
        return is_counted

    def event(self, event: QEvent | None) -> bool:
        """Esc belongs to the field while there is something to take back."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._takes_back(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802  Qt's name
        """Enter, take back, count, or type."""
        if event and event.key() in ENTER:
            self.enter()
        elif event and self._takes_back(event):
            self.take_back()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:  # noqa: N802  Qt's name
        """What was typed and not entered stays, and says so."""
        super().focusOutEvent(event)
        is_popup = event is not None and event.reason() == Qt.FocusReason.PopupFocusReason
        if self.is_typed and not self._is_refused and not is_popup:
            if self.enters_on_leaving:
                self.enter()
            elif self._value is not None:
                self._complain(NOT_YET)

    @property
    def _shown(self) -> str:
        return "" if self._value is None else shown_number(self._value)

    def _takes_back(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self.is_typed and self._value is not None

    def _show(self) -> None:
        self.setText(self._shown)
        self._complain("")

    def _refuse(self, why: str) -> None:
        self._complain(f"Not entered: {why}")
        self._is_refused = True

    def _complain(self, why: str) -> None:
        self._is_refused = False
        complain(self, self.reason, why)


def complain(field: QWidget, reason: Label, complaint: str) -> None:
    """Mark ``field`` and say the ``complaint``; an empty one says that nothing is wrong."""
    reason.setText(complaint)
    reason.setVisible(bool(complaint))
    if bool(field.property("wrong")) != (is_wrong := bool(complaint)):
        field.setProperty("wrong", is_wrong)
        if style := field.style():
            style.unpolish(field)
            style.polish(field)
