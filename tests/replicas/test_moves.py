"""Moves and readable inputs of many replicas, against those of one chain."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.config import DetectorSettings
from mtjlab.detection.detector import reading_input_ua
from mtjlab.domain import CriticalCurrents, Interval, PerJunction
from mtjlab.errors import LimitExceededError
from mtjlab.replicas.moves import Limits, reading_inputs_ua
from mtjlab.transitions import plan_transition

ALLOWED = (Interval(-750.0, 750.0), Interval(-600.0, 700.0), Interval(-720.0, 300.0))
sources = st.tuples(st.floats(-700, 300), st.floats(-300, 300), st.floats(-300, 300))


@given(st.lists(st.tuples(sources, sources), min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_moves_are_those_that_are_planned_for_one_chain(pairs: list[tuple[PerJunction, PerJunction]]) -> None:
    limits = Limits.of([ALLOWED] * len(pairs))
    moves = limits.moves(*(np.array(side) for side in zip(*pairs, strict=True)))
    for r, (start_ua, target_ua) in enumerate(pairs):
        try:
            settled_ua = plan_transition(start_ua, target_ua, ALLOWED).settled_ua()
        except LimitExceededError:
            assert not moves.possible[r]
            continue
        found_ua = [moves.currents_ua[g, r] for g in range(len(moves.settles)) if moves.settles[g, r]]
        assert moves.possible[r]
        assert np.allclose(np.array(found_ua).reshape(-1, 3), np.array(settled_ua).reshape(-1, 3))


@given(
    st.lists(st.tuples(st.tuples(*[st.floats(-560, -90)] * 3), st.floats(0, 900)), min_size=1, max_size=6),
    st.integers(0, 60),
)
def test_inputs_are_lowered_as_for_one_chain(drawn: list[tuple[tuple[float, ...], float]], margin_ua: int) -> None:
    detector = DetectorSettings(reading_margin_ua=margin_ua, dead_band_ua=15.0)
    critical = CriticalCurrents((224.0, -66.0, 196.0), (-57.0, -347.0, -85.0), (4.0,) * 3, (4.0,) * 3, 3, 100.0)
    ends_ua = np.array(critical.up_ua), np.array(critical.down_ua)
    controls_ua, inputs_ua = (np.array(side) for side in zip(*drawn, strict=True))
    lowered_ua = reading_inputs_ua(controls_ua, inputs_ua, ends_ua, detector)
    expected_ua = [reading_input_ua(row_ua, input_ua, critical, detector) for row_ua, input_ua in drawn]
    assert np.array_equal(lowered_ua, [np.nan if one is None else one for one in expected_ua], equal_nan=True)
