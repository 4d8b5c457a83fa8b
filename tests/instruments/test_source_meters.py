"""A 2400 or 2450 that sources and measures in one session."""

import pytest
from pymeasure.test import expected_protocol

from instruments.interfaces import MeterSettings, SettingRefusedError, SourceSettings
from tests.instruments.source_words import K2400, K2450, NO_ERROR

METER_2400 = [
    NO_ERROR,
    (':SENS:FUNC:CONC 0;:SENS:FUNC "VOLT";:FORM:DATA ASC;:FORM:ELEM VOLT', None),
    (":SENSE:VOLTAGE:RANGE:AUTO 0", None),
    (":SENSE:VOLTAGE:RANGE 2", None),
    (":SENSE:VOLTAGE:NPLCYCLES 1", None),
    (":SENSE:AVERAGE 0", None),
    (":SOURCE:DELAY 0", None),
    (":ARM:COUN 1;:ARM:SOUR IMM;:TRIG:SOUR IMM;:TRIG:DEL 0", None),
    (":SENSE:VOLTAGE:RANGE:AUTO?", "0"),
    (":SENSE:VOLTAGE:RANGE?", "2.100000E+00"),
    (":SENSE:VOLTAGE:NPLCYCLES?", "1.00"),
    (":SENSE:AVERAGE?", "0"),
    (":SENSE:VOLTAGE:PROTECTION?", "2.000000E+00"),
    NO_ERROR,
]
METER_2450 = [
    NO_ERROR,
    (':SENS:FUNC "VOLT";:SENS:VOLT:AVER 0;:SOUR:CURR:READ:BACK 0;:FORM:DATA ASC', None),
    (":SENS:VOLT:RANG:AUTO 0;:SENS:VOLT:RANG 20", None),
    (":SENS:VOLT:NPLC 1", None),
    (":SOUR:CURR:DEL 0", None),
    (":SENS:VOLT:RANG:AUTO?", "0"),
    (":SENS:VOLT:RANG?", "20"),
    (":SENS:VOLT:NPLC?", "1"),
    (":SENS:VOLT:AVER?", "0"),
    (":SOUR:CURR:VLIM?", "3"),
    NO_ERROR,
]
READS_2400 = (":TRIG:COUN 2;:READ?", "+1.0E-01,+2.0E-01")
READS_2450 = (
    ':SENS:COUN 2;:TRAC:CLE "defbuffer1";:TRAC:TRIG "defbuffer1";:TRAC:DATA? 1,2,"defbuffer1"',
    "+1.0E-01,+2.0E-01",
)
BOTH = [
    pytest.param(K2400, METER_2400, READS_2400, MeterSettings(range_v=2.0, nplc=1.0), id="Keithley 2400"),
    pytest.param(K2450, METER_2450, READS_2450, MeterSettings(range_v=20.0, nplc=1.0), id="Keithley 2450"),
]
every_source_meter = pytest.mark.parametrize(("words", "meter", "reads", "settings"), BOTH)


@every_source_meter
def test_it_plays_both_parts_at_once(words, meter, reads, settings):
    pairs = [*words.prepares, *meter, *words.switches_on, words.writes("0.0001"), reads, words.writes("0.0"), reads]
    with expected_protocol(words.driver, pairs) as both:
        both.prepare_source(words.settings)
        both.prepare_meter(settings)
        both.switch_on()
        for level_a in (1e-4, 0.0):
            both.write_level(level_a)
            both.request(2)
            assert both.voltages_v() == [0.1, 0.2]


@every_source_meter
def test_with_the_output_off_a_reading_would_hang_it_and_is_not_sent(words, meter, reads, settings):
    off = [(words.off, None), (words.is_on, "0")]
    pairs = [*words.prepares, *meter, (words.is_on, "0"), *words.switches_on, *off, (words.is_on, "0")]
    with expected_protocol(words.driver, pairs) as both:
        both.prepare_source(words.settings)
        both.prepare_meter(settings)
        with pytest.raises(SettingRefusedError, match="its output is off, so it cannot read"):
            both.request(2)
        both.switch_on()
        both.switch_off()
        with pytest.raises(SettingRefusedError, match="its output is off, so it cannot read"):
            both.request(2)


@every_source_meter
def test_a_range_that_would_limit_its_source_is_refused(words, meter, reads, settings):
    with expected_protocol(words.driver, words.prepares) as both:
        both.prepare_source(words.settings)
        with pytest.raises(SettingRefusedError, match="would limit its source"):
            both.prepare_meter(MeterSettings(range_v=0.2, nplc=1.0))


@every_source_meter
def test_it_is_a_source_first_and_preparing_the_source_again_ends_the_meter(words, meter, reads, settings):
    with expected_protocol(words.driver, [*words.prepares, *meter, *words.prepares]) as both:
        with pytest.raises(SettingRefusedError, match="prepare it as a source before"):
            both.prepare_meter(settings)
        both.prepare_source(words.settings)
        both.prepare_meter(settings)
        both.prepare_source(words.settings)
        with pytest.raises(SettingRefusedError, match="was not prepared as a voltmeter"):
            both.request(1)


@every_source_meter
def test_a_compliance_that_the_meter_range_has_moved_is_found(words, meter, reads, settings):
    moved = [*meter[:-2], (meter[-2][0], "0.5")]
    with expected_protocol(words.driver, [*words.prepares, *moved]) as both:
        both.prepare_source(words.settings)
        with pytest.raises(SettingRefusedError, match="compliance"):
            both.prepare_meter(settings)


def test_the_smallest_voltage_range_that_holds_the_compliance_is_used():
    pairs = [
        (words.replace("RANGE 2", "RANGE 20").replace("PROTECTION 2", "PROTECTION 5"), answer)
        for words, answer in K2400.prepares
    ]
    replies = {":SENSE:VOLTAGE:RANGE?": "21", ":SENSE:VOLTAGE:PROTECTION?": "5"}
    pairs = [(words, replies.get(words, answer)) for words, answer in pairs]
    with expected_protocol(K2400.driver, pairs) as both:
        both.prepare_source(SourceSettings(range_a=1e-3, compliance_v=5.0))
