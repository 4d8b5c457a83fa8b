"""The detector: error rates of midpoint decisions, the dead band, partial states, repeats, flips, whole traces."""

from dataclasses import replace
from math import erfc, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.config import DetectorSettings
from mtjlab.detection.calibration import calibrate
from mtjlab.detection.detector import (
    VERDICTS,
    Detector,
    judge_trace,
    reading_input_ua,
    samples_needed,
    trace_flips,
)
from mtjlab.detection.flips import Flips
from mtjlab.detection.references import JunctionReference, critical_currents
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import CriticalCurrents, Interval, JunctionState, Verdict
from tests.detection.chips import AP, J1, J2, J3, STAIRCASE_UA, Chip, P, states, sweep, true_mv

SETTINGS = DetectorSettings()
LAW = ResistanceLaw(r_p_ohm=1100.0, tmr=1.2, half_bias_mv=500.0, bias_per_v2=0.1)
REFERENCE = JunctionReference(LAW, 0.5, 0.05, 0.05, Interval(-345, 400), Interval(-500, -70))
CRITICAL = CriticalCurrents((224, -66, 196), (-57, -347, -85), (4, 4, 4), (4, 4, 4), repetitions=3, ramp_ua_per_s=100)
CURRENT_UA = -200.0
UNDECIDED, PARTIAL = Verdict.UNDECIDED, Verdict.PARTIAL


def q(z: float) -> float:
    """Gaussian tail probability."""
    return erfc(z / sqrt(2)) / 2


def at_d(d: float) -> JunctionReference:
    """A reference whose meter has the noise that makes the jump at ``CURRENT_UA`` d standard deviations."""
    parallel_mv, antiparallel_mv = LAW.voltages_mv(CURRENT_UA)
    return replace(REFERENCE, noise_mv=abs(antiparallel_mv - parallel_mv) / d)


def voltage_mv(x: float, current_ua: float = CURRENT_UA, reference: JunctionReference = REFERENCE) -> float:
    """The voltage at ``x`` on the scale from the parallel level (0) to the antiparallel one (1)."""
    parallel_mv, antiparallel_mv = reference.levels_mv(current_ua)
    return parallel_mv + x * (antiparallel_mv - parallel_mv)


def of_one_sample(reference: JunctionReference, current_ua: float, voltage_mv: float) -> Verdict | None:
    """The verdict where none is averaged, however large the noise is."""
    (verdict,) = Detector([reference], DetectorSettings(weak_d=1e-6)).at([current_ua]).judge([[voltage_mv]] * 2)
    return verdict


@pytest.mark.parametrize("state", [P, AP])
@pytest.mark.parametrize("d", [4.0, 6.0])
def test_one_sample_errs_with_the_gaussian_tail_beyond_half_the_jump(d: float, state: JunctionState) -> None:
    samples, reference = 200_000, at_d(d)
    noise_mv = reference.noise_mv * np.random.default_rng(int(d)).normal(size=(samples, 1))
    codes = judge_trace([reference], np.full((samples, 1), CURRENT_UA), voltage_mv(state is AP) + noise_mv, SETTINGS)
    wrong = np.mean(codes == VERDICTS.index(Verdict.P if state is AP else Verdict.AP))
    assert wrong == pytest.approx(q(d / 2), abs=5 * sqrt(q(d / 2) / samples))


def test_the_mean_of_weak_samples_errs_as_one_sample_of_the_larger_d() -> None:
    verdicts, reference, settings = 40_000, at_d(3.0), DetectorSettings(weak_d=6.0)
    averaged = samples_needed(reference, CURRENT_UA, settings)
    assert averaged == 4
    noise_mv = reference.noise_mv * np.random.default_rng(0).normal(size=(verdicts, averaged, 1))
    twice_mv = np.tile(voltage_mv(0.0) + noise_mv, (1, 2, 1))
    scales = Detector([reference], settings).at([CURRENT_UA])
    found = [scales.judge(samples_mv)[0] for samples_mv in twice_mv.tolist()]
    assert found.count(Verdict.AP) / verdicts == pytest.approx(q(3.0), abs=5 * sqrt(q(3.0) / verdicts))


