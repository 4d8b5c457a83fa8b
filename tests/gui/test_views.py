"""The pictures: what they show is what the journal holds, at any step."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mtjlab.analysis.regions import boundaries_ua
from mtjlab.config import read_bench
from mtjlab.domain import InstrumentReport, Verdict
from mtjlab.events import ControlsPlanned, Presented, SweepPoint
from mtjlab.gui.look.theme import DARK, LIGHT, dress
from mtjlab.gui.look.words import whole
from mtjlab.gui.run.moment import Moment
from mtjlab.gui.run.record import Record
from mtjlab.gui.views.bench_table import BenchTable, states_of
from mtjlab.gui.views.chain import Chain
from mtjlab.gui.views.chain_rows import doing, rows
from mtjlab.gui.views.courses import ControlCourse
from mtjlab.gui.views.critical_inputs import CriticalInputs
from mtjlab.gui.views.curves import ResistanceCurves
from mtjlab.gui.views.dwell_times import DwellTimes
from mtjlab.gui.views.mean_dwells import MeanDwells
from mtjlab.gui.views.story import Story
from mtjlab.gui.views.switching_map import SwitchingMap
from mtjlab.gui.views.view import View
from mtjlab.gui.views.wiring import Wiring
from mtjlab.gui.window import VIEWS
from mtjlab.procedures.training.state import Learnt
from mtjlab.record import fold
from mtjlab.store import Follower
from tests.gui.windows import rising_points
from tests.support.commands import ACROSS
from tests.support.made_runs import MADE
from tests.support.miswired import miswired_run

OF_A_TRAINING = [view for view in VIEWS if view not in (CriticalInputs, DwellTimes, MeanDwells, Wiring)]


@pytest.fixture(scope="module")
def record(trained: Path) -> Record:
    read = Record(trained)
    read.take(Follower(trained).lines())
    return read


@pytest.fixture(scope="module")
def during_sweep(trained: Path) -> Moment:
    read = Record(trained)
    read.take(Follower(trained).lines(60))
    return read.moment


def shown(qtbot: QtBot, kind: type[View], moment: Moment) -> View:
    view = kind(DARK)  # type: ignore[call-arg]
    qtbot.addWidget(view)
    view.resize(640, 480)
    view.show()
    view.show_moment(moment)
    return view


@pytest.mark.parametrize("kind", OF_A_TRAINING, ids=lambda kind: kind.title)
def test_every_view_draws_a_run_in_both_themes_and_can_be_copied(
    qtbot: QtBot, qapp: QApplication, kind: type[View], record: Record
) -> None:
    view = shown(qtbot, kind, record.moment)
    assert not view.is_empty
    dark = view.copy()
    dress(qapp, LIGHT)
    view.dress(LIGHT)
    light = view.copy()
    assert dark.width() == 2 * view.width()
    assert dark.pixelColor(4, 4).lightness() < 90
    assert light.pixelColor(4, 4).lightness() > 200


@pytest.mark.parametrize("kind", OF_A_TRAINING, ids=lambda kind: kind.title)
def test_every_view_says_when_there_is_nothing_to_draw(qtbot: QtBot, kind: type[View], record: Record) -> None:
    view = shown(qtbot, kind, Moment(replace(record.moment.about, bench=None)))
    assert view.is_empty
    view.show_moment(record.moment)
    assert not view.is_empty
    view.show_moment(None)
    assert view.is_empty


def test_a_view_that_is_hidden_draws_when_it_is_shown(qtbot: QtBot, record: Record) -> None:
    view = SwitchingMap(DARK)
    qtbot.addWidget(view)
    view.show_moment(record.moment)
    assert view.is_empty
    view.show()
    assert not view.is_empty


def test_the_map_has_a_region_for_each_configuration_that_the_boundaries_cut_out(qtbot: QtBot, record: Record) -> None:
    view = shown(qtbot, SwitchingMap, record.moment)
    assert isinstance(view, SwitchingMap)
    assert len({region.configuration for region in view.regions}) == 16


def test_boundaries_of_the_map_move_with_the_control_currents(qtbot: QtBot, record: Record) -> None:
    view = shown(qtbot, SwitchingMap, record.moment)
    assert isinstance(view, SwitchingMap)
    for step in (0, 1, 2):
        moment = record.at_step(step)
        view.show_moment(moment)
        assert moment.state.measured is not None
        assert moment.learnt.controls is not None
        cut = boundaries_ua(moment.state.measured.of_input, moment.learnt.controls)
        drawn = {region.bounds[0].low_ua for region in view.regions}
        assert set(cut[0]) <= drawn


@pytest.mark.parametrize("way", ["raster", "adaptive", "curves"])
def test_a_map_is_seen_while_it_is_measured(qtbot: QtBot, tmp_path: Path, way: str) -> None:
    folder = MADE[f"{way}-map"](tmp_path)
    half = Record(folder)
    half.take(Follower(folder).lines(100))
    assert not half.moment.series
    view = shown(qtbot, SwitchingMap, half.moment)
    assert isinstance(view, SwitchingMap)
    assert len({region.configuration for region in view.regions}) == 16


def heading(view: View) -> str:
    """What the map says above it."""
    assert isinstance(view, SwitchingMap)
    return re.sub(r"<[^>]*>", "", view._heading.text()).replace("\N{NO-BREAK SPACE}", " ")


def test_the_map_says_at_which_step_a_training_is_and_how_much_of_a_map_is_measured(
    qtbot: QtBot, tmp_path: Path, record: Record
) -> None:
    assert heading(shown(qtbot, SwitchingMap, record.at_step(1))).startswith("step 1")
    folder = MADE["curves-map"](tmp_path)
    whole = Record(folder)
    whole.take(Follower(folder).lines())
    assert heading(shown(qtbot, SwitchingMap, whole.moment)).startswith("4 curves")


def test_tokens_that_were_taken_for_another_class_are_ringed(qtbot: QtBot, record: Record) -> None:
    view = shown(qtbot, SwitchingMap, record.at_step(0))
    assert isinstance(view, SwitchingMap)
    measured, encoded = record.learnt.recognition[0], record.learnt.encoded
    assert encoded is not None
    ringed = [token for token in encoded.tokens if token.name in view.ringed and token.subset == "train"]
    wrong = sum(count for label, answer, count in measured.train_confusion if answer != label)
    assert len(ringed) == wrong > 50


def test_the_chain_shows_the_latest_reading(qtbot: QtBot, record: Record) -> None:
    view = shown(qtbot, Chain, record.moment)
    latest = record.moment.latest
    assert isinstance(latest, Presented)
    assert isinstance(view, Chain)
    outcome = latest.outcomes[-1]
    assert tuple(row.verdict for row in view.rows) == outcome.verdicts
    assert tuple(row.current_ua for row in view.rows) == outcome.readings[-1].currents_ua
    assert record.learnt.controls is not None
    assert tuple(row.control_ua for row in view.rows) == pytest.approx(record.learnt.controls.by_input_ua[1])
    assert sum(row.source_ua for row in view.rows) == pytest.approx(view.rows[-1].current_ua)
    assert "sources at zero" in doing(record.moment)
    assert latest.token.name in doing(replace(record.moment, state=record.state.before_end({})))


def test_while_nobody_judged_the_chain_shows_no_state(during_sweep: Moment) -> None:
    assert isinstance(during_sweep.latest, SweepPoint)
    assert [row.verdict for row in rows(during_sweep)] == [None] * 3
    assert doing(during_sweep).startswith("sweep 1, input")


def test_a_resistance_near_zero_current_is_not_shown(record: Record) -> None:
    row = rows(record.moment)[0]
    assert replace(row, current_ua=5.0).resistance_kohm is None
    assert replace(row, current_ua=100.0, voltage_mv=110.0).resistance_kohm == pytest.approx(1.1)


def test_resistance_curves_build_up_during_the_sweep(qtbot: QtBot, during_sweep: Moment, record: Record) -> None:
    view = shown(qtbot, ResistanceCurves, during_sweep)
    few = rising_points(view, 0)
    view.show_moment(record.moment)
    assert 0 < few < rising_points(view, 0) == 91 - 3  # where the current is too small there is no resistance


def test_the_log_is_filtered_by_text_and_by_trouble(qtbot: QtBot, record: Record) -> None:
    view = shown(qtbot, Story, record.moment)
    assert isinstance(view, Story)
    everything = view.shown.rowCount()
    qtbot.keyClicks(view.filter, "recognition at step")
    assert view.shown.rowCount() == 3
    view.filter.clear()
    view.only_trouble.click()
    troubles = sum(told.is_trouble for told in record.moment.told)
    assert (view.shown.rowCount(), everything) == (troubles, len(record.moment.told))


def test_the_log_goes_back_with_the_step(qtbot: QtBot, record: Record) -> None:
    view = shown(qtbot, Story, record.moment)
    assert isinstance(view, Story)
    for step in (0, 1, 2):
        then = record.at_step(step)
        view.show_moment(then)
        assert view.model.rowCount() == len(then.told)


def test_views_of_many_junctions_and_inputs_say_what_they_cannot_draw(qtbot: QtBot, record: Record) -> None:
    controls = record.learnt.controls_by_step[0]
    three_inputs = replace(controls, by_input_ua=controls.by_input_ua * 3)
    assert record.state.started is not None
    assert record.learnt.encoded is not None
    planned = ControlsPlanned(0.0, 0, three_inputs, ())
    events = [record.state.started, record.learnt.encoded, planned, *record.learnt.recognition]
    moment = replace(record.moment, state=fold(events), learnt=Learnt.of(events))
    assert shown(qtbot, SwitchingMap, moment).is_empty
    assert not shown(qtbot, ControlCourse, moment).is_empty


def test_colours_of_verdicts_differ() -> None:
    for theme in (DARK, LIGHT):
        assert len({theme.of_verdict(verdict) for verdict in (Verdict.P, Verdict.AP, Verdict.UNDECIDED, None)}) == 4


def test_a_bench_that_is_chosen_is_shown_with_its_instruments_before_any_run(qtbot: QtBot) -> None:
    table = BenchTable(DARK)
    qtbot.addWidget(table)
    table.show()
    assert table.is_empty
    table.choose(read_bench(ACROSS))
    cells = [[table.table.item(row, column).text() for column in range(4)] for row in range(table.table.rowCount())]
    assert ["source J1", "Keithley 6221", "GPIB0::12::INSTR", "not connected"] in cells
    assert len(cells) == 6


def test_the_bench_tells_what_each_instrument_does(record: Record) -> None:
    reports = tuple(
        InstrumentReport(f"{kind} J{k}", "", "", "", "") for kind in ("source", "voltmeter") for k in (1, 2, 3)
    )
    going_on = replace(record.moment, instruments=reports, state=record.state.before_end({}))
    states = states_of(going_on)
    assert states["source J1"] == f"on, {whole(rows(going_on)[0].source_ua)} µA"
    assert states["voltmeter J3"] == f"{whole(rows(going_on)[2].voltage_mv)} mV across J3"
    assert states_of(replace(going_on, state=record.state))["source J2"] == "off, read back"
    assert states_of(record.moment) == {}


def test_the_wiring_view_lists_what_the_answers_cannot_tell_apart(qtbot: QtBot, tmp_path: Path) -> None:
    folder = miswired_run(tmp_path / "run")
    record = Record(folder)
    record.take(Follower(folder).lines(100))
    view = shown(qtbot, Wiring, record.moment)
    assert isinstance(view, Wiring)
    written = view.text.toPlainText()
    assert "1 mistake in the wiring" in written
    assert "Follow the cable of source J1 to the chain: is it at J1?" in written
    assert "feeds the top of J2 instead of J1" in written
    assert [row["Verdict"] for row in Wiring.tabulate(record.moment)] == ["ok", "mistake", "possible", "possible"]
