"""Manual control: a knob for the input and one for each control current of the connected bench."""

from collections.abc import Sequence
from time import monotonic

from markupsafe import Markup
from PyQt5.QtCore import QTimer, pyqtSignal
from PyQt5.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mtjlab.config import Limits
from mtjlab.domain import Interval, Reading
from mtjlab.gui.look.flow import FlowLayout
from mtjlab.gui.look.formatting import control_symbol, number
from mtjlab.gui.look.label import FAINT, WRONG, Label
from mtjlab.gui.look.number_field import EnteredNumber
from mtjlab.gui.panels.manual.knob import UNIT, Knob
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.procedures.manual.events import JunctionsRead, RequestRefused
from mtjlab.requests import ManualRequest

COLLECT_MS = 60
"""Changes within this time are sent as one request."""
HOLD_KNOBS_S = 0.7
"""For this time after a change the knobs keep the requested values; then they follow the bench again."""
STEP_UA, START_UA = 10.0, -500.0
LEAST_STEP_UA, MOST_STEP_UA = 0.1, 100.0
NOT_CONNECTED = "Press Connect above for manual control of a bench. It starts with all sources at zero."
CONNECTED = "Set currents by sliders, numbers (then Enter) or arrow keys. Requests beyond the limits are refused."
NO_CALIBRATION = (
    "This chip has no calibration: states are by the nominal resistance law, and marked P? and AP?. Resistance curves "
    "give measured states, and take the place of manual control until they are measured; then connect again."
)