def test_a_reading_is_wrong_only_if_both_its_verdicts_are_and_repeats_if_one_is() -> None:
    readings, d = 20_000, 4.0
    reference, settings = at_d(d), DetectorSettings(weak_d=d)
    samples_mv = voltage_mv(1.0) + reference.noise_mv * np.random.default_rng(1).normal(size=(readings, 2, 1))
    scales = Detector([reference], settings).at([CURRENT_UA])
    found = [scales.judge(sample)[0] for sample in samples_mv.tolist()]
    both, one = q(d / 2) ** 2, 2 * q(d / 2) * (1 - q(d / 2))
    assert found.count(Verdict.P) / readings == pytest.approx(both, abs=5 * sqrt(both / readings))
    assert found.count(None) / readings == pytest.approx(one, abs=5 * sqrt(one / readings))


@pytest.mark.parametrize(
    ("x", "verdict"),
    [
        (0.0, Verdict.P),
        (0.24, Verdict.P),
        (-0.24, Verdict.P),
        (0.26, PARTIAL),
        (0.5, PARTIAL),
        (0.74, PARTIAL),
        (0.76, Verdict.AP),
        (1.24, Verdict.AP),
        (1.26, UNDECIDED),
        (-0.26, UNDECIDED),
        (1e6, UNDECIDED),
        (float("inf"), UNDECIDED),
        (float("nan"), UNDECIDED),
    ],
)
@pytest.mark.parametrize("current_ua", [-500.0, -10.0, 10.0, 200.0])
def test_a_clear_voltage_is_a_state_near_a_level_partial_between_and_undecided_outside(
    current_ua: float, x: float, verdict: Verdict
) -> None:
    assert of_one_sample(REFERENCE, current_ua, voltage_mv(x, current_ua)) is verdict


@pytest.mark.parametrize("current_ua", [-9.9, 0.0, 9.9])
def test_nothing_is_decided_in_the_dead_band(current_ua: float) -> None:
    assert of_one_sample(REFERENCE, current_ua, voltage_mv(0.0, current_ua)) is UNDECIDED
    assert samples_needed(REFERENCE, current_ua, SETTINGS) is None


def test_where_noise_explains_a_voltage_between_the_levels_the_midpoint_decides() -> None:
    for x, verdict in ((0.49, Verdict.P), (0.51, Verdict.AP)):
        assert of_one_sample(at_d(8.0), CURRENT_UA, voltage_mv(x)) is verdict
    averaging = DetectorSettings(weak_d=30.0)
    assert samples_needed(at_d(8.0), CURRENT_UA, averaging) == 15
    assert Detector([at_d(8.0)], averaging).at([CURRENT_UA]).judge([[voltage_mv(0.5)]] * 30) == (PARTIAL,)


def test_weak_junctions_are_averaged_until_d_is_reached_or_given_up() -> None:
    assert samples_needed(at_d(8.1), CURRENT_UA, SETTINGS) == 1
    assert samples_needed(at_d(3.0), CURRENT_UA, SETTINGS) == 8
    assert samples_needed(at_d(1.001), CURRENT_UA, SETTINGS) == 64
    assert samples_needed(at_d(0.99), CURRENT_UA, SETTINGS) is None


def judged(*xs: float, reference: JunctionReference = REFERENCE) -> Verdict | None:
    """Verdict on one junction from samples at ``xs`` between its levels."""
    return Detector([reference], SETTINGS).at([CURRENT_UA]).judge([[voltage_mv(x)] for x in xs])[0]


def test_the_last_two_samples_decide_when_they_agree() -> None:
    assert judged(0.0, 0.0) is Verdict.P
    assert judged(1.0, 1.0) is Verdict.AP
    assert judged(1.0, 0.5, 0.0, 0.0) is Verdict.P


@pytest.mark.parametrize("xs", [(1.0, 0.0), (0.0, 1.0), (1.0, 0.4), (0.4, 0.0), (0.0,)])
def test_a_switch_in_the_middle_of_an_aperture_is_read_again(xs: tuple[float, ...]) -> None:
    assert judged(*xs) is None


def test_only_a_lasting_value_between_the_levels_is_a_partial_state() -> None:
    assert judged(0.4, 0.6) is PARTIAL


