"""The laws of one simulated junction: resistance against bias, switching rates against current."""

from math import exp, inf, log, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.simulated.junction import JunctionModel, SwitchingLaw

J1 = JunctionModel(critical_current_up_a=224e-6, critical_current_down_a=-57e-6)
J2 = JunctionModel(critical_current_up_a=-66e-6, critical_current_down_a=-347e-6)

states = st.sampled_from(["P", "AP"])
currents = st.floats(1e-9, 2e-3)
models = st.builds(
    JunctionModel,
    critical_current_up_a=st.just(224e-6),
    critical_current_down_a=st.just(-57e-6),
    resistance_p_ohm=st.floats(10.0, 1e5),
    tmr0=st.floats(0.0, 8.0),
    half_voltage_v=st.floats(0.05, 2.0),
    curvature_per_v2=st.floats(0.0, 10.0),
)


@pytest.mark.parametrize(
    ("state", "current_ua", "resistance_ohm"),
    [("AP", -500, 1450), ("AP", -66, 2303), ("AP", 196, 1917), ("AP", 224, 1851), ("P", -500, 1070)],
)
def test_resistance_depends_on_bias_as_published(state, current_ua, resistance_ohm):
    assert J1.voltage_v(state, current_ua * 1e-6) / (current_ua * 1e-6) == pytest.approx(resistance_ohm, abs=1.0)


def test_zero_bias_resistances_are_the_parameters():
    assert J1.voltage_v("P", 1e-9) / 1e-9 == pytest.approx(1100.0)
    assert J1.voltage_v("AP", 1e-9) / 1e-9 == pytest.approx(1100.0 * 2.2)
    assert J1.voltage_v("AP", 0.0) == 0.0


def test_reset_is_far_from_breakdown_thanks_to_the_bias_dependence():
    assert J1.voltage_v("AP", -500e-6) == pytest.approx(-0.73, abs=0.01)
    assert 3 * J1.voltage_v("AP", -500e-6) == pytest.approx(-2.18, abs=0.01)
    assert 3 * J1.voltage_v("AP", -600e-6) == pytest.approx(-2.46, abs=0.01)


@given(models, states, currents)
def test_voltage_inverts_current(model, state, current_a):
    assert model.current_a(state, model.voltage_v(state, current_a)) == pytest.approx(current_a, rel=1e-14)


@given(models, states, st.floats(1e-4, 3.0), st.floats(1.0001, 10.0))
def test_current_rises_with_voltage_so_the_root_is_unique(model, state, voltage_v, factor):
    assert model.current_a(state, factor * voltage_v) > model.current_a(state, voltage_v) > 0.0


@given(models, states, currents)
def test_voltage_is_odd_in_current(model, state, current_a):
    assert model.voltage_v(state, -current_a) == -model.voltage_v(state, current_a)


@given(models, currents)
def test_antiparallel_resistance_is_the_higher_by_at_most_the_zero_bias_ratio(model, current_a):
    ratio = model.voltage_v("AP", current_a) / model.voltage_v("P", current_a)
    assert 1.0 - 1e-14 <= ratio <= (1.0 + model.tmr0) * (1.0 + 1e-14)


@pytest.mark.parametrize("current_a", [inf, nan])
def test_current_that_is_not_finite_has_no_voltage(current_a):
    with pytest.raises(ArithmeticError, match="no voltage"):
        J1.voltage_v("AP", current_a)


def test_mean_and_spread_of_the_reference_ramp_fix_barrier_and_sensitivity():
    law = J1.switching_law()
    assert 1.28255 / law.sensitivity_per_a == pytest.approx(4.3e-6, rel=1e-5)
    assert law.stability == pytest.approx(60.0, abs=0.5)
    assert (law.intrinsic_up_a - law.intrinsic_down_a) / 2 == pytest.approx(200e-6, abs=1e-6)
    mean_up_a = law.intrinsic_up_a - (log(1e9 / (law.sensitivity_per_a * 100e-6)) + 0.577216) / law.sensitivity_per_a
    assert mean_up_a == pytest.approx(224e-6, abs=1e-10)
    assert law.intrinsic_up_a - 224e-6 == pytest.approx(-57e-6 - law.intrinsic_down_a)


@pytest.mark.parametrize(("current_ua", "median_life_s"), [(-380, 2e-6), (-330, 6.0)])
def test_parallel_state_of_j2_is_fragile_near_its_lower_threshold(current_ua, median_life_s):
    rate_per_s = J2.switching_law().rate_per_s("P", current_ua * 1e-6)
    assert log(2) / rate_per_s == pytest.approx(median_life_s, rel=0.15)


def test_rate_is_thermally_activated_until_the_barrier_is_gone():
    law = SwitchingLaw(sensitivity_per_a=0.3e6, intrinsic_up_a=100e-6, intrinsic_down_a=-100e-6)
    assert law.stability == pytest.approx(30.0)
    assert law.rate_per_s("AP", 50e-6) == pytest.approx(1e9 * exp(-15.0))
    assert law.rate_per_s("P", -50e-6) == pytest.approx(1e9 * exp(-15.0))
    assert law.rate_per_s("AP", 1.0) == law.rate_per_s("P", -1.0) == 1e9
    assert law.rate_per_s("AP", -1.0) == law.rate_per_s("P", 1.0) == 0.0


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"critical_current_down_a": 250e-6}, "superparamagnetic"),
        ({"critical_current_up_a": nan}, "superparamagnetic"),
        ({"tmr0": 120.0}, "tmr0"),
        ({"tmr0": -0.1}, "tmr0"),
        ({"critical_spread_a": 0.0}, "critical_spread_a"),
        ({"critical_spread_a": inf}, "critical_spread_a"),
        ({"resistance_p_ohm": -1.0}, "resistance_p_ohm"),
        ({"half_voltage_v": nan}, "half_voltage_v"),
        ({"curvature_per_v2": -0.1}, "curvature_per_v2"),
        ({"lead_resistance_ohm": -1.0}, "lead_resistance_ohm"),
    ],
)
def test_parameters_outside_the_model_are_refused(wrong, complaint):
    with pytest.raises(ValueError, match=complaint):
        JunctionModel(**{"critical_current_up_a": 224e-6, "critical_current_down_a": -57e-6, **wrong})
