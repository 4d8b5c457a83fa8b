"""Current sources, byte by byte: what they are sent, and what they are never sent."""

import pytest
from pymeasure.test import expected_protocol

from instruments.current_sources import Keithley6220, Keithley6221, YokogawaGS200
from instruments.interfaces import (
    ComplianceReachedError,
    InstrumentError,
    LevelRefusedError,
    SettingRefusedError,
    SourceSettings,
)
from instruments.models import DRIVERS
from instruments.source import Source
from tests.instruments.source_words import GS200, K2400, K2450, K6221, NO_ERROR, is_in_si_units

ALL = [K6221, K2400, K2450, GS200]

every_source = pytest.mark.parametrize("words", ALL, ids=lambda words: words.driver.model)


@every_source
def test_preparing_and_switching_on_is_level_range_compliance_read_back_then_output(words):
    with expected_protocol(words.driver, [*words.prepares, *words.switches_on]) as source:
        source.prepare_source(words.settings)
        source.switch_on()


@every_source
def test_a_level_is_one_message_with_all_digits(words):
    pairs = [*words.prepares, words.writes("-0.000380001234567"), words.writes("5e-07"), words.writes("0.0")]
    with expected_protocol(words.driver, pairs) as source:
        source.prepare_source(words.settings)
        source.write_level(-0.000380001234567)
        source.write_level(5e-7)
        source.write_level(-0.0)


@every_source
@pytest.mark.parametrize("current_a", [float("nan"), float("inf"), -float("inf"), -500.0, 2.1e-3, -2.1e-3])
def test_a_current_outside_the_range_or_not_finite_is_refused_and_nothing_is_sent(words, current_a):
    with expected_protocol(words.driver, words.prepares) as source:
        source.prepare_source(words.settings)
        with pytest.raises(SettingRefusedError, match="Nothing was sent") as refused:
            source.write_level(current_a)
    assert not is_in_si_units(str(refused.value))


@every_source
@pytest.mark.parametrize("current_a", [float("nan"), float("inf")])
def test_what_is_no_current_is_refused_before_a_source_that_was_found_on_is_even_asked(words, current_a):
    with (
        expected_protocol(words.driver, []) as source,
        pytest.raises(SettingRefusedError, match="Nothing was sent"),
    ):
        source.write_level(current_a)


@every_source
@pytest.mark.parametrize(
    "settings",
    [
        SourceSettings(range_a=500.0, compliance_v=2.0),
        SourceSettings(range_a=0.5e-3, compliance_v=2.0),
        SourceSettings(range_a=float("nan"), compliance_v=2.0),
        SourceSettings(range_a=0.1, compliance_v=0.05),
        SourceSettings(range_a=0.1, compliance_v=1e3),
        SourceSettings(range_a=0.1, compliance_v=float("nan")),
    ],
    ids=str,
)
def test_a_range_or_compliance_that_the_model_does_not_have_is_refused_and_nothing_is_sent(words, settings):
    with (
        expected_protocol(words.driver, []) as source,
        pytest.raises(SettingRefusedError, match="Nothing was sent") as refused,
    ):
        source.prepare_source(settings)
    assert not is_in_si_units(str(refused.value))


@every_source
def test_an_output_that_is_on_is_not_prepared(words):
    with (
        expected_protocol(words.driver, [NO_ERROR, (words.is_on, "1")]) as source,
        pytest.raises(SettingRefusedError, match=r"its output is on\. Nothing was set"),
    ):
        source.prepare_source(words.settings)


def read_backs():
    """Every query of every preparation, with an answer that is not what was set."""
    wrong = {"CURR": "VOLT", "HIMP": "NORM", "SCPI": "TSP", "0": "1"}
    for words in ALL:
        for index, (query, answer) in enumerate(words.prepares[2:-1], start=2):
            if query.endswith("?") and not query.endswith("*OPC?"):
                differs = wrong.get(answer) or ("2.0" if float(answer) == 0 else f"{float(answer) * 10:.6E}")
                yield pytest.param(words, index, differs, id=f"{words.driver.model} {query}")


@pytest.mark.parametrize(("words", "index", "differs"), list(read_backs()))
def test_a_setting_that_was_not_taken_over_keeps_the_output_off(words, index, differs):
    query = words.prepares[index][0]
    with expected_protocol(words.driver, [*words.prepares[:index], (query, differs)]) as source:
        with pytest.raises(SettingRefusedError, match="but reads back") as refused:
            source.prepare_source(words.settings)
        assert not is_in_si_units(str(refused.value))
        with pytest.raises(SettingRefusedError, match="was not prepared"):
            source.switch_on()


@every_source
def test_an_error_of_the_instrument_keeps_the_output_off(words):
    pairs = [*words.prepares[:-1], (":SYST:ERR?", '-222,"Parameter data out of range"'), NO_ERROR]
    with expected_protocol(words.driver, pairs) as source:
        with pytest.raises(SettingRefusedError, match="Parameter data out of range"):
            source.prepare_source(words.settings)
        with pytest.raises(SettingRefusedError, match="was not prepared"):
            source.switch_on()