class ManualPanel(QWidget):
    """``requested`` gives the currents requested by the operator.

    ``curves_asked`` asks to measure resistance curves now, ``clear_asked`` to remove the points drawn so far.
    """

    requested = pyqtSignal(object)
    curves_asked = pyqtSignal()
    clear_asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.hint, self.refused = Label(NOT_CONNECTED), Label()
        self.hint.setForegroundRole(FAINT)
        self.refused.setForegroundRole(WRONG)
        self.refused.setObjectName("refused")
        self.no_calibration = Label(NO_CALIBRATION)
        self.curves = QPushButton("Measure curves now")
        self.curves.setToolTip("Disconnect, and measure resistance curves of this chip: they are its calibration")
        for label in (self.hint, self.refused, self.no_calibration):
            label.setWordWrap(True)
        self.step = EnteredNumber(UNIT, step=1.0, low=LEAST_STEP_UA, high=MOST_STEP_UA)
        self.step.enters_on_leaving = True
        self.step.value = STEP_UA
        self.step.setToolTip("Step of the arrow keys")
        self.release, self.start, self.zero, self.clear = (
            QPushButton(text) for text in ("Input to 0", f"Controls to {number(START_UA)}", "All to 0", "Clear points")
        )
        self.clear.setToolTip("Remove the points drawn so far from the resistance curves; the run keeps them")
        self.release.setToolTip("Set the input to zero and keep the control currents: the junctions reset")
        self.start.setToolTip("Initial control currents of the paper, input at zero")
        self.zero.setToolTip("All currents to zero; the bench stays connected")
        self._grid = QGridLayout()
        self.input: Knob | None = None
        self.controls: list[Knob] = []
        self._limits: Limits | None = None
        self._request = ManualRequest()
        self._changed_s = 0.0
        self._refused: RequestRefused | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COLLECT_MS)
        self._timer.timeout.connect(self._send)
        self._lay_out()
        self.step.entered.connect(lambda _: self._set_steps())
        self.release.clicked.connect(lambda: self._press(ManualRequest(input_ua=0.0)))
        self.start.clicked.connect(lambda: self._press(self._all(START_UA)))
        self.zero.clicked.connect(lambda: self._press(self._all(0.0)))
        self.clear.clicked.connect(self.clear_asked)
        self.curves.clicked.connect(self.curves_asked)
        self.show_snapshot(None)

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show the currents at ``snapshot`` of the run under manual control; None if there is none."""
        latest = snapshot.latest if snapshot else None
        bench = snapshot.info.bench if snapshot and snapshot.state.ended is None else None
        is_connected = bench is not None and isinstance(latest, JunctionsRead)
        for part in (self.release, self.start, self.zero, self.clear):
            part.setEnabled(is_connected)
        for part in (self.no_calibration, self.curves):
            part.setVisible(is_connected and isinstance(latest, JunctionsRead) and not latest.verdicts)
        if snapshot is None or bench is None or not isinstance(latest, JunctionsRead):
            self._disconnect()
            return
        self._limits = bench.limits
        self.hint.setText(CONNECTED)
        self.refused.setText(f"Refused: {snapshot.refused.reason}" if snapshot.refused else "")
        self._make_knobs(snapshot)
        for knob in self._knobs:
            knob.enable()
        if snapshot.refused is not self._refused:
            self._refused, self._changed_s = snapshot.refused, 0.0
        self._follow(latest.readings[-1])

    @property
    def _knobs(self) -> list[Knob]:
        return [*([self.input] if self.input else []), *self.controls]

    def _disconnect(self) -> None:
        """Discard all values, entries and requests for a bench that is no longer connected."""
        self.hint.setText(NOT_CONNECTED)
        self.refused.clear()
        self._timer.stop()
        self._request, self._changed_s, self._refused = ManualRequest(), 0.0, None
        for knob in self._knobs:
            knob.disable()

    def _make_knobs(self, snapshot: Snapshot) -> None:
        if len(self.controls) == snapshot.junctions:
            return
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.input = Knob(Markup("I<sub>input</sub>"), "Input: added to the current of every junction", self._grid, 0)
        help_text = "Control current of junction J{}: its current at zero input"
        self.controls = [
            Knob(control_symbol(k), help_text.format(k + 1), self._grid, k + 1) for k in range(snapshot.junctions)
        ]
        self.input.turned.connect(lambda current_ua: self._queue_request(ManualRequest(input_ua=current_ua)))
        for knob in self.controls:
            knob.turned.connect(
                lambda _: self._queue_request(ManualRequest(controls_ua=tuple(k.current_ua for k in self.controls)))
            )
        self._set_steps()

    def _set_steps(self) -> None:
        for knob in self._knobs:
            knob.set_step(self.step.value or STEP_UA)

    def _follow(self, reading: Reading) -> None:
        """Show the requested values, and after ``HOLD_KNOBS_S`` or a refusal those of the bench."""
        if monotonic() - self._changed_s > HOLD_KNOBS_S and not any(knob.is_dragged for knob in self._knobs):
            self._turn_to(reading.input_ua, reading.controls_ua)

    def _turn_to(self, input_ua: float, controls_ua: Sequence[float]) -> None:
        if self._limits is None or self.input is None:
            return
        self.input.set_range(full_input_range(self._limits), input_range(self._limits, controls_ua))
        for knob in self.controls:
            knob.set_range(control_range(self._limits, 0.0), control_range(self._limits, input_ua))
        for knob, current_ua in zip(self._knobs, (input_ua, *controls_ua), strict=True):
            knob.current_ua = current_ua

    def _all(self, control_ua: float) -> ManualRequest:
        return ManualRequest((control_ua,) * len(self.controls), 0.0)

    def _press(self, request: ManualRequest) -> None:
        """Send the request of a button at once; unconfirmed and refused entries are discarded."""
        for knob in self._knobs:
            knob.take_back()
        self._queue_request(request)
        self._timer.stop()
        self._send()

    def _queue_request(self, request: ManualRequest) -> None:
        """Send a request soon, merged with other changes until then."""
        before = self._request
        self._request = ManualRequest(
            before.controls_ua if request.controls_ua is None else request.controls_ua,
            before.input_ua if request.input_ua is None else request.input_ua,
        )
        self._changed_s = monotonic()
        if self.input is not None:
            now_ua = [knob.current_ua for knob in self.controls]
            input_ua = self.input.current_ua if request.input_ua is None else request.input_ua
            self._turn_to(input_ua, now_ua if request.controls_ua is None else request.controls_ua)
        if not self._timer.isActive():
            self._timer.start()

    def _send(self) -> None:
        request, self._request = self._request, ManualRequest()
        self.requested.emit(request)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        self._grid.setColumnStretch(1, 1)
        self._grid.setVerticalSpacing(2)
        buttons = FlowLayout()
        for button in (self.release, self.start, self.zero, self.clear):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            buttons.addWidget(button)
        step = QHBoxLayout()
        step.addWidget(Label("step of arrow keys"))
        step.addWidget(self.step)
        step.addWidget(Label(UNIT))
        step.addWidget(self.step.reason, stretch=1)
        step.addStretch(1)
        box.addWidget(self.hint)
        box.addLayout(self._grid)
        box.addLayout(step)
        box.addLayout(buttons)
        for part in (self.no_calibration, self.curves, self.refused):  # what comes and goes is last
            box.addWidget(part)
        box.addStretch(1)


def control_range(limits: Limits, input_ua: float) -> Interval:
    """Range of a control current (uA) within the limits, both at ``input_ua`` and at zero input."""
    low_ua, high_ua = limits.junction_current_min_ua, limits.junction_current_max_ua
    return Interval(max(low_ua, low_ua - input_ua), min(high_ua, high_ua - input_ua))


def input_range(limits: Limits, controls_ua: Sequence[float]) -> Interval:
    """Range of the input (uA) within the limits at ``controls_ua``; it always includes zero."""
    low_ua = max(limits.junction_current_min_ua - control_ua for control_ua in controls_ua)
    high_ua = min(limits.junction_current_max_ua - control_ua for control_ua in controls_ua)
    return Interval(min(low_ua, 0.0), max(high_ua, 0.0))


def full_input_range(limits: Limits) -> Interval:
    """Range of the input (uA) within the limits at any control currents."""
    span_ua = limits.junction_current_max_ua - limits.junction_current_min_ua
    return Interval(-span_ua, span_ua)
