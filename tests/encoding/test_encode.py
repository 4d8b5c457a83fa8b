"""The encoding: fitted to the training subset alone, placed where the junctions can switch and reset."""

import os
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.domain import AllowedInterval, ControlCurrents, CriticalCurrents, Interval, SwitchingConfiguration
from mtjlab.encoding.chip import Chip
from mtjlab.encoding.encode import Encoding, demand_enough_configurations, encode
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.vowels.data_set import Token
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split
from tests.encoding.chips import DOWN_UA, UP_UA, chip, start

PAPER_LIKE = {"ae": (1, 0), "ah": (3, 0), "aw": (3, 1), "er": (2, 1), "ih": (1, 1), "iy": (0, 1), "uw": (3, 2)}


def training_tokens(seed: int) -> list[Token]:
    data = surrogate()
    names = set(split(data, seed).train)
    return [token for token in data.tokens if token.name in names]


@pytest.fixture(scope="module")
def vowels() -> Encoding:
    return encode(training_tokens(0), chip(), start(), 120)


def counts(encoding: Encoding) -> dict[str, tuple[int, ...]]:
    return {label: configuration.counts for label, configuration in encoding.configurations}


def test_seven_vowels_get_seven_configurations_proven_the_best(vowels: Encoding) -> None:
    assert counts(vowels) == PAPER_LIKE
    assert vowels.proven_optimal


@pytest.mark.skipif(not os.environ.get("MTJLAB_VOWELS"), reason="the measured file may not be copied into the project")
@pytest.mark.parametrize("seed", range(5))
def test_the_measured_vowels_get_the_same_on_every_split(seed: int) -> None:
    data = find_vowels()
    names = set(split(data, seed).train)
    assert counts(encode([t for t in data.tokens if t.name in names], chip(), start(), 120)) == PAPER_LIKE


def test_there_are_26_coefficients(vowels: Encoding) -> None:
    assert [len(row) for row in vowels.coefficients_ua] == [13, 13]


def test_an_input_is_a_linear_combination_of_the_features(vowels: Encoding) -> None:
    features = training_tokens(0)[5].features
    for row, input_ua in zip(vowels.coefficients_ua, vowels.inputs_ua(features), strict=True):
        assert input_ua == pytest.approx(row[0] + np.dot(row[1:], features), abs=1e-3)


def test_boundaries_are_as_far_apart_in_the_mean_as_asked(vowels: Encoding) -> None:
    for bounds in vowels.boundaries_ua:
        assert np.mean(np.diff(bounds)) == pytest.approx(120)


def test_boundaries_part_the_classes_by_their_level(vowels: Encoding) -> None:
    """With boundaries where the fit has them, at least 96 % of the training tokens come out right."""
    right = 0
    for token in training_tokens(0):
        inputs_ua = vowels.inputs_ua(token.features)
        found = tuple(sum(i > b for b in bounds) for i, bounds in zip(inputs_ua, vowels.boundaries_ua, strict=True))
        right += vowels.table.class_of(SwitchingConfiguration(found)) == token.label
    assert right / len(training_tokens(0)) > 0.96


def test_a_configuration_that_stands_for_no_class_is_none(vowels: Encoding) -> None:
    assert vowels.table.class_of(SwitchingConfiguration((0, 3))) is None


def test_the_order_of_the_tokens_does_not_matter(vowels: Encoding) -> None:
    other = encode(training_tokens(0)[::-1], chip(), start(), 120)
    assert counts(other) == counts(vowels)
    assert np.allclose(other.coefficients_ua, vowels.coefficients_ua)


shifts = st.sampled_from([-80.0, 0.0, 80.0])


@given(order=st.permutations([0, 1, 2]), moved=st.tuples(shifts, shifts, shifts), jointly=st.booleans())
@settings(max_examples=30, deadline=None)
def test_on_every_chip_all_junctions_reset_and_stay_inside_their_limits(
    order: list[int], moved: tuple[float, ...], jointly: bool
) -> None:
    up_ua = tuple(UP_UA[k] + shift for k, shift in zip(order, moved, strict=True))
    down_ua = tuple(DOWN_UA[k] + shift for k, shift in zip(order, moved, strict=True))
    tokens = training_tokens(1)
    encoding = encode(tokens, chip(up_ua, down_ua), start(), 120, jointly=jointly)
    inputs_ua = np.array([encoding.inputs_ua(token.features) for token in tokens])
    assert (inputs_ua >= 0).all()
    for j, bounds in enumerate(encoding.boundaries_ua):
        ranked = sorted(range(3), key=lambda k: up_ua[k])
        for k, bound in zip(ranked, bounds, strict=False):
            control_ua = up_ua[k] - bound
            assert -750 <= control_ua <= down_ua[k] - 40 + 1e-6
            assert control_ua + inputs_ua[:, j].max() <= 750