def test_an_open_or_short_junction_is_undecided() -> None:
    assert judged(9.9e37, 9.9e37) is UNDECIDED
    shorted_x = -voltage_mv(0.0) / (voltage_mv(1.0) - voltage_mv(0.0))
    assert judged(shorted_x, shorted_x) is UNDECIDED


def test_a_weak_junction_is_judged_by_the_means_of_two_groups_of_samples() -> None:
    weak = at_d(4.0)
    assert Detector([REFERENCE, weak], SETTINGS).at([CURRENT_UA, CURRENT_UA]).samples == 8
    assert judged(*[0.2, -0.2, 0.9, 0.1], *[0.0, 0.7, 0.1, 0.2], reference=weak) is Verdict.P
    assert judged(*[0.0] * 7, reference=weak) is None
    assert judged(*[0.0] * 8, reference=at_d(0.9)) is UNDECIDED


def test_a_reading_takes_no_more_samples_for_junctions_that_cannot_be_decided() -> None:
    assert Detector([REFERENCE, at_d(0.9)], SETTINGS).at([0.0, CURRENT_UA]).samples == 2


def test_junctions_are_judged_each_by_its_own_current_and_reference() -> None:
    other = replace(REFERENCE, law=replace(LAW, r_p_ohm=1430.0, tmr=0.8), offset_mv=-0.5)
    currents_ua = (-100.0, 0.0, 250.0)
    sample = (voltage_mv(1.0, -100.0), 0.5, voltage_mv(0.0, 250.0, other))
    scales = Detector([REFERENCE, REFERENCE, other], SETTINGS).at(currents_ua)
    assert scales.judge([sample, sample]) == (AP, UNDECIDED, P)


def test_j2_switched_inside_the_dead_band_is_read_at_a_lower_input() -> None:
    chips = (J1, J2, J3)
    measured = [calibrate(sweep(chip, repetitions=3, seed=k)) for k, chip in enumerate(chips)]
    detector = Detector([junction.reference for junction in measured], SETTINGS)
    critical = critical_currents([junction.switch_points for junction in measured], ramp_ua_per_s=100.0)
    controls_ua, after_the_step = (-500.0, -500.0, -500.0), (AP, P, AP)

    def read(input_ua: float) -> tuple[Verdict | None, ...]:
        currents_ua = [control + input_ua for control in controls_ua]
        sample = [true_mv(*junction) for junction in zip(chips, after_the_step, currents_ua, strict=True)]
        return detector.at(currents_ua).judge([sample, sample])

    assert read(500.0) == (UNDECIDED, UNDECIDED, UNDECIDED)
    read_at_ua = reading_input_ua(controls_ua, 500.0, critical, SETTINGS)
    assert read_at_ua == 490.0
    assert read(read_at_ua) == (Verdict.AP, Verdict.P, Verdict.AP)


def test_an_input_with_every_junction_outside_the_dead_band_is_read_where_it_is() -> None:
    assert reading_input_ua((-500, -500, -500), 450.0, CRITICAL, SETTINGS) == 450.0


def test_one_junction_taken_out_of_the_dead_band_must_not_bring_in_another() -> None:
    assert reading_input_ua((-500, -485, -470), 500.0, CRITICAL, SETTINGS) == 460.0


def test_no_junction_that_may_have_switched_is_taken_near_its_reset() -> None:
    fragile = replace(CRITICAL, down_ua=(-57, -347, -30), up_ua=(224, -66, -5))
    assert reading_input_ua((-500, -500, -500), 500.0, fragile, SETTINGS) is None
    assert reading_input_ua((-500, -500, -500), 500.0, fragile, DetectorSettings(reading_margin_ua=15)) == 490.0


def test_a_junction_that_cannot_have_switched_may_be_taken_below_its_reset() -> None:
    assert reading_input_ua((-500, -105, -500), 100.0, CRITICAL, SETTINGS) == 95.0


CONTROLS_UA = st.lists(st.integers(-560, -300), min_size=1, max_size=5)


