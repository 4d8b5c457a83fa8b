"""Views show the content of the journal, at any step."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mtjlab import experiment
from mtjlab.analysis.regions import boundaries_ua
from mtjlab.config import read_bench
from mtjlab.domain import InstrumentReport, Verdict
from mtjlab.events import ControlsPlanned, Presented, SweepPoint
from mtjlab.experiment import DEFAULT_BENCH
from mtjlab.gui.look.formatting import whole
from mtjlab.gui.look.theme import DARK, LIGHT, apply_theme
from mtjlab.gui.run.snapshot import JudgedReading, Snapshot
from mtjlab.gui.run.snapshot_builder import SnapshotBuilder
from mtjlab.gui.views import data
from mtjlab.gui.views.bench_table import BenchTable, states_of
from mtjlab.gui.views.chain import Chain
from mtjlab.gui.views.chain_rows import activity_text, rows
from mtjlab.gui.views.critical_inputs import CriticalInputs
from mtjlab.gui.views.curves import ResistanceCurves
from mtjlab.gui.views.dwell_times import DwellTimes
from mtjlab.gui.views.energy import EnergyView
from mtjlab.gui.views.field_loops import FieldLoops
from mtjlab.gui.views.field_slopes import FieldSlopes
from mtjlab.gui.views.mean_dwells import MeanDwells
from mtjlab.gui.views.pulses import Pulses
from mtjlab.gui.views.run_log import RunLog
from mtjlab.gui.views.switching_map import SwitchingMap
from mtjlab.gui.views.training_history import ControlCurrentHistory, RecognitionHistory
from mtjlab.gui.views.view import View
from mtjlab.gui.views.wiring import Wiring
from mtjlab.gui.window import VIEWS
from mtjlab.procedures.pulse.plan import PulsePlan
from mtjlab.procedures.training.state import TrainingState
from mtjlab.record import fold
from mtjlab.store import Follower
from tests.gui.windows import heights_of_dots, rising_points
from tests.support.asking import MeasuringRequest, TokensAsked, TrainingRequest, prepare_classify, prepare_training
from tests.support.commands import ACROSS
from tests.support.made_runs import MADE, made_measurement, made_training
from tests.support.miswired import miswired_run
from tests.support.trainings import DATA, write_plan

OF_A_TRAINING = [
    view
    for view in VIEWS
    if view not in (CriticalInputs, DwellTimes, MeanDwells, Pulses, FieldLoops, FieldSlopes, EnergyView, Wiring)
]


@pytest.fixture(scope="module")
def builder(trained: Path) -> SnapshotBuilder:
    read = SnapshotBuilder(trained)
    read.take(Follower(trained).lines())
    return read


@pytest.fixture(scope="module")
def during_sweep(trained: Path) -> Snapshot:
    read = SnapshotBuilder(trained)
    read.take(Follower(trained).lines(60))
    return read.snapshot


def shown(qtbot: QtBot, kind: type[View], snapshot: Snapshot) -> View:
    view = kind(DARK)  # type: ignore[call-arg]
    qtbot.addWidget(view)
    view.resize(640, 480)
    view.show()
    view.show_snapshot(snapshot)
    return view


@pytest.mark.parametrize("kind", OF_A_TRAINING, ids=lambda kind: kind.title)
def test_every_view_draws_a_run_in_both_themes_and_can_be_copied(
    qtbot: QtBot, qapp: QApplication, kind: type[View], builder: SnapshotBuilder
) -> None:
    view = shown(qtbot, kind, builder.snapshot)
    assert not view.is_empty
    dark = view.copy()
    apply_theme(qapp, LIGHT)
    view.apply_theme(LIGHT)
    light = view.copy()
    assert dark.width() == 2 * view.width()
    assert dark.pixelColor(4, 4).lightness() < 90
    assert light.pixelColor(4, 4).lightness() > 200


@pytest.mark.parametrize("kind", OF_A_TRAINING, ids=lambda kind: kind.title)
def test_every_view_shows_a_text_when_there_is_nothing_to_draw(
    qtbot: QtBot, kind: type[View], builder: SnapshotBuilder
) -> None:
    view = shown(qtbot, kind, Snapshot(replace(builder.snapshot.info, bench=None)))
    assert view.is_empty
    view.show_snapshot(builder.snapshot)
    assert not view.is_empty
    view.show_snapshot(None)
    assert view.is_empty


def test_a_hidden_view_draws_when_it_is_shown(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    view = SwitchingMap(DARK)
    qtbot.addWidget(view)
    view.show_snapshot(builder.snapshot)
    assert view.is_empty
    view.show()
    assert not view.is_empty


@pytest.mark.parametrize("kind", VIEWS)
def test_a_view_that_is_hidden_or_covered_never_draws_and_then_once(
    qtbot: QtBot, kind: type[View], builder: SnapshotBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = kind(DARK)  # type: ignore[call-arg]
    qtbot.addWidget(view)
    drawn: list[Snapshot] = []
    monkeypatch.setattr(view, "draw", lambda snapshot: bool(drawn.append(snapshot)))
    view.show_snapshot(builder.snapshot)
    view.cover(True)
    view.show()
    view.show_snapshot(builder.snapshot)
    assert drawn == []
    view.cover(False)
    assert len(drawn) == 1


def test_the_map_has_a_region_for_each_configuration_that_the_boundaries_cut_out(
    qtbot: QtBot, builder: SnapshotBuilder
) -> None:
    view = shown(qtbot, SwitchingMap, builder.snapshot)
    assert isinstance(view, SwitchingMap)
    assert len({region.configuration for region in view.regions}) == 16


def test_boundaries_of_the_map_move_with_the_control_currents(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    view = shown(qtbot, SwitchingMap, builder.snapshot)
    assert isinstance(view, SwitchingMap)
    for step in (0, 1, 2):
        snapshot = builder.at_step(step)
        view.show_snapshot(snapshot)
        assert snapshot.state.measured is not None
        assert snapshot.learnt.controls is not None
        cut = boundaries_ua(snapshot.state.measured.of_input, snapshot.learnt.controls)
        drawn = {region.bounds[0].low_ua for region in view.regions}
        assert set(cut[0]) <= drawn


def test_the_map_shows_where_the_inputs_are_whatever_boundaries_were_before_them(
    qtbot: QtBot, builder: SnapshotBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a training by pulses its references were measured at control currents far from the later ones."""
    far = ((5000.0,) * 3,) * 2
    with monkeypatch.context() as patch:
        patch.setattr("mtjlab.gui.views.switching_map.boundaries_of", lambda _: far)
        patch.setattr("mtjlab.gui.views.switching_map.tokens_of", lambda _: ())
        view = shown(qtbot, SwitchingMap, builder.at_step(0))
        assert isinstance(view, SwitchingMap)
        assert max(region.bounds[0].high_ua for region in view.regions) > 5000
    view.show_snapshot(builder.at_step(1))
    assert max(region.bounds[0].high_ua for region in view.regions) < 1500


