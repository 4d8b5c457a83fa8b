"""A control for one current: a slider with its range, a number field, and arrow keys on both."""

from math import ceil, floor

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtWidgets import QGridLayout, QSlider

from mtjlab.domain import Interval
from mtjlab.gui.look.formatting import whole
from mtjlab.gui.look.label import Label, tooltip
from mtjlab.gui.look.number_field import EnteredNumber
from mtjlab.gui.look.steady import keep_place
from mtjlab.gui.panels.manual.scale import Scale, Slider

UNIT = "µA"
STEPS = {
    QSlider.SliderAction.SliderSingleStepAdd: 1,
    QSlider.SliderAction.SliderSingleStepSub: -1,
    QSlider.SliderAction.SliderPageStepAdd: 10,
    QSlider.SliderAction.SliderPageStepSub: -10,
}
"""Change by keys and clicks on a slider, in steps."""
WIDEST = "-1234.56"
ROWS = 3
"""Rows of a grid that a knob takes: slider and number, scale, reason."""


class Knob(QObject):
    """``turned`` gives the current (uA) set by the operator; it is not emitted when ``current_ua`` is assigned.

    The slider always covers the ``full`` range, so that one current always has one place; the handle stops where the
    part ends that is allowed now.
    """

    turned = pyqtSignal(float)

    def __init__(self, symbol: str, help_text: str, grid: QGridLayout, row: int) -> None:
        super().__init__()
        self._help = help_text
        self._full = self._allowed = Interval(0.0, 0.0)
        self.slider, self.number = Slider(), EnteredNumber(UNIT)
        self.scale = Scale(self.slider)
        self.number.setMinimumWidth(self.number.fontMetrics().horizontalAdvance(WIDEST) + 16)
        self.number.setMaximumWidth(2 * self.number.minimumWidth() - 32)
        self.slider.actionTriggered.connect(self._step)
        self.slider.valueChanged.connect(self._slide)
        self.number.entered.connect(self._enter)
        line = (Label(symbol), self.slider, self.number, Label(UNIT))
        self.parts = (*line, self.scale)
        for column, part in enumerate(line):
            grid.addWidget(part, ROWS * row, column)
        grid.addWidget(self.scale, ROWS * row + 1, 1)
        keep_place(self.number.reason)
        grid.addWidget(self.number.reason, ROWS * row + 2, 0, 1, len(line))
        self._explain()

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

    def set_range(self, full: Interval, allowed: Interval) -> None:
        """Show the ``full`` range, of which ``allowed`` can be set now; emits nothing."""
        if (full, allowed) == (self._full, self._allowed):
            return
        self._full, self._allowed = full, allowed
        self.number.low, self.number.high = allowed.low_ua, allowed.high_ua
        self.scale.set_range(full, allowed)
        self.slider.blockSignals(True)
        self.slider.setRange(ceil(full.low_ua), floor(full.high_ua))
        self._show_on_slider(self.current_ua)
        self._explain()

    def set_step(self, step_ua: float) -> None:
        """Set the step of an arrow key."""
        self.number.step = step_ua

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

    def _explain(self) -> None:
        low, high = whole(self._allowed.low_ua), whole(self._allowed.high_ua)
        for part in self.parts:
            part.setToolTip(tooltip(f"{self._help}. Allowed now: {low} to {high} {UNIT}"))

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
        self.number.value = float(min(max(value, ceil(self._allowed.low_ua)), floor(self._allowed.high_ua)))
        self._show_on_slider(self.current_ua)
        self.turned.emit(self.current_ua)

    def _enter(self, current_ua: float) -> None:
        self._show_on_slider(current_ua)
        self.turned.emit(current_ua)