@every_source
def test_errors_of_earlier_days_are_read_and_not_held_against_it(words):
    with expected_protocol(words.driver, [(":SYST:ERR?", '-113,"Undefined header"'), *words.prepares]) as source:
        source.prepare_source(words.settings)


@every_source
def test_a_source_that_does_not_stand_at_zero_is_not_switched_on(words):
    with expected_protocol(words.driver, [*words.prepares, (words.level, "1.0E-06")]) as source:
        source.prepare_source(words.settings)
        with pytest.raises(SettingRefusedError, match="its output stays off"):
            source.switch_on()


@every_source
def test_an_output_that_stays_off_is_an_error(words):
    pairs = [*words.prepares, (words.level, "0"), (words.on, None), (words.is_on, "0")]
    with expected_protocol(words.driver, pairs) as source:
        source.prepare_source(words.settings)
        with pytest.raises(InstrumentError, match="still off"):
            source.switch_on()


@every_source
def test_switching_off_is_confirmed_and_refused_by_nothing(words):
    with expected_protocol(words.driver, [(words.off, None), (words.is_on, "0")]) as source:
        source.switch_off()


@every_source
def test_an_output_that_stays_on_is_told_once_more_and_then_an_error(words):
    with (
        expected_protocol(words.driver, [(words.off, None), (words.is_on, "1")] * 2) as source,
        pytest.raises(InstrumentError, match="STILL ON"),
    ):
        source.switch_off()


@every_source
def test_an_output_found_on_can_only_be_ramped_down(words):
    found = [(words.is_on, "1"), *words.found_on, (words.range, "1.0E-03"), (words.level, "-5.000000E-04")]
    pairs = [*found, words.writes("-0.0005"), words.writes("-0.00025"), words.writes("0.0")]
    with expected_protocol(words.driver, [*pairs, (words.off, None), (words.is_on, "0")]) as source:
        source.write_level(-5e-4)
        for refused_a in (-5.1e-4, 1e-9, 5e-4):
            with pytest.raises(SettingRefusedError, match="can only be ramped down"):
                source.write_level(refused_a)
        source.write_level(-2.5e-4)
        source.write_level(0.0)
        source.switch_off()


@every_source
def test_a_source_that_was_neither_prepared_nor_found_on_is_not_set(words):
    with (
        expected_protocol(words.driver, [(words.is_on, "0")]) as source,
        pytest.raises(SettingRefusedError, match="was not prepared and its output is off"),
    ):
        source.write_level(0.0)


@pytest.mark.parametrize("words", [K2400, K2450, GS200], ids=lambda words: words.driver.model)
def test_an_output_found_on_that_drives_a_voltage_is_left_to_a_person(words):
    function = words.found_on[0][0]
    with (
        expected_protocol(words.driver, [(words.is_on, "1"), (function, "VOLT")]) as source,
        pytest.raises(SettingRefusedError, match="drives a voltage"),
    ):
        source.write_level(0.0)


@pytest.mark.parametrize("words", [K6221, K2400, K2450], ids=lambda words: words.driver.model)
def test_compliance_until_now_is_told_after_the_new_level_is_set(words):
    with expected_protocol(words.driver, [*words.prepares, words.writes("0.0001", limited=True)]) as source:
        source.prepare_source(words.settings)
        with pytest.raises(ComplianceReachedError, match=r"set to 100 uA"):
            source.write_level(1e-4)


@pytest.mark.parametrize("words", [K6221, K2400, K2450], ids=lambda words: words.driver.model)
def test_compliance_is_told_on_request(words):
    with expected_protocol(words.driver, [(words.compliance, "0"), (words.compliance, words.limits)]) as source:
        assert source.in_compliance() is False
        assert source.in_compliance() is True


def test_a_6221_limits_by_one_bit_of_its_register_only():
    with expected_protocol(Keithley6221, [(":STAT:MEAS:COND?", "1271"), (":STAT:MEAS:COND?", "40")]) as source:
        assert source.in_compliance() is False  # all bits that mean something, but that one
        assert source.in_compliance() is True


def test_a_gs200_cannot_tell():
    with expected_protocol(YokogawaGS200, []) as source:
        assert source.in_compliance() is None


@every_source
@pytest.mark.parametrize("reply", ["", "0;0", "garbage", "0;1;1;1", "1;", "x;0.0001;1", "0;x;1"])
def test_where_the_acknowledgement_is_garbled_the_level_is_read_and_nothing_is_sent_again(words, reply):
    message, _ = words.writes("0.0001")
    pairs = [*words.prepares, (message, reply), ("*IDN?", words.identity), (words.level, "1.000000E-04")]
    with expected_protocol(words.driver, pairs) as source:
        source.prepare_source(words.settings)
        source.write_level(1e-4)


