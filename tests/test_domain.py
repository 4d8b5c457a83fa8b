"""The chain: what sources must carry so that junctions carry control plus input, and back, for any N and M."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.domain import (
    ClassTable,
    ControlCurrents,
    CriticalCurrents,
    SwitchingConfiguration,
    junction_currents_ua,
    source_currents_ua,
)

currents = st.floats(-1000, 1000)
chains = st.lists(currents, min_size=1, max_size=12)


@given(controls=chains, input_ua=currents)
def test_every_junction_carries_its_control_plus_the_input(controls: list[float], input_ua: float) -> None:
    junctions = junction_currents_ua(source_currents_ua(controls, input_ua))
    assert junctions == pytest.approx([control + input_ua for control in controls], abs=1e-9)


@given(sources=chains, input_ua=currents)
def test_controls_and_sources_are_inverse(sources: list[float], input_ua: float) -> None:
    controls = [current - input_ua for current in junction_currents_ua(sources)]
    again = source_currents_ua(controls, input_ua)
    assert again == pytest.approx(sources, abs=1e-9)


@given(controls=chains, one=currents, other=currents)
def test_an_input_moves_source_1_alone(controls: list[float], one: float, other: float) -> None:
    assert source_currents_ua(controls, one)[1:] == source_currents_ua(controls, other)[1:]


def test_the_papers_second_setting_needs_plus_80_and_minus_180_ua_from_sources_2_and_3() -> None:
    assert source_currents_ua((-460, -380, -560), 0) == (-460, 80, -180)


@given(chain=st.integers(1, 8), inputs=st.integers(1, 4), moves=st.data())
def test_control_currents_move_by_junction_and_input(chain: int, inputs: int, moves: st.DataObject) -> None:
    start = ControlCurrents.uniform(-500, chain, inputs)
    row = st.tuples(*[st.sampled_from([-10, 0, 10])] * chain)
    drawn = moves.draw(st.tuples(*[row] * inputs))
    there = start.moved(drawn)
    back = there.moved([[-move for move in row] for row in drawn])
    assert back == start
    assert there.by_input_ua == tuple(tuple(-500 + move for move in row) for row in drawn)


def test_control_currents_are_reported_by_the_letter_of_their_input() -> None:
    assert ControlCurrents(((-500, -510), (-490, -480))).by_label() == {"a": [-500, -510], "b": [-490, -480]}


def test_a_configuration_reads_like_the_paper() -> None:
    assert str(SwitchingConfiguration((2, 3))) == "[2A, 3B]"


def test_raising_a_control_lowers_the_critical_input_by_as_much() -> None:
    spread = (4.3, 4.3, 4.3)
    critical = CriticalCurrents((224, -66, 196), (-57, -347, -85), spread, spread, repetitions=3, ramp_ua_per_s=100)
    assert critical.inputs_ua((-500, -500, -500)) == (724, 434, 696)
    assert critical.inputs_ua((-460, -380, -560)) == (684, 314, 756)


TABLE = ClassTable(
    tuple(
        (label, SwitchingConfiguration(counts))
        for label, counts in (("a", (0, 0)), ("a", (1, 0)), ("b", (3, 3)), ("b", (0, 3)), ("b", (2, 1)))
    )
)


def test_a_configuration_stands_for_one_class_and_a_class_may_have_several() -> None:
    assert TABLE.classes == ("a", "b")
    assert TABLE.class_of(SwitchingConfiguration((1, 0))) == "a"
    assert TABLE.class_of(SwitchingConfiguration((2, 2))) is None
    assert TABLE.class_of(None) is None
    assert [one.counts for one in TABLE.of_class("b")] == [(3, 3), (0, 3), (2, 1)]


@pytest.mark.parametrize(
    ("observed", "nearest"), [((2, 1), (2, 1)), ((1, 1), (2, 1)), ((0, 2), (0, 3)), ((0, 0), (0, 3)), (None, (3, 3))]
)
def test_the_nearest_configuration_of_a_class(observed: tuple[int, int] | None, nearest: tuple[int, int]) -> None:
    """Of two as near as each other the first of the class, and without an observation the first."""
    seen = SwitchingConfiguration(observed) if observed else None
    assert TABLE.nearest("b", seen).counts == nearest
