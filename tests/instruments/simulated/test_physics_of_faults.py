"""What the chain can do beside what the in-process bench asks of it: become another junction, hop back."""

import pytest

from instruments.simulated.junction import JunctionModel
from instruments.simulated.physics import JunctionChain
from tests.instruments.simulated.simulated_samples import JUNCTIONS, voltage_v


def test_present_voltages_are_those_of_the_present_states():
    chain = JunctionChain(JUNCTIONS, seed=1)
    chain.set_source(0, -5e-4)
    assert chain.states == ("AP", "P", "AP")
    assert chain.junction_voltages_v == pytest.approx([voltage_v(k, s, -5e-4) for k, s in enumerate(chain.states)])
    assert chain.voltage_at_v(1, 1e-4) == pytest.approx(voltage_v(1, "P", 1e-4))


def test_a_junction_that_becomes_another_keeps_its_state_and_leaves_the_others_alone():
    chain = JunctionChain(JUNCTIONS, seed=1)
    before = chain.junction_voltages_v
    chain.set_source(0, 1e-4)
    other = JunctionModel(critical_current_up_a=1e-3, critical_current_down_a=-1e-3, resistance_p_ohm=2000.0)
    chain.replace_junction(1, other)
    assert chain.models == (JUNCTIONS[0], other, JUNCTIONS[2])
    assert chain.states[1] == "P"
    assert chain.junction_voltages_v[1] == pytest.approx(other.voltage_v("P", 1e-4))
    chain.set_source(0, 0.0)
    assert chain.junction_voltages_v == before


def test_back_hopping_needs_a_rate_that_is_not_negative():
    with pytest.raises(ValueError, match="back_hopping_rate_per_s"):
        JunctionModel(critical_current_up_a=2e-4, critical_current_down_a=-1e-4, back_hopping_rate_per_s=-1.0)


def test_back_hopping_leaves_both_states_at_its_rate_beyond_the_threshold():
    count, rate_per_s = 1500, 50.0
    model = JunctionModel(critical_current_up_a=2e-4, critical_current_down_a=-1e-4, back_hopping_rate_per_s=rate_per_s)
    chain = JunctionChain([model] * count, seed=1)
    chain.set_source(0, 3e-4)
    chain.advance(10.0 / rate_per_s)
    assert chain.states.count("P") / count == pytest.approx(0.5, abs=4 * 0.5 / count**0.5)
