"""What makes the field."""

import pytest
from pymeasure.test import expected_protocol

from instruments import magnets
from instruments.interfaces import InstrumentError, MagnetSettings, SettingRefusedError
from instruments.magnets import ByHand, KepcoBOP, Said

SETTINGS = MagnetSettings(largest_current_a=5.0, compliance_v=20.0)
PREPARES = [
    (":SYST:ERR?", '0,"No error"'),
    ("OUTPut?", "0"),
    ("FUNCtion:MODE CURR", None),
    ("CURR 0.0;*OPC?", "1"),
    ("VOLTage 20", None),
    ("FUNCtion:MODE?", "1"),
    ("CURRent?", "0.00000E+00"),
    ("VOLTage?", "2.00000E+01"),
    (":SYST:ERR?", '0,"No error"'),
    ("OUTPut 1", None),
    ("OUTPut?", "1"),
]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(magnets.time, "sleep", lambda wait_s: clock.__setitem__(0, clock[0] + wait_s))
    monkeypatch.setattr(magnets.time, "monotonic", lambda: clock[0])


def test_a_kepco_drives_a_current_and_returns_when_it_measures_it():
    pairs = [("CURR 1.2345678;*OPC?", "1"), ("MEASure:CURRent?", "0.3"), ("MEASure:CURRent?", "1.20E+00")]
    with expected_protocol(KepcoBOP, [*PREPARES, *pairs, ("MEASure:CURRent?", "1.21E+00")]) as magnet:
        magnet.prepare_magnet(SETTINGS)
        magnet.apply_current(1.2345678)
        assert magnet.current_a() == 1.21


def test_a_kepco_is_switched_off_at_zero():
    pairs = [("CURR 0.0;*OPC?", "1"), ("MEASure:CURRent?", "-0.01"), ("OUTPut 0", None), ("OUTPut?", "0")]
    with expected_protocol(KepcoBOP, [*PREPARES, *pairs]) as magnet:
        magnet.prepare_magnet(SETTINGS)
        magnet.switch_off()


def test_a_current_that_is_not_reached_is_an_error():
    polls = [("MEASure:CURRent?", "0.5")] * 201
    with expected_protocol(KepcoBOP, [*PREPARES, ("CURR 2.0;*OPC?", "1"), *polls]) as magnet:
        magnet.prepare_magnet(SETTINGS)
        with pytest.raises(InstrumentError, match=r"set to 2 A, drives 0\.5 A after 10 s"):
            magnet.apply_current(2.0)


@pytest.mark.parametrize("current_a", [5.1, -5.1, float("nan"), float("inf")])
def test_a_current_beyond_the_limit_is_refused(current_a):
    with expected_protocol(KepcoBOP, PREPARES) as magnet:
        magnet.prepare_magnet(SETTINGS)
        with pytest.raises(SettingRefusedError, match="Nothing was sent"):
            magnet.apply_current(current_a)


@pytest.mark.parametrize(
    "settings", [MagnetSettings(12.1, 20.0), MagnetSettings(5.0, 37.0), MagnetSettings(-1.0, 20.0)]
)
def test_a_limit_that_a_kepco_does_not_have_is_refused(settings):
    with expected_protocol(KepcoBOP, []) as magnet, pytest.raises(SettingRefusedError, match="Nothing was sent"):
        magnet.prepare_magnet(settings)


def test_a_kepco_found_on_is_left_to_a_person():
    with (
        expected_protocol(KepcoBOP, [*PREPARES[:1], ("OUTPut?", "1")]) as magnet,
        pytest.raises(SettingRefusedError, match="its output is on"),
    ):
        magnet.prepare_magnet(SETTINGS)


def test_a_kepco_that_was_not_prepared_drives_nothing():
    with expected_protocol(KepcoBOP, []) as magnet, pytest.raises(SettingRefusedError, match="was not prepared"):
        magnet.apply_current(1.0)


def by_hand(*answers):
    left = list(answers)
    return ByHand(lambda question: left.pop(0))


def test_a_person_is_asked_and_what_was_said_is_recorded():
    magnet = by_hand("yes", " 1,48 A", "0")
    magnet.prepare_magnet(SETTINGS)
    magnet.apply_current(1.5)
    assert magnet.current_a() == 1.48
    magnet.switch_off()
    assert magnet.current_a() == 0.0
    assert magnet.said[1] == Said("Set the magnet to 1.5 A. What does its supply show, in A?", "1,48 A")
    assert [said.answer for said in magnet.said] == ["yes", "1,48 A", "0"]


def test_a_person_who_gives_no_number_is_asked_again_but_not_for_ever():
    magnet = by_hand("", "wait", "1.5")
    assert magnet.current_a() == 1.5
    with pytest.raises(InstrumentError, match="was told 'no': not a number"):
        by_hand("what?", "nan", "no").current_a()


@pytest.mark.parametrize("current_a", [5.1, float("nan")])
def test_a_person_is_not_asked_for_a_current_beyond_the_limit(current_a):
    magnet = by_hand("yes")
    magnet.prepare_magnet(SETTINGS)
    with pytest.raises(SettingRefusedError, match="Nobody was asked"):
        magnet.apply_current(current_a)
