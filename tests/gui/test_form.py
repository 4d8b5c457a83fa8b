"""The form of a plan: made from its model, checked at the field."""

from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from mtjlab.config import PlanConfig, PresentationSettings, SimulatedBenchConfig, read_bench, read_plan
from mtjlab.config.keys import Key, sections_of
from mtjlab.config.section import Section
from mtjlab.gui.engines.estimate import environment_of, estimate
from mtjlab.gui.engines.files import CONFIGS, write_request
from mtjlab.gui.look.formatting import duration
from mtjlab.gui.look.qt import sure
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.form import SectionForm
from mtjlab.gui.panels.form.boxes import Boxes
from mtjlab.gui.panels.form.bubble import Bubble
from mtjlab.gui.panels.form.offers import NoOffers
from mtjlab.gui.panels.measure import MeasurePanel
from mtjlab.gui.panels.setup_form import SetupContext
from mtjlab.procedures.classify.plan import ClassifyOptions
from mtjlab.procedures.dwell.plan import DwellPlan
from mtjlab.procedures.kind import Kind
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.shift.plan import ShiftOptions
from mtjlab.procedures.sweep.plan import SweepOptions
from mtjlab.procedures.switching_map.plan import MapOptions
from tests.gui.windows import Scripted, enter, place, wait
from tests.support.commands import ACROSS

FIELDS = {field.key: field for section in sections_of(PlanConfig) for field in section.keys}


@pytest.fixture
def form(qtbot: QtBot) -> SectionForm:
    made = SectionForm(PlanConfig, unfolded=("training",))
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_key_of_a_plan_is_a_field_with_help() -> None:
    plan = PlanConfig().model_dump()
    keys = {f"{table}.{key}" for table, content in plan.items() if isinstance(content, dict) for key in content}
    assert set(FIELDS) == keys | {"name", "seed"}
    assert [field.key for field in FIELDS.values() if not field.help] == []


@pytest.mark.parametrize(
    ("key", "label", "unit", "limits"),
    [
        ("training.steps", "training steps", "", "at least 0"),
        ("training.control_step_ua", "step of I_C", "µA", "above 0, at most 100 µA"),
        ("presentation.dwell_s", "dwell", "s", "at least 0 s"),
        ("training.recognition_every_steps", "recognition rate every", "steps", "at least 0 steps"),
        ("suspend.field_tolerance_mt", "field tolerance", "mT", "above 0 mT"),
    ],
)
def test_names_units_and_ranges_come_from_the_model(key: str, label: str, unit: str, limits: str) -> None:
    field: Key = FIELDS[key]
    assert (field.label, field.unit, field.range) == (label, unit, limits)


def test_a_choice_is_chosen_from_a_list(form: SectionForm) -> None:
    box = form.editors["data.split"].widget
    assert isinstance(box, QComboBox)
    assert [box.itemText(k) for k in range(box.count())] == ["token", "talker"]


def test_the_form_begins_with_the_defaults(form: SectionForm) -> None:
    assert form.asked(PlanConfig) == PlanConfig()


def test_keys_that_stand_in_no_section_are_seen(form: SectionForm, panel: MeasurePanel) -> None:
    assert form.editors["seed"].widget.isVisible()
    assert panel.form.editors["controls_ua"].widget.isVisible()


def test_what_is_entered_is_the_plan(qtbot: QtBot, form: SectionForm) -> None:
    enter(qtbot, form, "training.steps", "12")
    form.surround(3, {})
    enter(qtbot, form, "training.start_control_ua", "-500, -480, -500; -500, -500, -510")
    enter(qtbot, form, "name", "mine")
    plan = form.asked(PlanConfig)
    assert plan is not None
    assert (plan.training.steps, plan.name) == (12, "mine")
    assert plan.training.start_control_ua == ((-500, -480, -500), (-500, -500, -510))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_whatever_a_kind_asks_is_entered_in_a_form_of_its_keys(qtbot: QtBot, kind: Kind[Any]) -> None:
    form = SectionForm(kind.options, unfolded=())
    qtbot.addWidget(form)
    assert list(form.editors) == [key.key for section in sections_of(kind.options) for key in section.keys]
    for key, editor in form.editors.items():
        field = editor.field
        is_of_junctions = field.key.endswith("controls_ua")
        line = Boxes if is_of_junctions else QLineEdit
        assert isinstance(editor.widget, QCheckBox if field.is_flag else QComboBox if field.choices else line), key
    form.content = {name: "last" for name, key in kind.options.model_fields.items() if key.is_required()}
    assert form.asked(kind.options) is not None


