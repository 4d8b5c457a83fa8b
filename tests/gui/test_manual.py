"""By hand: a person connects, turns currents, is refused what cannot be, disconnects; the engine decides."""

from pathlib import Path

import pytest
from PyQt5.QtCore import QLocale, Qt
from pytestqt.qtbot import QtBot

from mtjlab.config import Limits
from mtjlab.domain import Interval
from mtjlab.gui.engines.files import calibrations
from mtjlab.gui.engines.questions import DISCONNECT, STAY
from mtjlab.gui.look.formatting import MINUS
from mtjlab.gui.look.number_field import NOT_YET
from mtjlab.gui.panels.manual.knob import Knob
from mtjlab.gui.panels.manual.panel import control_range, full_input_range, input_range
from mtjlab.gui.views.chain import Chain
from mtjlab.gui.views.curves import ResistanceCurves
from mtjlab.gui.window import MainWindow
from mtjlab.palette import series_style
from mtjlab.procedures.manual.events import JunctionsRead, RequestPlanned
from mtjlab.reading import read_events
from mtjlab.run_status import status_report
from mtjlab.store import EMERGENCY, STOP, read_request
from tests.gui.windows import PATIENCE_MS, Opening, Scripted, click, fill, shown, wait
from tests.support.commands import ACROSS

LIMITS = Limits()


def currents_ua(window: MainWindow) -> tuple[float, ...]:
    latest = window.playback.follower.snapshot.latest if window.playback.follower else None
    return latest.readings[-1].currents_ua if isinstance(latest, JunctionsRead) else ()


def connected(qtbot: QtBot, window: MainWindow) -> Path:
    click(qtbot, window.band.connection)
    wait(qtbot, lambda: currents_ua(window) == (0, 0, 0))
    assert window.playback.folder is not None
    return window.playback.folder


def status(folder: Path) -> str:
    return status_report(folder).status


@pytest.mark.parametrize("bench", ["in process", "over TCP"])
def test_currents_are_turned_within_the_limits_and_left_at_zero(qtbot: QtBot, open_window: Opening, bench: str) -> None:
    window = open_window()
    if bench == "over TCP":
        window.band.choose(ACROSS)
        window.band.simulate.setChecked(True)
    folder = connected(qtbot, window)
    assert window.band.connection.text() == "Disconnect"
    assert not window.band.benches.isEnabled()

    click(qtbot, window.manual.start)
    wait(qtbot, lambda: currents_ua(window) == (-500, -500, -500))
    turn = window.manual.input
    assert turn is not None
    wait(qtbot, lambda: turn.number.high > 500)
    qtbot.keyClick(turn.slider, Qt.Key.Key_PageUp)
    qtbot.keyClick(turn.slider, Qt.Key.Key_Right)
    wait(qtbot, lambda: currents_ua(window) == (-390, -390, -390))
    assert not window.views["Resistance curves"].is_empty
    assert not window.views["Chain"].is_empty

    click(qtbot, window.band.connection)
    wait(qtbot, lambda: status(folder) == "stopped")
    events = list(read_events(folder))
    assert [one.input_ua for one in events if isinstance(one, RequestPlanned)][-1] == 110
    assert events[-2].type == "went-safe"
    assert (
        status_report(folder).sentence
        == "stopped by the operator, who disconnected the bench; all sources at zero, outputs off"
    )
    wait(qtbot, lambda: window.band.connection.text() == "Connect" and window.band.benches.isEnabled())
    assert not window.manual.start.isEnabled()


