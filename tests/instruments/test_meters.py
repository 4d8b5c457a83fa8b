"""Voltmeters, byte by byte."""

from dataclasses import dataclass

import pytest
from pymeasure.test import expected_protocol

from instruments.interfaces import HeldError, InstrumentError, MeterSettings, SettingRefusedError
from instruments.voltmeters import Agilent34410A, Keithley2000, Keithley2182A, KeithleyDMM6500, Keysight34461A

NO_ERROR = (":SYST:ERR?", "0,No error")
SETTINGS = MeterSettings(range_v=1.0, nplc=0.1)


@dataclass(frozen=True)
class Words:
    """What one model is sent and answers."""

    driver: type
    prepare: tuple[tuple[str, str | None], ...]
    read: str = ":SAMP:COUN {n};:READ?"

    @property
    def prepares(self):
        return [NO_ERROR, *self.prepare, NO_ERROR]

    def reads(self, samples, reply):
        return self.read.format(n=samples), reply


K2182A = Words(
    Keithley2182A,
    (
        (":INIT:CONT 0;:ABOR", None),
        (":SENS:CHAN 1", None),
        ('SENS:FUNC "VOLT:DC"', None),
        (":SENS:VOLT:CHAN1:RANG:AUTO 0", None),
        (":SENS:VOLT:CHAN1:RANG 1", None),
        (":SENS:VOLT:NPLC 0.1", None),
        (":SENS:VOLT:CHAN1:REF:STAT 0", None),
        (":SENS:VOLT:CHAN1:LPAS:STAT 0;:SENS:VOLT:CHAN1:DFIL:STAT 0", None),
        (":TRAC:FEED:CONT NEV", None),
        (":TRAC:CLE;:FORM:DATA ASC;:FORM:ELEM READ", None),
        (":TRIG:SOUR IMM;", None),
        (":TRIG:COUN 1", None),
        (":TRIG:DEL 0", None),
        (":SENS:CHAN?", "1"),
        (":SENS:FUNC?", '"VOLT:DC"'),
        (":SENS:VOLT:CHAN1:RANG:AUTO?", "0"),
        (":SENS:VOLT:CHAN1:RANG?", "1.200000"),
        (":SENS:VOLT:NPLC?", "0.10"),
        (":SENS:VOLT:CHAN1:LPAS:STAT?", "0"),
        (":SENS:VOLT:CHAN1:DFIL:STAT?", "0"),
    ),
)
K2000 = Words(
    Keithley2000,
    (
        (":CONF:VOLT:DC", None),
        (":SENS:VOLT:RANG:AUTO 0;:SENS:VOLT:RANG 1", None),
        (":SENS:VOLT:NPLC 0.1", None),
        (":SENS:VOLT:AVER:STAT 0", None),
        (":TRAC:FEED:CONT NEV", None),
        (":TRAC:CLE;:FORM:DATA ASC;:FORM:ELEM READ", None),
        (":CONF?", '"VOLT:DC"'),
        (":SENS:VOLT:RANG:AUTO?", "0"),
        (":SENS:VOLT:RANG?", "1.000000E+00"),
        (":SENS:VOLT:NPLC?", "0.10"),
        (":SENS:VOLT:AVER:STAT?", "0"),
    ),
)
DMM6500 = Words(
    KeithleyDMM6500,
    (
        ("*LANG?", "SCPI"),
        (':SENS:FUNC "VOLT:DC"', None),
        (":SENS:VOLT:RANG:AUTO 0;:SENS:VOLT:RANG 1", None),
        (":SENS:VOLT:NPLC 0.1", None),
        (":SENS:VOLT:REL:STAT 0", None),
        (":SENS:VOLT:AVER:STAT 0;:FORM:DATA ASC", None),
        (":SENS:FUNC?", '"VOLT:DC"'),
        (":SENS:VOLT:RANG:AUTO?", "0"),
        (":SENS:VOLT:RANG?", "1"),
        (":SENS:VOLT:NPLC?", "0.1"),
        (":SENS:VOLT:AVER:STAT?", "0"),
    ),
    ':SENS:COUN {n};:TRAC:CLE "defbuffer1";:TRAC:TRIG "defbuffer1";:TRAC:DATA? 1,{n},"defbuffer1"',
)
K34410A = Words(
    Agilent34410A,
    (
        (":CONF:VOLT:DC 1.0", None),
        (":SENS:VOLT:DC:NPLC 0.1", None),
        (":SENS:VOLT:DC:RANG:AUTO?", "0"),
        (":SENS:VOLT:DC:RANG?", "+1.00000000E+00"),
        (":SENS:VOLT:DC:NPLC?", "+1.00000000E-01"),
    ),
)
K34461A = Words(Keysight34461A, K34410A.prepare)
ALL = [K2182A, K2000, DMM6500, K34410A, K34461A]

every_meter = pytest.mark.parametrize("words", ALL, ids=lambda words: words.driver.model)


@every_meter
def test_it_is_prepared_once_and_then_asked_with_one_message_for_any_number_of_readings(words):
    pairs = [
        *words.prepares,
        words.reads(1, "-7.234561E-01"),
        words.reads(3, "+1.0E-01,-2.0E-01,+3.0E-01"),
        words.reads(3, "0.1,0.2,0.3"),
    ]
    with expected_protocol(words.driver, pairs) as meter:
        meter.prepare_meter(SETTINGS)
        meter.request(1)
        assert meter.voltages_v() == [-0.7234561]
        meter.request(3)
        assert meter.voltages_v() == [0.1, -0.2, 0.3]
        meter.request(3)
        assert meter.voltages_v() == [0.1, 0.2, 0.3]