def test_what_is_so_or_not_is_ticked(qtbot: QtBot) -> None:
    kind = KINDS["train"]
    form = SectionForm(kind.options, unfolded=())
    qtbot.addWidget(form)
    form.show()
    box = form.editors["check"].widget
    assert isinstance(box, QCheckBox)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert form.asked(kind.options) == kind.options(check=True)


@pytest.mark.parametrize(
    ("key", "text", "complaint"),
    [
        ("training.steps", "-3", "greater than or equal to 0"),
        ("training.steps", "many", "many is not a valid number"),
        ("training.steps", "2.5", "valid integer"),
        ("training.control_step_ua", "1000", "less than or equal to 100"),
        ("data.train_fraction", "1.5", "less than 1"),
    ],
)
def test_a_wrong_value_is_told_at_its_field(
    qtbot: QtBot, form: SectionForm, key: str, text: str, complaint: str
) -> None:
    enter(qtbot, form, key, text)
    assert complaint in form.editors[key].complaint
    assert form.asked(PlanConfig) is None
    assert [other for other, editor in form.editors.items() if editor.complaint] == [key]


def test_a_wrong_value_that_nobody_types_opens_its_section(form: SectionForm) -> None:
    if (focus := QApplication.focusWidget()) is not None:
        focus.clearFocus()
    form.content = {"data": {"train_fraction": 1.5}}  # as from a preset
    assert form.editors["data.train_fraction"].widget.isVisible()


def test_a_value_that_is_put_right_is_told_no_more(qtbot: QtBot, form: SectionForm) -> None:
    enter(qtbot, form, "training.steps", "-3")
    enter(qtbot, form, "training.steps", "3")
    assert form.editors["training.steps"].complaint == ""


def test_what_is_wrong_with_several_values_together_is_told_at_their_section(qtbot: QtBot, form: SectionForm) -> None:
    enter(qtbot, form, "sweep.input_stop_ua", "20")
    assert form.asked(PlanConfig) is None
    assert "at least 30 steps" in form.complaints["sweep"]


def test_nothing_moves_while_somebody_types(qtbot: QtBot, form: SectionForm) -> None:
    """The message is over the form, and clicks pass through it."""
    qtbot.waitExposed(form)
    form.resize(420, 600)
    form.activateWindow()
    wait(qtbot, form.isActiveWindow)
    key, line = "training.steps", form.editors["training.steps"].widget
    line.setFocus()
    wait(qtbot, line.hasFocus)
    before = {name: place(editor.widget) for name, editor in form.editors.items() if editor.widget.isVisible()}
    enter(qtbot, form, key, "-3")
    bubble = form.findChild(Bubble)
    assert bubble.isVisible()
    assert "greater than or equal to 0" in bubble.text()
    assert not place(bubble).intersects(place(line))
    assert {name: place(form.editors[name].widget) for name in before} == before
    enter(qtbot, form, "sweep.input_stop_ua", "20")  # in a section that is closed
    assert {name: place(form.editors[name].widget) for name in before} == before
    line.setFocus()
    enter(qtbot, form, key, "3")
    assert not bubble.isVisible()


def test_arrow_keys_count(qtbot: QtBot, form: SectionForm) -> None:
    line = form.editors["training.steps"].widget
    qtbot.keyClick(line, Qt.Key.Key_Up)
    assert form.editors["training.steps"].value == 81
    for _ in range(2):
        qtbot.keyClick(line, Qt.Key.Key_Down)
    assert form.editors["training.steps"].value == 79


def test_a_plan_file_fills_the_form_and_comes_out_as_it_was(form: SectionForm) -> None:
    plan = read_plan(CONFIGS / "vowels.toml").model_copy(update={"seed": 5})
    form.content = plan.model_dump(mode="json")
    assert read_plan(write_request(form.content)) == plan


@pytest.fixture
def boxes(form: SectionForm) -> Boxes:
    """Boxes for the initial control currents of three junctions and two inputs."""
    form.surround(3, {})
    widget = form.editors["training.start_control_ua"].widget
    assert isinstance(widget, Boxes)
    return widget


def controls(form: SectionForm) -> Any:
    return form.content["training"].get("start_control_ua")


def grey(boxes: Boxes) -> list[list[str]]:
    """What is seen of the empty boxes."""
    return [[box.placeholderText() if not box.text() else "" for box in row] for row in boxes.boxes]


def test_there_is_a_box_for_each_junction_and_input(qtbot: QtBot, form: SectionForm, boxes: Boxes) -> None:
    assert [len(row) for row in boxes.boxes] == [3, 3]
    enter(qtbot, form, "encoding.inputs", "1")
    form.surround(4, {})
    assert [len(row) for row in boxes.boxes] == [4]


