"""What makes a training pause: counted, compared, and said in a sentence with numbers."""

from dataclasses import replace

import pytest
from journals import ALL_AP, OUTCOME, PRESENTED
from trainings import Field

from mtjlab.config import SuspendSettings
from mtjlab.detection.references import JunctionReference
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import Interval, Reading, Verdict
from mtjlab.errors import BenchFaultError
from mtjlab.procedures.lookout import MOST_IN_A_ROW, Lookout

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
    """All junctions antiparallel at their control current, their voltages so many times what the references say."""
    level_mv = REFERENCES[0].levels_mv(control_ua)[1]
    samples = tuple(level_mv * factor for factor in factors)
    return Reading(1.0, 0.0, (control_ua,) * 3, (samples, samples))


@pytest.fixture
def lookout() -> Lookout:
    return Lookout(SETTINGS, None)


def test_a_good_presentation_is_nothing_to_mention(lookout: Lookout) -> None:
    assert [lookout.saw(PRESENTED) for _ in range(20)] == [""] * 20


def test_so_many_presentations_in_a_row_that_were_not_reset_are_too_many(lookout: Lookout) -> None:
    assert [lookout.saw(p) for p in (STUCK, STUCK, PRESENTED, STUCK, STUCK)] == [""] * 5
    assert lookout.saw(STUCK) == "3 presentations in a row ended with a junction that was not reset"


def test_so_many_in_a_row_without_a_configuration_are_too_many(lookout: Lookout) -> None:
    assert [lookout.saw(p) for p in (SILENT, SILENT, SILENT, PRESENTED, SILENT, SILENT, SILENT)] == [""] * 7
    assert lookout.saw(SILENT) == "4 presentations in a row gave no configuration"


def test_what_was_not_applied_tells_nothing_of_the_junctions(lookout: Lookout) -> None:
    """A token that would leave the limits is no reason to pause, nor a sign that all is well again."""
    assert [lookout.saw(NOT_APPLIED) for _ in range(40)] == [""] * 40
    told = [lookout.saw(p) for p in (STUCK, NOT_APPLIED, STUCK, NOT_APPLIED, STUCK)]
    assert told[-1] == "3 presentations in a row ended with a junction that was not reset"


def test_without_a_field_to_read_none_is_out(lookout: Lookout) -> None:
    assert lookout.field_is_out() == ""


def test_the_field_counts_from_where_it_was_when_the_training_began() -> None:
    field = Field(5.93)
    lookout = Lookout(SETTINGS, field)
    told = []
    for field.field_mt in (5.93, 6.02, 5.84, 6.05, 5.93):
        told.append(lookout.field_is_out())
    assert told == ["", "", "", "the field reads 6.05 mT, and was 5.93 mT when the training began", ""]


@pytest.mark.parametrize(
    ("factor", "is_out"), [(1.0, False), (1.029, False), (0.971, False), (1.031, True), (0.9, True)]
)
def test_a_junction_that_leaves_its_reference_is_named_with_numbers(
    lookout: Lookout, factor: float, is_out: bool
) -> None:
    told = lookout.drifted(REFERENCES, idle(1, factor, 1))
    was, now = (f"{idle(1, f, 1).samples_mv[0][1]:.4g}" for f in (1, factor))
    assert told == (f"junctions have moved by more than 3 %: J2 from {was} to {now} mV" if is_out else "")


def test_near_zero_current_a_share_is_less_than_a_meter_tells(lookout: Lookout) -> None:
    assert lookout.drifted(REFERENCES, idle(1, 1.9, 1, control_ua=-0.4)) == ""


class TestWhileSuspended:
    def test_a_junction_that_is_parallel_is_named(self, lookout: Lookout) -> None:
        lookout.begin_suspension("why", None)
        verdicts = (Verdict.P, Verdict.AP, Verdict.P)
        assert lookout.still_wrong(REFERENCES, idle(1, 1, 1), verdicts) == "J1, J3 not reset"

    def test_junctions_away_from_old_references_may_go_on_once_they_stand_still(self, lookout: Lookout) -> None:
        """References are measured anew afterwards."""
        lookout.begin_suspension("why", idle(1, 1.2, 1))
        told = [lookout.still_wrong(REFERENCES, idle(1, factor, 1), ALL_AP) for factor in (1.3, 1.4, 1.41)]
        assert [bool(still) for still in told] == [True, True, False]
        assert told[0].startswith("since the last look, junctions have moved by more than 3 %: J2 from ")

    def test_an_undecided_verdict_by_old_references_keeps_nobody_waiting(self, lookout: Lookout) -> None:
        lookout.begin_suspension("why", idle(1, 1.2, 1))
        verdicts = (Verdict.AP, Verdict.UNDECIDED, Verdict.PARTIAL)
        assert lookout.still_wrong(REFERENCES, idle(1, 1.2, 1), verdicts) == ""

    def test_the_field_has_to_be_back(self) -> None:
        field = Field(6.0)
        lookout = Lookout(SETTINGS, field)
        lookout.field_is_out()
        field.field_mt = 5.0
        lookout.begin_suspension("why", None)
        assert "reads 5 mT" in lookout.still_wrong(REFERENCES, idle(1, 1, 1), ALL_AP)
        field.field_mt = 6.0
        assert lookout.still_wrong(REFERENCES, idle(1, 1, 1), ALL_AP) == ""

    def test_what_was_counted_before_does_not_count_again(self, lookout: Lookout) -> None:
        for _ in range(3):
            lookout.saw(STUCK)
        lookout.begin_suspension("why", None)
        assert lookout.saw(STUCK) == ""


def test_pausing_again_and_again_without_a_configuration_in_between_ends_the_run(lookout: Lookout) -> None:
    for _ in range(MOST_IN_A_ROW):
        lookout.begin_suspension("J2 is odd", None)
        lookout.saw(SILENT)
    with pytest.raises(BenchFaultError, match=r"J2 is odd\. The run was suspended 3 times in a row .*`mtjlab resume`"):
        lookout.begin_suspension("J2 is odd", None)


def test_a_configuration_in_between_shows_that_pausing_helps(lookout: Lookout) -> None:
    for _ in range(10 * MOST_IN_A_ROW):
        lookout.begin_suspension("the field is out", None)
        lookout.saw(PRESENTED)
