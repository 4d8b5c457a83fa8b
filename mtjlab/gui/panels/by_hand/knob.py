"""A current that can be turned: a slider, a number beside it, arrow keys on both."""

from math import ceil, floor

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QSlider

from mtjlab.domain import Interval

DECIMALS = 1


class Knob(QObject):
    """``turned`` gives the current (uA) that a person has turned it to; setting ``current_ua`` says nothing."""

    turned = pyqtSignal(float)

    def __init__(self, symbol: str, told: str, grid: QGridLayout, row: int) -> None:
        super().__init__()
        self.slider, self.number = QSlider(Qt.Orientation.Horizontal), QDoubleSpinBox()
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.number.setDecimals(DECIMALS)
        self.number.setSuffix(" µA")
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setKeyboardTracking(False)
        self.slider.valueChanged.connect(self._slide)
        self.number.valueChanged.connect(self._enter)
        self.parts = (QLabel(symbol), self.slider, self.number)
        for column, part in enumerate(self.parts):
            part.setToolTip(told)
            grid.addWidget(part, row, column)

    @property
    def current_ua(self) -> float:
        """Where it stands."""
        return float(self.number.value())

    @current_ua.setter
    def current_ua(self, current_ua: float) -> None:
        for part in (self.slider, self.number):
            part.blockSignals(True)
        self.number.setValue(current_ua)
        self.slider.setValue(round(current_ua))
        for part in (self.slider, self.number):
            part.blockSignals(False)

    @property
    def is_held(self) -> bool:
        """Whether somebody has it in hand."""
        return self.slider.isSliderDown() or (self.number.hasFocus() and self.number.text() != self._written())

    def set_range(self, allowed: Interval) -> None:
        """Let it be turned within ``allowed``; says nothing, even where it stood outside."""
        now_ua = self.current_ua
        for part in (self.slider, self.number):
            part.blockSignals(True)
        self.slider.setRange(ceil(allowed.low_ua), floor(allowed.high_ua))
        self.number.setRange(allowed.low_ua, allowed.high_ua)
        self.current_ua = now_ua

    def set_step(self, step_ua: float) -> None:
        """What an arrow key turns it by."""
        self.number.setSingleStep(step_ua)
        self.slider.setSingleStep(max(1, round(step_ua)))
        self.slider.setPageStep(max(1, round(10 * step_ua)))
        self.slider.setTickInterval(100)

    def set_enabled(self, is_enabled: bool) -> None:
        """Whether it can be turned."""
        for part in self.parts:
            part.setEnabled(is_enabled)

    def _written(self) -> str:
        return f"{self.number.textFromValue(self.number.value())}{self.number.suffix()}"

    def _slide(self, value: int) -> None:
        self.number.blockSignals(True)
        self.number.setValue(value)
        self.number.blockSignals(False)
        self.turned.emit(self.current_ua)

    def _enter(self, value: float) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(round(value))
        self.slider.blockSignals(False)
        self.turned.emit(self.current_ua)
