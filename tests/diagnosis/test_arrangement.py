"""Where sources and voltmeters are is told from a matrix of answers alone."""

from itertools import pairwise

import numpy as np
import pytest
from chains import ANTIPARALLEL_OHM, PARALLEL_OHM, Chain, mixed_up_chains
from hypothesis import given, settings

from mtjlab.diagnosis.arrangement import Arrangement, arrange, misplaced
from mtjlab.diagnosis.signs import find_reversals

ZERO_OHM = 110.0


def arranged(chain: Chain) -> Arrangement:
    return arrange(np.abs(chain.matrix_ohm()), np.full(len(chain.ohm), ZERO_OHM), chain.to_ground)


@settings(deadline=None, max_examples=60)
@given(mixed_up_chains())
def test_any_order_of_sources_and_voltmeters_is_recovered(chain: Chain) -> None:
    found = arranged(chain)
    assert found.feeds == dict(enumerate(chain.feeds))
    assert found.taps == dict(enumerate(chain.taps))
    assert not found.shorts | found.puzzling
    for j, ohm in enumerate(chain.ohm):
        assert found.resistances_ohm[j] == pytest.approx([ohm] * len(found.resistances_ohm[j]))


@settings(deadline=None)
@given(mixed_up_chains())
def test_the_fewest_reversals_are_recovered(chain: Chain) -> None:
    """All leads the other way round give the same signs; where both are as many, both are told."""
    signs = np.sign(chain.matrix_ohm())
    sources = {k for k, sign in enumerate(chain.polarity) if sign < 0}
    meters = {m for m, sign in enumerate(chain.sense) if sign < 0}
    every = set(range(len(chain.ohm)))
    as_wired, the_other_way = (sources, meters), (every - sources, every - meters)
    reversed_leads = len(sources) + len(meters)
    found = [(set(reversal.sources), set(reversal.meters)) for reversal in find_reversals(signs)]
    if reversed_leads == len(every):
        assert sorted(map(str, found)) == sorted(map(str, (as_wired, the_other_way)))
    else:
        assert found == [as_wired if reversed_leads < len(every) else the_other_way]


@pytest.mark.parametrize("to_ground", [False, True])
def test_two_voltmeters_on_one_junction_leave_one_unmeasured(to_ground: bool) -> None:
    found = arranged(Chain([2400.0, 1100.0, 2400.0], to_ground, taps=[0, 0, 2]))
    assert misplaced(found.taps) == [(1,)]
    assert found.taps[1] == 0
    assert misplaced(found.feeds) == []


@pytest.mark.parametrize("short", range(3))
def test_a_short_is_no_mistake_of_sources_or_voltmeters(short: int) -> None:
    ohm = [5.0 if j == short else ANTIPARALLEL_OHM for j in range(3)]
    for to_ground in (False, True):
        found = arranged(Chain(ohm, to_ground))
        assert misplaced(found.feeds) == misplaced(found.taps) == []
        assert not found.puzzling
        assert found.shorts == ({short} if to_ground and short < 2 else set())  # else its voltmeter is silent


@pytest.mark.parametrize("dead", range(3))
@pytest.mark.parametrize("to_ground", [False, True])
def test_a_dead_source_does_not_put_the_others_elsewhere(dead: int, to_ground: bool) -> None:
    chain = Chain(
        [PARALLEL_OHM, ANTIPARALLEL_OHM, PARALLEL_OHM], to_ground, polarity=[float(k != dead) for k in range(3)]
    )
    found = arranged(chain)
    assert dead not in found.feeds
    assert misplaced(found.feeds) == misplaced(found.taps) == []
    assert not found.puzzling | found.shorts


def test_a_voltmeter_that_no_place_explains_is_left_out() -> None:
    matrix_ohm = Chain([2400.0, 1100.0, 2400.0]).matrix_ohm()
    matrix_ohm[0] = [2400.0, 0.0, 2400.0]
    found = arrange(matrix_ohm, np.full(3, ZERO_OHM), to_ground=False)
    assert found.puzzling == {0}
    assert found.taps == {1: 1, 2: 2}


def test_pairs_are_swapped_and_longer_rounds_are_each_elsewhere() -> None:
    assert misplaced({0: 1, 1: 0, 2: 2}) == [(0, 1)]
    assert misplaced({0: 1, 1: 2, 2: 0}) == [(0,), (1,), (2,)]
    assert misplaced({0: 0, 1: 0}) == [(1,)]


def test_what_voltmeters_see_to_ground_falls_by_one_junction_from_node_to_node() -> None:
    chain = Chain([2400.0, 1100.0, 700.0], to_ground=True)
    assert [here - below for here, below in pairwise([*chain.matrix_ohm()[0], 0.0])] == list(chain.ohm)
