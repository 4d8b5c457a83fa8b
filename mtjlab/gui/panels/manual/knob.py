"""A control for one current: a slider, a number field, and arrow keys on both."""

from math import ceil, floor

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtGui import QWheelEvent
from PyQt5.QtWidgets import QGridLayout, QSlider

from mtjlab.domain import Interval
from mtjlab.gui.look.label import Label, tooltip
from mtjlab.gui.look.number_field import EnteredNumber

UNIT = "µA"
STEPS = {
    QSlider.SliderAction.SliderSingleStepAdd: 1,
    QSlider.SliderAction.SliderSingleStepSub: -1,
    QSlider.SliderAction.SliderPageStepAdd: 10,
    QSlider.SliderAction.SliderPageStepSub: -10,
}
"""Change by keys and clicks on a slider, in steps."""
WIDEST = "-1234.56"


class Knob(QObject):
    """``turned`` gives the current (uA) set by the operator; it is not emitted when ``current_ua`` is assigned."""

    turned = pyqtSignal(float)

    def __init__(self, symbol: str, help_text: str, grid: QGridLayout, row: int) -> None:
        super().__init__()
        self.slider, self.number = _Slider(Qt.Orientation.Horizontal), EnteredNumber(UNIT)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.number.setMinimumWidth(self.number.fontMetrics().horizontalAdvance(WIDEST) + 16)
        self.number.setSizePolicy(self.number.sizePolicy().Maximum, self.number.sizePolicy().Fixed)
        self.slider.actionTriggered.connect(self._step)
        self.slider.valueChanged.connect(self._slide)
        self.number.entered.connect(self._enter)
        self.parts = (Label(symbol), self.slider, self.number, Label(UNIT))
        for column, part in enumerate(self.parts):
            part.setToolTip(tooltip(help_text))
            grid.addWidget(part, 2 * row, column)
        grid.addWidget(self.number.reason, 2 * row + 1, 0, 1, len(self.parts))

    @property
    def current_ua(self) -> float:
        """Present value in full precision; an unconfirmed entry does not count."""
        return self.number.value or 0.0

    @current_ua.setter
    def current_ua(self, current_ua: float) -> None:
        self.number.value = current_ua
        self._show_on_slider(current_ua)

    @property
    def is_dragged(self) -> bool:
        """Whether the slider is being dragged."""
        return self.slider.isSliderDown()

    def set_range(self, allowed: Interval) -> None:
        """Limit the range to ``allowed``; emits nothing, even if the present value is outside."""
        self.number.low, self.number.high = allowed.low_ua, allowed.high_ua
        self.slider.blockSignals(True)
        self.slider.setRange(ceil(allowed.low_ua), floor(allowed.high_ua))
        self._show_on_slider(self.current_ua)

    def set_step(self, step_ua: float) -> None:
        """Set the step of an arrow key."""
        self.number.step = step_ua
        self.slider.setTickInterval(100)

    def take_back(self) -> None:
        """Discard an unconfirmed entry, refused or not."""
        self.number.revert()

    def disable(self) -> None:
        """Disable the control: it shows no current, and none can be entered."""
        for part in self.parts:
            part.setEnabled(False)
        self.number.value = None
        self.take_back()
        self._show_on_slider(0.0)

    def enable(self) -> None:
        """Enable the control."""
        for part in self.parts:
            part.setEnabled(True)

    def _show_on_slider(self, current_ua: float) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(round(current_ua))
        self.slider.blockSignals(False)

    def _step(self, action: int) -> None:
        """Move by a step of the number field; the slider itself moves in whole microamperes."""
        if action in STEPS:
            self.number.revert()
            self.number.step_by(STEPS[QSlider.SliderAction(action)])
            self.slider.setSliderPosition(self.slider.value())

    def _slide(self, value: int) -> None:
        self.number.revert()
        self.number.value = float(value)
        self.turned.emit(self.current_ua)

    def _enter(self, current_ua: float) -> None:
        self._show_on_slider(current_ua)
        self.turned.emit(current_ua)


class _Slider(QSlider):
    """A slider that ignores the wheel: scrolling must never change a current."""

    def wheelEvent(self, event: QWheelEvent | None) -> None:  # noqa: N802  Qt's name
        """Pass the event on to the parent."""
        if event:
            event.ignore()
