"""Which part is wrong, from how junctions answer: the truth is put in, and its name must come out."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.detection.causes import Answers, answers, answers_alone, likely_cause
from mtjlab.detection.references import JunctionReference
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import Interval, Reading, junction_currents_ua

LAW = ResistanceLaw(r_p_ohm=1100, tmr=1.2, half_bias_mv=500, bias_per_v2=0.1)
EVERYWHERE = Interval(-750, 750)
REFERENCE = JunctionReference(LAW, 0.3, 0.05, 0.05, EVERYWHERE, EVERYWHERE)
CHAINS = st.integers(2, 5)
GAINS = st.one_of(st.floats(-1.2, 0.93), st.floats(1.07, 1.5))
CHANGES = st.one_of(st.floats(0.3, 0.85), st.floats(1.15, 2.5))


def of(gains: Sequence[float], rows: Sequence[float], error: float = 0.002, seed: int = 0) -> Answers:
    """Answers of junctions that are ``rows`` of their references to sources of these gains."""
    exact = np.tril(np.outer(rows, gains))
    noise = np.random.default_rng(seed).normal(0.0, error, exact.shape)
    return Answers(exact + noise, np.full(len(rows), error))


@given(st.data(), CHAINS, st.integers(0, 1000))
def test_junctions_that_answer_as_they_should_have_nothing_wrong(data: st.DataObject, n: int, seed: int) -> None:
    rows = data.draw(st.lists(st.floats(0.97, 1.03), min_size=n, max_size=n))
    assert likely_cause(of([1.0] * n, rows, 0.001, seed)) is None


@given(st.data(), CHAINS, GAINS, st.integers(0, 1000))
def test_a_source_that_delivers_less_or_more_is_named_whatever_the_junctions_have_become(
    data: st.DataObject, n: int, gain: float, seed: int
) -> None:
    k = data.draw(st.integers(0, n - 1))
    rows = data.draw(st.lists(st.floats(0.98, 1.02), min_size=n, max_size=n))
    cause = likely_cause(of([gain if source == k else 1.0 for source in range(n)], rows, 0.001, seed))
    assert cause is not None
    assert (cause.part, cause.positions) == ("source", (k,))
    assert f"source J{k + 1} delivers " in cause.summary
    assert cause.is_lasting


def test_a_dead_source_delivers_nothing() -> None:
    cause = likely_cause(of([1.0, 0.0, 1.0], [1.0, 1.1, 1.1]))
    assert cause is not None
    assert cause.summary == "source J2 delivers nothing"


def test_two_dead_sources_are_both_named() -> None:
    cause = likely_cause(of([0.0, 1.0, 0.0], [1.0, 1.0, 1.0]))
    assert cause is not None
    assert cause.positions == (0, 2)


@given(st.data(), CHAINS, CHANGES)
def test_a_junction_that_has_changed_or_its_voltmeter_is_named_and_may_be_measured_anew(
    data: st.DataObject, n: int, change: float
) -> None:
    m = data.draw(st.integers(0, n - 1))
    cause = likely_cause(of([1.0] * n, [change if row == m else 1.0 for row in range(n)]))
    assert cause is not None
    assert (cause.part, cause.positions) == ("junction", (m,))
    assert not cause.is_lasting


def test_a_chip_that_has_changed_as_a_whole_is_no_source() -> None:
    cause = likely_cause(of([1.0] * 3, [1.2] * 3))
    assert cause is not None
    assert (cause.part, cause.positions) == ("junction", (0, 1, 2))


def test_a_junction_that_answers_nothing_is_short_or_has_lost_its_voltmeter() -> None:
    cause = likely_cause(of([1.0] * 3, [1.0, 0.0, 1.0]))
    assert cause is not None
    assert (cause.part, cause.positions) == ("wiring", (1,))
    assert "short circuit" in cause.summary


def test_a_source_on_the_wrong_node_is_wiring() -> None:
    found = of([1.0] * 3, [1.0] * 3)
    found.ratios[1, 1] = 0.0  # source J2 moves J3 alone
    cause = likely_cause(found)
    assert cause is not None
    assert (cause.part, cause.positions) == ("wiring", (1,))
    found = of([1.0] * 3, [1.0] * 3)
    found.ratios[0, 1] = 1.0  # and here J1 as well
    cause = likely_cause(found)
    assert cause is not None
    assert cause.part == "wiring"
    assert "J1 answers source J2" in cause.summary


def test_a_junction_that_switched_meanwhile_is_said_to_have() -> None:
    found = of([1.0] * 3, [1.0] * 3)
    found.ratios[2, 1] = 20.0
    cause = likely_cause(found)
    assert cause is not None
    assert cause.summary == "J3 switched during a quick look"


@pytest.mark.parametrize("found", [of([1.0] * 3, [1.0] * 3, error=0.2), Answers(np.full((3, 3), np.nan), np.zeros(3))])
def test_where_noise_or_limits_leave_nothing_to_tell_nothing_is_told(found: Answers) -> None:
    cause = likely_cause(found)
    assert cause is not None
    assert cause.part == "unknown"


@pytest.mark.parametrize("gain", [0.9, 1.1, 0.0])
def test_answers_are_told_from_readings(gain: float) -> None:
    """Source J2 delivers so much of -20 uA, and of the -10 uA that it is moved by."""

    def read(*sources_ua: float) -> Reading:
        true_ua = junction_currents_ua([sources_ua[0], gain * sources_ua[1], sources_ua[2]])
        sample = tuple(REFERENCE.levels_mv(current)[1] for current in true_ua)
        return Reading(1.0, 0.0, junction_currents_ua(sources_ua), (sample,) * 10)

    here = (-480.0, -20.0, 30.0)
    moved = {k: (read(*here), read(*(one - 10.0 * (k == source) for source, one in enumerate(here)))) for k in range(3)}
    cause = likely_cause(answers((REFERENCE,) * 3, moved))
    assert cause is not None
    assert cause.positions == (1,)


def read_without_references(gains: Sequence[float], meters: Sequence[float]) -> Answers:
    """Junctions of 400, 1100 and 3000 ohm, read by voltmeters of these gains."""
    ohm = np.array([400.0, 1100.0, 3000.0]) * meters
    rng = np.random.default_rng(5)

    def read(moved: int | None) -> Reading:
        set_ua = [-300.0, -40.0, -50.0]
        delivered_ua = [
            gain * (current - 10.0 * (k == moved)) for k, (gain, current) in enumerate(zip(gains, set_ua, strict=True))
        ]
        true_mv = 1e-3 * ohm * junction_currents_ua(delivered_ua)
        samples_mv = tuple(tuple((true_mv + rng.normal(0, 0.02, 3)).tolist()) for _ in range(20))
        told_ua = junction_currents_ua([current - 10.0 * (k == moved) for k, current in enumerate(set_ua)])
        return Reading(0.0, 0.0, tuple(told_ua), samples_mv)

    return answers_alone(3, {k: (read(None), read(k)) for k in range(3)})


@pytest.mark.parametrize(
    ("gains", "meters", "told"),
    [
        ((1, 1, 1), (1, 1, 1), None),
        ((1, 1, 1), (1, 0.5, 1), None),
        ((1, 0.9, 1), (1, 1, 1), "source J2 delivers 0.9"),
        ((0.9, 1, 1), (1, 1, 1), "source J1 delivers 0.9"),
        ((1, 0, 1), (1, 1, 1), "source J2 delivers nothing"),
        ((1, 1, -1), (1, 1, 1), "source J3 delivers -1"),
        ((1, 1, 1), (1, -1, 1), "voltmeter J2 reads backwards"),
        ((1, 1, 1), (1, 0, 1), "J2 answers no source: short circuit, or voltmeter J2 is not connected, or stuck"),
    ],
)
def test_without_references_junctions_are_compared_with_themselves(
    gains: Sequence[float], meters: Sequence[float], told: str | None
) -> None:
    cause = likely_cause(read_without_references(gains, meters))
    if told is None:
        assert cause is None
    else:
        assert cause is not None
        assert told in cause.summary


@pytest.mark.parametrize(("share", "noise_mv"), [(0.005, 0.05), (0.02, 0.05), (0.05, 0.05), (0.0, 0.5)])
def test_noise_and_a_junction_that_hops_blame_neither_source_nor_wiring(share: float, noise_mv: float) -> None:
    rng = np.random.default_rng(3)

    def read(moved: int | None) -> Reading:
        currents = junction_currents_ua(
            [-480.0 - 10 * (moved == 0), -20.0 - 10 * (moved == 1), 30.0 - 10 * (moved == 2)]
        )
        levels = [REFERENCE.levels_mv(current) for current in currents]
        samples = [
            tuple(
                level[0 if k == 1 and rng.random() < share else 1] + noise_mv * rng.normal()
                for k, level in enumerate(levels)
            )
            for _ in range(20)
        ]
        return Reading(0.0, 0.0, tuple(currents), tuple(samples))

    for _ in range(40):
        moved = {k: (read(None), read(k)) for k in range(3)}
        for found in (answers((REFERENCE,) * 3, moved), answers_alone(3, moved)):
            cause = likely_cause(found)
            assert cause is None or cause.part in ("unknown", "junction")