def test_tab_reaches_boxes_in_their_place_also_when_there_are_more_of_them(form: SectionForm, boxes: Boxes) -> None:
    for junctions in (3, 4, 2):
        form.surround(junctions, {})
        following = boxes.nextInFocusChain()
        reached = []
        while following is not form.editors["training.control_step_ua"].widget:
            if following.focusPolicy() & Qt.FocusPolicy.TabFocus:
                reached.append(following)
            following = following.nextInFocusChain()
        assert reached == boxes.fields
        assert len(reached) == 2 * junctions


def test_one_current_is_that_of_all_junctions_and_inputs(qtbot: QtBot, form: SectionForm, boxes: Boxes) -> None:
    enter(qtbot, form, "training.start_control_ua", "-480")
    assert controls(form) == -480
    assert grey(boxes) == [["", "-480", "-480"], ["-480", "-480", "-480"]]


def test_a_row_of_currents_is_that_of_all_inputs(qtbot: QtBot, form: SectionForm, boxes: Boxes) -> None:
    enter(qtbot, form, "training.start_control_ua", "-500, -480, -490")
    assert controls(form) == [[-500, -480, -490]] * 2
    assert grey(boxes) == [[""] * 3, ["-500", "-480", "-490"]]


def test_one_current_of_an_input_is_that_of_its_junctions(qtbot: QtBot, form: SectionForm, boxes: Boxes) -> None:
    enter(qtbot, form, "training.start_control_ua", "-500, -480, -490; -470")
    assert controls(form) == [[-500, -480, -490], [-470] * 3]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("-500, -480", "J3 of input A is empty"),
        (", -480, -500", "J1 of input A is empty"),
        ("; -480", "J1 of input A, J2 of input A"),
    ],
)
def test_a_current_that_is_missing_between_others_is_named(
    qtbot: QtBot, form: SectionForm, boxes: Boxes, text: str, missing: str
) -> None:
    enter(qtbot, form, "training.start_control_ua", text)
    assert missing in form.editors["training.start_control_ua"].complaint
    assert form.asked(PlanConfig) is None


def test_nothing_entered_is_the_default_in_grey(qtbot: QtBot, form: SectionForm, boxes: Boxes) -> None:
    enter(qtbot, form, "training.start_control_ua", "")
    assert controls(form) == -500
    assert form.asked(PlanConfig) == PlanConfig()
    assert grey(boxes) == [["-500", "-500", "-500"]] * 2


@pytest.mark.parametrize("text", ["-500, -480, -500; -500, -500, -510", "[[-500, -480, -500], [-500, -500, -510]]"])
def test_currents_that_are_pasted_are_spread_over_the_boxes(
    qtbot: QtBot, qapp: QApplication, form: SectionForm, boxes: Boxes, text: str
) -> None:
    sure(qapp.clipboard()).setText(text)
    qtbot.keyClick(boxes.boxes[0][0], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert controls(form) == [[-500, -480, -500], [-500, -500, -510]]


def test_currents_of_a_longer_chain_are_seen_and_not_dropped(form: SectionForm, boxes: Boxes) -> None:
    form.content = {"training": {"start_control_ua": [[-500, -480, -500, -490]] * 2}}
    assert len(boxes.boxes[0]) == 4
    assert controls(form) == [[-500, -480, -500, -490]] * 2


@pytest.mark.parametrize("text", ["-5,0,5", "-5, 0, 5"])
def test_a_row_is_typed_as_on_the_command_line(qtbot: QtBot, panel: MeasurePanel, text: str) -> None:
    panel.kinds.setCurrentText("dwell times")
    enter(qtbot, panel.form, "inputs_ua", text)
    assert panel.asked == DwellPlan(inputs_ua=(-5, 0, 5))


def test_a_row_that_may_be_one_number_is_refused_with_what_to_type(qtbot: QtBot, panel: MeasurePanel) -> None:
    panel.kinds.setCurrentText("dwell times")
    enter(qtbot, panel.form, "inputs_ua", "-46,5")
    assert panel.form.editors["inputs_ua"].complaint.endswith("type -46.5 for one number, -46, 5 for two")
    assert not panel.start.isEnabled()


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path) -> MeasurePanel:
    context = SetupContext(BenchBand(), Path("runs"), tmp_path, NoOffers(), Scripted())
    made = MeasurePanel(context, PlanConfig)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_measurement_begins_with_the_defaults_of_its_own(panel: MeasurePanel) -> None:
    row = (-500.0,) * 3
    for kind, default in (
        ("resistance curves", SweepOptions(controls_ua=row)),
        ("shift", ShiftOptions(controls_ua=row)),
        ("switching map", MapOptions(controls_ua=(row, row))),
    ):
        panel.kinds.setCurrentText(kind)
        assert panel.asked == default