@every_source
def test_a_level_that_did_not_move_shows_that_the_setting_was_lost_and_is_sent_again(words):
    message, answer = words.writes("0.0001")
    read = [("*IDN?", words.identity), (words.level, "0.000000E+00")]
    with expected_protocol(words.driver, [*words.prepares, (message, "garbage"), *read, (message, answer)]) as source:
        source.prepare_source(words.settings)
        source.write_level(1e-4)


@every_source
def test_a_level_that_is_neither_here_nor_there_is_refused_and_nothing_is_sent_again(words):
    message, _ = words.writes("0.0001")
    read = [("*IDN?", words.identity), (words.level, "5.000000E-05"), NO_ERROR]
    with expected_protocol(words.driver, [*words.prepares, (message, "garbage"), *read]) as source:
        source.prepare_source(words.settings)
        with pytest.raises(LevelRefusedError, match=r"was set to 100 uA, reports a level of 50 uA"):
            source.write_level(1e-4)


@every_source
def test_an_acknowledged_level_that_was_refused_is_an_error_that_says_what_flows_and_why(words):
    """A source that does nothing but queue an error acknowledges all the same."""
    queue = [(":SYST:ERR?", '-200,"Execution error"'), NO_ERROR]
    pairs = [*words.prepares, words.writes("-0.00049"), words.writes("-0.0005", says="-4.900000E-04"), *queue]
    with expected_protocol(words.driver, pairs) as source:
        source.prepare_source(words.settings)
        source.write_level(-4.9e-4)
        with pytest.raises(LevelRefusedError) as caught:
            source.write_level(-5e-4)
    assert caught.value.level_a == -4.9e-4
    assert 'set to -500 uA, reports a level of -490 uA (-200,"Execution error")' in str(caught.value)


@every_source
@pytest.mark.parametrize("level_a", [4e-7, -3.3333e-4])
def test_a_level_is_there_within_half_a_digit_of_the_range(words, level_a):
    half_a, sent = words.digit_a / 2, repr(level_a)
    near = [words.writes(sent, says=f"{level_a + share * half_a:.9E}") for share in (-0.99, 0.99)]
    far = [(words.writes(sent, says=f"{level_a + 1.02 * half_a:.9E}")), NO_ERROR]
    with expected_protocol(words.driver, [*words.prepares, *near, *far]) as source:
        source.prepare_source(words.settings)
        source.write_level(level_a)
        source.write_level(level_a)
        with pytest.raises(LevelRefusedError):
            source.write_level(level_a)


@every_source
def test_a_level_found_on_is_compared_by_the_digit_of_the_range_that_it_is_in(words):
    """100 mA: in this range a GS200, a 2450 and a 6221 round by 1 uA and more."""
    found = [(words.is_on, "1"), *words.found_on, (words.range, "1.05E-01"), (words.level, "-5.00E-04")]
    with expected_protocol(words.driver, [*found, words.writes("-0.0002503", says="-2.50E-04")]) as source:
        source.write_level(-2.503e-4)


@every_source
def test_the_second_way_to_zero_is_read_back_too(words):
    pairs = [*words.prepares, *words.zeroes(), *words.zeroes(says="-4.900000E-04"), NO_ERROR]
    with expected_protocol(words.driver, pairs) as source:
        source.prepare_source(words.settings)
        source.zero_with_recovery()
        with pytest.raises(LevelRefusedError, match=r"was set to 0 uA, reports a level of -490 uA"):
            source.zero_with_recovery()


@pytest.mark.parametrize("driver", [one for one in DRIVERS if issubclass(one, Source)], ids=lambda one: one.model)
def test_digits_are_those_of_data_sheets(driver):
    """Four and a half to five and a half digits in every range; finer in no smaller range than in a larger one."""
    digits = list(driver.digits_a.items())
    assert digits == sorted(digits)
    assert all(9e3 <= range_a / digit_a <= 2.1e5 for range_a, digit_a in digits)
    assert [digit_a for _, digit_a in digits] == sorted(digit_a for _, digit_a in digits)


@every_source
def test_the_last_resort_is_said_to_nobody_else(words):
    stranger = words.identity.replace("1234567", "7654321")
    with expected_protocol(words.driver, [("*IDN?", words.identity), ("*IDN?", stranger)]) as source:
        source.identity()
        with pytest.raises(InstrumentError, match=r"expected .*1234567"):
            source.cut()


@every_source
@pytest.mark.parametrize("garbled", [False, True])
def test_the_last_resort_is_level_zero_and_output_off_also_where_replies_make_no_sense(words, garbled):
    asked = [("*IDN?", words.identity), ("*IDN?", "garbage" if garbled else words.identity)]
    pairs = [*asked, (f"{words.write} 0.0", None), (":OUTP OFF", None)]
    with expected_protocol(words.driver, pairs) as source:
        source.identity()
        source.cut()


def test_a_6220_is_told_from_a_6221():
    with (
        expected_protocol(Keithley6220, [("*IDN?", "KEITHLEY INSTRUMENTS INC.,MODEL 6221,1,A")]) as source,
        pytest.raises(InstrumentError, match="not a Keithley 6220"),
    ):
        source.identity()
