"""The resistance law: both branches against an independent solution, odd, monotonic, bounded."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.detection.resistance import ResistanceLaw
from tests.detection.chips import AP, J1, OTHER_J1, Chip, P, true_mv

NOMINAL = ResistanceLaw(r_p_ohm=1100.0, tmr=1.2, half_bias_mv=500.0, bias_per_v2=0.1)
SOLVER_MV = 1e-8


def laws() -> st.SearchStrategy[ResistanceLaw]:
    return st.builds(ResistanceLaw, st.floats(100, 1e4), st.floats(0.01, 7.9), st.floats(200, 1000), st.floats(0, 1))


@pytest.mark.parametrize("chip", [J1, OTHER_J1], ids=["nominal", "other"])
@pytest.mark.parametrize("current_ua", [-600.0, -500.0, -66.0, -5.0, 0.0, 10.0, 196.0, 224.0, 400.0])
def test_voltages_agree_with_a_root_finder(chip: Chip, current_ua: float) -> None:
    law = ResistanceLaw(chip.r_p_ohm, chip.tmr, 1e3 * chip.half_bias_v, chip.bias_per_v2)
    truth = tuple(true_mv(chip, state, current_ua) - chip.offset_mv for state in (P, AP))
    assert law.voltages_mv(current_ua) == pytest.approx(truth, abs=SOLVER_MV)


@pytest.mark.parametrize(
    ("current_ua", "branch", "ohm"), [(-500, 1, 1450), (-66, 1, 2303), (196, 1, 1917), (224, 1, 1851), (-500, 0, 1070)]
)
def test_resistances_of_the_nominal_junction(current_ua: float, branch: int, ohm: float) -> None:
    assert 1e3 * NOMINAL.voltages_mv(current_ua)[branch] / current_ua == pytest.approx(ohm, abs=1.0)


@given(laws(), st.floats(-1000, 1000))
def test_conduction_inverts_both_branches(law: ResistanceLaw, current_ua: float) -> None:
    parallel_mv, antiparallel_mv = law.voltages_mv(current_ua)
    assert law.conduction(parallel_mv, 0.0)[0] == pytest.approx(current_ua, abs=1e-6)
    assert law.conduction(antiparallel_mv, law.tmr)[0] == pytest.approx(current_ua, abs=1e-6)


@given(laws(), st.floats(1, 1000))
def test_the_law_is_odd_and_antiparallel_is_the_larger(law: ResistanceLaw, current_ua: float) -> None:
    parallel_mv, antiparallel_mv = law.voltages_mv(current_ua)
    assert law.voltages_mv(-current_ua) == (-parallel_mv, -antiparallel_mv)
    assert 0 < parallel_mv < antiparallel_mv


@given(laws(), st.lists(st.floats(-1000, 1000), min_size=1, max_size=20))
def test_a_trace_agrees_with_single_currents(law: ResistanceLaw, currents_ua: list[float]) -> None:
    trace_mv = np.transpose(law.voltages_trace_mv(np.array(currents_ua)))
    assert trace_mv == pytest.approx(np.array([law.voltages_mv(current) for current in currents_ua]), abs=SOLVER_MV)


@given(laws(), st.floats(1, 1000))
def test_the_slope_is_the_derivative_of_the_current(law: ResistanceLaw, voltage_mv: float) -> None:
    step_mv = 1e-3 * voltage_mv
    above, below = (law.conduction(voltage_mv + sign * step_mv, law.tmr)[0] for sign in (1, -1))
    # Central differences err by step^2 / 6 times the third derivative, here at most a few 1e-6 of I / V.
    unit = law.conduction(voltage_mv, law.tmr)[0] / voltage_mv
    assert law.conduction(voltage_mv, law.tmr)[1] == pytest.approx((above - below) / (2 * step_mv), abs=1e-4 * unit)


@given(laws(), st.floats(10, 1500), st.floats(0, 1))
def test_within_the_current_interval_no_junction_exceeds_the_voltage(
    law: ResistanceLaw, bound_mv: float, share: float
) -> None:
    interval = law.current_interval(bound_mv)
    assert interval.low_ua == -interval.high_ua
    assert max(law.voltages_mv(share * interval.high_ua)) <= bound_mv * (1 + 1e-9)
    assert law.voltages_mv(1.001 * interval.high_ua)[1] > bound_mv


@pytest.mark.parametrize(
    "wrong", [(0, 1.2, 500, 0.1), (1100, 0, 500, 0.1), (1100, 8, 500, 0.1), (1100, 1.2, 0, 0.1), (1100, 1.2, 500, -0.1)]
)
def test_a_law_without_a_unique_voltage_is_refused(wrong: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="are needed"):
        ResistanceLaw(*wrong)