@pytest.mark.parametrize("way", ["raster", "adaptive", "curves"])
def test_a_map_is_drawn_while_it_is_measured(qtbot: QtBot, tmp_path: Path, way: str) -> None:
    folder = MADE[f"{way}-map"](tmp_path)
    half = SnapshotBuilder(folder)
    half.take(Follower(folder).lines(100))
    assert not half.snapshot.series
    view = shown(qtbot, SwitchingMap, half.snapshot)
    assert isinstance(view, SwitchingMap)
    assert len({region.configuration for region in view.regions}) == 16


def heading(view: View) -> str:
    """Heading of the map."""
    assert isinstance(view, SwitchingMap)
    return re.sub(r"<[^>]*>", "", view._heading.text()).replace("\N{NO-BREAK SPACE}", " ")


def test_the_heading_of_the_map_gives_the_training_step_or_the_progress_of_a_map(
    qtbot: QtBot, tmp_path: Path, builder: SnapshotBuilder
) -> None:
    assert heading(shown(qtbot, SwitchingMap, builder.at_step(1))).startswith("training step 1")
    folder = MADE["curves-map"](tmp_path)
    whole = SnapshotBuilder(folder)
    whole.take(Follower(folder).lines())
    assert heading(shown(qtbot, SwitchingMap, whole.snapshot)).startswith("4 curves")


