"""New references against old ones: a wrong source is one common change of all below it, and of where they switch."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.detection.common_source import common_source
from mtjlab.detection.references import JunctionReference
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import CriticalCurrents, Interval, PerJunction, source_currents_ua

EVERYWHERE = Interval(-750, 750)
LAW = ResistanceLaw(r_p_ohm=1100, tmr=1.2, half_bias_mv=500, bias_per_v2=0.1)
REFERENCE = JunctionReference(LAW, 0.0, 0.05, 0.05, EVERYWHERE, EVERYWHERE)
CRITICAL = CriticalCurrents((224.0, -66.0, 196.0), (-57.0, -347.0, -85.0), (4.3,) * 3, (4.3,) * 3, 3, 100.0)
START = source_currents_ua((-500.0, -500.0, -500.0), 0.0)


@dataclass(frozen=True)
class Measured:
    references: tuple[JunctionReference, ...]
    critical: CriticalCurrents


BEFORE = Measured((REFERENCE,) * 3, CRITICAL)


def scaled(*factors: float) -> tuple[JunctionReference, ...]:
    """References of junctions with so many times the resistance."""
    return tuple(replace(REFERENCE, law=replace(LAW, r_p_ohm=factor * LAW.r_p_ohm)) for factor in factors)


def seen_with(gain: float) -> CriticalCurrents:
    """Where junctions seem to switch if the only source that drives delivers so much of what is set."""

    def seen(currents_ua: PerJunction) -> PerJunction:
        return tuple(current / gain for current in currents_ua)

    return replace(CRITICAL, up_ua=seen(CRITICAL.up_ua), down_ua=seen(CRITICAL.down_ua))


@given(st.one_of(st.floats(0.5, 0.97), st.floats(1.03, 1.5)))
def test_a_source_that_delivers_a_share_is_found_by_the_common_factor(gain: float) -> None:
    cause = common_source(BEFORE, Measured(scaled(gain, gain, gain), seen_with(gain)), START)
    assert cause is not None
    assert (cause.part, cause.positions) == ("source", (0,))
    assert f"source J1 delivers {gain:.3g} of what is set" in cause.summary


@given(st.floats(0.8, 1.2))
def test_a_chip_that_has_changed_its_resistance_switches_where_it_did(factor: float) -> None:
    assert common_source(BEFORE, Measured(scaled(factor, factor, factor), CRITICAL), START) is None


@pytest.mark.parametrize("factors", [(0.9, 1.0, 1.0), (1.0, 0.9, 1.0), (0.9, 1.0, 0.9), (1.1, 0.9, 1.0)])
def test_junctions_that_change_each_on_its_own_are_no_source(factors: tuple[float, ...]) -> None:
    assert common_source(BEFORE, Measured(scaled(*factors), CRITICAL), START) is None


def test_nothing_has_changed() -> None:
    assert common_source(BEFORE, BEFORE, START) is None


def test_a_lower_source_that_lost_a_part_moves_all_below_it_and_none_above() -> None:
    """Source J2 is set to -40 uA and delivers -20 uA: J2 and J3 carry 20 uA more than is said."""
    start = source_currents_ua((-460.0, -500.0, -500.0), 0.0)
    at_start = [(-500.0, -480.0)] * 2
    factors = [REFERENCE.levels_mv(true)[1] / REFERENCE.levels_mv(said)[1] for said, true in at_start]

    def seen(currents_ua: PerJunction) -> PerJunction:
        return (currents_ua[0], *(current - 20.0 for current in currents_ua[1:]))

    references = (REFERENCE, *(_at(-500.0, factor) for factor in factors))
    critical = replace(CRITICAL, up_ua=seen(CRITICAL.up_ua), down_ua=seen(CRITICAL.down_ua))
    cause = common_source(BEFORE, Measured(references, critical), start)
    assert cause is not None
    assert cause.positions == (1,)
    assert cause.summary.startswith("source J2 delivers 0.5 of what is set")


def _at(current_ua: float, factor: float) -> JunctionReference:
    """A reference whose antiparallel voltage at this current is so many times what it was."""
    wanted_mv = factor * REFERENCE.levels_mv(current_ua)[1]
    low, high = 0.5, 2.0
    for _ in range(60):
        middle = (low + high) / 2
        (made,) = scaled(middle)
        low, high = (middle, high) if abs(made.levels_mv(current_ua)[1]) < abs(wanted_mv) else (low, middle)
    return made
