"""By hand: a knob for the input and one for each control current of the bench that is held."""

from collections.abc import Sequence
from time import monotonic

from markupsafe import Markup
from PyQt5.QtCore import QTimer, pyqtSignal
from PyQt5.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mtjlab.config import Limits
from mtjlab.domain import Interval, Reading
from mtjlab.gui.look.flow import FlowLayout
from mtjlab.gui.look.label import Label
from mtjlab.gui.look.number_field import EnteredNumber
from mtjlab.gui.look.words import control_symbol, number
from mtjlab.gui.panels.manual.knob import UNIT, Knob
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.procedures.manual.events import JunctionsRead, RequestRefused
from mtjlab.requests import ManualRequest

TOGETHER_MS = 60
"""Turns that follow each other faster are asked for at once."""
IN_HAND_S = 0.7
"""For so long after a turn knobs stay where they were turned to; then they show what the bench holds again."""
STEP_UA, START_UA = 10.0, -500.0
LEAST_STEP_UA, MOST_STEP_UA = 0.1, 100.0
FREE = "Connect a bench, above, to turn its currents by hand. All sources stand at zero at first."
HELD = "Sliders, numbers (with Enter) and arrow keys ask; the engine grants within the limits, or says why not."
UNJUDGED = "Without a calibration of this chip junctions are read, but not judged: measure resistance curves first."


