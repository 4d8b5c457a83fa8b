"""Points set by hand: a series for each set of control currents; none is lost while others are set."""

from math import nan

from hypothesis import given
from hypothesis import strategies as st

from mtjlab.gui.run.hand_points import MAX_SERIES, HandPoints
from mtjlab.palette import series_style

READINGS = st.lists(st.tuples(st.sampled_from([-500.0, -400.0, -300.0]), st.sampled_from([0.0, 100.0, 200.0])))


def taken(readings: list[tuple[float, float]]) -> HandPoints:
    points = HandPoints()
    for control_ua, input_ua in readings:
        points.take((control_ua,), input_ua, (1.5,))
    return points


@given(READINGS)
def test_every_change_is_a_point_of_the_series_of_its_control_currents(readings: list[tuple[float, float]]) -> None:
    drawn = {one.controls_ua: [point.input_ua for point in one.points] for one in taken(readings).series}
    changes = [now for before, now in zip([None, *readings], readings, strict=False) if now != before]
    assert drawn == {
        (control_ua,): [at for control, at in changes if control == control_ua] for control_ua, _ in changes
    }


@given(READINGS, st.integers(0, 30))
def test_what_was_cleared_stays_away_and_what_comes_later_is_drawn(
    readings: list[tuple[float, float]], cleared: int
) -> None:
    points = taken(readings)
    numbers = [point.number for one in points.since(cleared) for point in one.points]
    if cleared <= len(readings) + 1:
        assert all(number >= cleared for number in numbers)
        assert (max(numbers, default=0) == len(readings)) or cleared == len(readings) + 1 or not readings
    else:
        assert numbers == [point.number for one in points.series for point in one.points]


def test_as_many_series_are_stored_as_have_a_look_of_their_own() -> None:
    points = taken([(float(control), 0.0) for control in range(2 * MAX_SERIES)])
    assert len({series_style(one.style) for one in points.series}) == len(points.series) == MAX_SERIES


def test_rising_and_falling_are_told_apart_and_a_point_held_keeps_its_own() -> None:
    (series,) = taken([(0.0, at) for at in (0.0, 100.0, 100.0, 50.0, 50.0)]).series
    assert [(point.input_ua, point.is_rising) for point in series.points] == [(0, True), (100, True), (50, False)]


def test_without_current_there_is_no_resistance_and_no_point() -> None:
    points = HandPoints()
    points.take((0.0,), 0.0, (nan,))
    assert (points.series, points.readings) == ((), 1)
