"""Sources in compliance against brute force: of all combinations of clamped and free sources one fits."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.simulated.compliance import OPEN, Drive, Stretch, root_of_rising, solve
from tests.instruments.simulated.simulated_samples import voltage_v

CURRENTS = st.floats(-1e-3, 1e-3)
DRIVES = st.one_of(
    st.builds(Drive.of_current, CURRENTS, st.floats(0.05, 4.0)),
    st.builds(Drive.of_voltage, st.floats(-2.0, 2.0), st.sampled_from([5e-7, 5e-6, 1e-3])),
    st.just(OPEN),
)
STATES = st.tuples(*[st.sampled_from(["P", "AP"])] * 3)
NEARLY_V, NEARLY_A = 1e-9, 1e-12


def fits(drive, current_a, node_v):
    """Whether a point is on the falling staircase of a source."""
    low_v, high_v, level_a, most_a = drive.low_v, drive.high_v, drive.level_a, drive.most_a
    free = abs(current_a - level_a) < NEARLY_A and low_v - NEARLY_V < node_v < high_v + NEARLY_V
    at_high = abs(node_v - high_v) < NEARLY_V and -most_a - NEARLY_A < current_a < level_a + NEARLY_A
    at_low = abs(node_v - low_v) < NEARLY_V and level_a - NEARLY_A < current_a < most_a + NEARLY_A
    above = node_v > high_v - NEARLY_V and abs(current_a + most_a) < NEARLY_A
    below = node_v < low_v + NEARLY_V and abs(current_a - most_a) < NEARLY_A
    return free or at_high or at_low or above or below


@settings(deadline=None)
@given(st.tuples(DRIVES, DRIVES, DRIVES), STATES)
def test_every_source_is_on_its_staircase_and_every_junction_on_its_law(drives, states):
    solution = solve(drives, lambda k, current_a: voltage_v(k, states[k], current_a))
    assert all(map(fits, drives, solution.sources_a, solution.nodes_v))
    current_a = 0.0
    for k, node_v in enumerate(solution.nodes_v):
        current_a += solution.sources_a[k]
        below_v = solution.nodes_v[k + 1] if k < 2 else 0.0
        assert node_v - below_v == pytest.approx(voltage_v(k, states[k], current_a), abs=1e-9)


@settings(deadline=None)
@given(st.tuples(DRIVES, DRIVES, DRIVES), STATES, st.tuples(*[st.sampled_from(Stretch)] * 3))
def test_no_guess_leads_elsewhere(drives, states, guess):
    def law(k, current_a):
        return voltage_v(k, states[k], current_a)

    possible = [
        stretch if drive.most_a < 1.0 or stretch not in (Stretch.BELOW, Stretch.ABOVE) else Stretch.FREE
        for drive, stretch in zip(drives, guess, strict=True)
    ]
    possible = [Stretch.FREE if drive is OPEN else one for drive, one in zip(drives, possible, strict=True)]
    assert solve(drives, law, possible).nodes_v == pytest.approx(solve(drives, law).nodes_v, abs=1e-8)


@settings(max_examples=25, deadline=None)
@given(st.tuples(*[st.builds(Drive.of_current, CURRENTS, st.floats(0.2, 3.0))] * 3))
def test_linear_chains_agree_with_all_combinations_tried(drives):
    resistance_ohm = 1500.0
    solution = solve(drives, lambda k, current_a: resistance_ohm * current_a)
    for clamps in product((None, "low_v", "high_v"), repeat=3):
        nodes_v = nodes_of_linear_chain(drives, clamps, resistance_ohm)
        if nodes_v is None:
            continue
        currents_a = [(here - below) / resistance_ohm for here, below in zip(nodes_v, [*nodes_v[1:], 0.0], strict=True)]
        sources_a = [here - above for here, above in zip(currents_a, [0.0, *currents_a], strict=False)]
        if all(map(fits, drives, sources_a, nodes_v)):
            assert solution.nodes_v == pytest.approx(nodes_v, abs=1e-8)
            return
    pytest.fail("no combination fits")


def nodes_of_linear_chain(drives, clamps, resistance_ohm):
    """Node voltages by Gauss elimination where ``clamps`` name what holds a node."""
    matrix, right = np.zeros((3, 3)), np.zeros(3)
    for k, clamp in enumerate(clamps):
        if clamp:
            matrix[k, k], right[k] = 1.0, getattr(drives[k], clamp)
            continue
        matrix[k, k] = 1.0
        if k < 2:
            matrix[k, k + 1] = -1.0
        if k > 0:
            matrix[k, k - 1], matrix[k, k] = -1.0, 2.0
        right[k] = drives[k].level_a * resistance_ohm
    if abs(np.linalg.det(matrix)) < 1e-12:
        return None
    return np.linalg.solve(matrix, right)


def test_a_source_within_its_compliance_delivers_its_level():
    solution = solve([Drive.of_current(-5e-4, 3.0), OPEN, OPEN], lambda k, current_a: voltage_v(k, "AP", current_a))
    assert solution.sources_a == (-5e-4, 0.0, 0.0)
    assert set(solution.stretches) == {Stretch.FREE}


def test_a_source_in_compliance_holds_its_node_there():
    solution = solve([Drive.of_current(-5e-4, 1.5), OPEN, OPEN], lambda k, current_a: voltage_v(k, "AP", current_a))
    assert solution.nodes_v[0] == -1.5
    assert -5e-4 < solution.sources_a[0] < -2e-4
    assert solution.stretches[0] is Stretch.AT_LOW


def test_leads_swapped_turn_everything_round():
    assert Drive(1.0, -2.0, 3.0, 4.0).reversed() == Drive(-1.0, -3.0, 2.0, 4.0)


@given(st.floats(-50.0, 50.0))
def test_roots_of_a_steep_and_flat_function_are_found(root):
    found = root_of_rising(lambda x: (x - root) ** 3 + 1e-3 * (x - root), 1e-4, 1e-15)
    assert found == pytest.approx(root, abs=1e-9)


def test_a_function_that_does_not_change_sign_is_an_error():
    with pytest.raises(ArithmeticError, match="sign"):
        root_of_rising(lambda x: 1.0, 1.0, 1e-9)
