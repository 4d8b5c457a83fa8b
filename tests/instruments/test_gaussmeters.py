"""Gaussmeters, byte for byte: tesla, steady fields, a fixed range, read back; one finite reading."""

import pytest
from pymeasure.test import expected_protocol

from instruments import gaussmeters
from instruments.gaussmeters import FWBell5080, LakeShore421, LakeShore425
from instruments.interfaces import GaussmeterSettings, InstrumentError, SettingRefusedError

SETTINGS = GaussmeterSettings(range_t=0.03)
PREPARES_421 = [
    ("TYPE?", "0"),
    ("UNIT T", None),
    ("ACDC 0", None),
    ("FAST 0", None),
    ("REL 0", None),
    ("MAX 0", None),
    ("AUTO 0", None),
    ("RANGE 2", None),
    ("UNIT?", "T"),
    ("ACDC?", "0"),
    ("REL?", "0"),
    ("AUTO?", "0"),
    ("TYPE?", "0"),
    ("RANGE?", "2"),
]
PREPARES_425 = [
    ("TYPE?", "40"),
    ("UNIT 2", None),
    ("RDGMODE 1,1,2", None),
    ("REL 0", None),
    ("AUTO 0", None),
    ("RANGE 2", None),
    ("UNIT?", "2"),
    ("RDGMODE?", "1,1,2"),
    ("REL?", "0"),
    ("AUTO?", "0"),
    ("TYPE?", "40"),
    ("RANGE?", "2"),
]
PREPARES_5080 = [
    (":UNIT:FLUX:DC:TESLA", None),
    (":SENS:FLUX:RANG 0", None),
    (":UNIT:FLUX?", "DC TESLA;"),
    (":SENS:FLUX:RANG?", "0;"),
]
ALL = {
    LakeShore421: (PREPARES_421, 0.03),
    LakeShore425: (PREPARES_425, 0.035),
    FWBell5080: (PREPARES_5080, 0.03),
}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(gaussmeters.time, "sleep", lambda _: None)


@pytest.mark.parametrize(
    ("driver", "readings", "field_t"),
    [
        (LakeShore421, [("FIELD?", "+06.012"), ("FIELDM?", "m")], 6.012e-3),
        (LakeShore421, [("FIELD?", "-0.0060"), ("FIELDM?", "")], -6.0e-3),
        (LakeShore425, [("RDGFIELD?", "+006.012E-03")], 6.012e-3),
        (FWBell5080, [(":MEASure:FLUX?", "+6.012mT;")], 6.012e-3),
        (FWBell5080, [(":MEASure:FLUX?", "-0.0060T")], -6.0e-3),
    ],
)
def test_a_field_is_read_in_tesla(driver, readings, field_t):
    prepares, range_t = ALL[driver]
    with expected_protocol(driver, [*prepares, *readings]) as meter:
        meter.prepare_gaussmeter(GaussmeterSettings(range_t))
        assert meter.field_t() == pytest.approx(field_t)


@pytest.mark.parametrize(
    ("driver", "readings", "why"),
    [
        (LakeShore421, [("FIELD?", "OL")], r"sent 'FIELD\?', received 'OL' \(over range: choose a larger range_mt"),
        (LakeShore425, [("RDGFIELD?", "OL")], "over range"),
        (FWBell5080, [(":MEASure:FLUX?", "OL")], "over range"),
        (LakeShore425, [("RDGFIELD?", "9.9E37")], "over range"),
        (LakeShore421, [("FIELD?", "+06.0"), ("FIELDM?", "x")] * 2, "not a multiplier of a field"),
        (FWBell5080, [(":MEASure:FLUX?", "60.1G")] * 2, "not a field in tesla"),
        (LakeShore425, [("RDGFIELD?", "?")] * 2, "not a number"),
    ],
)
def test_what_is_no_field_is_an_error_with_what_was_sent_and_came(driver, readings, why):
    prepares, range_t = ALL[driver]
    identity = [("*IDN?", f"A,{driver.model.split()[-1]},1,1")] * (len(readings) > 1)
    (first, *others) = (
        readings[i : i + (2 if driver is LakeShore421 else 1)]
        for i in range(0, len(readings), 2 if driver is LakeShore421 else 1)
    )
    pairs = [*prepares, *first, *(pair for again in others for pair in (*identity, *again))]
    with expected_protocol(driver, pairs) as meter:
        meter.prepare_gaussmeter(GaussmeterSettings(range_t))
        with pytest.raises(InstrumentError, match=why):
            meter.field_t()