class ManualPanel(QWidget):
    """``asked`` gives what the bench shall carry from now on."""

    asked = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.told, self.refused = Label(FREE), Label()
        self.told.setProperty("role", "faint")
        self.refused.setProperty("role", "wrong")
        self.refused.setObjectName("refused")
        for label in (self.told, self.refused):
            label.setWordWrap(True)
        self.step = EnteredNumber(UNIT, step=1.0, low=LEAST_STEP_UA, high=MOST_STEP_UA)
        self.step.enters_on_leaving = True
        self.step.value = STEP_UA
        self.step.setToolTip("What an arrow key turns a current by")
        self.release, self.start, self.zero = (
            QPushButton(text) for text in ("Input to 0", f"Controls to {number(START_UA)}", "All to 0")
        )
        self.release.setToolTip("Take the input away; control currents stay, so junctions reset")
        self.start.setToolTip("The control currents that the paper starts from, no input")
        self.zero.setToolTip("No current at all; the bench stays connected")
        self._grid = QGridLayout()
        self.input: Knob | None = None
        self.controls: list[Knob] = []
        self._limits: Limits | None = None
        self._wish = ManualRequest()
        self._turned_s = 0.0
        self._refused: RequestRefused | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TOGETHER_MS)
        self._timer.timeout.connect(self._ask)
        self._lay_out()
        self.step.entered.connect(lambda _: self._set_steps())
        self.release.clicked.connect(lambda: self._press(ManualRequest(input_ua=0.0)))
        self.start.clicked.connect(lambda: self._press(self._all(START_UA)))
        self.zero.clicked.connect(lambda: self._press(self._all(0.0)))
        self.show_snapshot(None)

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show what the bench holds at ``snapshot`` of the run that is turned by hand; None if there is none."""
        latest = snapshot.latest if snapshot else None
        bench = snapshot.info.bench if snapshot and snapshot.state.ended is None else None
        is_held = bench is not None and isinstance(latest, JunctionsRead)
        for part in (self.release, self.start, self.zero):
            part.setEnabled(is_held)
        if snapshot is None or bench is None or not isinstance(latest, JunctionsRead):
            self._release()
            return
        self._limits = bench.limits
        self.told.setText(HELD if latest.verdicts else f"{HELD} {UNJUDGED}")
        self.refused.setText(f"Refused: {snapshot.refused.reason}" if snapshot.refused else "")
        self._make_knobs(snapshot)
        for knob in self._knobs:
            knob.hold()
        if snapshot.refused is not self._refused:
            self._refused, self._turned_s = snapshot.refused, 0.0
        self._follow(latest.readings[-1])

    @property
    def _knobs(self) -> list[Knob]:
        return [*([self.input] if self.input else []), *self.controls]

    def _release(self) -> None:
        """What was shown, typed or asked for was for a bench that is not held any more."""
        self.told.setText(FREE)
        self.refused.clear()
        self._timer.stop()
        self._wish, self._turned_s, self._refused = ManualRequest(), 0.0, None
        for knob in self._knobs:
            knob.free()

    def _make_knobs(self, snapshot: Snapshot) -> None:
        if len(self.controls) == snapshot.junctions:
            return
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.input = Knob(Markup("I<sub>input</sub>"), "Input: added to the current of every junction", self._grid, 0)
        told = "Control current of junction J{}: what it carries without an input"
        self.controls = [
            Knob(control_symbol(k), told.format(k + 1), self._grid, k + 1) for k in range(snapshot.junctions)
        ]
        self.input.turned.connect(lambda current_ua: self._want(ManualRequest(input_ua=current_ua)))
        for knob in self.controls:
            knob.turned.connect(
                lambda _: self._want(ManualRequest(controls_ua=tuple(k.current_ua for k in self.controls)))
            )
        self._set_steps()

    def _set_steps(self) -> None:
        for knob in self._knobs:
            knob.set_step(self.step.value or STEP_UA)

    def _follow(self, reading: Reading) -> None:
        """Knobs show what was asked for last, and a while after that, or once it is refused, what the bench holds."""
        if monotonic() - self._turned_s > IN_HAND_S and not any(knob.is_held for knob in self._knobs):
            self._turn_to(reading.input_ua, reading.controls_ua)

    def _turn_to(self, input_ua: float, controls_ua: Sequence[float]) -> None:
        if self._limits is None or self.input is None:
            return
        self.input.set_range(input_range(self._limits, controls_ua))
        for knob in self.controls:
            knob.set_range(control_range(self._limits, input_ua))
        for knob, current_ua in zip(self._knobs, (input_ua, *controls_ua), strict=True):
            knob.current_ua = current_ua

    def _all(self, control_ua: float) -> ManualRequest:
        return ManualRequest((control_ua,) * len(self.controls), 0.0)

    def _press(self, wish: ManualRequest) -> None:
        """A button says at once what all shall carry: what is typed and not entered, or was refused, is taken back."""
        for knob in self._knobs:
            knob.take_back()
        self._want(wish)
        self._timer.stop()
        self._ask()

    def _want(self, wish: ManualRequest) -> None:
        """Ask for it soon, together with what else is turned meanwhile."""
        before = self._wish
        self._wish = ManualRequest(
            before.controls_ua if wish.controls_ua is None else wish.controls_ua,
            before.input_ua if wish.input_ua is None else wish.input_ua,
        )
        self._turned_s = monotonic()
        if self.input is not None:
            now_ua = [knob.current_ua for knob in self.controls]
            input_ua = self.input.current_ua if wish.input_ua is None else wish.input_ua
            self._turn_to(input_ua, now_ua if wish.controls_ua is None else wish.controls_ua)
        if not self._timer.isActive():
            self._timer.start()

    def _ask(self) -> None:
        wish, self._wish = self._wish, ManualRequest()
        self.asked.emit(wish)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        self._grid.setColumnStretch(1, 1)
        self._grid.setVerticalSpacing(8)
        buttons = FlowLayout()
        for button in (self.release, self.start, self.zero):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            buttons.addWidget(button)
        step = QHBoxLayout()
        step.addWidget(Label("arrow keys turn by"))
        step.addWidget(self.step)
        step.addWidget(Label(UNIT))
        step.addWidget(self.step.reason, stretch=1)
        step.addStretch(1)
        box.addWidget(self.told)
        box.addLayout(self._grid)
        box.addLayout(step)
        box.addLayout(buttons)
        box.addWidget(self.refused)
        box.addStretch(1)


def control_range(limits: Limits, input_ua: float) -> Interval:
    """Of every control current while ``input_ua`` is applied; it stays inside without an input, too."""
    low_ua, high_ua = limits.junction_current_min_ua, limits.junction_current_max_ua
    return Interval(max(low_ua, low_ua - input_ua), min(high_ua, high_ua - input_ua))


def input_range(limits: Limits, controls_ua: Sequence[float]) -> Interval:
    """Of the input under ``controls_ua``; zero is always inside."""
    low_ua = max(limits.junction_current_min_ua - control_ua for control_ua in controls_ua)
    high_ua = min(limits.junction_current_max_ua - control_ua for control_ua in controls_ua)
    return Interval(min(low_ua, 0.0), max(high_ua, 0.0))
