"""Replicas of a chain against the chain itself: states, voltages and time at any currents, for any durations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.simulated.junction import JunctionModel
from instruments.simulated.physics import JunctionChain
from mtjlab.replicas.chain import ReplicaChain

SEEDS = (1, 2, 3)
MODELS = (
    JunctionModel(critical_current_up_a=224e-6, critical_current_down_a=-57e-6, lead_resistance_ohm=5.0),
    JunctionModel(critical_current_up_a=40e-6, critical_current_down_a=-30e-6, critical_spread_a=3.9e-6),
)
DRIFTING = tuple(
    JunctionModel(critical_current_up_a=60e-6, critical_current_down_a=-40e-6, critical_drift_a_per_h=0.2) for _ in "ab"
)
Course = list[tuple[float, float, float]]
"""Currents of both sources in uA, and how long they flow in s."""
courses = st.lists(
    st.tuples(st.floats(-300, 300), st.floats(-100, 100), st.sampled_from((1e-4, 0.02, 1.0))), min_size=1, max_size=12
)


@pytest.mark.parametrize("models", [MODELS, DRIFTING])
@given(course=courses)
@settings(max_examples=40, deadline=None)
def test_replicas_follow_the_chain_of_their_seed(models: tuple[JunctionModel, ...], course: Course) -> None:
    chains = [JunctionChain(models, seed) for seed in SEEDS]
    replicas = ReplicaChain([models] * len(SEEDS), [6e-3] * len(SEEDS), SEEDS)
    every = np.ones(len(SEEDS), dtype=bool)
    for *sources_ua, duration_s in course:
        currents_a = np.cumsum(sources_ua) / 1e6
        for chain in chains:
            chain.set_sources([one / 1e6 for one in sources_ua])
        replicas.carry(np.tile(currents_a, (len(SEEDS), 1)), every)
        expected_v = np.array([chain.average_voltages_v(duration_s) for chain in chains])
        share = replicas.advance(np.full(len(SEEDS), duration_s)) / duration_s
        parallel_v, antiparallel_v = (
            level.reshape(share.shape) for level in replicas.levels_v(np.arange(share.size), np.tile(currents_a, 3))
        )
        assert np.allclose(parallel_v + share * (antiparallel_v - parallel_v), expected_v, rtol=1e-6, atol=1e-12)
        assert [[("P", "AP")[int(state)] for state in row] for row in replicas.antiparallel] == [
            list(chain.states) for chain in chains
        ]
    assert np.allclose(replicas.time_s, chains[0].time_s)


def test_a_superparamagnetic_course_holds_several_switches_in_one_duration() -> None:
    model = JunctionModel(critical_current_up_a=20e-6, critical_current_down_a=-25e-6, critical_spread_a=3.5e-6)
    chain, replica = JunctionChain([model], 5), ReplicaChain([[model]], [6e-3], [5])
    spent_s = 0.0
    for _ in range(50):
        chain.average_voltages_v(500.0)
        spent_s += float(replica.advance(np.array([500.0]))[0, 0])
        assert (chain.states[0] == "AP") == bool(replica.antiparallel[0, 0])
    assert 0.0 < spent_s < 25_000.0, "both states were taken"


def test_only_the_chains_asked_for_change_their_currents() -> None:
    replicas = ReplicaChain([MODELS, MODELS], [6e-3, 6e-3], (1, 2))
    replicas.carry(np.full((2, 2), 1e-4), np.array([True, False]))
    replicas.advance(np.array([0.5, 0.0]))
    assert replicas.currents_a.tolist() == [[1e-4, 1e-4], [0.0, 0.0]]
    assert replicas.time_s.tolist() == [0.5, 0.0]