@every_meter
@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("9.9E37,0.1", "over range: choose a larger range_mv"),
        ("0.1,-9.9E+37", "over range"),
        ("garbage,0.1", "not a number"),
        ("0.1,", "not a number"),
        ("nan,0.1", "not a number"),
        ("", "2 readings were requested"),
        ("0.1", "2 readings were requested"),
        ("0.1,0.2,0.3", "2 readings were requested"),
    ],
)
def test_a_bad_reply_is_quoted_with_what_was_sent(words, reply, why):
    message, _ = words.reads(2, reply)
    with expected_protocol(words.driver, [*words.prepares, (message, reply)]) as meter:
        meter.prepare_meter(SETTINGS)
        meter.request(2)
        with pytest.raises(InstrumentError) as caught:
            meter.voltages_v()
    assert f"sent {message!r}, received {reply!r} ({why}" in str(caught.value)
    assert words.driver.model in str(caught.value)


@every_meter
@pytest.mark.parametrize(
    "settings",
    [
        MeterSettings(range_v=3.0, nplc=1.0),
        MeterSettings(range_v=float("nan"), nplc=1.0),
        MeterSettings(range_v=1.0, nplc=0.0),
        MeterSettings(range_v=1.0, nplc=1e3),
        MeterSettings(range_v=1.0, nplc=float("nan")),
    ],
    ids=str,
)
def test_a_range_or_integration_time_that_the_model_does_not_have_is_refused_and_nothing_is_sent(words, settings):
    with expected_protocol(words.driver, []) as meter, pytest.raises(SettingRefusedError, match="Nothing was sent"):
        meter.prepare_meter(settings)


def read_backs():
    """Every query of every preparation, with an answer that is not what was set."""
    for words in ALL:
        for index, (query, answer) in enumerate(words.prepares[1:-1], start=1):
            if query.endswith("?"):
                wrong = {"SCPI": "SCPI2000", '"VOLT:DC"': '"CURR:DC"', "0": "1"}
                yield pytest.param(
                    words, index, wrong.get(answer) or f"{float(answer) * 10}", id=f"{words.driver.model} {query}"
                )


@pytest.mark.parametrize(("words", "index", "differs"), list(read_backs()))
def test_a_meter_that_did_not_take_over_its_settings_is_not_asked_for_readings(words, index, differs):
    query = words.prepares[index][0]
    with expected_protocol(words.driver, [*words.prepares[:index], (query, differs)]) as meter:
        with pytest.raises(SettingRefusedError, match="but reads back"):
            meter.prepare_meter(SETTINGS)
        with pytest.raises(SettingRefusedError, match="was not prepared"):
            meter.request(1)


@every_meter
def test_an_error_of_the_instrument_is_told(words):
    pairs = [*words.prepares[:-1], (":SYST:ERR?", '-222,"Out of range"'), NO_ERROR]
    with expected_protocol(words.driver, pairs) as meter, pytest.raises(SettingRefusedError, match="-222"):
        meter.prepare_meter(SETTINGS)


@pytest.mark.parametrize("samples", [0, -1, 1001])
def test_an_impossible_number_of_samples_is_refused(samples):
    with expected_protocol(Keithley2182A, K2182A.prepares) as meter:
        meter.prepare_meter(SETTINGS)
        with pytest.raises(SettingRefusedError, match="samples"):
            meter.request(samples)


def test_readings_that_were_not_requested_cannot_be_had():
    with (
        expected_protocol(Keithley2182A, []) as meter,
        pytest.raises(InstrumentError, match="no readings were requested"),
    ):
        meter.voltages_v()


NOT_LOCKED = (":SYST:LOCK:OWN?;:SYST:LOCK:NAME?", '"NONE";"LAN10.0.0.5"')
keysights = pytest.mark.parametrize("driver", [Agilent34410A, Keysight34461A])


@keysights
@pytest.mark.parametrize("granted", ["1", "+1"])
def test_a_meter_with_a_lock_of_its_own_is_locked_for_this_computer_and_given_back(driver, granted):
    with expected_protocol(driver, [NOT_LOCKED, (":SYST:LOCK:REQ?", granted), (":SYST:LOCK:REL", None)]) as meter:
        meter.lock()
        meter.close()


@keysights
def test_a_meter_that_another_computer_has_locked_is_in_use(driver):
    here = (":SYST:LOCK:OWN?;:SYST:LOCK:NAME?", '"LAN10.0.0.9";"LAN10.0.0.5"')
    with expected_protocol(driver, [here, (":SYST:LOCK:REQ?", "+0")]) as meter:
        with pytest.raises(HeldError, match=r"is locked by LAN10\.0\.0\.9"):
            meter.lock()
        meter.close()


@keysights
def test_the_lock_of_a_run_that_was_killed_is_taken_over_and_not_counted_twice(driver):
    here = (":SYST:LOCK:OWN?;:SYST:LOCK:NAME?", '"USB";"USB"')
    with expected_protocol(driver, [here, (":SYST:LOCK:REL", None)]) as meter:
        meter.lock()
        meter.close()


@keysights
def test_a_meter_that_knows_no_lock_is_used_without(driver):
    who = ("*IDN?", f"Agilent Technologies,{driver.identifies_as[0]},MY1,2")  # asked again before anything is believed
    with expected_protocol(driver, [(NOT_LOCKED[0], "garbage"), who, who]) as meter:
        meter.lock()
        meter.identity()
        meter.close()
