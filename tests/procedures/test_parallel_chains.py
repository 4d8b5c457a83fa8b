"""Parallel chains: a chain for each input, all inputs applied, read and reset together."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.benches import open_bench
from mtjlab.config import PlanConfig, SimulatedBenchConfig, Simulation
from mtjlab.config.bench import Limits
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import (
    Interval,
    JoinedReading,
    chain_tops,
    junction_currents_ua,
    junction_label,
    source_currents_ua,
)
from mtjlab.envelope import BenchLimits, Envelope
from mtjlab.errors import LimitExceededError
from mtjlab.events import ControlsPlanned, Event, Presented
from mtjlab.procedures.training.events import RecognitionMeasured
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.transitions import junction_currents_on_the_way_ua, plan_transition
from mtjlab.vowels.data_set import DataSet, Token
from mtjlab.vowels.splits import split
from tests.support.trainings import DATA, SWEEP

UP_UA, DOWN_UA = (224.0, -66.0, 196.0, 210.0, -40.0), (-57.0, -347.0, -85.0, -70.0, -321.0)
TOPS = chain_tops((3, 2))


def bench_of(*chains: int) -> SimulatedBenchConfig:
    junctions = sum(chains)
    simulation = Simulation(
        critical_current_ap_to_p_ua=tuple(UP_UA[k % 5] + k for k in range(junctions)),
        critical_current_p_to_ap_ua=tuple(DOWN_UA[k % 5] + k for k in range(junctions)),
        critical_spread_ua=4.3,
    )
    return SimulatedBenchConfig(chains=chains, simulation=simulation)


def trained(config: SimulatedBenchConfig, data: DataSet, steps: int, inputs: int, seed: int = 1) -> list[Event]:
    plan = PlanConfig.model_validate(
        {"seed": seed, "sweep": SWEEP, "training": {"steps": steps}, "encoding": {"inputs": inputs}}
    )
    bench = open_bench(config, seed)
    bench.connect()
    bench.switch_on()
    return list(train(bench, TrainingPlan(plan, data, split(data, seed))))


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return trained(bench_of(3, 2), DATA, steps=2, inputs=2)


def test_each_chain_sums_its_own_sources() -> None:
    assert junction_currents_ua((1, 2, 3, 4, 5), TOPS) == (1, 3, 6, 4, 9)
    controls_ua = (-500.0, -380.0, -560.0, -430.0, -520.0)
    assert junction_currents_ua(source_currents_ua(controls_ua, 100.0, TOPS), TOPS) == tuple(
        control + 100.0 for control in controls_ua
    )
    assert [junction_label(k, TOPS) for k in range(5)] == ["A.J1", "A.J2", "A.J3", "B.J1", "B.J2"]


CURRENTS = st.tuples(*[st.integers(-560, -380).map(float)] * 5)


@given(CURRENTS, CURRENTS, st.integers(-680, -580).map(float))
def test_no_junction_of_any_chain_exceeds_its_old_and_new_current_on_the_way(
    old_ua: tuple[float, ...], new_ua: tuple[float, ...], low_ua: float
) -> None:
    limits = [Interval(low_ua, 750.0)] * 5
    way = plan_transition(source_currents_ua(old_ua, 0, TOPS), source_currents_ua(new_ua, 0, TOPS), limits, TOPS)
    for currents_ua in junction_currents_on_the_way_ua(way, TOPS):
        for current, old, new in zip(currents_ua, old_ua, new_ua, strict=True):
            assert low_ua - 1e-6 <= current <= max(old, new) + 1e-6


def test_a_limit_names_chain_and_junction() -> None:
    law = ResistanceLaw(r_p_ohm=1100.0, tmr=1.2, half_bias_mv=500.0, bias_per_v2=0.1)
    limits = Limits()
    low, high = limits.junction_current_min_ua, limits.junction_current_max_ua
    envelope = Envelope.of(BenchLimits(Interval(low, high), 850.0, 1000.0), [law] * 5, TOPS)
    with pytest.raises(LimitExceededError, match=r"B\.J2 would carry -900 uA"):
        envelope.plan((0.0,) * 5, (-500.0, -500.0, -500.0, -500.0, -900.0))


def test_inputs_are_applied_and_reset_together_while_controls_stay(events: list[Event]) -> None:
    presented = [event for event in events if isinstance(event, Presented)]
    assert presented
    for one in presented:
        a, b = one.outcomes
        assert one.is_parallel
        assert (a.input_ua, b.input_ua) == one.token.inputs_ua
        assert [reading.t_s for reading in a.readings] == [reading.t_s for reading in b.readings]
        assert [reading.t_s for reading in a.reset_readings] == [reading.t_s for reading in b.reset_readings]
        assert (len(a.verdicts), len(b.verdicts)) == (3, 2)
        for outcome in one.outcomes:
            assert outcome.readings[-1].controls_ua == pytest.approx(outcome.reset_readings[-1].controls_ua)
        assert one.configuration is None or one.configuration.counts == (a.switched, b.switched)


def test_control_currents_are_those_of_the_junctions_of_each_chain(events: list[Event]) -> None:
    planned = [event for event in events if isinstance(event, ControlsPlanned)]
    assert {tuple(map(len, one.controls.by_input_ua)) for one in planned} == {(3, 2)}


def test_the_same_seed_gives_the_same_events(events: list[Event]) -> None:
    assert trained(bench_of(3, 2), DATA, steps=2, inputs=2) == events


def test_phases_of_a_presentation_hold_every_junction_with_its_own_input(events: list[Event]) -> None:
    one = next(event for event in events if isinstance(event, Presented) and event.configuration)
    first = one.phases[0]
    assert isinstance(first.reading, JoinedReading)
    assert len(first.reading.currents_ua) == 5
    assert first.reading.controls_ua == pytest.approx(
        (*one.outcomes[0].readings[0].controls_ua, *one.outcomes[1].readings[0].controls_ua)
    )


def grid() -> DataSet:
    """Twelve classes at 3 x 2 x 2 places."""
    rng = random.Random(1)
    tokens = [
        Token(f"{label}{k}", label, None, tuple(10.0 * place + rng.uniform(-1, 1) for place in places))
        for places in product(range(3), range(2), range(2))
        for label in ["".join(map(str, places))]
        for k in range(5)
    ]
    return DataSet("grid", ("x", "y", "z"), tuple(tokens))


def test_three_chains_of_four_three_and_two_junctions_learn_twelve_classes() -> None:
    events = trained(bench_of(4, 3, 2), grid(), steps=25, inputs=3)
    last = [event for event in events if isinstance(event, RecognitionMeasured)][-1]
    assert last.train > 0.95