def test_a_knob_turns_its_own_current_alone_however_soon_after_another(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    folder = connected(qtbot, window)
    click(qtbot, window.manual.start)
    for knob in window.manual.controls[:2]:
        assert knob.current_ua == -500
        qtbot.keyClick(knob.slider, Qt.Key.Key_Right)
    wait(qtbot, lambda: currents_ua(window) == (-490, -490, -500))
    planned = [one.controls_ua for one in read_events(folder) if isinstance(one, RequestPlanned)]
    assert all(currents[2] == -500 for currents in planned)
    window.stop_everything()


def says(window: MainWindow, knob: Knob, refused: str) -> bool:
    """Whether a field says why its text does not count, once somebody has turned to another."""
    if refused is NOT_YET:
        knob.number.setFocus()
    window.manual.step.setFocus()
    return refused in knob.number.reason.text()


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_typed_current_is_the_one_that_flows_and_one_in_doubt_moves_nothing(
    qtbot: QtBot, open_window: Opening, language: str
) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        window = open_window()
        folder = connected(qtbot, window)
        wait(qtbot, lambda: window.manual.controls)
        knob = window.manual.controls[1]
        window.docks["Manual"].raise_()
        for text, refused in (("1500", "above the limit, 750 µA"), ("-1,234", "is not clear"), ("-4", NOT_YET)):
            wait(qtbot, lambda: knob.number.isEnabled() and knob.number.high == 750)
            knob.number.setFocus()
            knob.number.selectAll()
            qtbot.keyClicks(knob.number, text)
            if refused is not NOT_YET:
                qtbot.keyClick(knob.number, Qt.Key.Key_Return)
            wait(qtbot, lambda: says(window, knob, refused))  # noqa: B023
            assert knob.number.text() == (text if refused is NOT_YET else "0")
        knob.number.setFocus()
        knob.number.selectAll()
        qtbot.keyClicks(knob.number, "-46,5")
        qtbot.keyClick(knob.number, Qt.Key.Key_Return)
        wait(qtbot, lambda: currents_ua(window) == (0, -46.5, 0))
        planned = [one.controls_ua for one in read_events(folder) if isinstance(one, RequestPlanned)]
        assert planned == [(0, -46.5, 0)]
    finally:
        QLocale.setDefault(before)
    window.stop_everything()


def type_over(qtbot: QtBot, knob: Knob, text: str) -> None:
    knob.number.setFocus()
    knob.number.selectAll()
    qtbot.keyClicks(knob.number, text)


def test_a_button_takes_back_what_was_refused_or_not_entered(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    connected(qtbot, window)
    panel = window.manual
    wait(qtbot, lambda: panel.input is not None and panel.input.number.high == 750)
    assert panel.input is not None
    window.docks["Manual"].raise_()
    type_over(qtbot, panel.input, "1500")
    qtbot.keyClick(panel.input.number, Qt.Key.Key_Return)
    assert "above the limit" in panel.input.number.reason.text()
    type_over(qtbot, panel.controls[0], "-4")
    click(qtbot, panel.release)
    for knob in (panel.input, *panel.controls):
        assert (knob.number.text(), knob.number.reason.text()) == ("0", "")
        assert not knob.number.is_wrong
    window.stop_everything()


def test_fields_show_what_the_bench_has_that_is_connected_and_nothing_of_another(
    qtbot: QtBot, open_window: Opening, tmp_path: Path
) -> None:
    other = tmp_path / "other.toml"
    other.write_text('kind = "simulated"\nname = "another bench"\n')
    window = open_window()
    first = connected(qtbot, window)
    panel = window.manual
    click(qtbot, panel.start)
    wait(qtbot, lambda: currents_ua(window) == (-500, -500, -500))
    type_over(qtbot, panel.controls[1], "-46")
    click(qtbot, window.band.connection)
    wait(qtbot, lambda: window.band.connection.text() == "Connect" and window.band.benches.isEnabled())

    def texts() -> list[str]:
        return [knob.number.text() for knob in panel._knobs]

    def is_free() -> bool:
        return texts() == [""] * 4 and not any(knob.number.isEnabled() for knob in panel._knobs)

    wait(qtbot, is_free)
    window.band.choose(other)
    click(qtbot, window.band.connection)
    assert is_free()
    wait(qtbot, lambda: texts() == ["0"] * 4 and panel.start.isEnabled())

    second = window.engines.held
    window.playback.open(first)
    wait(qtbot, lambda: window.playback.follower is not None and window.playback.follower.is_over)
    window.playback.show_place(window.playback.last_place // 2)
    wait(qtbot, lambda: window.playback._replay is not None and window.playback._replay.builder.lines > 2)
    assert is_free()
    assert not panel.start.isEnabled()
    assert second is not None
    window.playback.open(second)
    wait(qtbot, lambda: texts() == ["0"] * 4 and panel.start.isEnabled())
    window.stop_everything()


def test_what_the_engine_refuses_is_said_and_knobs_go_back(qtbot: QtBot, open_window: Opening, tmp_path: Path) -> None:
    careful = tmp_path / "careful.toml"
    careful.write_text(
        'kind = "simulated"\n[limits]\njunction_voltage_warn_mv = 500\njunction_voltage_refuse_mv = 600\n'
    )
    window = open_window()
    window.band.choose(careful)
    connected(qtbot, window)
    click(qtbot, window.manual.start)
    assert window.manual.controls[1].current_ua == -500
    wait(qtbot, lambda: "J1 would carry -500 uA" in window.manual.refused.text())
    wait(qtbot, lambda: window.manual.controls[1].current_ua == 0)
    assert currents_ua(window) == (0, 0, 0)
    window.stop_everything()


def test_manual_control_is_ended_for_a_run_only_if_the_operator_agrees(
    qtbot: QtBot, open_window: Opening, prompts: Scripted
) -> None:
    window = open_window()
    held = connected(qtbot, window)
    fill(window, steps=1)
    prompts.answers = [STAY, STAY]
    click(qtbot, window.band.check)
    click(qtbot, window.training.start)
    assert ["wiring check on simulated" in prompts.asked[0], "training" in prompts.asked[1]] == [True, True]
    click(qtbot, window.training.queue)
    assert "It starts when the bench is disconnected." in window.notices.text
    window.queue.put_in_order(())
    assert not (held / STOP).exists()
    assert window.engines.is_connected

    prompts.answers = [DISCONNECT]
    click(qtbot, window.training.start)
    assert (held / STOP).exists()
    wait(
        qtbot, lambda: window.playback.folder != held and window.playback.last_step == 1 and not window.engines.running
    )
    assert status_report(held).sentence.startswith("stopped by the window, which then started `mtjlab train`; ")
    assert window.playback.folder is not None
    assert read_request(window.playback.folder)["run"]["procedure"] == "train"
    assert status(window.playback.folder) == "finished"


def test_a_bench_that_another_window_holds_is_turned_and_let_go_of_here(
    qtbot: QtBot, open_window: Opening, prompts: Scripted
) -> None:
    first = open_window()
    held = connected(qtbot, first)
    prompts.answers = ["Leave it running"]
    first.close()
    assert "is connected" in prompts.asked[-1]
    second = open_window()
    second.open_first(None)
    wait(qtbot, lambda: currents_ua(second) == (0, 0, 0))
    click(qtbot, second.manual.start)
    wait(qtbot, lambda: currents_ua(second) == (-500, -500, -500))
    click(qtbot, second.band.connection)
    wait(qtbot, lambda: status(held) == "stopped")


def test_an_emergency_stop_reaches_a_bench_that_is_held(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    folder = connected(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_F12)
    assert (folder / EMERGENCY).exists()
    qtbot.waitUntil(lambda: status(folder) == "stopped", timeout=PATIENCE_MS)
    assert status_report(folder).why == "an EMERGENCY STOP in the window, at once"


def test_a_slider_has_one_place_for_a_current_whatever_the_others_are(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    connected(qtbot, window)
    click(qtbot, window.manual.start)
    wait(qtbot, lambda: currents_ua(window) == (-500, -500, -500))
    panel = window.manual
    assert panel.input is not None

    def place(knob: Knob) -> tuple[int, int, int]:
        return knob.slider.minimum(), knob.slider.sliderPosition(), knob.slider.maximum()

    before = place(panel.controls[0])
    assert before == (LIMITS.junction_current_min_ua, -500, LIMITS.junction_current_max_ua)
    type_over(qtbot, panel.input, "600")
    qtbot.keyClick(panel.input.number, Qt.Key.Key_Return)
    wait(qtbot, lambda: currents_ua(window) == (100, 100, 100))
    assert place(panel.controls[0]) == before
    assert panel.controls[0].scale.allowed == control_range(LIMITS, 600.0)
    assert panel.controls[0].scale.range == control_range(LIMITS, 0.0)
    assert f"Allowed now: {MINUS}750 to 150 µA" in panel.controls[0].slider.toolTip()

    qtbot.keyClick(panel.controls[1].slider, Qt.Key.Key_End)
    wait(qtbot, lambda: currents_ua(window) == (100, 750, 100))
    assert panel.controls[1].slider.sliderPosition() == 150
    assert place(panel.controls[0]) == before
    assert panel.input.number.high == 600
    assert panel.input.slider.maximum() == full_input_range(LIMITS).high_ua
    window.stop_everything()


def test_points_stay_until_they_are_cleared_a_series_for_each_set_of_control_currents(
    qtbot: QtBot, open_window: Opening
) -> None:
    window = open_window()
    connected(qtbot, window)
    curves = window.views["Resistance curves"]
    assert isinstance(curves, ResistanceCurves)
    window.docks[curves.title].raise_()
    panel = window.manual

    def drawn() -> dict[tuple[float, ...], set[float]]:
        return {one.controls_ua: {point.input_ua for point in one.points} for one in curves.hand_series}

    click(qtbot, panel.start)
    assert panel.input is not None
    for input_ua in (100, 200):
        wait(qtbot, lambda: drawn().get((-500,) * 3, set()) == set(range(0, input_ua, 100)))  # noqa: B023
        qtbot.keyClick(panel.input.slider, Qt.Key.Key_PageUp)
    wait(qtbot, lambda: drawn()[(-500,) * 3] == {0, 100, 200})
    qtbot.keyClick(panel.controls[0].slider, Qt.Key.Key_PageUp)
    wait(qtbot, lambda: (-400, -500, -500) in drawn())
    assert drawn()[(-500,) * 3] >= {0, 100, 200}
    wait(qtbot, lambda: "-400, -500, -500".replace("-", MINUS) in curves._heading.text().replace("\xa0", " "))
    first, second = (one.style for one in curves.hand_series if any(one.controls_ua))
    assert series_style(first).colour != series_style(second).colour
    assert series_style(first).marker != series_style(second).marker

    click(qtbot, panel.clear)
    assert sum(len(one.points) for one in curves.hand_series) <= 1
    wait(qtbot, lambda: list(drawn()) == [(-400, -500, -500)])
    window.stop_everything()


def test_without_a_calibration_states_are_nominal_and_curves_are_one_click_away(
    qtbot: QtBot, open_window: Opening
) -> None:
    window = open_window()
    held = connected(qtbot, window)
    chain = window.views["Chain"]
    assert isinstance(chain, Chain)
    click(qtbot, window.manual.start)
    wait(qtbot, lambda: [row.state for row in chain.rows] == ["AP?"] * 3)
    assert window.manual.no_calibration.isVisible()
    window.training.fill({"sweep": {"input_step_ua": 25, "repetitions": 2}})
    click(qtbot, window.manual.curves)
    wait(
        qtbot,
        lambda: window.playback.folder != held and window.engines.running == [] and status(shown(window)) == "finished",
    )
    assert read_request(shown(window))["run"]["procedure"] == "sweep"
    assert status(held) == "stopped"

    click(qtbot, window.band.connection)
    wait(qtbot, lambda: currents_ua(window) == (0, 0, 0))
    click(qtbot, window.manual.start)
    wait(qtbot, lambda: [row.state for row in chain.rows] == ["AP"] * 3)
    assert not window.manual.curves.isVisible()
    window.stop_everything()


@pytest.mark.parametrize("input_ua", [0.0, 300.0])
def test_controls_may_be_turned_as_far_as_every_junction_stays_inside(input_ua: float) -> None:
    low_ua, high_ua = LIMITS.junction_current_min_ua, LIMITS.junction_current_max_ua
    assert control_range(LIMITS, input_ua) == Interval(low_ua, high_ua - input_ua)


def test_the_input_may_be_turned_as_far_as_every_junction_stays_inside() -> None:
    low_ua, high_ua = LIMITS.junction_current_min_ua, LIMITS.junction_current_max_ua
    assert input_range(LIMITS, (-500.0, -400.0, -450.0)) == Interval(low_ua + 500, high_ua + 400)


def test_the_latest_calibration_of_the_very_chip_is_found(tmp_path: Path) -> None:
    for run, told in (
        ("0001-sweep", '{"device": "C7", "simulated": true}'),
        ("0002-sweep", '{"device": "C7", "simulated": false}'),
        ("0003-sweep", '{"device": "C8", "simulated": true}'),
        ("0004-sweep", "{"),
        ("0005-sweep", "[]"),
    ):
        folder = tmp_path / "2026-11-27" / run
        folder.mkdir(parents=True)
        (folder / "calibration-c7-2026-11-27.json").write_text(told)
    found = next(calibrations(tmp_path, "C7", simulated=True), None)
    assert found is not None
    assert found.parent.name == "0001-sweep"
    assert not list(calibrations(tmp_path, "C9", simulated=True))
