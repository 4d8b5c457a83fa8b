"""Conditions that suspend a training: counted, compared, and reported in a sentence with numbers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.config import SuspendSettings
from mtjlab.detection.deviation import Deviation, ExpectedVoltages
from mtjlab.detection.references import JunctionReference
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import Interval, Reading, Verdict
from mtjlab.errors import BenchFaultError
from mtjlab.events import Presented
from mtjlab.procedures.training.suspender import MOST_IN_A_ROW, Suspender
from tests.support.journals import ALL_AP, OUTCOME, PRESENTED
from tests.support.trainings import Field

SETTINGS = SuspendSettings(
    reset_failures_in_a_row=3, without_configuration_in_a_row=4, reference_drift_percent=3, field_tolerance_mt=0.1
)
NOT_RESET = replace(OUTCOME, reset_verdicts=(Verdict.AP, Verdict.P, Verdict.AP))
STUCK = replace(PRESENTED, outcomes=(OUTCOME, NOT_RESET), configuration=None, recognised_as=None)
SILENT = replace(PRESENTED, configuration=None, recognised_as=None)
NOT_APPLIED = replace(SILENT, outcomes=())

LAW = ResistanceLaw(r_p_ohm=1100, tmr=1.2, half_bias_mv=500, bias_per_v2=0.1)
EVERYWHERE = Interval(-750, 750)
REFERENCES = (JunctionReference(LAW, 0.0, 0.05, 0.05, EVERYWHERE, EVERYWHERE),) * 3


def idle(*factors: float, control_ua: float = -500.0) -> Reading:
    """All junctions antiparallel at their control current, with voltages that many times those of the references."""
    level_mv = REFERENCES[0].levels_mv(control_ua)[1]
    samples = tuple(level_mv * factor for factor in factors)
    return Reading(1.0, 0.0, (control_ua,) * 3, (samples, samples))


def away(reading: Reading, references: tuple[JunctionReference, ...] = REFERENCES) -> tuple[Deviation, ...]:
    return ExpectedVoltages(references).deviations(reading)


@pytest.fixture
def suspender() -> Suspender:
    return Suspender(SETTINGS, None)


def test_a_good_presentation_is_no_problem(suspender: Suspender) -> None:
    assert [suspender.check_presentation(PRESENTED) for _ in range(20)] == [""] * 20


def test_too_many_presentations_in_a_row_without_a_reset_are_a_problem(suspender: Suspender) -> None:
    assert [suspender.check_presentation(p) for p in (STUCK, STUCK, PRESENTED, STUCK, STUCK)] == [""] * 5
    assert suspender.check_presentation(STUCK) == "3 presentations in a row ended with a junction not reset"


def test_too_many_presentations_in_a_row_without_a_configuration_are_a_problem(suspender: Suspender) -> None:
    assert [suspender.check_presentation(p) for p in (SILENT, SILENT, SILENT, PRESENTED, SILENT, SILENT, SILENT)] == [
        ""
    ] * 7
    assert suspender.check_presentation(SILENT) == "4 presentations in a row gave no configuration"


def test_a_token_that_was_not_applied_does_not_count(suspender: Suspender) -> None:
    """A token that would exceed the limits is no reason to suspend, and no sign of recovery."""
    assert [suspender.check_presentation(NOT_APPLIED) for _ in range(40)] == [""] * 40
    problems = [suspender.check_presentation(p) for p in (STUCK, NOT_APPLIED, STUCK, NOT_APPLIED, STUCK)]
    assert problems[-1] == "3 presentations in a row ended with a junction not reset"


def test_without_a_field_supply_the_field_is_not_checked(suspender: Suspender) -> None:
    assert suspender.check_field() == ""


def test_the_field_is_compared_with_that_at_the_start_of_the_training() -> None:
    field = Field(5.93)
    suspender = Suspender(SETTINGS, field)
    problems = []
    for field.field_mt in (5.93, 6.02, 5.84, 6.05, 5.93):
        problems.append(suspender.check_field())
    assert problems == ["", "", "", "the field reads 6.05 mT, and was 5.93 mT before", ""]


@pytest.mark.parametrize(("by_ua", "is_out"), [(0.0, False), (4.9, False), (-4.9, False), (5.1, True), (-50.0, True)])
def test_a_junction_with_a_drifted_voltage_is_named_with_numbers(
    suspender: Suspender, by_ua: float, is_out: bool
) -> None:
    was, now = (REFERENCES[1].levels_mv(current)[1] for current in (-500.0, -500.0 + by_ua))
    problem = suspender.check_drift(away(idle(1, now / was, 1)))
    assert bool(problem) is is_out
    if is_out:
        assert problem.startswith(f"junctions deviate from their references: J2 from {was:.4g} to {now:.4g} mV, as by ")
        assert problem.endswith("uA (limits 5 uA and 3 %)")


def test_a_deviation_far_above_the_noise_is_reported_though_its_percentage_is_small(suspender: Suspender) -> None:
    """10 mV with noise of 0.05 mV: 1.4 % of the voltage, and 8 uA."""
    level_mv = REFERENCES[0].levels_mv(-500.0)[1]
    assert "J3 from" in suspender.check_drift(away(idle(1, 1, (level_mv + 10) / level_mv)))


def test_the_percentage_of_a_plan_applies_if_it_is_stricter() -> None:
    settings = SETTINGS.model_copy(update={"reference_drift_percent": 0.2})
    assert "J1 from" in Suspender(settings, None).check_drift(away(idle(1.003, 1, 1)))


@given(st.floats(0.5, 20.0), st.lists(st.floats(-3, 3), min_size=6, max_size=6))
def test_noise_alone_is_no_drift(noise_mv: float, draws: list[float]) -> None:
    """However noisy a voltmeter is, it causes no suspension."""
    noisy = tuple(replace(one, noise_mv=noise_mv, residual_mv=noise_mv) for one in REFERENCES)
    level_mv = noisy[0].levels_mv(-500.0)[1]
    mv = [level_mv + noise_mv * draw for draw in draws]
    suspender = Suspender(SETTINGS.model_copy(update={"reference_drift_percent": 50.0}), None)
    reading = Reading(1.0, 0.0, (-500.0,) * 3, ((mv[0], mv[1], mv[2]), (mv[3], mv[4], mv[5])))
    assert suspender.check_drift(away(reading, noisy)) == ""


def test_a_single_deviating_sample_is_a_switch_and_no_drift(suspender: Suspender) -> None:
    good, odd = idle(1, 1, 1).samples_mv[0], idle(1, 0.95, 1).samples_mv[0]
    assert suspender.check_drift(away(Reading(1.0, 0.0, (-500.0,) * 3, (odd, good)))) == ""


def test_a_deviation_right_after_measuring_is_a_misfit_and_no_drift(suspender: Suspender) -> None:
    level_mv = REFERENCES[0].levels_mv(-500.0)[1]
    off = idle(1, (level_mv + 10) / level_mv, 1)
    suspender.accept_references(away(off))
    assert suspender.check_drift(away(off)) == ""
    assert suspender.check_drift(away(idle(1, 1, 1))) != ""


def test_near_zero_current_percentages_below_the_resolution_do_not_count(suspender: Suspender) -> None:
    assert suspender.check_drift(away(idle(1, 1.9, 1, control_ua=-0.4))) == ""


class TestScatteredFailures:
    """As with a dead source: 78 of 108 presentations without a result, but few in a row."""

    def test_their_share_is_checked(self) -> None:
        suspender = Suspender(
            SETTINGS.model_copy(update={"failures_percent": 25, "failures_over_presentations": 40}), None
        )
        problems = [suspender.check_presentation(one) for one in [SILENT, SILENT, PRESENTED] * 20]
        first = next(n for n, one in enumerate(problems) if one)
        assert problems[first] == "10 of the last 14 presentations gave no configuration, or were not reset"

    @given(st.lists(st.sampled_from([PRESENTED, SILENT, STUCK]), max_size=200), st.integers(1, 30), st.integers(5, 60))
    def test_only_the_latest_presentations_count(self, happened: list[Presented], percent: int, over: int) -> None:
        keys = {"failures_percent": percent, "failures_over_presentations": over}
        keys |= {"reset_failures_in_a_row": 1000, "without_configuration_in_a_row": 1000}
        suspender = Suspender(SETTINGS.model_copy(update=keys), None)
        for n, one in enumerate(happened):
            latest = happened[max(0, n + 1 - over) : n + 1]
            assert bool(suspender.check_presentation(one)) is (
                sum(p.configuration is None for p in latest) >= percent / 100 * over
            )

    def test_a_suspension_after_which_as_many_fail_did_not_help(self) -> None:
        """However many presentations succeed in between."""
        suspender = Suspender(SETTINGS, None)

        def until_it_tells() -> str:
            return next(
                problem
                for _ in range(1000)
                for one in (SILENT, PRESENTED)
                if (problem := suspender.check_presentation(one))
            )

        for _ in range(MOST_IN_A_ROW):
            suspender.begin_suspension(until_it_tells(), None)
        reason = until_it_tells()
        with pytest.raises(BenchFaultError, match="suspended 3 times in a row"):
            suspender.begin_suspension(reason, None)


class TestWhileSuspended:
    def test_a_junction_that_is_parallel_is_named(self, suspender: Suspender) -> None:
        suspender.begin_suspension("why", None)
        verdicts = (Verdict.P, Verdict.AP, Verdict.P)
        assert suspender.check_recovery(away(idle(1, 1, 1)), verdicts) == "J1 (P), J3 (P) not reset"

    def test_junctions_off_the_old_references_may_continue_once_they_are_stable(self, suspender: Suspender) -> None:
        """References are measured again afterwards."""
        suspender.begin_suspension("why", away(idle(1, 1.02, 1)))
        problems = [suspender.check_recovery(away(idle(1, factor, 1)), ALL_AP) for factor in (1.03, 1.04, 1.041)]
        assert [bool(still) for still in problems] == [True, True, False]
        assert problems[0].startswith("junctions have changed since the last look: J2 from ")

    def test_an_undecided_or_partial_verdict_does_not_end_the_suspension(self, suspender: Suspender) -> None:
        suspender.begin_suspension("why", away(idle(1, 1.2, 1)))
        verdicts = (Verdict.AP, Verdict.UNDECIDED, Verdict.PARTIAL)
        problem = suspender.check_recovery(away(idle(1, 1.2, 1)), verdicts)
        assert problem == "J2 (undecided), J3 (partial) not reset"

    def test_the_field_has_to_be_back(self) -> None:
        field = Field(6.0)
        suspender = Suspender(SETTINGS, field)
        suspender.check_field()
        field.field_mt = 5.0
        suspender.begin_suspension("why", None)
        assert "reads 5 mT" in suspender.check_recovery(away(idle(1, 1, 1)), ALL_AP)
        field.field_mt = 6.0
        assert suspender.check_recovery(away(idle(1, 1, 1)), ALL_AP) == ""

    def test_failures_before_a_suspension_do_not_count_again(self, suspender: Suspender) -> None:
        for _ in range(3):
            suspender.check_presentation(STUCK)
        suspender.begin_suspension("why", None)
        assert suspender.check_presentation(STUCK) == ""


def test_suspensions_in_a_row_without_a_configuration_end_the_run(suspender: Suspender) -> None:
    for _ in range(MOST_IN_A_ROW):
        suspender.begin_suspension("J2 is odd", None)
        suspender.check_presentation(SILENT)
    with pytest.raises(BenchFaultError, match=r"J2 is odd\. The run was suspended 3 times in a row .*`mtjlab resume`"):
        suspender.begin_suspension("J2 is odd", None)


def test_a_configuration_in_between_resets_the_count_of_suspensions(suspender: Suspender) -> None:
    for _ in range(10 * MOST_IN_A_ROW):
        suspender.begin_suspension("the field is out", None)
        suspender.check_presentation(PRESENTED)