@pytest.mark.parametrize(
    ("driver", "query", "found", "why"),
    [
        (LakeShore421, "UNIT?", "G", "unit was set to T, but reads back G"),
        (LakeShore425, "UNIT?", "1", "unit was set to T, but reads back G"),
        (FWBell5080, ":UNIT:FLUX?", "DC GAUSS", "unit was set to tesla, but reads back gauss"),
        (LakeShore421, "RANGE?", "1", "range was set to 2, but reads back 1"),
        (LakeShore425, "AUTO?", "1", "autorange was set to 0, but reads back 1"),
        (FWBell5080, ":SENS:FLUX:RANG?", "1", "range was set to 0, but reads back 1"),
    ],
)
def test_a_setting_that_was_not_accepted_is_refused_with_what_it_reads_back(driver, query, found, why):
    prepares, range_t = ALL[driver]
    at = [sent for sent, _ in prepares].index(query)
    with (
        expected_protocol(driver, [*prepares[:at], (query, found)]) as meter,
        pytest.raises(SettingRefusedError, match=why),
    ):
        meter.prepare_gaussmeter(GaussmeterSettings(range_t))


@pytest.mark.parametrize(
    ("driver", "asked"), [(LakeShore421, [("TYPE?", "0")]), (LakeShore425, [("TYPE?", "40")]), (FWBell5080, [])]
)
def test_a_range_that_it_does_not_have_is_refused(driver, asked):
    with expected_protocol(driver, asked) as meter, pytest.raises(SettingRefusedError, match=r"has no range \(T\) 1\."):
        meter.prepare_gaussmeter(GaussmeterSettings(1.0))


@pytest.mark.parametrize(
    ("driver", "type_query", "sent"),
    [(LakeShore421, ("TYPE?", "1"), ("RANGE 3", None)), (LakeShore425, ("TYPE?", "41"), ("RANGE 1", None))],
)
def test_a_high_stability_probe_has_ranges_ten_times_as_large(driver, type_query, sent):
    prepares, range_t = ALL[driver]
    changes = {"TYPE?": type_query, "RANGE?": ("RANGE?", sent[0][-1])}
    pairs = [changes.get(pair[0], sent if pair[0].startswith("RANGE ") else pair) for pair in prepares]
    with expected_protocol(driver, pairs) as meter:
        meter.prepare_gaussmeter(GaussmeterSettings(range_t))


@pytest.mark.parametrize("driver", [LakeShore421, LakeShore425])
def test_a_probe_for_small_fields_is_refused(driver):
    asked = [("TYPE?", "2" if driver is LakeShore421 else "42")]
    with (
        expected_protocol(driver, asked) as meter,
        pytest.raises(SettingRefusedError, match="a probe for small fields"),
    ):
        meter.prepare_gaussmeter(SETTINGS)


@pytest.mark.parametrize("driver", ALL)
def test_one_that_was_not_prepared_is_not_asked(driver):
    with expected_protocol(driver, []) as meter, pytest.raises(SettingRefusedError, match="was not prepared"):
        meter.field_t()


def test_a_421_gets_its_messages_at_50_ms(monkeypatch):
    waits = []
    monkeypatch.setattr(gaussmeters.time, "sleep", waits.append)
    monkeypatch.setattr(gaussmeters.time, "monotonic", lambda: 100.0)
    with expected_protocol(LakeShore421, PREPARES_421) as meter:
        meter.prepare_gaussmeter(SETTINGS)
    assert waits == [0.0, *[pytest.approx(0.05)] * (len(PREPARES_421) - 1)]
