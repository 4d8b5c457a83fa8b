"""The messages of our own drivers, word for word, are understood without a single error.

``None`` is a message without reply; a number is compared as one; anything else as text.
"""

import pytest

from tests.instruments.simulated.simulated_samples import bench_of, source, source_meter, voltmeter

CONVERSATIONS = {
    "6221": (
        source("6221"),
        [
            ("OUTPut?", "0"),
            (":SOUR:CURR 0.0;:SOUR:CURR?;*OPC?", "0.000000E+00;1"),
            (":SOUR:CURR:RANG:AUTO 0;:SOUR:CURR:RANG 0.002", None),
            (":SOUR:CURR:COMP 2", None),
            (":SOUR:CURR:RANG:AUTO?", "0"),
            (":SOUR:CURR:RANG?", 0.002),
            (":SOUR:CURR:COMP?", 2.0),
            (":SOUR:CURR?", 0.0),
            ("OUTPut 1", None),
            ("OUTPut?", "1"),
            (":STAT:MEAS:COND?;:SOUR:CURR 5e-05;:SOUR:CURR?;*OPC?", "0;5.000000E-05;1"),
            (":STAT:MEAS:COND?", "0"),
            (":SOUR:CURR?", 5e-5),
            (":SOUR:SWE:ABOR", None),
            (":SOUR:CURR 0.0;:SOUR:CURR?;*OPC?", "0.000000E+00;1"),
            ("OUTPut 0", None),
            ("OUTPut?", "0"),
        ],
    ),
    "2400": (
        source_meter(),
        [
            ("OUTPUT?", "0"),
            (":SOURCE:FUNCTION CURR", None),
            (":SOUR:CURR:MODE FIX", None),
            (":SOUR:CURR 0.0;:SOUR:CURR?;*OPC?", "0.000000E+00;1"),
            (":SOURCE:CURRENT:RANGE:AUTO 0", None),
            (":SOURCE:CURRENT:RANGE 0.001", None),
            (":SENSE:VOLTAGE:PROTECTION 2", None),
            (":SENSE:VOLTAGE:RANGE:AUTO 0", None),
            (":SENSE:VOLTAGE:RANGE 2", None),
            (":OUTPUT:SMODE HIMP", None),
            (":SOURCE:CLEAR:AUTO 0", None),
            (":SOURCE:FUNCTION?", "CURR"),
            (":SOURCE:CURRENT:RANGE:AUTO?", "0"),
            (":SOURCE:CURRENT:RANGE?", 1.05e-3),
            (":SENSE:VOLTAGE:PROTECTION?", 2.0),
            (":SENSE:VOLTAGE:RANGE?", 2.1),
            (":OUTPUT:SMODE?", "HIMP"),
            (":SOURCE:CLEAR:AUTO?", "0"),
            (':SENS:FUNC:CONC 0;:SENS:FUNC "VOLT";:FORM:DATA ASC;:FORM:ELEM VOLT', None),
            (":SENSE:VOLTAGE:NPLCYCLES 1", None),
            (":SENSE:AVERAGE 0", None),
            (":SOURCE:DELAY 0", None),
            (":ARM:COUN 1;:ARM:SOUR IMM;:TRIG:SOUR IMM;:TRIG:DEL 0", None),
            (":SENSE:VOLTAGE:NPLCYCLES?", 1.0),
            (":SENSE:AVERAGE?", "0"),
            ("OUTPUT 1", None),
            (":SENS:VOLT:PROT:TRIP?;:SOUR:CURR 0.0001;:SOUR:CURR?;*OPC?", "0;1.000000E-04;1"),
            (":SOURCE:CURRENT?", 1e-4),
            (":ABOR", None),
            (":SOUR:CURR:MODE FIX", None),
            (":SOUR:CURR 0.0;:SOUR:CURR?;*OPC?", "0.000000E+00;1"),
            ("OUTPUT 0", None),
            ("OUTPUT?", "0"),
        ],
    ),
    "2450": (
        source_meter(model="2450"),
        [
            ("OUTPUT?", "0"),
            ("*LANG?", "SCPI"),
            (":SOUR:FUNC CURR", None),
            (":SOUR:CURR 0.0;:SOUR:CURR?;*OPC?", "0.000000E+00;1"),
            (":SOUR:CURR:RANG:AUTO 0;:SOUR:CURR:RANG 0.001", None),
            (':SENS:FUNC "VOLT"', None),
            (":SENS:VOLT:RANG:AUTO 0;:SENS:VOLT:RANG 20", None),
            (":SOUR:CURR:VLIM 3", None),
            (":OUTP:CURR:SMOD HIMP", None),
            (":SOUR:FUNC?", "CURR"),
            (":SOUR:CURR:RANG:AUTO?", "0"),
            (":SOUR:CURR:RANG?", 0.001),
            (":SOUR:CURR:VLIM?", 3.0),
            (":SENS:VOLT:RANG?", 20.0),
            (":OUTP:CURR:SMOD?", "HIMP"),
            (':SENS:FUNC "VOLT";:SENS:VOLT:AVER 0;:SOUR:CURR:READ:BACK 0;:FORM:DATA ASC', None),
            (":SENS:VOLT:NPLC 1", None),
            (":SOUR:CURR:DEL 0", None),
            (":SENS:VOLT:RANG:AUTO?", "0"),
            (":SENS:VOLT:NPLC?", 1.0),
            (":SENS:VOLT:AVER?", "0"),
            ("OUTPUT ON", None),
            ("OUTPUT?", "1"),
            (":SOUR:CURR:VLIM:TRIP?;:SOUR:CURR 0.0001;:SOUR:CURR?;*OPC?", "0;1.000000E-04;1"),
            (":SOUR:CURR?", 1e-4),
            (":ABOR", None),
            (":SOUR:CURR 0.0;:SOUR:CURR?;*OPC?", "0.000000E+00;1"),
            ("OUTPUT OFF", None),
            ("OUTPUT?", "0"),
        ],
    ),
    "GS200": (
        source("GS200"),
        [
            ("OUTPut:STATe?", "0"),
            (":SOURce:FUNCtion current", None),
            (":SOUR:LEV 0.0;:SOUR:LEV?;*OPC?", "+0.00000E+00;1"),
            ("SOURce:RANGe 0.001", None),
            ("SOURce:PROTection:VOLTage 2", None),
            (":SOURce:FUNCtion?", "CURR"),
            (":SOURce:RANGe?", 1e-3),
            ("SOURce:PROTection:VOLTage?", 2.0),
            (":SOURce:LEVel?", 0.0),
            ("OUTPut:STATe 1", None),
            ("OUTPut:STATe?", "1"),
            (":SOUR:LEV 0.0001;:SOUR:LEV?;*OPC?", "+1.00000E-04;1"),
            (":SOURce:LEVel?", 1e-4),
            (":SOUR:LEV:AUTO 0.0;:SOUR:LEV?;*OPC?", "+0.00000E+00;1"),
            ("OUTPut:STATe 0", None),
        ],
    ),
    "2182A": (
        voltmeter("2182A"),
        [
            (":INIT:CONT 0;:ABOR", None),
            (":SENS:CHAN 1", None),
            ('SENS:FUNC "VOLT:DC"', None),
            (":SENS:VOLT:CHAN1:RANG:AUTO 0", None),
            (":SENS:VOLT:CHAN1:RANG 1", None),
            (":SENS:VOLT:NPLC 1", None),
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
            (":SENS:VOLT:CHAN1:RANG?", 1.0),
            (":SENS:VOLT:NPLC?", 1.0),
            (":SENS:VOLT:CHAN1:LPAS:STAT?", "0"),
            (":SENS:VOLT:CHAN1:DFIL:STAT?", "0"),
        ],
    ),
    "2000": (
        voltmeter("2000"),
        [
            (":CONF:VOLT:DC", None),
            (":SENS:VOLT:RANG:AUTO 0;:SENS:VOLT:RANG 1", None),
            (":SENS:VOLT:NPLC 1", None),
            (":SENS:VOLT:AVER:STAT 0", None),
            (":TRAC:FEED:CONT NEV", None),
            (":TRAC:CLE;:FORM:DATA ASC;:FORM:ELEM READ", None),
            (":CONF?", '"VOLT:DC"'),
            (":SENS:VOLT:RANG:AUTO?", "0"),
            (":SENS:VOLT:RANG?", 1.0),
            (":SENS:VOLT:NPLC?", 1.0),
            (":SENS:VOLT:AVER:STAT?", "0"),
        ],
    ),
    "DMM6500": (
        voltmeter("DMM6500"),
        [
            ("*LANG?", "SCPI"),
            (':SENS:FUNC "VOLT:DC"', None),
            (":SENS:VOLT:RANG:AUTO 0;:SENS:VOLT:RANG 1", None),
            (":SENS:VOLT:NPLC 1", None),
            (":SENS:VOLT:AVER:STAT 0;:FORM:DATA ASC", None),
            (":SENS:FUNC?", '"VOLT:DC"'),
            (":SENS:VOLT:RANG:AUTO?", "0"),
            (":SENS:VOLT:RANG?", 1.0),
            (":SENS:VOLT:NPLC?", 1.0),
            (":SENS:VOLT:AVER:STAT?", "0"),
        ],
    ),
    "34461A": (
        voltmeter("34461A"),
        [
            (":SYST:LOCK:OWN?;:SYST:LOCK:NAME?", '"NONE";"LAN127.0.0.1"'),
            (":SYST:LOCK:REQ?", "+1"),
            (":CONF:VOLT:DC 1.0", None),
            (":SENS:VOLT:DC:NPLC 0.2", None),
            (":SENS:VOLT:DC:RANG:AUTO?", "0"),
            (":SENS:VOLT:DC:RANG?", "+1.00000000E+00"),
            (":SENS:VOLT:DC:NPLC?", "+2.00000000E-01"),
            (":SYST:LOCK:OWN?;:SYST:LOCK:NAME?", '"LAN127.0.0.1";"LAN127.0.0.1"'),
            (":SYST:LOCK:REL", None),
            (":SYST:LOCK:OWN?", '"NONE"'),
        ],
    ),
}
READING_THREE = {
    "2400": (source_meter(), ":OUTP 1;:FORM:ELEM VOLT;:TRIG:COUN 3;:READ?"),
    "2182A": (voltmeter("2182A"), ":SENS:VOLT:NPLC 1;:SAMP:COUN 3;:READ?"),
    "2000": (voltmeter("2000"), ":SAMP:COUN 3;:READ?"),
    "DMM6500": (
        voltmeter("DMM6500"),
        ':SENS:COUN 3;:TRAC:CLE "defbuffer1";:TRAC:TRIG "defbuffer1";:TRAC:DATA? 1,3,"defbuffer1"',
    ),
    "2450": (
        source_meter(model="2450"),
        ':OUTP 1;:SENS:FUNC "VOLT";:SENS:COUN 3;:TRAC:CLE "defbuffer1";:TRAC:TRIG "defbuffer1";'
        ':TRAC:DATA? 1,3,"defbuffer1"',
    ),
    "34410A": (voltmeter("34410A"), ":SENS:VOLT:DC:NPLC 1;:SAMP:COUN 3;:READ?"),
    "34461A": (voltmeter("34461A"), ":SENS:VOLT:DC:NPLC 1;:SAMP:COUN 3;:READ?"),
}


@pytest.mark.parametrize("model", CONVERSATIONS)
def test_preparing_switching_and_setting_is_understood(model):
    spec, conversation = CONVERSATIONS[model]
    bench, role = bench_of(spec), spec.roles[0]
    for message, expected in conversation:
        replies = bench.send(role, message)
        if expected is None:
            assert replies == [], message
        elif isinstance(expected, float):
            assert float(replies[0]) == pytest.approx(expected), message
        else:
            assert replies == [expected], message
        assert bench.error(role) == 0, message


@pytest.mark.parametrize("model", READING_THREE)
def test_three_readings_take_three_apertures(model):
    spec, message = READING_THREE[model]
    bench, role = bench_of(spec), spec.roles[-1]
    replies = bench.send(role, message)
    bench.wait(0.0599)
    assert replies == []
    bench.wait(0.0002)
    assert len([float(text) for text in replies[0].split(",")]) == 3
    assert bench.error(role) == 0