def near_rest(part_ua: float, clear_ua: float) -> tuple[Chip, ControlCurrents]:
    """A chip for pulses, whose control currents stay near the middle of each loop, and these."""
    rest_ua = tuple((up + down) / 2 for up, down in zip(UP_UA, DOWN_UA, strict=True))
    controls = tuple(AllowedInterval(rest - part_ua, rest + part_ua, "", "") for rest in rest_ua)
    return replace(chip(), controls=controls, clear_ua=clear_ua), ControlCurrents((rest_ua,) * 2)


def test_a_junction_that_no_boundary_is_left_for_has_room_below_the_highest_input() -> None:
    """Control currents of pulses have few places to go, so the inputs make room: otherwise it switches with them."""
    tokens, room_ua = training_tokens(0), []
    for clear_ua in (0.0, 50.0):
        encoding = encode(tokens, *near_rest(90.0, clear_ua), 75)
        (j,) = [j for j, bounds in enumerate(encoding.boundaries_ua) if len(bounds) == 2]
        highest_ua = max(encoding.inputs_ua(token.features)[j] for token in tokens)
        room_ua.append(UP_UA[0] - (UP_UA[0] + DOWN_UA[0]) / 2 + 90.0 - highest_ua)
    assert room_ua[0] < 5.0
    assert room_ua[1] > 30.0


@pytest.mark.parametrize("moved_ua", [0.0, 150.0, 400.0])
def test_inputs_that_a_rule_lowers_are_not_negative(moved_ua: float) -> None:
    """Near zero control currents, where the least input would be zero."""
    critical = CriticalCurrents((300.0,) * 3, (0.0,) * 3, (4.3,) * 3, (4.3,) * 3, 3, 100.0)
    anywhere = Interval(-3000.0, 3000.0)
    controls = (AllowedInterval(-3000.0, 3000.0, "", ""),) * 3
    chip = Chip(critical, (anywhere,) * 3, controls, moved_ua=moved_ua)
    tokens = training_tokens(0)
    encoding = encode(tokens, chip, ControlCurrents.uniform(250.0, 3, 2), 120)
    least_ua = min(min(encoding.inputs_ua(token.features)) for token in tokens)
    assert least_ua >= moved_ua - 1e-3


def test_a_chip_that_cannot_reset_where_it_has_to_switch_is_refused_by_junction_and_numbers() -> None:
    """J2 would have to be held below -750 + 50 uA to reset."""
    stuck = chip((224, -66, 196), (-57, -720, -85))
    with pytest.raises(BenchFaultError, match=r"J2 has to reset \(P -> AP at -720 uA\)"):
        encode(training_tokens(0), stuck, start(), 120)


def test_more_classes_than_configurations_are_refused() -> None:
    demand_enough_configurations(16, junctions=3, inputs=2)
    with pytest.raises(RefusedError, match="17 classes cannot be distinguished by 3 junctions and 2 inputs"):
        demand_enough_configurations(17, junctions=3, inputs=2)


def test_classes_that_are_alike_are_refused() -> None:
    alike = [Token(f"{label}{k}", label, None, (1.0 + k, 2.0 - k)) for label in "ab" for k in range(5)]
    with pytest.raises(RefusedError, match="No linear combination"):
        encode(alike, chip(), start(), 120)


def grid(inputs: int, levels: int) -> list[Token]:
    tokens = []
    for number in range(levels**inputs):
        place = [number // levels**axis % levels for axis in range(inputs)]
        for k in range(6):
            features = tuple(p + 0.1 * np.cos(1.0 + 3 * k + 5 * axis + number) for axis, p in enumerate(place))
            tokens.append(Token(f"{number}-{k}", f"c{number:02}", None, features))
    return tokens


@pytest.mark.parametrize(("inputs", "levels", "junctions"), [(2, 4, 3), (1, 2, 1), (1, 3, 2), (3, 2, 2), (2, 3, 5)])
def test_classes_on_a_grid_are_told_apart_by_any_number_of_junctions_and_inputs(
    inputs: int, levels: int, junctions: int
) -> None:
    up_ua = tuple(224.0 - 60 * k for k in range(junctions))
    encoding = encode(
        grid(inputs, levels), chip(up_ua, tuple(up - 281 for up in up_ua)), start(junctions, inputs), 120, seed=4
    )
    assigned = [configuration for _, configuration in encoding.configurations]
    assert all(one != other for one, other in combinations(assigned, 2))
    assert len(assigned) == levels**inputs
    assert all(0 <= count <= junctions for configuration in assigned for count in configuration.counts)


def test_a_search_that_is_not_proven_optimal_says_so_and_repeats_by_seed() -> None:
    one, again = (encode(grid(2, 4), chip(), start(), 120, seed=4) for _ in range(2))
    assert not one.proven_optimal
    assert one == again


def test_scaling_a_feature_changes_its_coefficient_and_nothing_else(vowels: Encoding) -> None:
    tokens = [replace(t, features=(t.features[0] / 1000, *t.features[1:])) for t in training_tokens(0)]
    other = encode(tokens, chip(), start(), 120)
    assert other.boundaries_ua[0] == pytest.approx(vowels.boundaries_ua[0])
    assert other.coefficients_ua[0][1] == pytest.approx(1000 * vowels.coefficients_ua[0][1])