def test_tokens_recognised_as_another_class_are_ringed(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    view = shown(qtbot, SwitchingMap, builder.at_step(0))
    assert isinstance(view, SwitchingMap)
    measured, encoded = builder.learnt.recognition[0], builder.learnt.encoded
    assert encoded is not None
    ringed = [token for token in encoded.tokens if token.name in view.ringed and token.subset == "train"]
    wrong = sum(count for label, answer, count in measured.train_confusion if answer != label)
    assert len(ringed) == wrong > 50


def test_the_chain_shows_the_latest_reading(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    view = shown(qtbot, Chain, builder.snapshot)
    latest = builder.snapshot.latest
    assert isinstance(latest, Presented)
    assert isinstance(view, Chain)
    outcome = latest.outcomes[-1]
    assert tuple(row.verdict for row in view.rows) == outcome.verdicts
    assert tuple(row.current_ua for row in view.rows) == outcome.readings[-1].currents_ua
    assert builder.learnt.controls is not None
    assert tuple(row.control_ua for row in view.rows) == pytest.approx(builder.learnt.controls.by_input_ua[1])
    assert sum(row.source_ua for row in view.rows) == pytest.approx(view.rows[-1].current_ua)
    assert "sources at zero" in activity_text(builder.snapshot)
    assert latest.token.name in activity_text(replace(builder.snapshot, state=builder.state.before_end({})))


def colours(view: View) -> set[str]:
    """All colours that are seen in a view."""
    image = view.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_what_is_not_of_now_is_grey_and_says_when_it_was_read(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    during = replace(builder.snapshot, state=builder.state.before_end({}))
    view = shown(qtbot, Chain, during)
    assert DARK.accent in colours(view)
    for past in (builder.snapshot, replace(during, is_now=False)):
        view.show_snapshot(past)
        assert DARK.accent not in colours(view)
        assert past.read_at is not None
        assert f"{past.read_at.astimezone():%H:%M:%S}" in activity_text(past)


def test_a_junction_without_a_current_is_not_shown_as_a_fault(during_sweep: Snapshot) -> None:
    assert isinstance(during_sweep.latest, SweepPoint)
    reading = during_sweep.latest.reading
    verdicts = (Verdict.UNDECIDED, Verdict.UNDECIDED, Verdict.P)
    for currents_ua, states in (
        ((0.0, 300.0, 0.0), [None, Verdict.UNDECIDED, Verdict.P]),
        ((-10.0, 10.5, 100.0), [None, Verdict.UNDECIDED, Verdict.P]),
    ):
        judged = JudgedReading(replace(reading, currents_ua=currents_ua), verdicts)
        assert [row.verdict for row in rows(replace(during_sweep, latest=judged))] == states


def test_without_verdicts_the_chain_shows_no_state(during_sweep: Snapshot) -> None:
    assert isinstance(during_sweep.latest, SweepPoint)
    assert [row.verdict for row in rows(during_sweep)] == [None] * 3
    assert activity_text(during_sweep).startswith("sweep 1, input")


def test_a_resistance_near_zero_current_is_not_shown(builder: SnapshotBuilder) -> None:
    row = rows(builder.snapshot)[0]
    assert replace(row, current_ua=5.0).resistance_kohm is None
    assert replace(row, current_ua=100.0, voltage_mv=110.0).resistance_kohm == pytest.approx(1.1)


def test_resistance_curves_build_up_during_the_sweep(
    qtbot: QtBot, during_sweep: Snapshot, builder: SnapshotBuilder
) -> None:
    view = shown(qtbot, ResistanceCurves, during_sweep)
    few = rising_points(view, 0)
    view.show_snapshot(builder.snapshot)
    assert 0 < few < rising_points(view, 0) == 91 - 3  # where the current is too small there is no resistance


def test_the_log_is_filtered_by_text_and_by_trouble(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    view = shown(qtbot, RunLog, builder.snapshot)
    assert isinstance(view, RunLog)
    everything = view.shown.rowCount()
    qtbot.keyClicks(view.filter, "recognition at step")
    assert view.shown.rowCount() == 3
    view.filter.clear()
    view.only_trouble.click()
    troubles = sum(entry.is_trouble for entry in builder.snapshot.log)
    assert (view.shown.rowCount(), everything) == (troubles, len(builder.snapshot.log))


def test_the_log_goes_back_with_the_step(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    view = shown(qtbot, RunLog, builder.snapshot)
    assert isinstance(view, RunLog)
    for step in (0, 1, 2):
        then = builder.at_step(step)
        view.show_snapshot(then)
        assert view.model.rowCount() == len(then.log)


def test_views_of_many_junctions_and_inputs_are_empty_if_they_cannot_be_drawn(
    qtbot: QtBot, builder: SnapshotBuilder
) -> None:
    controls = builder.learnt.controls_by_step[0]
    three_inputs = replace(controls, by_input_ua=controls.by_input_ua * 3)
    assert builder.state.started is not None
    assert builder.learnt.encoded is not None
    planned = ControlsPlanned(0.0, 0, three_inputs, ())
    events = [builder.state.started, builder.learnt.encoded, planned, *builder.learnt.recognition]
    snapshot = replace(builder.snapshot, state=fold(events), learnt=TrainingState.of(events))
    assert shown(qtbot, SwitchingMap, snapshot).is_empty
    assert not shown(qtbot, ControlCurrentHistory, snapshot).is_empty


def test_colours_of_verdicts_differ() -> None:
    for theme in (DARK, LIGHT):
        assert len({theme.of_verdict(verdict) for verdict in (Verdict.P, Verdict.AP, Verdict.UNDECIDED, None)}) == 4


def test_a_selected_bench_is_shown_with_its_instruments_before_any_run(qtbot: QtBot) -> None:
    table = BenchTable(DARK)
    qtbot.addWidget(table)
    table.show()
    assert table.is_empty
    table.choose(read_bench(ACROSS))
    cells = [[table.table.item(row, column).text() for column in range(4)] for row in range(table.table.rowCount())]
    assert ["source J1", "Keithley 6221", "GPIB0::12::INSTR", "not connected"] in cells
    assert len(cells) == 6


def test_the_bench_table_shows_the_state_of_each_instrument(builder: SnapshotBuilder) -> None:
    reports = tuple(
        InstrumentReport(f"{kind} J{k}", "", "", "", "") for kind in ("source", "voltmeter") for k in (1, 2, 3)
    )
    going_on = replace(builder.snapshot, instruments=reports, state=builder.state.before_end({}))
    states = states_of(going_on)
    assert states["source J1"] == f"on, {whole(rows(going_on)[0].source_ua)} µA"
    assert states["voltmeter J3"] == f"{whole(rows(going_on)[2].voltage_mv)} mV across J3"
    assert states_of(replace(going_on, state=builder.state))["source J2"] == "off, read back"
    assert states_of(replace(going_on, is_now=False))["source J1"].startswith("then on, ")
    assert states_of(builder.snapshot) == {}


def test_the_wiring_view_lists_explanations_that_cannot_be_distinguished(qtbot: QtBot, tmp_path: Path) -> None:
    folder = miswired_run(tmp_path / "run")
    builder = SnapshotBuilder(folder)
    builder.take(Follower(folder).lines(100))
    view = shown(qtbot, Wiring, builder.snapshot)
    assert isinstance(view, Wiring)
    written = view.text.toPlainText()
    assert "1 mistake in the wiring" in written
    assert "Follow the cable of source J1 to the chain: is it at J1?" in written
    assert "feeds the top of J2 instead of J1" in written
    assert [row["Verdict"] for row in Wiring.tabulate(builder.snapshot)] == ["ok", "mistake", "possible", "possible"]


def test_pulses_are_dots_of_each_width_with_a_line_at_each_current_that_switches_half_of_the_time(
    qtbot: QtBot, tmp_path: Path
) -> None:
    run = made_measurement(tmp_path, PulsePlan(widths_s=(1e-4, 1e-2), probes=40))
    read = SnapshotBuilder(run)
    read.take(Follower(run).lines())
    view = shown(qtbot, Pulses, read.snapshot)
    assert isinstance(view, Pulses)
    heading = view.heading.text()
    assert "100 µs" in heading
    assert "10 ms" in heading
    assert "&lt;" not in heading
    pulsed = {(row["Current (uA)"], row["Probability"]) for row in view.data()}
    assert {place for dots in view.dots for place in dots.places} == pulsed
    assert [len(lines) for lines in view.lines] == [2, 2, 2]


@pytest.fixture(scope="module")
def in_field(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return MADE["field"](tmp_path_factory.mktemp("field"))


def seen_of(run: Path, lines: int | None = None) -> Snapshot:
    read = SnapshotBuilder(run)
    read.take(Follower(run).lines(lines) if lines else Follower(run).lines())
    return read.snapshot


def test_loops_are_drawn_rising_and_falling_with_lines_at_the_mean_switching_fields(
    qtbot: QtBot, in_field: Path
) -> None:
    view = shown(qtbot, FieldLoops, seen_of(in_field))
    assert isinstance(view, FieldLoops)
    assert "2 loops" in view.heading.text()
    for k, row in enumerate(view.data()):
        fields_mt, kohm = view.curves[k]["present", True].getData()
        assert (len(fields_mt), min(fields_mt)) == (20, pytest.approx(-15.5, abs=0.1))
        assert max(kohm[:-1]) == pytest.approx(row["Antiparallel resistance (kohm)"], abs=0.03)
        at_mt = sorted(line.value() for line in view.lines[k])
        assert at_mt == [row["Switching field down (mT)"], row["Switching field up (mT)"]]


def test_the_present_loop_is_drawn_while_it_is_measured(qtbot: QtBot, in_field: Path) -> None:
    view = shown(qtbot, FieldLoops, seen_of(in_field, 60))
    assert isinstance(view, FieldLoops)
    assert "0 loops" in view.heading.text()
    assert len(view.curves[0]["present", True].getData()[0]) > 5
    assert not any(line.isVisible() for line in view.lines[0])


def test_critical_inputs_are_drawn_against_the_field_with_the_working_point(qtbot: QtBot, in_field: Path) -> None:
    assert shown(qtbot, FieldSlopes, seen_of(in_field, 60)).is_empty
    view = shown(qtbot, FieldSlopes, seen_of(in_field))
    assert isinstance(view, FieldSlopes)
    assert "working point" in view.heading.text()
    assert [len(dots.places) for dots in view.dots] == [4, 4, 4]
    assert len(view.data()) == 3
    view.apply_theme(LIGHT)
    assert not view.is_empty


def test_the_chain_shows_the_states_after_a_pulse(qtbot: QtBot, tmp_path: Path) -> None:
    run = MADE["pulse"](tmp_path)
    read = SnapshotBuilder(run)
    read.take(Follower(run).lines(3000))
    assert {row.verdict for row in rows(read.snapshot)} <= {Verdict.P, Verdict.AP}


def test_probes_of_a_training_are_drawn_with_what_is_known_of_each_threshold(qtbot: QtBot, tmp_path: Path) -> None:
    """Also rates that were not measured are drawn apart from those that were."""
    plan = write_plan(tmp_path, steps=4, training={"steps": 4, "probe_first": 9, "recognition_every_steps": 4})
    folder = experiment.execute(prepare_training(TrainingRequest(plan=plan)), tmp_path).folder
    read = SnapshotBuilder(folder)
    read.take(Follower(folder).lines())
    view = shown(qtbot, CriticalInputs, read.snapshot)
    assert len(heights_of_dots(view, 0)) == 9
    assert heights_of_dots(view, 1) == pytest.approx([-66.0] * 9, abs=40.0)
    assert [row["Probe"] for row in data.critical_inputs(read.snapshot)] == list(range(1, 10))
    rates = shown(qtbot, RecognitionHistory, read.snapshot)
    measured, expected = rates._train.getData()[0], rates._expected_train.getData()[0]
    assert (list(measured), list(expected)) == ([0, 4], [1, 2, 3])


def test_a_token_stays_ringed_while_others_are_classified_after_it(qtbot: QtBot, tmp_path: Path) -> None:
    """The first token of the table has a wrong class, so it is ringed from the beginning to the end."""
    wrong, *others = DATA.tokens
    rows = [("b", wrong), *((token.label, token) for token in others)]
    lines = [f"{label},{token.name},{token.features[0]!r},{token.features[1]!r}" for label, token in rows]
    table = tmp_path / "tokens.csv"
    table.write_text("label,name,x,y\n" + "\n".join(lines), encoding="utf-8")
    request = MeasuringRequest(DEFAULT_BENCH, write_plan(tmp_path))
    folder = experiment.execute(prepare_classify(made_training(tmp_path), request, TokensAsked(table)), tmp_path).folder
    read, follower = SnapshotBuilder(folder), Follower(folder)
    view = shown(qtbot, SwitchingMap, read.snapshot)
    assert isinstance(view, SwitchingMap)
    while lines_read := follower.lines(1):
        read.take(lines_read)
        view.show_snapshot(read.snapshot)
    assert wrong.name in view.ringed
    assert len(view._rings.points()) == len(view.ringed)