def test_a_measurement_that_cannot_be_is_not_started(qtbot: QtBot, panel: MeasurePanel) -> None:
    enter(qtbot, panel.form, "controls_ua", "-500, much, -500")
    assert "valid" in panel.form.editors["controls_ua"].complaint
    assert not panel.start.isEnabled()
    enter(qtbot, panel.form, "controls_ua", "-500, -480, -500")
    assert panel.start.isEnabled()


def test_what_can_be_measured_at_once_is_offered_before_what_needs_an_entry(panel: MeasurePanel) -> None:
    offered = [panel.kinds.itemText(k) for k in range(panel.kinds.count())]
    at_once = ["resistance curves", "shift", "switching map", "chip as before?", "dwell times", "pulses", "field"]
    assert offered == [*at_once, "first day", "classification"]
    assert panel.start.isEnabled()


def test_a_form_of_which_nothing_is_known_begins_empty(panel: MeasurePanel) -> None:
    panel.kinds.setCurrentText("classification")
    assert panel.form.content == {"times": 5, "run": {"draw": False}}
    assert not panel.start.isEnabled()
    assert panel.estimate.text().startswith("1 invalid value in the form: ")


@pytest.fixture
def network(trained: Path) -> Path:
    return trained / "network.toml"


def test_tokens_that_are_typed_are_rows_of_features(qtbot: QtBot, panel: MeasurePanel, network: Path) -> None:
    panel.kinds.setCurrentText("classification")
    enter(qtbot, panel.form, "network", str(network))
    enter(qtbot, panel.form, "features", "300, 870, 2240")
    assert panel.asked == ClassifyOptions(network=str(network), features=((300, 870, 2240),))
    enter(qtbot, panel.form, "features", "300, 870; 660, 1700")
    assert panel.asked == ClassifyOptions(network=str(network), features=((300, 870), (660, 1700)))


def test_a_classification_is_offered_the_training_that_is_shown(
    qtbot: QtBot, panel: MeasurePanel, trained: Path, network: Path
) -> None:
    panel.kinds.setCurrentText("classification")
    assert not panel.start.isEnabled()
    panel.offer_network(Path("runs/first"))
    panel.offer_network(trained)
    assert panel.asked == ClassifyOptions(network=str(trained))
    enter(qtbot, panel.form, "network", str(network))
    panel.offer_network(Path("runs/third"))
    assert panel.asked == ClassifyOptions(network=str(network))


def test_a_network_that_is_not_there_is_told_at_its_field(qtbot: QtBot, panel: MeasurePanel) -> None:
    panel.kinds.setCurrentText("classification")
    enter(qtbot, panel.form, "network", "nowhere")
    assert "nowhere: is no run folder" in panel.form.editors["network"].complaint
    assert not panel.start.isEnabled()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (SweepOptions(controls_ua=(-500.0,) * 3), "20 curves: "),
        (ShiftOptions(controls_ua=(-500.0,) * 3), "65 curves: "),
        (MapOptions(controls_ua=((-500.0,) * 3,) * 2, way="curves"), "160 curves: "),
        (MapOptions(controls_ua=((-500.0,) * 3,) * 2, way="raster"), "3\N{NARROW NO-BREAK SPACE}888 presentations: "),
        (MapOptions(controls_ua=((-500.0,) * 3,) * 2), "268 to 436 probes expected: "),
        (MapOptions(controls_ua=((-500.0,) * 3,) * 2, most_probes=150), "268 to 300 probes expected: "),
        (ClassifyOptions(network="last"), "5 presentations of each token: "),
    ],
)
def test_what_a_measurement_takes_is_told_before_it_starts(asked: Section, told: str) -> None:
    (kind,) = (kind for kind in KINDS.values() if kind.options is type(asked))
    for bench, how in ((SimulatedBenchConfig(), "simulated: much faster"), (read_bench(ACROSS), "at least")):
        estimated = estimate(kind, asked, environment_of(PlanConfig(), bench, Path("runs")), simulate=False)
        assert estimated.startswith(told)
        assert how in estimated


def test_what_takes_as_long_as_it_takes_is_told_from_its_shortest_to_its_longest_time() -> None:
    plan = PlanConfig(presentation=PresentationSettings(dwell_s=1.0))
    kind, around = KINDS["map"], environment_of(plan, SimulatedBenchConfig(), Path("runs"))
    shortest_s, longest_s = kind.estimated(kind.options(), around).duration_s
    assert longest_s is not None
    assert duration(shortest_s) != duration(longest_s)
    told = f"{duration(shortest_s)} to {duration(longest_s)} of bench time (simulated: much faster)"
    assert estimate(kind, kind.options(), around, simulate=False) == f"268 to 436 probes expected: {told}"