@given(CONTROLS_UA, st.integers(0, 800), st.data())
def test_the_reading_input_is_the_highest_that_clears_the_dead_band_and_undoes_nothing(
    controls_ua: list[int], input_ua: int, data: st.DataObject
) -> None:
    ups = [data.draw(st.integers(-200, 300)) for _ in controls_ua]
    downs = [up - data.draw(st.integers(20, 400)) for up in ups]
    zeros = (0.0,) * len(ups)
    critical = CriticalCurrents(tuple(ups), tuple(downs), zeros, zeros, repetitions=1, ramp_ua_per_s=100.0)
    clear = (x for x in range(input_ua, -1000, -1) if all(abs(control + x) >= 10 for control in controls_ua))
    highest = next(clear)
    undone = highest < input_ua and any(
        control + input_ua > up - 30 and control + highest < down + 30
        for control, up, down in zip(controls_ua, ups, downs, strict=True)
    )
    found = reading_input_ua(tuple(controls_ua), input_ua, critical, SETTINGS)
    assert found == (None if undone else highest)


@given(st.lists(st.floats(-560, -300), min_size=1, max_size=5), st.floats(0, 800))
def test_at_the_reading_input_every_junction_can_be_judged_whatever_sums_of_sources_lose(
    controls_ua: list[float], input_ua: float
) -> None:
    lasting = CriticalCurrents(*[(value,) * len(controls_ua) for value in (300.0, -1e4, 0.0, 0.0)], 1, 100.0)
    read_at_ua = reading_input_ua(tuple(controls_ua), input_ua, lasting, SETTINGS)
    assert read_at_ua is not None
    assert all(samples_needed(REFERENCE, control + read_at_ua, SETTINGS) for control in controls_ua)


@given(st.integers(0, 2**32 - 1), st.floats(1, 50))
def test_a_trace_is_judged_as_its_samples_are(seed: int, d: float) -> None:
    rng = np.random.default_rng(seed)
    references = [REFERENCE, at_d(d)]
    currents_ua = rng.uniform(-600, 600, size=(20, 2)) * rng.choice([0.01, 1.0], size=(20, 2))
    xs = rng.uniform(-1, 2, size=(20, 2))
    voltages_mv = np.array(
        [
            [voltage_mv(x, i, reference) for x, i, reference in zip(row_x, row_i, references, strict=True)]
            for row_x, row_i in zip(xs.tolist(), currents_ua.tolist(), strict=True)
        ]
    )
    codes = judge_trace(references, currents_ua, voltages_mv, SETTINGS)
    for row in range(20):
        for k, reference in enumerate(references):
            single = of_one_sample(reference, float(currents_ua[row, k]), float(voltages_mv[row, k]))
            assert VERDICTS[codes[row, k]] is single


def test_a_trace_of_a_sweep_gives_the_states_and_flips_that_happened() -> None:
    chips = (J1, J2, Chip(600.0, -600.0))
    legs_ua = np.concatenate([STAIRCASE_UA, STAIRCASE_UA[::-1]] * 2)
    truth = [states(chip, legs_ua) for chip in chips]
    voltages_mv = np.array(
        [
            [true_mv(chip, state, i) for state, i in zip(history, legs_ua.tolist(), strict=True)]
            for chip, history in zip(chips, truth, strict=True)
        ]
    ).T
    currents_ua = np.repeat(legs_ua[:, None], 3, axis=1)
    codes = judge_trace([REFERENCE] * 3, currents_ua, voltages_mv, SETTINGS)
    for k, history in enumerate(truth):
        expected = [UNDECIDED if abs(i) < 10 else Verdict(s) for s, i in zip(history, legs_ua, strict=True)]
        assert [VERDICTS[code] for code in codes[:, k]] == expected
    assert trace_flips(codes) == (Flips(2, 2), Flips(2, 2), Flips(0, 0))


def test_a_flip_across_undecided_samples_counts_once() -> None:
    history = [Verdict.AP, UNDECIDED, Verdict.P, PARTIAL, Verdict.P, UNDECIDED, Verdict.AP, Verdict.P, UNDECIDED]
    codes = np.array([[VERDICTS.index(verdict)] for verdict in history], dtype=np.int8)
    assert trace_flips(codes) == (Flips(ap_to_p=2, p_to_ap=1),)
    assert trace_flips(codes[:0]) == (Flips(0, 0),)


@pytest.mark.parametrize("wrong", [{"dead_band_ua": 0.0}, {"samples": 1}, {"weak_d": 0.0}, {"most_samples": 0}])
def test_settings_that_decide_nothing_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        DetectorSettings(**wrong)  # type: ignore[arg-type]
