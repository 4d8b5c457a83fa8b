"""The registry: every model that a bench file may name, and what is known of it beforehand."""

import pytest
from pymeasure.test import expected_protocol

from instruments.interfaces import MeterSettings, SourceSettings
from instruments.models import DRIVERS, MODELS


def test_the_models_of_bench_files():
    assert set(MODELS) == {
        "Keithley 6220", "Keithley 6221", "Keithley 2400", "Keithley 2450", "Yokogawa GS200", "Keithley 2182A",
        "Keithley 2000", "Keithley DMM6500", "Agilent 34410A", "Keysight 34461A", "Kepco BOP", "by hand",
        "Lake Shore 421", "Lake Shore 425", "FW Bell 5080",
    }  # fmt: skip


def test_the_parts_that_models_play():
    parts = {name: (m.source is not None, m.meter is not None, m.magnet is not None) for name, m in MODELS.items()}
    assert parts["Keithley 6221"] == parts["Yokogawa GS200"] == (True, False, False)
    assert parts["Keithley 2182A"] == parts["Keysight 34461A"] == (False, True, False)
    assert parts["Keithley 2400"] == parts["Keithley 2450"] == (True, True, False)
    assert parts["Kepco BOP"] == parts["by hand"] == (False, False, True)
    assert MODELS["by hand"].driver is None


def test_only_the_gs200_cannot_say_that_it_limits():
    assert {name for name, m in MODELS.items() if m.source and not m.driver.compliance_query} == {"Yokogawa GS200"}


@pytest.mark.parametrize("model", [m for m in MODELS.values() if m.source], ids=lambda m: m.name)
def test_what_is_known_of_a_source_is_what_its_driver_asks_for(model):
    facts = model.source
    assert list(facts.ranges_a) == sorted(facts.ranges_a)
    with expected_protocol(model.driver, []) as source:
        for settings in (
            SourceSettings(facts.ranges_a[-1] * 2, facts.smallest_compliance_v),
            SourceSettings(facts.ranges_a[0], facts.smallest_compliance_v * 0.99),
            SourceSettings(facts.ranges_a[0], facts.largest_compliance_v * 1.01),
        ):
            with pytest.raises(Exception, match="Nothing was sent"):
                source.prepare_source(settings)


@pytest.mark.parametrize("model", [m for m in MODELS.values() if m.meter and not m.source], ids=lambda m: m.name)
def test_what_is_known_of_a_meter_is_what_its_driver_asks_for(model):
    facts = model.meter
    assert list(facts.ranges_v) == sorted(facts.ranges_v)
    with expected_protocol(model.driver, []) as meter:
        for settings in (
            MeterSettings(facts.ranges_v[-1] * 2, facts.smallest_nplc),
            MeterSettings(facts.ranges_v[0], facts.smallest_nplc * 0.99),
            MeterSettings(facts.ranges_v[0], facts.largest_nplc * 1.01),
        ):
            with pytest.raises(Exception, match="Nothing was sent"):
                meter.prepare_meter(settings)


def test_no_two_models_accept_the_same_identity():
    replies = [f"{maker},{model},1,A" for maker, model in IDENTITIES]
    for reply in replies:
        assert sum(accepts(driver, reply) for driver in DRIVERS) == 1, reply


IDENTITIES = [
    ("KEITHLEY INSTRUMENTS INC.", "MODEL 6220"),
    ("KEITHLEY INSTRUMENTS INC.", "MODEL 6221"),
    ("KEITHLEY INSTRUMENTS INC.", "MODEL 2400"),
    ("KEITHLEY INSTRUMENTS", "MODEL 2450"),
    ("YOKOGAWA", "GS210"),
    ("KEITHLEY INSTRUMENTS INC.", "MODEL 2182A"),
    ("KEITHLEY INSTRUMENTS INC.", "MODEL 2000"),
    ("KEITHLEY INSTRUMENTS", "MODEL DMM6500"),
    ("Agilent Technologies", "34410A"),
    ("Keysight Technologies", "34461A"),
    ("KEPCO", "BIT 4886 36-12  08-04-2023"),
    ("LSCI", "MODEL421"),
    ("LSCI", "MODEL425"),
    ("F.W. BELL", "5080"),
]


def accepts(driver, reply):
    try:
        with expected_protocol(driver, [("*IDN?", reply)]) as instrument:
            instrument.identity()
    except Exception:
        return False
    return True
