"""Current sources, byte by byte: what they are sent, and what they are never sent."""

import pytest
from pymeasure.test import expected_protocol
from source_words import GS200, K2400, K2450, K6221, NO_ERROR

from instruments.current_sources import Keithley6220, Keithley6221, YokogawaGS200
from instruments.interfaces import ComplianceReachedError, InstrumentError, SettingRefusedError, SourceSettings

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
        with pytest.raises(SettingRefusedError, match="Nothing was sent"):
            source.write_level(current_a)


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
        pytest.raises(SettingRefusedError, match="Nothing was sent"),
    ):
        source.prepare_source(settings)


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
        with pytest.raises(SettingRefusedError, match="but reads back"):
            source.prepare_source(words.settings)
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
def test_an_output_that_stays_on_is_an_error(words):
    with (
        expected_protocol(words.driver, [(words.off, None), (words.is_on, "1")]) as source,
        pytest.raises(InstrumentError, match="STILL ON"),
    ):
        source.switch_off()


@every_source
def test_an_output_found_on_can_only_be_ramped_down(words):
    found = [(words.is_on, "1"), *words.found_on, (words.level, "-5.000000E-04")]
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
        with pytest.raises(ComplianceReachedError, match=r"set to 0.0001 A"):
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
@pytest.mark.parametrize("reply", ["", "0;0", "garbage", "0;1;1", "1;", "x;1"])
def test_a_setting_that_is_not_acknowledged_is_an_error(words, reply):
    message, _ = words.writes("0.0001")
    with expected_protocol(words.driver, [*words.prepares, (message, reply)]) as source:
        source.prepare_source(words.settings)
        with pytest.raises(InstrumentError, match="came ") as caught:
            source.write_level(1e-4)
    assert repr(message) in str(caught.value)
    assert not isinstance(caught.value, ComplianceReachedError)


def test_a_6220_is_told_from_a_6221():
    with (
        expected_protocol(Keithley6220, [("*IDN?", "KEITHLEY INSTRUMENTS INC.,MODEL 6221,1,A")]) as source,
        pytest.raises(InstrumentError, match="not a Keithley 6220"),
    ):
        source.identity()
