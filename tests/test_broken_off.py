"""A presentation that a stop or a fault broke off is kept with all that was read; it is no failure of the junctions."""

from dataclasses import replace

from tests.support.journals import OUTCOME, PRESENTED, folded

BROKEN_OFF = replace(
    PRESENTED,
    outcomes=(OUTCOME, replace(OUTCOME, verdicts=(), switched=None, reset_readings=(), reset_verdicts=())),
    configuration=None,
    recognised_as=None,
)
NOTHING_CAME = replace(PRESENTED, configuration=None, recognised_as=None)


def test_it_is_told_as_broken_off_and_not_as_a_configuration_that_did_not_come() -> None:
    assert (BROKEN_OFF.broken_off, NOTHING_CAME.broken_off, PRESENTED.broken_off) == (True, False, False)
    assert "interrupted; its readings are not evaluated" in BROKEN_OFF.sentence
    assert not BROKEN_OFF.is_trouble
    assert "no configuration" in NOTHING_CAME.sentence
    assert NOTHING_CAME.is_trouble


def test_it_counts_neither_as_without_configuration_nor_as_a_failed_reset() -> None:
    state = folded([BROKEN_OFF, NOTHING_CAME])
    assert (state.presentations, state.without_configuration, state.reset_failures) == (2, 1, 0)
