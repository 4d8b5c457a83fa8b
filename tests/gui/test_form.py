"""The form of a plan: made from its model, checked at the field."""

from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from mtjlab.config import PlanConfig, read_plan
from mtjlab.gui.files import CONFIGS, write_plan
from mtjlab.gui.form import PlanForm
from mtjlab.gui.form.fields import FormField, sections_of_plan

FIELDS = {field.key: field for section in sections_of_plan() for field in section.fields}


@pytest.fixture
def form(qtbot: QtBot) -> PlanForm:
    made = PlanForm()
    qtbot.addWidget(made)
    made.show()
    return made


def enter(qtbot: QtBot, form: PlanForm, key: str, text: str) -> None:
    """As a person does: over what is there."""
    line = form.editors[key].widget
    assert isinstance(line, QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, text)


def test_every_key_of_a_plan_is_a_field_with_help() -> None:
    plan = PlanConfig().model_dump()
    keys = {f"{table}.{key}" for table, content in plan.items() if isinstance(content, dict) for key in content}
    assert set(FIELDS) == keys | {"name", "seed"}
    assert [field.key for field in FIELDS.values() if not field.help] == []


@pytest.mark.parametrize(
    ("key", "label", "unit", "limits"),
    [
        ("training.steps", "steps", "", "at least 0"),
        ("training.control_step_ua", "control step", "µA", "above 0, at most 100 µA"),
        ("presentation.dwell_s", "dwell", "s", "at least 0 s"),
        ("suspend.field_tolerance_mt", "field tolerance", "mT", "above 0 mT"),
    ],
)
def test_names_units_and_ranges_come_from_the_model(key: str, label: str, unit: str, limits: str) -> None:
    field: FormField = FIELDS[key]
    assert (field.label, field.unit, field.range) == (label, unit, limits)


def test_a_choice_is_chosen_from_a_list(form: PlanForm) -> None:
    box = form.editors["data.split"].widget
    assert isinstance(box, QComboBox)
    assert [box.itemText(k) for k in range(box.count())] == ["token", "talker"]


def test_the_form_begins_with_the_defaults(form: PlanForm) -> None:
    assert form.plan == PlanConfig()


def test_what_is_entered_is_the_plan(qtbot: QtBot, form: PlanForm) -> None:
    enter(qtbot, form, "training.steps", "12")
    enter(qtbot, form, "training.start_control_ua", "[[-500, -480, -500], [-500, -500, -510]]")
    enter(qtbot, form, "name", "mine")
    assert form.plan is not None
    assert (form.plan.training.steps, form.plan.name) == (12, "mine")
    assert form.plan.training.start_control_ua == ((-500, -480, -500), (-500, -500, -510))


@pytest.mark.parametrize(
    ("key", "text", "complaint"),
    [
        ("training.steps", "-3", "greater than or equal to 0"),
        ("training.steps", "many", "valid integer"),
        ("training.steps", "2.5", "valid integer"),
        ("training.control_step_ua", "1000", "less than or equal to 100"),
        ("data.train_fraction", "1.5", "less than 1"),
    ],
)
def test_a_wrong_value_is_told_at_its_field(qtbot: QtBot, form: PlanForm, key: str, text: str, complaint: str) -> None:
    enter(qtbot, form, key, text)
    assert complaint in form.editors[key].complaint
    assert form.plan is None
    assert [other for other, editor in form.editors.items() if editor.complaint] == [key]
    assert form.editors[key].widget.isVisible()


def test_a_value_that_is_put_right_is_told_no_more(qtbot: QtBot, form: PlanForm) -> None:
    enter(qtbot, form, "training.steps", "-3")
    enter(qtbot, form, "training.steps", "3")
    assert form.editors["training.steps"].complaint == ""


def test_what_is_wrong_with_several_values_together_is_told_at_their_section(qtbot: QtBot, form: PlanForm) -> None:
    enter(qtbot, form, "sweep.input_stop_ua", "20")
    assert form.plan is None
    assert "at least 30 steps" in form.complaints["sweep"]


def test_arrow_keys_count(qtbot: QtBot, form: PlanForm) -> None:
    line = form.editors["training.steps"].widget
    qtbot.keyClick(line, Qt.Key.Key_Up)
    assert form.editors["training.steps"].value == 81
    for _ in range(2):
        qtbot.keyClick(line, Qt.Key.Key_Down)
    assert form.editors["training.steps"].value == 79


def test_a_plan_file_fills_the_form_and_comes_out_as_it_was(form: PlanForm) -> None:
    plan = read_plan(CONFIGS / "vowels.toml").model_copy(update={"seed": 5})
    form.content = plan.model_dump(mode="json")
    assert read_plan(write_plan(form.content)) == plan


def test_a_table_named_from_here_is_found_by_an_engine(form: PlanForm, tmp_path: Path) -> None:
    form.content = {"data": {"table": "mine.csv"}}
    assert read_plan(write_plan(form.content)).data.table == str(Path("mine.csv").resolve())
