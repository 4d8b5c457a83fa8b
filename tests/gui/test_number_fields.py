"""Number fields: the same in every language; refused when ambiguous or out of range; nothing before Enter."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PyQt5.QtCore import QLocale, QPoint, QPointF, Qt
from PyQt5.QtGui import QWheelEvent
from PyQt5.QtWidgets import QApplication, QGridLayout, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mtjlab import gui
from mtjlab.config import PlanConfig
from mtjlab.domain import Interval
from mtjlab.gui.look.number_field import NOT_YET, EnteredNumber, TextField
from mtjlab.gui.panels.form import SectionForm
from mtjlab.gui.panels.manual.knob import Knob
from mtjlab.typed_numbers import NotANumberError, read_number
from tests.gui.windows import enter

LANGUAGES = ("de", "fr", "nb", "ar", "fa", "en", "C")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Set the language and number format of the computer."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[EnteredNumber]:
    """Field for a current between -680 and 150 uA, at -500 uA, beside another field."""
    whole = QWidget()
    qtbot.addWidget(whole)
    made = EnteredNumber("µA", step=10.0, low=-680.0, high=150.0)
    made.value = -500.0
    box = QVBoxLayout(whole)
    for part in (made, made.reason, QLineEdit()):
        box.addWidget(part)
    with qtbot.waitActive(whole):
        whole.show()
        whole.activateWindow()
    made.setFocus()
    yield made
    whole.close()


@pytest.fixture
def entered(field: EnteredNumber) -> list[float]:
    numbers: list[float] = []
    field.entered.connect(numbers.append)
    return numbers


def type_over(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.selectAll()
    if text.isascii():
        qtbot.keyClicks(field, text)
    else:  # the test keyboard has no such keys
        field.insert(text)


def is_red(field: TextField) -> bool:
    return field.is_wrong


@pytest.mark.parametrize("text", ["-46.5", "-46,5", "\N{MINUS SIGN}46,5", "-46.5 µA"])
def test_a_number_is_what_was_typed_in_every_language(
    qtbot: QtBot, language: str, field: EnteredNumber, entered: list[float], text: str
) -> None:
    type_over(qtbot, field, text)
    assert entered == []
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (entered, field.value, field.text()) == ([-46.5], -46.5, "-46.5")
    assert not is_red(field)


REFUSED = {
    "1500": "1500 µA is above the limit, 150 µA",
    "-1500": "-1500 µA is below the limit, -680 µA",
    "150.001": "150.001 µA is above the limit, 150 µA",
    "-1.234,5": "no mark between thousands",
    "1,234": "type 1.234 or 1234",
    "nan": "not a valid number",
    "\N{ARABIC-INDIC DIGIT FOUR}\N{ARABIC-INDIC DIGIT SIX}": "digits 0 to 9",
    "\N{EXTENDED ARABIC-INDIC DIGIT FOUR}": "digits 0 to 9",
    "": "no number is given",
    "-": "not a valid number",
}
"""Typed text, and the reason why it is refused."""


def test_after_refused_text_a_field_shows_what_is_set_and_the_reason(
    qtbot: QtBot, language: str, field: EnteredNumber, entered: list[float]
) -> None:
    for text, reason in REFUSED.items():
        field.setText(text)
        qtbot.keyClick(field, Qt.Key.Key_Enter)
        assert reason in field.reason.text()
        assert field.reason.isVisible()
        assert (entered, field.value, field.text(), is_red(field)) == ([], -500.0, "-500", False)
        field.value = -510.0  # what is read from the bench meanwhile
        assert (field.text(), reason in field.reason.text()) == ("-510", True)
        field.value = -500.0
        qtbot.keyClick(field, Qt.Key.Key_Escape)
        assert (field.text(), is_red(field), field.reason.isVisible()) == ("-500", False, False)


def test_a_part_of_a_number_never_counts(qtbot: QtBot, field: EnteredNumber, entered: list[float]) -> None:
    type_over(qtbot, field, "-4")
    other = field.window().findChildren(QLineEdit)[-1]
    other.setFocus()
    assert not field.hasFocus()
    assert (entered, field.value, field.text()) == ([], -500.0, "-4")
    assert field.reason.text() == NOT_YET
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert (entered, field.text()) == ([-490.0], "-490")


def test_values_from_the_bench_do_not_disturb_typing(qtbot: QtBot, field: EnteredNumber) -> None:
    type_over(qtbot, field, "-46")
    field.value = -510.0
    assert (field.text(), field.value) == ("-46", -510.0)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "-510"
    field.value = -520.0
    assert field.text() == "-520"


@pytest.mark.parametrize("live", [-50.0, -60.0])
def test_what_is_typed_over_selected_text_is_never_appended_to_it(
    qtbot: QtBot, field: EnteredNumber, entered: list[float], live: float
) -> None:
    """Values from the bench come several times a second: -50 is selected, one comes, 0 is typed: 0, never -500."""
    field.value = -50.0
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    field.value = live
    assert field.text() == f"{live:g}"
    qtbot.keyClicks(field, "0")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert entered == [0.0]


def test_keys_step_within_the_limits(qtbot: QtBot, field: EnteredNumber, entered: list[float]) -> None:
    for key in (Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Down, Qt.Key.Key_PageDown):
        qtbot.keyClick(field, key)
    assert entered == [-490, -390, -400, -500]
    field.value = 145.0
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert (len(entered), field.value, field.text()) == (4, 145.0, "145")
    assert "155 µA is above the limit, 150 µA" in field.reason.text()


@given(st.text("0123456789.,-+ eEµA\N{MINUS SIGN}", max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_text_is_entered_as_it_is_read_or_not_at_all(
    qtbot: QtBot, field: EnteredNumber, entered: list[float], text: str
) -> None:
    entered.clear()
    field.setText(text)
    field.enter()
    try:
        read = [read_number(text.strip().removesuffix("µA"))]
    except NotANumberError:
        read = []
    assert entered == [number for number in read if -680 <= number <= 150]


FULL = Interval(-750.0, 750.0)


@pytest.fixture
def knob(qtbot: QtBot) -> Iterator[Knob]:
    """A knob from -750 to 750 uA, of which -680 to 150 uA are allowed now, at -46.55 uA."""
    whole = QWidget()
    qtbot.addWidget(whole)
    grid = QGridLayout(whole)
    made = Knob("I", "a current", grid, 0)
    made.set_range(FULL, Interval(-680.0, 150.0))
    made.set_step(0.5)
    made.current_ua = -46.55
    whole.show()
    yield made
    whole.close()


@pytest.fixture
def turned(knob: Knob) -> list[float]:
    currents: list[float] = []
    knob.turned.connect(currents.append)
    return currents


def test_a_knob_keeps_all_digits(knob: Knob) -> None:
    assert (knob.current_ua, knob.number.text(), knob.slider.value()) == (-46.55, "-46.55", -47)


def test_a_knob_beyond_what_is_allowed_now_is_shown_as_it_is(knob: Knob, turned: list[float]) -> None:
    knob.set_range(FULL, Interval(-40.0, 40.0))
    assert (knob.current_ua, knob.slider.value()) == (-46.55, -47)
    assert turned == []


def test_a_knob_outside_its_full_range_is_shown_as_it_is_with_the_handle_at_the_end(
    knob: Knob, turned: list[float]
) -> None:
    knob.set_range(Interval(-40.0, 40.0), Interval(-40.0, 40.0))
    assert (knob.current_ua, knob.slider.value()) == (-46.55, -40)
    assert turned == []


def test_a_current_has_one_place_on_the_slider_whatever_is_allowed(knob: Knob) -> None:
    for allowed in (FULL, Interval(-50.0, 0.0), Interval(-680.0, 150.0)):
        knob.set_range(FULL, allowed)
        assert (knob.slider.minimum(), knob.slider.maximum(), knob.slider.value()) == (-750, 750, -47)
        assert (knob.scale.range, knob.scale.allowed) == (FULL, allowed)


def test_arrow_keys_turn_slider_and_number_by_the_same_step(qtbot: QtBot, knob: Knob, turned: list[float]) -> None:
    qtbot.keyClick(knob.slider, Qt.Key.Key_Right)
    qtbot.keyClick(knob.number, Qt.Key.Key_Up)
    qtbot.keyClick(knob.slider, Qt.Key.Key_PageDown)
    assert turned == pytest.approx([-46.05, -45.55, -50.55])
    assert knob.slider.value() == -51


def test_a_slider_is_no_way_beyond_the_limits(qtbot: QtBot, knob: Knob, turned: list[float]) -> None:
    knob.current_ua = 149.8
    qtbot.keyClick(knob.slider, Qt.Key.Key_Right)
    assert (turned, knob.current_ua) == ([], 149.8)
    assert "above the limit, 150 µA" in knob.number.reason.text()


def test_the_slider_is_dragged(qtbot: QtBot, knob: Knob, turned: list[float]) -> None:
    knob.slider.setSliderPosition(-100)
    assert (turned, knob.current_ua, knob.number.text()) == ([-100.0], -100.0, "-100")


@pytest.mark.parametrize(("dragged_ua", "end_ua"), [(700, 150), (-750, -680)])
def test_a_dragged_slider_stops_where_the_allowed_part_ends(
    knob: Knob, turned: list[float], dragged_ua: int, end_ua: int
) -> None:
    knob.slider.setSliderPosition(dragged_ua)
    assert (turned, knob.current_ua, knob.slider.value()) == ([end_ua], end_ua, end_ua)


@pytest.mark.parametrize("has_focus", [True, False])
def test_the_wheel_turns_nothing(qtbot: QtBot, knob: Knob, turned: list[float], has_focus: bool) -> None:
    for part in (knob.slider, knob.number):
        if has_focus:
            part.setFocus()
        middle = QPointF(part.rect().center())
        wheel = QWheelEvent(
            middle, QPointF(part.mapToGlobal(middle.toPoint())), QPoint(), QPoint(0, 120),
            Qt.MouseButtons(Qt.MouseButton.NoButton), Qt.KeyboardModifiers(Qt.KeyboardModifier.NoModifier),
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(part, wheel)
    assert (turned, knob.current_ua) == ([], -46.55)


def test_forms_read_and_show_the_same_numbers_in_every_language(qtbot: QtBot, language: str) -> None:
    form = SectionForm(PlanConfig, unfolded=("training",))
    qtbot.addWidget(form)
    form.show()
    for text in ("12,5", "12.5"):
        enter(qtbot, form, "training.control_step_ua", text)
        plan = form.asked(PlanConfig)
        assert plan is not None
        assert plan.training.control_step_ua == 12.5
    enter(qtbot, form, "training.control_step_ua", "1,234")
    assert form.asked(PlanConfig) is None
    assert form.editors["training.control_step_ua"].complaint == "1,234 is not clear: type 1.234 or 1234"
    form.content = {"training": {"control_step_ua": 7.5}}
    assert form.editors["training.control_step_ua"].widget.text() == "7.5"


def test_text_that_is_no_number_is_reported_at_every_field(qtbot: QtBot) -> None:
    form = SectionForm(PlanConfig, unfolded=("training",))
    qtbot.addWidget(form)
    numbers = [editor for editor in form.editors.values() if editor.field.is_one_number and editor.applies]
    assert len(numbers) > 15
    for editor in numbers:
        assert isinstance(editor.widget, QLineEdit)
        editor.widget.setText("much")
        assert editor.complaint == "much is not a valid number", editor.field.key
    step = EnteredNumber("µA", low=0.1, high=100.0)
    qtbot.addWidget(step)
    step.setText("much")
    step.enter()
    assert step.reason.text() == "Not entered: much is not a valid number"


def test_the_window_has_no_other_field_for_numbers() -> None:
    makers = {"QSpinBox", "QDoubleSpinBox", "QAbstractSpinBox", "QDoubleValidator", "QIntValidator", "getDouble",
              "getInt", "toDouble", "SpinBox"}  # fmt: skip
    found = [
        (path.name, node.lineno)
        for path in Path(str(gui.__file__)).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Name) and node.id in makers)
        or (isinstance(node, ast.Attribute) and node.attr in makers)
    ]
    assert found == []
